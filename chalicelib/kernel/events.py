"""Facts that have happened: what one capability lets the others know."""

import dataclasses
from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True)
class Event:
    """A fact, named in the past tense, with the ids others need to act on it.

    Subclasses are frozen dataclasses whose fields are JSON values; `name` is
    `capability.fact` and never changes once published. `subject` is the id of the thing
    the fact is about, so that its history can be listed; `about` says what kind of thing
    (`subject-<about>` in every language). What is told of a fact is `event-<name>` there.
    """

    name: ClassVar[str]
    about: ClassVar[str]
    subject: str

    def payload(self) -> dict[str, Any]:
        """The fields as a JSON object."""
        return dataclasses.asdict(self)

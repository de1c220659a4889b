"""What audit itself lets be known."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from chalicelib.kernel.events import Event


class Access(StrEnum):
    """What is read of something that is not everybody's, as the log says it for ever; `{n}` stands for a number."""

    PAGE_OPENED = "page {n} opened"
    ORIGINAL_DOWNLOADED = "original downloaded"
    SEARCHABLE_DOWNLOADED = "searchable PDF downloaded"


@dataclass(frozen=True)
class Accessed(Event):
    """Somebody read something that is not everybody's; `subject` is the thing, `action` an Access with its number."""

    name: ClassVar[str] = "audit.accessed"
    about: ClassVar[str] = "document"
    action: str

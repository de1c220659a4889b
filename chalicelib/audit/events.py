"""What audit itself lets be known."""

from dataclasses import dataclass
from typing import ClassVar

from chalicelib.kernel.events import Event


@dataclass(frozen=True)
class Accessed(Event):
    """Somebody read something that is not everybody's; `subject` is the thing, `action` what was done."""

    name: ClassVar[str] = "audit.accessed"
    action: str

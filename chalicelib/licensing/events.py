"""The facts licensing publishes; `subject` is the application's id, `party` the holder's."""

from dataclasses import dataclass
from typing import ClassVar

from chalicelib.kernel.events import Event


@dataclass(frozen=True)
class ApplicationSubmitted(Event):
    """An application came in, complete."""

    name: ClassVar[str] = "licensing.application_submitted"
    about: ClassVar[str] = "application"
    party: str
    number: str
    service_ar: str
    service_en: str
    licence: str


@dataclass(frozen=True)
class ApplicationStopped(Event):
    """An application ended without a licence; `state` is rejected or withdrawn."""

    name: ClassVar[str] = "licensing.application_stopped"
    about: ClassVar[str] = "application"
    party: str
    number: str
    state: str


@dataclass(frozen=True)
class LicenceIssued(Event):
    """A new term began and its signed file is stored; `number` is the licence's, `expires_on` ISO 8601."""

    name: ClassVar[str] = "licensing.licence_issued"
    about: ClassVar[str] = "application"
    party: str
    number: str
    licence: str
    term: int
    expires_on: str
    sha256: str

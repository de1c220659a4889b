"""What identity lets others know. Ids only: no name, number, address or code is ever in an event."""

from dataclasses import dataclass
from typing import ClassVar

from chalicelib.kernel.events import Event


@dataclass(frozen=True)
class PartyRegistered(Event):
    """A citizen is on file; `subject` is the party."""

    name: ClassVar[str] = "identity.party_registered"
    about: ClassVar[str] = "citizen"


@dataclass(frozen=True)
class StaffRegistered(Event):
    """A member of staff has an account, or its roles changed; `subject` is the staff member."""

    name: ClassVar[str] = "identity.staff_registered"
    about: ClassVar[str] = "staff"
    roles: list[str]


@dataclass(frozen=True)
class CodeRequested(Event):
    """A one-time code was asked for; `subject` is the code's row, whether or not anybody has the account."""

    name: ClassVar[str] = "identity.code_requested"
    about: ClassVar[str] = "code"


@dataclass(frozen=True)
class SignedIn(Event):
    """Somebody signed in; `subject` is the session."""

    name: ClassVar[str] = "identity.signed_in"
    about: ClassVar[str] = "session"
    actor_kind: str
    actor_id: str


@dataclass(frozen=True)
class SignInFailed(Event):
    """A sign-in was refused; `subject` is the party or staff member, or `unknown`."""

    name: ClassVar[str] = "identity.sign_in_failed"
    about: ClassVar[str] = "account"
    actor_kind: str


@dataclass(frozen=True)
class SignedOut(Event):
    """A session was ended by its owner; `subject` is the session."""

    name: ClassVar[str] = "identity.signed_out"
    about: ClassVar[str] = "session"


@dataclass(frozen=True)
class DirectoryAccountBound(Event):
    """A member of staff came by the town's directory for the first time; `subject` is the staff member."""

    name: ClassVar[str] = "identity.directory_account_bound"
    about: ClassVar[str] = "staff"


@dataclass(frozen=True)
class DirectoryAccountReleased(Event):
    """Who a member of staff is in the town's directory was forgotten; `subject` is the staff member."""

    name: ClassVar[str] = "identity.directory_account_released"
    about: ClassVar[str] = "staff"


@dataclass(frozen=True)
class StaffEnded(Event):
    """A member of staff is let in no more; `subject` is the staff member."""

    name: ClassVar[str] = "identity.staff_ended"
    about: ClassVar[str] = "staff"

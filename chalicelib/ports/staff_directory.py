"""A directory of the town's staff with a sign-in page of its own: we send people there, it tells us who came back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from chalicelib.kernel.errors import Refusal


class DirectoryUnavailable(Refusal):
    """The directory is silent, slow, or answers nothing that can be used; the same again later may hold.

    Data: `reason`, a word of ours or the directory's own code for it.
    """

    code = "directory-unavailable"
    kind = "unavailable"


class DirectoryClockWrong(Refusal):
    """What the directory signed just now is over or not yet true: its clock and ours differ by minutes."""

    code = "directory-clock-wrong"
    kind = "unavailable"


class DirectoryCancelled(Refusal):
    """The person turned back there, or the directory did not let them through."""

    code = "directory-cancelled"


class DirectoryAnswerVoid(Refusal):
    """The answer is of no sign-in that this browser has under way: too old, used before, or of another browser."""

    code = "directory-answer-void"


class DirectoryAnswerFalse(Refusal):
    """The answer is not what the directory would say to us: data `reason`, what about it is false."""

    code = "directory-answer-false"
    kind = "forbidden"


class SecondFactorMissing(Refusal):
    """The person proved less about themselves than this town demands of its staff."""

    code = "second-factor-missing"
    kind = "forbidden"


@dataclass(frozen=True)
class AuthenticationRequest:
    """One sign-in under way: what goes there by the browser and must come back, and what we alone can show for it."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True)
class DirectoryAccount:
    """Who the directory says came back. `subject` names them at `issuer` for ever, and nobody else there.

    `email` is None unless the directory vouches that the address is theirs.
    """

    issuer: str
    subject: str
    email: str | None


class StaffDirectory(Protocol):
    """Any method may raise DirectoryUnavailable. Safe to use from several threads at once."""

    def sign_in_url(self, request: AuthenticationRequest, language: str) -> str:
        """Where the browser goes to sign in; it comes back to us with an answer."""
        ...

    def account(self, request: AuthenticationRequest, answer: Mapping[str, str]) -> DirectoryAccount:
        """Whom the `answer` in the address that the browser came back to is about; it can be asked once.

        Raises DirectoryCancelled, DirectoryAnswerVoid, DirectoryAnswerFalse, DirectoryClockWrong, SecondFactorMissing.
        """
        ...

    def sign_out_url(self) -> str | None:
        """Where people end what the directory itself remembers of them; None where it has no such page."""
        ...

    def reach(self) -> None:
        """Ask the directory to describe itself, for those who look whether everything is there."""
        ...

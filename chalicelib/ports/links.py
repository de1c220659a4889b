"""Short-lived links that carry their own permission, for bytes that bypass the application."""

from typing import Any, Protocol

from chalicelib.kernel.errors import Refusal


class LinkExpired(Refusal):
    """The link was ours and its time is over: ask for it again."""

    code = "link-expired"
    kind = "forbidden"


class LinkInvalid(Refusal):
    """The link was not made by us, or was altered."""

    code = "link-invalid"
    kind = "forbidden"


class Links(Protocol):
    """Makes and reads signed links of one purpose each."""

    def make(self, purpose: str, claims: dict[str, Any], expires_in: int) -> str:
        """A path of ours that grants exactly `claims` for `expires_in` seconds."""
        ...

    def read(self, purpose: str, token: str) -> dict[str, Any]:
        """The claims of a token; LinkInvalid or LinkExpired otherwise."""
        ...

"""Links signed by us, the local twin of presigned URLs."""

import base64
import hashlib
import hmac
import json
from typing import Any

from chalicelib.ports.clock import Clock
from chalicelib.ports.links import LinkExpired, LinkInvalid


class SignedLinks:
    """Links signed with HMAC-SHA256 over purpose, claims and expiry: nothing is stored."""

    def __init__(self, secret: bytes, clock: Clock) -> None:
        self._secret = secret
        self._clock = clock

    def make(self, purpose: str, claims: dict[str, Any], expires_in: int) -> str:
        expiry = int(self._clock.now().timestamp()) + expires_in
        body = base64.urlsafe_b64encode(
            json.dumps({**claims, "exp": expiry}, ensure_ascii=False, separators=(",", ":")).encode()
        )
        return f"/files/{purpose}/{body.decode()}.{self._mark(purpose, body)}"

    def read(self, purpose: str, token: str) -> dict[str, Any]:
        body, _, mark = token.partition(".")
        if not hmac.compare_digest(mark.encode(), self._mark(purpose, body.encode()).encode()):
            raise LinkInvalid()
        claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(body))
        if claims.pop("exp") < self._clock.now().timestamp():
            raise LinkExpired()
        return claims

    def _mark(self, purpose: str, body: bytes) -> str:
        digest = hmac.new(self._secret, purpose.encode() + b"." + body, hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest[:24]).decode().rstrip("=")

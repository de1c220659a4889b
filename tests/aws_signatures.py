"""What AWS checks before it looks at a request, and moto does not: signed links (SigV4) and clocks."""

import hashlib
import hmac
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, quote

Environ = dict[str, Any]
_SKEW = timedelta(minutes=15)


class ChecksSignatures:
    """WSGI in front of `application`: refuses a link that was altered or is over, and a clock that is wrong.

    Written from the description of Signature Version 4, not from a client's code. `secret` is everybody's key;
    `now` may be moved by a test.
    """

    def __init__(self, application: Callable[..., Iterable[bytes]], secret: str) -> None:
        self._application = application
        self._secret = secret
        self.now: Callable[[], datetime] = lambda: datetime.now(UTC)

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        query = dict(parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True))
        if environ["REQUEST_METHOD"] == "OPTIONS":  # a browser asks whether it may; nobody signs that
            return self._application(environ, start_response)
        refusal = self._link(environ, query) if "X-Amz-Signature" in query else self._header(environ)
        if refusal is None:
            return self._application(environ, start_response)
        code, message = refusal
        # Both kinds of protocol find their error in this answer: by header, and by body.
        body = f"<Error><Code>{code}</Code><Message>{message}</Message></Error>".encode()
        headers = [
            ("Content-Type", "application/xml"),
            ("Content-Length", str(len(body))),
            ("x-amzn-errortype", code),
        ]
        start_response("403 Forbidden", headers)
        return [body]

    def _header(self, environ: Environ) -> tuple[str, str] | None:
        signed_at = environ.get("HTTP_X_AMZ_DATE")
        if signed_at and abs(self.now() - _moment(signed_at)) > _SKEW:
            return (
                "RequestTimeTooSkewed",
                "The difference between the request time and the current time is too large.",
            )
        return None

    def _link(self, environ: Environ, query: dict[str, str]) -> tuple[str, str] | None:
        begins = _moment(query["X-Amz-Date"])
        if self.now() > begins + timedelta(seconds=int(query["X-Amz-Expires"])):
            return "AccessDenied", "Request has expired"
        if begins - self.now() > _SKEW:
            return "AccessDenied", "Request is not valid yet"
        wanted = self._signature(environ, query)
        if not hmac.compare_digest(wanted, query["X-Amz-Signature"]):
            return "SignatureDoesNotMatch", "The request signature we calculated does not match."
        return None

    def _signature(self, environ: Environ, query: dict[str, str]) -> str:
        names = query["X-Amz-SignedHeaders"].split(";")
        canonical = "\n".join(
            [
                environ["REQUEST_METHOD"],
                quote(environ["PATH_INFO"].encode("latin-1")),
                "&".join(
                    f"{_quoted(n)}={_quoted(v)}" for n, v in sorted(query.items()) if n != "X-Amz-Signature"
                ),
                *(f"{name}:{_sent(environ, name)}" for name in names),
                "",
                query["X-Amz-SignedHeaders"],
                "UNSIGNED-PAYLOAD",
            ]
        )
        _, day, region, service, _ = query["X-Amz-Credential"].rsplit("/", 4)
        key = f"AWS4{self._secret}".encode()
        for part in (day, region, service, "aws4_request"):
            key = hmac.digest(key, part.encode(), "sha256")
        scope = f"{day}/{region}/{service}/aws4_request"
        digest = hashlib.sha256(canonical.encode()).hexdigest()
        text = f"AWS4-HMAC-SHA256\n{query['X-Amz-Date']}\n{scope}\n{digest}"
        return hmac.new(key, text.encode(), "sha256").hexdigest()


def _sent(environ: Environ, name: str) -> str:
    plain = name.upper().replace("-", "_")
    return " ".join(str(environ.get(plain) or environ.get(f"HTTP_{plain}", "")).split())


def _quoted(text: str) -> str:
    return quote(text, safe="-_.~")


def _moment(text: str) -> datetime:
    return datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)

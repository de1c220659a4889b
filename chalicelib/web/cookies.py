"""Cookies as browsers may be made to send them, and as we set them.

Over TLS the names carry the prefix by which browsers vouch that this host, and nobody on a
neighbouring name or a plain connection, set them (`__Host-`, or `__Secure-` for a narrower path).
"""

_PREFIXES = ("__Host-", "__Secure-")


def read_cookies(header: str, secure: bool) -> dict[str, str]:
    """Cookies by our own name for them; over TLS those without the prefix are not ours."""
    found: dict[str, str] = {}
    for part in header.split(";"):
        name, equals, value = part.strip().partition("=")
        ours = name.removeprefix("__Host-").removeprefix("__Secure-") if secure else name
        if equals and ours and (not secure or name.startswith(_PREFIXES)):
            found.setdefault(ours, value)
    return found


def set_cookie(cookie: str, secure: bool) -> str:
    """A `name=value; attributes` as it goes into the header."""
    if not secure:
        return cookie
    whole_host = "; Path=/;" in f"{cookie};"
    return f"{_PREFIXES[0] if whole_host else _PREFIXES[1]}{cookie}; Secure"

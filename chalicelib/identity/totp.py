"""Time-based codes of staff's authenticator apps (RFC 6238: SHA-1, six digits, thirty seconds)."""

import hmac
from datetime import datetime

import pyotp

STEP_SECONDS = 30


def matching_step(secret: str, code: str, now: datetime) -> int | None:
    """The time step whose code this is, or None. One step either way is allowed for clocks (RFC 6238 5.2)."""
    generator = pyotp.TOTP(secret)
    present = int(now.timestamp()) // STEP_SECONDS
    found = None
    for step in (present - 1, present, present + 1):
        if hmac.compare_digest(generator.generate_otp(step).encode(), code.encode()):
            found = step
    return found

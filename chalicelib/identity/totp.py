"""Time-based codes of staff's authenticator apps (RFC 6238: SHA-1, six digits, thirty seconds)."""

import hmac
from datetime import datetime

import pyotp

STEP_SECONDS = 30


def new_secret() -> str:
    """A secret for an authenticator app, in base 32: 160 bits, as RFC 4226 4 asks for."""
    return pyotp.random_base32()


def enrolment(secret: str, email: str, issuer: str) -> str:
    """The `otpauth://` address that authenticator apps take a secret from."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=issuer)


def matching_step(secret: str, code: str, now: datetime) -> int | None:
    """The time step whose code this is, or None. One step either way is allowed for clocks (RFC 6238 5.2)."""
    generator = pyotp.TOTP(secret)
    present = int(now.timestamp()) // STEP_SECONDS
    found = None
    for step in (present - 1, present, present + 1):
        if hmac.compare_digest(generator.generate_otp(step).encode(), code.encode()):
            found = step
    return found

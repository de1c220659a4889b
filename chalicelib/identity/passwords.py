"""Passwords: argon2id, and the same work for accounts that do not exist."""

import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# OWASP Password Storage Cheat Sheet: argon2id with 46 MiB, one pass, one lane (pages share the cores).
_HASHER = PasswordHasher(time_cost=1, memory_cost=47104, parallelism=1)

# The hash of random bytes that were thrown away: checking against it takes as long as against a real one.
NOBODY = "$argon2id$v=19$m=47104,t=1,p=1$kJm54qTU5O/wMmmdfwOSPw$b0wWjEHUkF6MEFRIBIVDbY8yL/IbxiYRZhhPvWxO70k"

# Longer input is work for us and no use to anybody.
LONGEST = 256

# No letter or digit that is taken for another on paper; sixteen of them are 79 bits.
_LEGIBLE = "abcdefghjkmnpqrstuvwxyz23456789"


def new_password() -> str:
    """A password nobody has chosen, fit to be read from paper: `k7wm-x2pd-hq9c-t4vb`."""
    return "-".join("".join(secrets.choice(_LEGIBLE) for _ in range(4)) for _ in range(4))


def hash_password(password: str) -> str:
    """The argon2id hash to keep."""
    return _HASHER.hash(password)


def password_matches(kept: str | None, password: str) -> bool:
    """Whether the password is right; always False, after the same work, when there is no hash."""
    try:
        _HASHER.verify(kept or NOBODY, password[:LONGEST])
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None and len(password) <= LONGEST

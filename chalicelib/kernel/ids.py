"""Identifiers that sort by time and cannot be guessed."""

import secrets
import time

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
ID_LENGTH = 26


def new_id() -> str:
    """A ULID in lower-case Crockford base32: 48 bits of milliseconds, then 80 random bits.

    The time prefix keeps index pages together; the random part makes guessing another
    record's id hopeless. Knowing an id still grants nothing: services check the object.
    """
    number = (time.time_ns() // 1_000_000) << 80 | secrets.randbits(80)
    return "".join(_ALPHABET[number >> shift & 31] for shift in range(125, -1, -5))


def is_id(text: str) -> bool:
    """Whether `text` has the shape `new_id` gives; says nothing about existence."""
    return len(text) == ID_LENGTH and all(letter in _ALPHABET for letter in text)

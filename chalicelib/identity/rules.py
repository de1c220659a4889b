"""Decisions of identity: limits, the lives of codes and sessions, the shapes of what people type."""

import ipaddress
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.kernel.arabic import clean_number

CODE_DIGITS = 6
CODE_LIFE = timedelta(minutes=5)
# Five guesses at a million codes, three codes a quarter of an hour: far inside NIST SP 800-63B 5.2.2.
CODE_TRIES = 5
# Longer than the longest window; remembering more would only be a file on people.
ATTEMPT_MEMORY = timedelta(days=1)
LAST_SEEN_STEP = timedelta(minutes=1)


@dataclass(frozen=True)
class Limit:
    """At most `count` in any `window`."""

    count: int
    window: timedelta


CODES_PER_ACCOUNT = Limit(3, timedelta(minutes=15))
CODES_PER_PHONE = Limit(3, timedelta(minutes=15))
CODES_PER_ADDRESS = Limit(10, timedelta(hours=1))
CODE_FAILURES_PER_ADDRESS = Limit(20, timedelta(hours=1))
STAFF_FAILURES_PER_ADDRESS = Limit(20, timedelta(hours=1))

# From leaving for the directory to being back, with a password to type there and a telephone to look for.
DIRECTORY_PATIENCE = timedelta(minutes=10)

FREE_FAILURES = 5
LONGEST_BACK_OFF = timedelta(minutes=15)


@dataclass(frozen=True)
class SessionLife:
    """How long a session lives unused, and at all (OWASP ASVS 3.3)."""

    idle: timedelta
    total: timedelta


SESSION_LIVES = {
    "citizen": SessionLife(timedelta(minutes=30), timedelta(hours=12)),
    "staff": SessionLife(timedelta(minutes=60), timedelta(hours=12)),
}


def wait_for(limit: Limit, moments: Sequence[datetime], now: datetime) -> timedelta:
    """How long until one more is allowed, given the moments of the earlier ones; zero when it is now."""
    recent = sorted(moment for moment in moments if moment > now - limit.window)
    if len(recent) < limit.count:
        return timedelta(0)
    return recent[-limit.count] + limit.window - now


def back_off(failures: Sequence[datetime], now: datetime) -> timedelta:
    """How long an account rests after wrong sign-ins since the last right one.

    The fifth costs one minute, each further one twice as long, never more than fifteen: guessing becomes
    hopeless, and nobody can lock a colleague out for a day.
    """
    beyond = len(failures) - FREE_FAILURES
    if beyond < 0:
        return timedelta(0)
    rest = min(timedelta(minutes=2 ** min(beyond, 10)), LONGEST_BACK_OFF)
    return max(max(failures) + rest - now, timedelta(0))


def session_is_live(kind: str, created: datetime, last_seen: datetime, now: datetime) -> bool:
    """Whether a session of this kind of actor may still be used."""
    life = SESSION_LIVES[kind]
    return now < created + life.total and now < last_seen + life.idle


def code_is_open(attempts: int, expires: datetime, used: datetime | None, now: datetime) -> bool:
    """Whether a code may still be tried."""
    return used is None and attempts < CODE_TRIES and now < expires


def minutes_up(wait: timedelta) -> int:
    """Whole minutes to tell a person, rounded up and never zero."""
    return max(1, -(-int(wait.total_seconds()) // 60))


def staff_email(text: str) -> str:
    """The one spelling of an address under which staff are kept."""
    return unicodedata.normalize("NFKC", text).strip().casefold()


_MAILBOX = re.compile(r"[^@\s<>\",;:]+@[^@\s<>\",;:]+")
_ARABIC = re.compile("[\u0620-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc]")


def is_mailbox(email: str) -> bool:
    """Whether somebody may have this address: one `@` with something on both sides. Only a message can tell more."""
    return len(email) <= 254 and _MAILBOX.fullmatch(email) is not None


def names_in_place(name_ar: str, name_en: str) -> bool:
    """Whether the first is written in Arabic letters and the second in others."""
    return bool(_ARABIC.search(name_ar) and name_en.strip() and not _ARABIC.search(name_en))


def vouched_email(text: str) -> str | None:
    """The spelling under which staff are kept, of an address that somebody else vouches for; None for a look-alike.

    What `staff_email` forgives a person who types (full-width letters, say) may be another's address elsewhere.
    """
    same = unicodedata.normalize("NFKC", text) == text and text.casefold() == text.lower()
    return staff_email(text) if same else None


def phone_number(text: str, country: str = "965") -> str | None:
    """E.164 from what a person typed, or None. Eight digits are a number of the country itself."""
    digits = clean_number(text).removeprefix("+").removeprefix("00")
    if not digits.isdecimal():
        return None
    if len(digits) == 8:
        digits = country + digits
    return f"+{digits}" if 10 <= len(digits) <= 15 else None


def network_of(source_ip: str) -> str:
    """What counts as one address: an IPv4 address, or the /64 that one IPv6 subscriber owns."""
    try:
        address = ipaddress.ip_address(source_ip)
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


_LOCAL_PATH = re.compile(r"/(?![/\\])[^\\\s\x00-\x1f\x7f]*")


def return_path(text: str, otherwise: str) -> str:
    """`text` when it is a path of this site, else `otherwise`: a link to us cannot send people elsewhere."""
    return text if len(text) <= 2000 and _LOCAL_PATH.fullmatch(text) else otherwise

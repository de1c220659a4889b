"""Limits, lives and shapes of identity."""

from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.identity import rules
from chalicelib.identity.errors import Unauthenticated
from chalicelib.identity.passwords import _HASHER, LONGEST, NOBODY, hash_password, password_matches
from chalicelib.identity.permissions import ROLES, Permission, may, permit
from chalicelib.identity.totp import matching_step
from chalicelib.kernel.actor import ANONYMOUS, Actor, system
from chalicelib.kernel.errors import NotPermitted

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
SECONDS = st.lists(st.integers(0, 7200), max_size=40)


@given(SECONDS)
def test_a_limit_allows_again_exactly_when_its_window_has_room(ages: list[int]) -> None:
    limit = rules.Limit(3, timedelta(minutes=15))
    moments = [NOW - timedelta(seconds=age) for age in ages]
    wait = rules.wait_for(limit, moments, NOW)
    assert wait >= timedelta(0)
    assert (wait == timedelta(0)) == (sum(age < 900 for age in ages) < 3)
    assert rules.wait_for(limit, moments, NOW + wait) == timedelta(0)
    if wait > timedelta(seconds=1):
        assert rules.wait_for(limit, moments, NOW + wait - timedelta(seconds=1)) > timedelta(0)


@given(st.integers(0, 60), st.integers(0, 3600))
def test_back_off_grows_and_never_passes_a_quarter_of_an_hour(failures: int, age: int) -> None:
    moments = [NOW - timedelta(seconds=age)] * failures
    wait = rules.back_off(moments, NOW)
    assert timedelta(0) <= wait <= rules.LONGEST_BACK_OFF
    if failures < rules.FREE_FAILURES:
        assert wait == timedelta(0)
    assert rules.back_off([*moments, NOW], NOW) >= wait


def test_the_fifth_failure_costs_a_minute_and_the_sixth_two() -> None:
    assert rules.back_off([NOW] * 5, NOW) == timedelta(minutes=1)
    assert rules.back_off([NOW] * 6, NOW) == timedelta(minutes=2)
    assert rules.back_off([NOW] * 5, NOW + timedelta(minutes=1)) == timedelta(0)


@pytest.mark.parametrize(
    ("kind", "age", "idle", "live"),
    [
        ("citizen", 60, 29, True),
        ("citizen", 60, 30, False),
        ("staff", 90, 59, True),
        ("staff", 90, 60, False),
        ("staff", 12 * 60, 1, False),
        ("citizen", 12 * 60 - 1, 1, True),
    ],
)
def test_a_session_ends_idle_or_old(kind: str, age: int, idle: int, live: bool) -> None:
    created, seen = NOW - timedelta(minutes=age), NOW - timedelta(minutes=idle)
    assert rules.session_is_live(kind, created, seen, NOW) is live


def test_a_code_closes_by_use_by_time_and_by_wrong_tries() -> None:
    later = NOW + rules.CODE_LIFE
    assert rules.code_is_open(4, later, None, NOW)
    assert not rules.code_is_open(5, later, None, NOW)
    assert not rules.code_is_open(0, later, NOW, NOW)
    assert not rules.code_is_open(0, later, None, later)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("50001101", "+96550001101"),
        ("٥٠٠٠ ١١٠١", "+96550001101"),
        ("+965 5000-1101", "+96550001101"),
        ("00966501234567", "+966501234567"),
        ("5000", None),
        ("phone", None),
        ("", None),
    ],
)
def test_reads_a_phone_number_as_typed(typed: str, kept: str | None) -> None:
    assert rules.phone_number(typed) == kept


def test_an_address_is_one_ipv4_or_one_subscribers_ipv6() -> None:
    assert rules.network_of("203.0.113.7") == "203.0.113.7"
    assert rules.network_of("::ffff:203.0.113.7") == "203.0.113.7"
    assert rules.network_of("2001:db8:1:2::1") == rules.network_of("2001:db8:1:2:ffff::9")
    assert rules.network_of("2001:db8:1:2::1") != rules.network_of("2001:db8:1:3::1")
    assert rules.network_of("nonsense") == "unknown"


@pytest.mark.parametrize("path", ["/", "/renew", "/renew/abc?x=1&y=%D8%A7", "/staff/search?q=a+b"])
def test_goes_back_to_our_own_paths(path: str) -> None:
    assert rules.return_path(path, "/home") == path


@pytest.mark.parametrize(
    "elsewhere",
    [
        *("", "renew", "//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)"),
        *("/a\r\nSet-Cookie: x=1", "/a b", "/\t/evil.example", "/" + "a" * 2001, " /renew", "/x\\..\\y"),
    ],
)
def test_never_sends_people_elsewhere(elsewhere: str) -> None:
    assert rules.return_path(elsewhere, "/home") == "/home"


def test_an_address_is_known_under_one_spelling() -> None:
    assert rules.staff_email(" Clerk@Marsa.Example ") == "clerk@marsa.example"


def test_the_stand_in_hash_costs_what_a_real_one_does() -> None:
    assert not _HASHER.check_needs_rehash(NOBODY)
    assert not password_matches(None, "anything")


def test_knows_the_right_password_and_no_other() -> None:
    kept = hash_password("paper-dust")
    assert password_matches(kept, "paper-dust")
    assert not password_matches(kept, "paper-dusty")
    long = "x" * LONGEST
    assert not password_matches(hash_password(long), long + "y")


def test_accepts_the_authenticators_code_one_step_either_way() -> None:
    secret = pyotp.random_base32()
    present = int(NOW.timestamp()) // 30
    for step in (-1, 0, 1):
        code = pyotp.TOTP(secret).generate_otp(present + step)
        assert matching_step(secret, code, NOW) == present + step
    assert matching_step(secret, pyotp.TOTP(secret).generate_otp(present + 2), NOW) is None
    assert matching_step(secret, "", NOW) is None
    assert matching_step(secret, "رمز", NOW) is None


def test_every_permission_is_held_by_some_role() -> None:
    assert set().union(*ROLES.values()) == set(Permission)


def test_the_public_may_only_what_is_public() -> None:
    assert ROLES["public"] == {Permission.PUBLIC}
    assert not may(ANONYMOUS, Permission.PAY)


def test_refuses_the_unknown_and_the_known_differently() -> None:
    with pytest.raises(Unauthenticated):
        permit(ANONYMOUS, Permission.PAY)
    with pytest.raises(NotPermitted):
        permit(Actor("citizen", "c", frozenset({"citizen"})), Permission.SEE_AUDIT)
    permit(system("jobs.x"), Permission.ISSUE_LICENCE)


def test_a_role_that_does_not_exist_may_nothing() -> None:
    assert not may(Actor("staff", "s", frozenset({"owner"})), Permission.SIGN_OUT)


def test_money_and_cases_are_different_hands() -> None:
    assert not ROLES["cashier"] & {Permission.REVIEW_APPLICATION, Permission.INSPECT}
    assert not ROLES["reviewer"] & {Permission.TAKE_CASH, Permission.INSPECT}
    assert not ROLES["admin"] & {Permission.READ_DOCUMENT, Permission.SEARCH_ARCHIVE, Permission.TAKE_CASH}

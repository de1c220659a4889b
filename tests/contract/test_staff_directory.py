"""Staff sign in with the town's directory: a real OpenID provider over HTTP, on both databases."""

from collections.abc import Callable
from pathlib import Path
from threading import Barrier, Event, Thread
from types import SimpleNamespace
from typing import Any

import pytest
from joserfc.jwk import ECKey
from sqlalchemy import func, select, update
from urllib3.util import Timeout
from werkzeug import Response

from chalicelib.adapters.by_url import staff_directory_at
from chalicelib.adapters.embedded.database_jobs import DatabaseJobs
from chalicelib.adapters.embedded.signed_links import SignedLinks
from chalicelib.database.engine import Database
from chalicelib.database.outbox import EventRow, Outbox
from chalicelib.identity.directory import Departure, DirectorySignIn
from chalicelib.identity.errors import (
    DirectoryAccountDiffers,
    EmailUnverified,
    StaffInactive,
    StaffUnknown,
    TooManyAttempts,
)
from chalicelib.identity.models import DirectoryAccountRow, DirectoryAnswerRow, SessionRow, StaffRow
from chalicelib.identity.service import Identity
from chalicelib.kernel.actor import system
from chalicelib.kernel.errors import Refusal
from chalicelib.ports.staff_directory import (
    DirectoryAnswerFalse,
    DirectoryAnswerVoid,
    DirectoryCancelled,
    DirectoryClockWrong,
    DirectoryUnavailable,
    SecondFactorMissing,
)
from chalicelib.ports.stores import StoreUnknown
from tests.moving_clock import MovingClock
from tests.oidc_server import (
    SECRET,
    OidcServer,
    as_json,
    query,
    signed_by_another,
    signed_with_public_key,
    unsigned,
)

HOME, ADDRESS, ELSEWHERE = "https://town.example/staff/sign-in", "203.0.113.7", "198.51.100.9"
EMAIL, OTHER = "clerk@marsa.example", "manager@marsa.example"


class Town(SimpleNamespace):
    """The door, the provider behind it, and eyes for tests."""

    database: Database
    clock: MovingClock
    oidc: OidcServer
    identity: Identity
    door: DirectorySignIn
    secret: Path

    def opened(self, **options: str) -> DirectorySignIn:
        """The door of a process that has just started."""
        url = self.oidc.url_of_directory(self.secret, **options)
        directory = staff_directory_at(url, HOME, self.clock)
        outbox = Outbox(DatabaseJobs(self.database, self.clock), self.clock, {})
        links = SignedLinks(b"s" * 32, self.clock)
        return DirectorySignIn(self.database, outbox, links, self.clock, directory)

    def leave(self) -> Departure:
        return self.door.begin("/staff/search", "ar", ADDRESS)

    def sign_in(self, email: str = EMAIL, address: str = ADDRESS) -> str:
        left = self.leave()
        return self.door.finish(left.ticket, self.oidc.sign_in(left.url, email), address)

    def refusal(self, email: str = EMAIL, address: str = ADDRESS) -> Refusal:
        return refusal(self.sign_in, email, address)

    def who(self, token: str) -> str:
        view = self.identity.session(token, self.clock.now())
        assert view is not None
        return view.actor.id

    def count(self, row: type) -> int:
        with self.database.reading() as tx:
            return tx.scalar(select(func.count()).select_from(row)) or 0

    def events(self) -> list[tuple[str, str]]:
        with self.database.reading() as tx:
            rows = tx.scalars(select(EventRow).order_by(EventRow.id)).all()
        return [(row.name.removeprefix("identity."), row.subject) for row in rows]

    def change(self, **values: Any) -> None:
        with self.database.transaction() as tx:
            tx.execute(update(StaffRow).where(StaffRow.id == self.clerk).values(**values))


def refusal(call: Callable[..., object], *args: object) -> Refusal:
    with pytest.raises(Refusal) as caught:
        call(*args)
    return caught.value


@pytest.fixture
def town(database: Database, oidc: OidcServer, tmp_path: Path) -> Town:
    clock, secret = MovingClock(), tmp_path / "secret"
    secret.write_text(f"{SECRET}\n")
    oidc.homes, oidc.now = {HOME}, lambda: clock.now().timestamp()
    outbox = Outbox(DatabaseJobs(database, clock), clock, {})
    identity = Identity(database, outbox, None, clock)  # type: ignore[arg-type]
    made = Town(database=database, clock=clock, oidc=oidc, identity=identity, secret=secret)
    made.door = made.opened()
    people = ((EMAIL, "clerk"), (OTHER, "manager"))
    made.clerk, made.manager = (
        identity.register_staff(system("tests"), email=e, name_ar="أمل", name_en="Amal", roles=[role])
        for e, role in people
    )
    for email, _ in people:
        oidc.employ(email)
    return made


# Who comes in


def test_a_member_of_staff_on_file_signs_in_and_has_the_roles_given_here(town: Town) -> None:
    token = town.sign_in()
    view = town.identity.session(token, town.clock.now())
    assert view is not None
    assert (view.actor.kind, view.actor.id, view.actor.roles) == ("staff", town.clerk, {"clerk"})
    assert {name for name, _ in town.events()[2:]} == {"directory_account_bound", "signed_in"}


def test_the_directory_is_asked_as_the_standard_says(town: Town) -> None:
    left = town.leave()
    asked = query(left.url)
    assert left.url.startswith(f"{town.oidc.url}/authorize?p=staff&")
    assert (asked["response_type"], asked["code_challenge_method"], asked["ui_locales"]) == (
        "code",
        "S256",
        "ar",
    )
    assert (asked["redirect_uri"], asked["scope"]) == (f"{HOME}/return", "openid email")
    assert "/staff/search" not in left.url
    again = query(town.leave().url)
    assert {asked[name] == again[name] for name in ("state", "nonce", "code_challenge")} == {False}


def test_the_account_is_bound_and_counts_from_then_on_whatever_its_address(town: Town) -> None:
    town.sign_in()
    town.oidc.people[EMAIL] |= {"email": "amal.new@marsa.example", "email_verified": False}
    assert town.who(town.sign_in()) == town.clerk
    town.change(email="amal@marsa.example")
    assert town.who(town.sign_in()) == town.clerk
    assert town.count(DirectoryAccountRow) == 1


def test_another_account_with_the_address_of_one_that_is_bound_is_refused(town: Town) -> None:
    town.sign_in()
    town.oidc.employ(EMAIL)  # made anew: another subject
    assert type(town.refusal()) is DirectoryAccountDiffers
    assert town.events()[-1] == ("sign_in_failed", town.clerk)
    assert town.count(DirectoryAccountRow) == town.count(SessionRow) == 1


def test_a_person_whose_account_was_released_is_bound_anew(town: Town) -> None:
    town.sign_in()
    town.oidc.employ(EMAIL)
    town.refusal()
    town.identity.release_directory_account(system("tests"), EMAIL)
    assert town.who(town.sign_in()) == town.clerk


def test_an_account_that_is_bound_is_not_bound_to_another_by_its_new_address(town: Town) -> None:
    town.sign_in()
    town.oidc.people[EMAIL]["email"] = OTHER
    assert town.who(town.sign_in()) == town.clerk


@pytest.mark.parametrize("same", [False, True])
def test_of_accounts_that_come_at_once_for_one_person_one_is_bound(town: Town, same: bool) -> None:
    names = [f"{n}@elsewhere.example" for n in range(4)]
    for name in names:
        town.oidc.employ(name, sub="s" if same else name)["email"] = EMAIL
    left = [town.leave() for _ in names]
    answers = [town.oidc.sign_in(one.url, name) for one, name in zip(left, names, strict=True)]
    together, came, refused = Barrier(len(names)), [], []

    def arrive(number: int) -> None:
        together.wait()
        try:
            came.append(town.door.finish(left[number].ticket, answers[number], f"198.51.100.{number}"))
        except Refusal as refusal:
            refused.append(type(refusal))

    threads = [Thread(target=arrive, args=(number,)) for number in range(len(names))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(came), refused) == ((4, []) if same else (1, [DirectoryAccountDiffers] * 3))
    assert town.count(DirectoryAccountRow) == 1


def test_a_town_that_takes_another_directory_keeps_its_people(town: Town) -> None:
    town.sign_in()
    with town.database.transaction() as tx:
        tx.execute(update(DirectoryAccountRow).values(issuer="https://before.example"))
    assert town.who(town.sign_in()) == town.clerk
    assert town.count(DirectoryAccountRow) == 2


@pytest.mark.parametrize("spelling", ["Clerk@Marsa.Example", EMAIL])
def test_an_address_is_told_whatever_its_letter_case(town: Town, spelling: str) -> None:
    town.oidc.people[EMAIL]["email"] = spelling
    assert town.who(town.sign_in()) == town.clerk


def test_the_address_of_entra_id_is_verified_by_its_own_claim(town: Town) -> None:
    town.oidc.people[EMAIL] |= {"email_verified": None, "xms_edov": True}
    assert town.who(town.sign_in()) == town.clerk


# Who does not


def test_nobody_is_let_in_who_was_not_put_on_file(town: Town) -> None:
    town.oidc.employ("stranger@marsa.example")
    assert type(town.refusal("stranger@marsa.example")) is StaffUnknown
    assert town.events()[-1] == ("sign_in_failed", "unknown")
    assert town.count(DirectoryAccountRow) == town.count(SessionRow) == 0


@pytest.mark.parametrize(
    "claims",
    [
        {"email_verified": False},
        {"email_verified": None},
        {"email_verified": "false"},
        {"email_verified": 1, "xms_edov": False},
        {"email": None},
        {"email": ["clerk@marsa.example"]},
        {"email": "clerk\x00@marsa.example"},
        {"email": "ｃlerk@marsa.example"},  # NFKC would make it hers
        {"email": "cler\u212a@marsa.example"},  # so would the Kelvin sign's small letter
    ],
)
def test_an_address_that_is_not_vouched_for_or_only_looks_right_opens_nothing(
    town: Town, claims: dict[str, Any]
) -> None:
    town.oidc.claims = claims
    assert type(town.refusal()) is EmailUnverified
    assert town.count(SessionRow) == 0


def test_who_is_no_longer_active_stays_out_and_their_sessions_end(town: Town) -> None:
    token = town.sign_in()
    town.change(active=False)
    assert town.identity.session(token, town.clock.now()) is None
    assert type(town.refusal()) is StaffInactive
    with town.database.transaction() as tx:
        tx.execute(update(DirectoryAccountRow).values(issuer="https://before.example"))
    assert type(town.refusal()) is StaffInactive
    assert town.events()[-1] == ("sign_in_failed", town.clerk)


def test_who_turns_back_there_is_not_signed_in(town: Town) -> None:
    assert type(town.refusal("")) is DirectoryCancelled
    assert town.events()[-1] == ("sign_in_failed", "unknown")


# What is not to be believed


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"iss": "https://other.example"}, "iss"),
        ({"iss": None}, "iss"),
        ({"aud": "another-client"}, "aud"),
        ({"aud": None}, "aud"),
        ({"aud": ["diwan", "another-client"]}, "azp"),
        ({"aud": ["diwan", "another-client"], "azp": "another-client"}, "azp"),
        ({"azp": "another-client"}, "azp"),
        ({"nonce": "of-another-sign-in"}, "nonce"),
        ({"nonce": None}, "nonce"),
        ({"exp": None}, "exp"),
        ({"exp": "tomorrow"}, "exp"),
        ({"iat": None}, "iat"),
        ({"sub": None}, "sub"),
        ({"sub": ""}, "sub"),
        ({"sub": 7}, "sub"),
        ({"sub": "x" * 256}, "sub"),
        ({"sub": "a\x00b"}, "sub"),
    ],
)
def test_a_token_that_states_something_else_is_refused(
    town: Town, claims: dict[str, Any], reason: str
) -> None:
    town.oidc.claims = claims
    refused = town.refusal()
    assert (type(refused), refused.data) == (DirectoryAnswerFalse, {"reason": reason})
    assert town.count(SessionRow) == town.count(DirectoryAccountRow) == 0


def test_a_token_for_several_that_says_it_was_made_for_us_is_good(town: Town) -> None:
    town.oidc.claims = {"aud": ["diwan", "another-client"], "azp": "diwan"}
    assert town.sign_in()


@pytest.mark.parametrize(
    ("claim", "by", "good"),
    [("exp", -121, False), ("exp", -119, True), ("iat", 121, False), ("iat", 119, True), ("nbf", 121, False)],
)
def test_clocks_may_differ_by_two_minutes(town: Town, claim: str, by: int, good: bool) -> None:
    town.oidc.claims = {claim: int(town.clock.now().timestamp()) + by}
    if good:
        assert town.sign_in()
    else:
        assert type(town.refusal()) is DirectoryClockWrong


@pytest.mark.parametrize(
    ("sign", "reason"),
    [
        (lambda _: unsigned, "token"),
        (signed_with_public_key, "token"),
        (signed_by_another, "signature"),
        (lambda _: lambda claims: "not.a.token", "token"),
    ],
    ids=["none", "public-key-as-secret", "another-key", "garbage"],
)
def test_a_token_that_the_directory_did_not_sign_is_refused(town: Town, sign: Any, reason: str) -> None:
    town.oidc.sign = sign(town.oidc)
    refused = town.refusal()
    assert (type(refused), refused.data) == (DirectoryAnswerFalse, {"reason": reason})
    assert town.count(SessionRow) == 0


def test_a_new_key_of_the_directory_is_fetched_when_it_is_met(town: Town) -> None:
    town.sign_in()
    town.oidc.turn_key(ECKey.generate_key("P-256", auto_kid=True))
    assert town.sign_in()
    fetched = town.oidc.asked.count("/keys")
    assert town.sign_in()
    assert (fetched, town.oidc.asked.count("/keys")) == (2, 2)


def test_a_key_that_was_taken_away_is_good_for_an_hour_at_most(town: Town) -> None:
    town.sign_in()
    stolen, kept = town.oidc.key, town.oidc.key
    town.oidc.turn_key()
    town.oidc.key = stolen
    town.clock.move(minutes=61)
    assert town.refusal().data == {"reason": "signature"}
    town.oidc.published = [kept]
    assert town.sign_in()


def test_keys_that_are_not_for_signatures_are_left_aside(town: Town) -> None:
    keys = [
        {"kty": "oct", "k": "c2VjcmV0"},
        {"kty": "EC", "crv": "P-0"},
        "x",
        {"kty": "RSA", "use": "enc", "n": "1"},
    ]
    ours = town.oidc.key.as_dict(private=False)
    town.oidc.faults["/keys"] = lambda _: as_json({"keys": [*keys, ours]})
    assert town.sign_in()
    town.oidc.faults["/keys"] = lambda _: as_json({"keys": keys})
    town.door = town.opened()
    assert town.refusal().data == {"reason": "no-keys"}


def test_a_second_factor_is_demanded_where_the_town_says_so(town: Town) -> None:
    town.door = town.opened(acr="phr")
    assert query(town.leave().url)["acr_values"] == "phr"
    assert town.sign_in()
    for said in ("pwd", None, ["phr"]):
        town.oidc.claims = {"acr": said}
        assert type(town.refusal()) is SecondFactorMissing


# Whose answer it is


def test_an_answer_is_looked_at_once(town: Town) -> None:
    left = town.leave()
    answer = town.oidc.sign_in(left.url, EMAIL)
    town.door.finish(left.ticket, answer, ADDRESS)
    exchanged = town.oidc.asked.count("/token")
    assert type(refusal(town.door.finish, left.ticket, answer, ADDRESS)) is DirectoryAnswerVoid
    fresh = {**answer, "code": town.oidc.sign_in(left.url, EMAIL)["code"]}
    assert type(refusal(town.door.finish, left.ticket, fresh, ADDRESS)) is DirectoryAnswerVoid
    assert town.oidc.asked.count("/token") == exchanged
    assert town.events()[-1] == ("sign_in_failed", "unknown")


def test_an_answer_opens_nothing_in_another_browser(town: Town) -> None:
    theirs, mine = town.leave(), town.leave()
    answer = town.oidc.sign_in(theirs.url, EMAIL)
    for ticket in (mine.ticket, "", "forged.ticket", theirs.ticket[:-1]):
        assert type(refusal(town.door.finish, ticket, answer, ADDRESS)) is DirectoryAnswerVoid
    assert town.count(SessionRow) == town.count(DirectoryAnswerRow) == 0
    assert "/token" not in town.oidc.asked


def test_a_code_of_another_sign_in_opens_nothing(town: Town) -> None:
    """Put into one's own answer: the directory misses the verifier that the code was asked with."""
    mine, theirs = town.leave(), town.leave()
    answer = {**town.oidc.sign_in(mine.url, OTHER), "code": town.oidc.sign_in(theirs.url, EMAIL)["code"]}
    assert type(refusal(town.door.finish, mine.ticket, answer, ADDRESS)) is DirectoryAnswerVoid


@pytest.mark.parametrize(("minutes", "good"), [(9.9, True), (10.1, False)])
def test_there_are_ten_minutes_to_come_back(town: Town, minutes: float, good: bool) -> None:
    left = town.leave()
    town.clock.move(minutes=minutes)
    answer = town.oidc.sign_in(left.url, EMAIL)
    if good:
        assert town.door.finish(left.ticket, answer, ADDRESS)
    else:
        assert type(refusal(town.door.finish, left.ticket, answer, ADDRESS)) is DirectoryAnswerVoid


@pytest.mark.parametrize("part", ["state", "code"])
def test_an_answer_with_something_missing_is_void(town: Town, part: str) -> None:
    left = town.leave()
    answer = town.oidc.sign_in(left.url, EMAIL)
    del answer[part]
    assert type(refusal(town.door.finish, left.ticket, answer, ADDRESS)) is DirectoryAnswerVoid


def test_an_answer_of_another_issuer_is_not_taken_for_this_one(town: Town) -> None:
    left = town.leave()
    answer = {**town.oidc.sign_in(left.url, EMAIL), "iss": "https://other.example"}
    assert refusal(town.door.finish, left.ticket, answer, ADDRESS).data == {"reason": "iss"}
    assert "/token" not in town.oidc.asked


def test_answers_are_forgotten_after_a_day(town: Town) -> None:
    town.sign_in()
    town.clock.move(hours=25)
    town.sign_in()
    assert town.count(DirectoryAnswerRow) == 1


def test_twenty_failures_make_an_address_rest_and_no_other(town: Town) -> None:
    for _ in range(20):
        refusal(town.door.finish, "", {"state": "x"}, ADDRESS)
    left = town.door.begin("/staff", "ar", ELSEWHERE)
    failed = len(town.events())
    answer = town.oidc.sign_in(left.url, EMAIL)
    assert isinstance(refusal(town.leave), TooManyAttempts)
    assert isinstance(refusal(town.door.finish, left.ticket, answer, ADDRESS), TooManyAttempts)
    assert len(town.events()) == failed
    assert town.door.finish(left.ticket, answer, ELSEWHERE)


# A directory in trouble


@pytest.mark.parametrize(
    ("path", "answer", "reason"),
    [
        ("/.well-known/openid-configuration", Response(status=500), "status-500"),
        ("/.well-known/openid-configuration", Response("<html>"), "not-json"),
        ("/.well-known/openid-configuration", Response("[" * 100_000), "not-json"),
        ("/.well-known/openid-configuration", Response("[]"), "not-json"),
        ("/.well-known/openid-configuration", Response(b"x" * 600_000), "endless"),
        ("/.well-known/openid-configuration", Response(status=302, headers={"Location": "/"}), "status-302"),
        ("/keys", as_json({"keys": {}}), "no-keys"),
        ("/keys", Response(status=503), "status-503"),
        ("/token", as_json({"error": "invalid_client"}, 401), "invalid_client"),
        ("/token", as_json({"error": "of clerk@marsa.example"}, 400), "status-400"),
        ("/token", as_json({"access_token": "a"}), "no-id-token"),
        ("/token", as_json({"id_token": ["a"]}), "no-id-token"),
        ("/token", Response(b"\xff\xfe"), "not-json"),
    ],
)  # fmt: skip
def test_a_directory_that_answers_nonsense_lets_nobody_in(
    town: Town, path: str, answer: Response, reason: str
) -> None:
    town.oidc.faults[path] = lambda _: answer
    refused = town.refusal()
    assert type(refused) is DirectoryUnavailable
    assert refused.data == {"reason": reason}
    assert town.count(SessionRow) == 0
    town.oidc.faults.clear()
    assert town.sign_in()


@pytest.mark.parametrize(
    ("described", "reason"),
    [
        ({"issuer": "https://other.example"}, "other-issuer"),
        ({"authorization_endpoint": None}, "authorization-endpoint"),
        ({"token_endpoint": "ftp://there"}, "token-endpoint"),
        ({"jwks_uri": "https://there/\r\nSet-Cookie: a=b"}, "jwks-uri"),
        ({"end_session_endpoint": 7}, "end-session-endpoint"),
    ],
)
def test_a_description_that_does_not_fit_is_not_used(
    town: Town, described: dict[str, Any], reason: str
) -> None:
    town.oidc.description = described
    assert refusal(town.leave).data == {"reason": reason}


def test_a_silent_directory_is_waited_for_a_few_seconds(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    over = Event()
    monkeypatch.setattr("chalicelib.adapters.oidc_provider._PATIENCE", Timeout(connect=0.2, read=0.2))
    town.door = town.opened()
    left = town.leave()
    answer = town.oidc.sign_in(left.url, EMAIL)
    town.oidc.faults["/token"] = lambda _: Response(status=504) if over.wait(30) else None
    refused = refusal(town.door.finish, left.ticket, answer, ADDRESS)
    over.set()
    assert (type(refused), refused.data) == (DirectoryUnavailable, {"reason": "ReadTimeoutError"})


def test_a_directory_that_is_down_makes_nobody_rest(town: Town) -> None:
    town.oidc.faults["/token"] = lambda _: Response(status=500)
    for _ in range(21):
        assert type(town.refusal()) is DirectoryUnavailable
    assert town.events()[-1] == ("sign_in_failed", "unknown")
    town.oidc.faults.clear()
    assert town.sign_in()


def test_nobody_listens_there(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(town.oidc, "issuer", "http://127.0.0.1:1")
    door = town.opened()
    assert refusal(door.begin, "/staff", "ar", ADDRESS).data == {"reason": "NewConnectionError"}
    assert door.sign_out_url() is None


@pytest.mark.parametrize("said", ["server_error", "temporarily_unavailable", "sub=1234", "login_required"])
def test_what_is_not_the_persons_doing_is_the_directorys_trouble(town: Town, said: str) -> None:
    town.oidc.refused = said
    refused = town.refusal("")
    assert type(refused) is DirectoryUnavailable
    assert refused.data == {
        "reason": said if said in ("server_error", "temporarily_unavailable") else "error"
    }


def test_the_secret_is_read_for_each_sign_in(town: Town) -> None:
    town.secret.write_text("before it was turned")
    assert town.refusal().data == {"reason": "invalid_client"}
    town.secret.unlink()
    assert town.refusal().data == {"reason": "secret-missing"}
    town.secret.write_text(SECRET)
    assert town.sign_in()


def test_a_directory_that_takes_secrets_in_forms_only_gets_it_there(town: Town) -> None:
    town.oidc.description = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    assert town.sign_in()


# Leaving, and what the setting may say


def test_people_may_leave_the_directory_too_and_come_back_here(town: Town) -> None:
    url = town.door.sign_out_url()
    assert url is not None and url.startswith(f"{town.oidc.url}/logout?")
    assert query(url) == {"client_id": "diwan", "post_logout_redirect_uri": HOME, "logout_uri": HOME}
    town.oidc.description = {"end_session_endpoint": None}
    assert town.opened().sign_out_url() is None


@pytest.mark.parametrize(
    "url",
    [
        "oidc+https://login.example/town",
        "oidc+https://login.example/town?client=diwan",
        "oidc+https://login.example/town?client=diwan&secret=file:///s&arc=mfa",
        "oidc+https:///town?client=diwan&secret=file:///s",
        "https://login.example/town?client=diwan&secret=file:///s",
    ],
)
def test_a_setting_that_means_no_directory_is_refused(url: str) -> None:
    with pytest.raises(StoreUnknown):
        staff_directory_at(url, HOME, MovingClock())


def test_no_row_and_no_event_holds_what_would_let_anybody_in(town: Town) -> None:
    left = town.leave()
    answer = town.oidc.sign_in(left.url, EMAIL)
    token = town.door.finish(left.ticket, answer, ADDRESS)
    town.refusal("")
    with town.database.reading() as tx:
        told = repr([vars(row) for row in tx.scalars(select(DirectoryAnswerRow))])
        told += repr([(row.name, row.subject, row.payload) for row in tx.scalars(select(EventRow))])
    for secret in (
        answer["code"],
        answer["state"],
        left.ticket,
        token,
        EMAIL,
        town.oidc.people[EMAIL]["sub"],
    ):
        assert secret not in told

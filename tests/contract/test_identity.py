"""Signing in and out, on both databases."""

from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pyotp
import pytest
from sqlalchemy import event, func, select

from chalicelib.adapters.embedded.database_jobs import DatabaseJobs, JobRow
from chalicelib.database.engine import Database
from chalicelib.database.outbox import EventRow, Outbox
from chalicelib.identity.errors import (
    CodeRefused,
    CodeVoid,
    ContactMalformed,
    RoleUnknown,
    SignInRefused,
    TooManyAttempts,
)
from chalicelib.identity.models import AttemptRow, OneTimeCodeRow, SessionRow, StaffRow
from chalicelib.identity.service import Identity
from chalicelib.kernel.actor import Actor, system
from chalicelib.kernel.civil_id import CivilIdMalformed
from chalicelib.kernel.errors import NotFound, NotPermitted, Refusal
from chalicelib.notifications.models import NotificationRow
from chalicelib.notifications.service import Notifications
from tests.moving_clock import MovingClock

TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "messages"
KNOWN, OTHER, UNKNOWN = "263091412004", "271032212379", "278010512743"
PASSWORD, SECRET, EMAIL = "anchor-lantern-clerk", "3SO3RZIKI5G53CTYOZEUOJXRAQR4A3K7", "clerk@marsa.example"
HOME, ELSEWHERE = "203.0.113.7", "198.51.100.9"
LOADER = system("samples")


class Town(SimpleNamespace):
    """Identity with what stands behind it, and eyes for tests."""

    database: Database
    clock: MovingClock
    identity: Identity

    def messages(self) -> list[NotificationRow]:
        with self.database.reading() as tx:
            return list(tx.scalars(select(NotificationRow).order_by(NotificationRow.id)))

    def jobs(self) -> list[JobRow]:
        with self.database.reading() as tx:
            return list(tx.scalars(select(JobRow)))

    def code(self) -> str:
        return self.messages()[-1].text.split("\n")[0][-6:]

    def count(self, row: type) -> int:
        with self.database.reading() as tx:
            return tx.scalar(select(func.count()).select_from(row)) or 0

    def totp(self, steps: int = 0) -> str:
        return pyotp.TOTP(SECRET).generate_otp(int(self.clock.now().timestamp()) // 30 + steps)

    def sign_in(self, civil_id: str = KNOWN, replaces: str | None = None) -> str:
        self.identity.request_code(civil_id, HOME)
        return self.identity.sign_in_citizen(civil_id, self.code(), HOME, replaces)

    def session(self, token: str) -> object:
        return self.identity.session(token, self.clock.now())


@pytest.fixture
def town(database: Database) -> Town:
    clock = MovingClock()
    jobs = DatabaseJobs(database, clock)
    notifications = Notifications(database, jobs, clock, None, TEMPLATES)  # type: ignore[arg-type]
    identity = Identity(database, Outbox(jobs, clock, {"*": ["append_audit"]}), notifications, clock)
    identity.register_party(
        LOADER, civil_id=KNOWN, name_ar="عبد الرحمن الساحلي", name_en="Abdulrahman", phone="50001101"
    )
    identity.register_staff(
        LOADER,
        email="Clerk@Marsa.example",
        name_ar="أمل السدرة",
        name_en="Amal",
        password=PASSWORD,
        totp_secret=SECRET,
        roles=["clerk"],
    )
    return Town(database=database, clock=clock, identity=identity)


def refusal(call: object, *args: object) -> Refusal:
    with pytest.raises(Refusal) as caught:
        call(*args)  # type: ignore[operator]
    return caught.value


def test_a_citizen_signs_in_with_the_code_on_their_phone(town: Town) -> None:
    token = town.sign_in()
    view = town.session(token)
    assert view.actor.kind == "citizen"
    assert view.actor.roles == {"citizen"}
    assert view.name_ar == "عبد الرحمن الساحلي"
    assert town.messages()[0].recipient == "+96550001101"
    assert town.identity.party(view.actor.id).civil_id == KNOWN


def test_digits_may_be_arabic_and_spaced(town: Town) -> None:
    arabic = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
    town.identity.request_code(" ٢٦٣ ٠٩١ ٤١٢ ٠٠٤ ", HOME)
    code = town.code().translate(arabic)
    assert town.identity.sign_in_citizen(KNOWN.translate(arabic), f" {code[:3]} {code[3:]} ", HOME)


def test_an_unknown_civil_id_gets_the_same_answers_and_no_message(town: Town) -> None:
    known, unknown = town.identity.request_code(KNOWN, HOME), town.identity.request_code(UNKNOWN, HOME)
    assert known == unknown
    assert len(town.messages()) == 1
    assert town.count(OneTimeCodeRow) == 2
    assert sum(job.queue == "send_notification" for job in town.jobs()) == 1
    wrong = "000000" if town.code() != "000000" else "111111"
    for _ in range(7):
        ours = refusal(town.identity.sign_in_citizen, KNOWN, wrong, HOME)
        theirs = refusal(town.identity.sign_in_citizen, UNKNOWN, wrong, ELSEWHERE)
        assert (type(ours), ours.data) == (type(theirs), theirs.data)


def test_the_work_is_the_same_for_known_and_unknown(town: Town) -> None:
    engine, counts = town.database.engine, []
    for civil_id in (KNOWN, UNKNOWN):
        said: list[str] = []

        def note(_c: object, _k: object, statement: str, *_rest: object, said: list[str] = said) -> None:
            # The message is kept or taken back; that one word may differ.
            said.append(statement.split()[0].replace("ROLLBACK", "RELEASE"))

        event.listen(engine, "before_cursor_execute", note)
        town.identity.request_code(civil_id, HOME)
        event.remove(engine, "before_cursor_execute", note)
        counts.append(said)
    assert counts[0] == counts[1]
    assert counts[0].count("INSERT") >= 4


def test_without_a_code_asked_for_known_and_unknown_are_refused_alike(town: Town) -> None:
    for civil_id in (KNOWN, UNKNOWN):
        assert type(refusal(town.identity.sign_in_citizen, civil_id, "123456", HOME)) is CodeVoid


def test_nobody_signs_in_even_with_the_right_code_of_an_unknown_account(town: Town) -> None:
    town.identity.request_code(UNKNOWN, HOME)
    for guess in range(5):
        assert refusal(town.identity.sign_in_citizen, UNKNOWN, f"{guess:06}", HOME).code in (
            "code-refused",
            "code-void",
        )
    assert town.count(SessionRow) == 0


def test_five_wrong_codes_void_the_code(town: Town) -> None:
    town.identity.request_code(KNOWN, HOME)
    right = town.code()
    wrong = "000000" if right != "000000" else "111111"
    for left in (4, 3, 2, 1):
        refused = refusal(town.identity.sign_in_citizen, KNOWN, wrong, HOME)
        assert isinstance(refused, CodeRefused)
        assert refused.data["left"] == left
    assert type(refusal(town.identity.sign_in_citizen, KNOWN, wrong, HOME)) is CodeVoid
    assert type(refusal(town.identity.sign_in_citizen, KNOWN, right, HOME)) is CodeVoid
    assert town.sign_in()


def test_a_code_is_used_once_and_only_the_latest_counts(town: Town) -> None:
    town.identity.request_code(KNOWN, HOME)
    first = town.code()
    town.clock.move(seconds=1)
    town.identity.request_code(KNOWN, HOME)
    second = town.code()
    if first != second:
        assert type(refusal(town.identity.sign_in_citizen, KNOWN, first, HOME)) is CodeRefused
    assert town.identity.sign_in_citizen(KNOWN, second, HOME)
    assert type(refusal(town.identity.sign_in_citizen, KNOWN, second, HOME)) is CodeVoid


def test_a_code_lives_five_minutes(town: Town) -> None:
    town.identity.request_code(KNOWN, HOME)
    town.clock.move(minutes=5)
    assert type(refusal(town.identity.sign_in_citizen, KNOWN, town.code(), HOME)) is CodeVoid


def test_three_codes_a_quarter_of_an_hour_known_or_not(town: Town) -> None:
    for civil_id in (KNOWN, UNKNOWN):
        for _ in range(3):
            town.identity.request_code(civil_id, HOME)
        waits = refusal(town.identity.request_code, civil_id, ELSEWHERE)
        assert isinstance(waits, TooManyAttempts)
        assert waits.data == {"minutes": 15}
    town.clock.move(minutes=15)
    town.identity.request_code(KNOWN, HOME)


def test_ten_codes_an_hour_from_one_address(town: Town) -> None:
    ids = [KNOWN, OTHER, UNKNOWN, "284061113129"]
    for n in range(10):
        town.identity.request_code(ids[n % 4], HOME)
    assert isinstance(refusal(town.identity.request_code, ids[3], HOME), TooManyAttempts)
    town.identity.request_code(ids[3], ELSEWHERE)


def test_one_phone_gets_three_codes_however_many_people_share_it(town: Town) -> None:
    town.identity.register_party(LOADER, civil_id=OTHER, name_ar="أخوه", name_en="Brother", phone="50001101")
    for civil_id in (KNOWN, KNOWN, OTHER, OTHER):
        town.identity.request_code(civil_id, HOME)
    assert len(town.messages()) == 3


def test_twenty_wrong_codes_an_hour_from_one_address(town: Town) -> None:
    for _ in range(20):
        refusal(town.identity.sign_in_citizen, UNKNOWN, "123456", HOME)
    assert isinstance(refusal(town.identity.sign_in_citizen, KNOWN, "123456", HOME), TooManyAttempts)
    assert type(refusal(town.identity.sign_in_citizen, KNOWN, "123456", ELSEWHERE)) is CodeVoid


def test_a_civil_id_that_cannot_be_is_refused_before_anything_is_kept(town: Town) -> None:
    assert isinstance(refusal(town.identity.request_code, "263091412005", HOME), CivilIdMalformed)
    assert town.count(AttemptRow) == 0


def test_staff_sign_in_with_all_three(town: Town) -> None:
    token = town.identity.sign_in_staff(" CLERK@marsa.example", PASSWORD, town.totp(), HOME)
    assert town.session(token).actor.roles == {"clerk"}


@pytest.mark.parametrize("wrong", ["email", "password", "totp", "all", "empty"])
def test_whatever_is_wrong_the_refusal_is_the_same(town: Town, wrong: str) -> None:
    given = {"email": EMAIL, "password": PASSWORD, "totp": town.totp()}
    for part in given if wrong in ("all", "empty") else (wrong,):
        given[part] = "" if wrong == "empty" else "000000x"
    refused = refusal(town.identity.sign_in_staff, given["email"], given["password"], given["totp"], HOME)
    assert type(refused) is SignInRefused
    assert refused.data == {}
    assert town.count(SessionRow) == 0


@pytest.mark.parametrize("password", ["", PASSWORD])
def test_who_has_no_secrets_here_signs_in_with_none(town: Town, password: str) -> None:
    """Those who come by the town's directory only."""
    email = "huda@marsa.example"
    town.identity.register_staff(LOADER, email=email, name_ar="هدى", name_en="Huda", roles=["clerk"])
    for code in ("", "000000"):
        assert type(refusal(town.identity.sign_in_staff, email, password, code, HOME)) is SignInRefused


def test_a_file_brought_up_to_date_keeps_the_secrets(town: Town) -> None:
    again = {"email": EMAIL, "name_ar": "أمل", "name_en": "Amal", "roles": ["manager"]}
    town.identity.end_staff(LOADER, EMAIL)
    assert type(refusal(town.identity.sign_in_staff, EMAIL, PASSWORD, town.totp(), HOME)) is SignInRefused
    town.identity.register_staff(LOADER, **again)
    assert town.session(town.identity.sign_in_staff(EMAIL, PASSWORD, town.totp(), HOME)).actor.roles == {
        "manager"
    }
    citizen = Actor("citizen", "x", frozenset({"citizen"}))
    for forbidden in (town.identity.end_staff, town.identity.release_directory_account):
        with pytest.raises(NotPermitted):
            forbidden(citizen, EMAIL)
        with pytest.raises(NotFound):
            forbidden(LOADER, "nobody@marsa.example")


def test_an_authenticator_code_is_accepted_once(town: Town) -> None:
    code = town.totp()
    town.identity.sign_in_staff(EMAIL, PASSWORD, code, HOME)
    assert type(refusal(town.identity.sign_in_staff, EMAIL, PASSWORD, code, HOME)) is SignInRefused
    earlier = town.totp(-1)
    assert type(refusal(town.identity.sign_in_staff, EMAIL, PASSWORD, earlier, HOME)) is SignInRefused
    town.clock.move(seconds=30)
    assert town.identity.sign_in_staff(EMAIL, PASSWORD, town.totp(), HOME)


@pytest.mark.parametrize("email", [EMAIL, "nobody@marsa.example"])
def test_five_failures_make_an_account_rest_even_for_the_right_password(town: Town, email: str) -> None:
    for _ in range(5):
        assert type(refusal(town.identity.sign_in_staff, email, "wrong", "000000", HOME)) is SignInRefused
    rests = refusal(town.identity.sign_in_staff, email, PASSWORD, town.totp(), ELSEWHERE)
    assert isinstance(rests, TooManyAttempts)
    assert rests.data == {"minutes": 1}
    town.clock.move(minutes=1)
    if email == EMAIL:
        town.identity.sign_in_staff(email, PASSWORD, town.totp(), HOME)
        town.clock.move(seconds=30)
        refusal(town.identity.sign_in_staff, email, "wrong", "000000", HOME)
        assert town.identity.sign_in_staff(email, PASSWORD, town.totp(), HOME)


def test_twenty_failures_make_an_address_rest(town: Town) -> None:
    for n in range(20):
        refusal(town.identity.sign_in_staff, f"nobody{n}@marsa.example", "wrong", "0", "2001:db8::1")
    other = refusal(town.identity.sign_in_staff, EMAIL, PASSWORD, town.totp(), "2001:db8::ffff")
    assert isinstance(other, TooManyAttempts)
    assert town.identity.sign_in_staff(EMAIL, PASSWORD, town.totp(), "2001:db8:0:1::1")


def test_a_session_slides_and_ends(town: Town) -> None:
    token = town.sign_in()
    for _ in range(3):
        town.clock.move(minutes=29)
        assert town.session(token)
    town.clock.move(minutes=30)
    assert town.session(token) is None


def test_being_seen_is_written_once_a_minute(town: Town) -> None:
    token = town.sign_in()
    with town.database.reading() as tx:
        first = tx.scalar(select(SessionRow.last_seen_at))
    town.clock.move(seconds=59)
    town.session(token)
    with town.database.reading() as tx:
        assert tx.scalar(select(SessionRow.last_seen_at)) == first
    town.clock.move(seconds=1)
    town.session(token)
    with town.database.reading() as tx:
        assert tx.scalar(select(SessionRow.last_seen_at)) == first + timedelta(minutes=1)


def test_signing_in_again_ends_the_browsers_old_session(town: Town) -> None:
    first = town.sign_in()
    second = town.sign_in(replaces=first)
    assert first != second
    assert town.session(first) is None
    assert town.session(second)


def test_signing_out_ends_this_session_or_all(town: Town) -> None:
    first, second, third = town.sign_in(), town.sign_in(), town.sign_in()
    actor = town.session(second).actor
    town.identity.sign_out(first)
    assert town.session(first) is None
    assert town.session(second)
    assert town.identity.sign_out_everywhere(actor) == 2
    assert town.session(second) is None
    assert town.session(third) is None
    town.identity.sign_out(first)
    town.identity.sign_out("nonsense")
    assert town.session("nonsense") is None


def test_the_database_holds_no_token_and_no_password(town: Town) -> None:
    token = town.sign_in()
    with town.database.reading() as tx:
        row, member = tx.scalar(select(SessionRow)), tx.scalar(select(StaffRow))
    assert token not in repr(vars(row))
    assert PASSWORD not in repr(vars(member))
    assert member.password_hash.startswith("$argon2id$")


def test_what_an_administrator_takes_away_is_gone_with_the_next_request(town: Town) -> None:
    token = town.identity.sign_in_staff(EMAIL, PASSWORD, town.totp(), HOME)
    with town.database.transaction() as tx:
        tx.scalar(select(StaffRow)).roles = ["inspector"]
    assert town.session(token).actor.roles == {"inspector"}
    with town.database.transaction() as tx:
        tx.scalar(select(StaffRow)).active = False
    assert town.session(token) is None
    town.clock.move(seconds=30)
    assert type(refusal(town.identity.sign_in_staff, EMAIL, PASSWORD, town.totp(), HOME)) is SignInRefused


def test_no_event_tells_a_code_a_number_or_a_name(town: Town) -> None:
    town.sign_in()
    code = town.code()
    refusal(town.identity.sign_in_staff, EMAIL, "wrong", "000000", HOME)
    with town.database.reading() as tx:
        told = repr([(row.name, row.subject, row.payload) for row in tx.scalars(select(EventRow))])
    for secret in (code, KNOWN, "50001101", "الساحلي", EMAIL, "wrong"):
        assert secret not in told
    assert "identity.signed_in" in told
    assert "identity.sign_in_failed" in told


def test_registering_again_corrects_the_file(town: Town) -> None:
    first = town.identity.party_with_civil_id(KNOWN)
    again = town.identity.register_party(
        LOADER, civil_id=KNOWN, name_ar="عبدالرحمن", name_en="A.", phone="+96550009999", language="en"
    )
    assert again == first.id
    assert town.identity.party(again).phone == "+96550009999"
    assert town.identity.party_with_civil_id(OTHER) is None


def test_who_may_not_register_does_not(town: Town) -> None:
    citizen = Actor("citizen", "x", frozenset({"citizen"}))
    with pytest.raises(NotPermitted):
        town.identity.register_party(citizen, civil_id=OTHER, name_ar="ا", name_en="a", phone="50001101")
    with pytest.raises(ContactMalformed):
        town.identity.register_party(LOADER, civil_id=OTHER, name_ar="ا", name_en="a", phone="12")
    staff = {"email": "a@b.example", "name_ar": "ا", "name_en": "a", "password": "p", "totp_secret": SECRET}
    for role in ("system", "citizen", "public", "owner"):
        with pytest.raises(RoleUnknown):
            town.identity.register_staff(LOADER, **staff, roles=[role])
    with pytest.raises(NotPermitted):
        town.identity.register_staff(citizen, **staff, roles=["admin"])
    with pytest.raises(NotFound):
        town.identity.party("nobody")

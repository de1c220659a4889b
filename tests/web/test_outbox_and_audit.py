"""What staff see of messages and of the log, and who sees it."""

from collections.abc import Callable

import pytest
from sqlalchemy import update

from chalicelib.audit.models import AuditRow
from chalicelib.bootstrap import Diwan
from chalicelib.database.outbox import EventRow
from chalicelib.jobs.notifications import TELLERS, tell_party
from chalicelib.jobs.worker import work_until_idle
from chalicelib.kernel.actor import system
from chalicelib.kernel.events import Event
from chalicelib.licensing.events import ApplicationStopped, ApplicationSubmitted, LicenceIssued
from chalicelib.payments.events import PaymentFailed, PaymentSucceeded
from tests.web.conftest import CIVIL_ID
from tests.web_browser import Browser

Staff = Callable[[str], Browser]
QUEUES = ["send_notification", "append_audit"]


@pytest.mark.parametrize("path", ["/staff/outbox", "/staff/audit"])
def test_strangers_are_sent_to_the_staff_door(browser: Browser, path: str) -> None:
    answer = browser.get(path)
    assert (answer.status, answer.location) == (303, f"/staff/sign-in?next={path}")


@pytest.mark.parametrize(
    ("role", "outbox", "audit"),
    [("clerk", 403, 403), ("manager", 200, 403), ("admin", 200, 403), ("auditor", 200, 200)],
)
def test_each_role_sees_its_pages(staff_browser: Staff, role: str, outbox: int, audit: int) -> None:
    browser = staff_browser(role)
    assert browser.get("/staff/outbox").status == outbox
    assert browser.get("/staff/audit").status == audit


def test_a_citizen_sees_neither(signed_in_citizen: Browser) -> None:
    assert signed_in_citizen.get("/staff/outbox").status == 403
    assert signed_in_citizen.get("/staff/audit").status == 403


def test_a_message_shows_its_state_and_text(
    signed_in_citizen: Browser, diwan: Diwan, staff_browser: Staff
) -> None:
    manager = staff_browser("manager")
    before = manager.get("/staff/outbox").text
    assert "رمز الدخول" in before
    assert "+96550001101" in before
    work_until_idle(diwan, QUEUES)
    assert "أُرسل" in manager.get("/staff/outbox").text
    folder = diwan.settings.data / "outbox"
    assert sorted(path.suffix for path in folder.iterdir()) == [".json", ".txt"]


def test_an_empty_outbox_and_a_strange_cursor_are_pages_too(staff_browser: Staff) -> None:
    manager = staff_browser("manager")
    assert "لا رسائل هنا" in manager.get("/staff/outbox?before=nonsense").text
    auditor = staff_browser("auditor")
    for nonsense in ("٣x", "9" * 20, "9" * 5000):
        assert auditor.get(f"/staff/audit?before={nonsense}").status == 200


def test_the_log_says_what_happened_and_that_it_is_whole(
    signed_in_citizen: Browser, diwan: Diwan, staff_browser: Staff
) -> None:
    auditor = staff_browser("auditor")
    work_until_idle(diwan, QUEUES)
    text = auditor.get("/staff/audit").text
    assert "السجل سليم" in text
    assert "طُلب رمز دخول" in text
    assert "أمل حمود السدرة" in text
    assert diwan.audit.root().hex() in text


def test_a_changed_entry_is_shown_in_red(
    signed_in_citizen: Browser, diwan: Diwan, staff_browser: Staff
) -> None:
    auditor = staff_browser("auditor")
    work_until_idle(diwan, QUEUES)
    with diwan.database.transaction() as tx:
        tx.execute(update(AuditRow).where(AuditRow.sequence == 2).values(leaf_hash="0" * 64))
    text = auditor.get("/staff/audit?lang=en").text
    assert "Something in the log was changed" in text
    assert "The first fault is at entry \u20682\u2069" in text


def test_every_fact_has_words_in_both_languages(diwan: Diwan) -> None:
    names = {fact.name for fact in Event.__subclasses__() if fact.__module__.startswith("chalicelib.")}
    assert "identity.signed_in" in names
    for language in ("ar", "en"):
        words = diwan.pages.localisation(language)
        for name in names:
            assert words.text("event-" + name.replace(".", "-").replace("_", "-"))


APPLICATION = "01jd2m8w9rk5v7xq3hyt6bnzca"


def facts(party: str) -> list[Event]:
    money = {"party": party, "demand": "d", "payment": "p"}
    receipt = {
        "receipt": "r",
        "receipt_number": "MARSA-ALNOOR-2026-000123",
        "minor": 10500,
        "currency": "KWD",
    }
    subject = f"application:{APPLICATION}"
    return [
        ApplicationSubmitted(
            subject=APPLICATION,
            party=party,
            number="HR-2026-000123",
            service_ar="تجديد الترخيص الصحي",
            service_en="Health licence renewal",
            licence="l",
        ),
        PaymentSucceeded(subject=subject, **money, **receipt),
        PaymentFailed(subject=subject, **money, reason="expired"),
        PaymentFailed(subject=subject, **money, reason="declined"),
        ApplicationStopped(subject=APPLICATION, party=party, number="HR-2026-000123", state="rejected"),
        LicenceIssued(
            subject=APPLICATION,
            party=party,
            number="HL-2019-00042",
            licence="l",
            term=2,
            expires_on="2027-11-30",
            sha256="0" * 64,
        ),
    ]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "ar",
            [
                "استلمنا طلبك رقم HR-2026-000123: تجديد الترخيص الصحي.",
                "استلمنا دفعتك: 10.500 د.ك.",
                "لم يكتمل دفع رسم طلبك.",
                "توقف طلبك رقم HR-2026-000123.",
                "صدر ترخيصك رقم HL-2019-00042، وهو سارٍ حتى 30 نوفمبر 2027.",
            ],
        ),
        (
            "en",
            [
                "We received your application HR-2026-000123: Health licence renewal.",
                "We received your payment: 10.500 KWD.",
                "The payment for your application was not completed.",
                "Your application HR-2026-000123 has stopped.",
                "Your licence HL-2019-00042 is issued and valid until 30 November 2027.",
            ],
        ),
    ],
)
def test_people_are_told_what_happened_once_in_their_language(
    diwan: Diwan, staff_browser: Staff, language: str, said: list[str]
) -> None:
    party = diwan.identity.register_party(
        system("tests"),
        civil_id=CIVIL_ID,
        name_ar="عبد الرحمن",
        name_en="Abdulrahman",
        phone="50001101",
        email="abdulrahman@post.example",
        language=language,
    )
    with diwan.database.transaction() as tx:
        diwan.outbox.publish(tx, system("tests"), *facts(party))
    work_until_idle(diwan, ["tell_party"])
    with diwan.database.reading() as tx:
        rows = [row for row in tx.query(EventRow).order_by(EventRow.sequence) if row.name in TELLERS]
    for row in rows:  # delivered twice
        message = {"event": row.id, "name": row.name, "subject": row.subject, "payload": row.payload}
        tell_party(diwan, message)
    manager = staff_browser("manager")
    auditor = diwan.identity.session(manager.cookies["diwan_session"], diwan.clock.now())
    assert auditor is not None
    messages, _ = diwan.notifications.recent(auditor.actor)
    texts = {message.text.split("\n")[0] for message in messages if message.channel == "sms"}
    assert texts == set(said)
    assert len(messages) == len(said) + 2
    assert all("\u2068" not in message.text and "\u2066" not in message.text for message in messages)
    link = f"{diwan.settings.base_url}/renew/{APPLICATION}"
    assert sum(link in message.text for message in messages) == 6

"""What staff see of messages and of the log, and who sees it."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import get_args

import pytest
from sqlalchemy import update

from chalicelib.archive.events import DocumentRead
from chalicelib.audit.events import Access, Accessed
from chalicelib.audit.models import AuditRow
from chalicelib.bootstrap import Diwan
from chalicelib.database.outbox import EventRow, Outbox
from chalicelib.identity.events import SignInFailed
from chalicelib.jobs.notifications import TELLERS, tell_party
from chalicelib.jobs.worker import work_until_idle
from chalicelib.kernel.actor import ANONYMOUS, Actor, ActorKind, system
from chalicelib.kernel.dates import Language
from chalicelib.kernel.events import Event
from chalicelib.licensing.events import ApplicationStopped, ApplicationSubmitted, LicenceIssued
from chalicelib.payments.events import PaymentFailed, PaymentSucceeded
from chalicelib.web.pages.audit import access_id, event_id, system_id
from tests.web.conftest import CIVIL_ID
from tests.web_browser import Browser

Staff = Callable[[str], Browser]
QUEUES = ["send_notification", "append_audit"]
CODE = Path(__file__).resolve().parents[2] / "chalicelib"


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


def every_fact() -> list[type[Event]]:
    return [fact for fact in Event.__subclasses__() if fact.__module__.startswith("chalicelib.")]


def every_part_that_acts() -> set[str]:
    """What the program calls itself where it acts: each `system("…")` in it."""
    acting = re.compile(r"""\bsystem\(\s*["']([a-z_.]+)["']""")
    return {name for file in sorted(CODE.rglob("*.py")) for name in acting.findall(file.read_text("utf-8"))}


def recorded() -> set[str]:
    """The ids of all that the page has to say of what the program can record: what happened, to what, by whom."""
    return {
        *(event_id(fact.name) for fact in every_fact()),
        *(access_id(access) for access in Access),
        *(f"subject-{fact.about}" for fact in every_fact()),
        "subject-unknown",
        *(f"audit-actor-{kind}" for kind in get_args(ActorKind)),
        *(system_id(part) for part in every_part_that_acts()),
    }


@pytest.mark.parametrize("language", ["ar", "en"])
def test_all_that_can_be_recorded_has_words(language: Language) -> None:
    assert recorded() >= {
        *("event-identity-signed-in", "access-page-opened", "subject-session", "system-archive-reading"),
        *("event-jobs-reason-retried", "audit-actor-anonymous", "system-jobs-issue-licence"),
    }
    assert sorted(recorded() - sentences(language)) == []


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_log_has_no_words_for_what_is_never_recorded(language: Language) -> None:
    told = {id for id in sentences(language) if id.startswith(("event-", "access-", "subject-", "system-"))}
    assert sorted(told - recorded()) == []


def sentences(language: Language) -> set[str]:
    text = (CODE.parent / "templates" / "locale" / language / "audit.ftl").read_text("utf-8")
    return set(re.findall(r"^([a-z][a-z0-9-]*) =", text, re.MULTILINE))


def test_each_entry_says_in_words_what_was_done_to_what_and_by_whom(
    diwan: Diwan, staff_browser: Staff
) -> None:
    auditor, clerk = staff_browser("auditor"), Actor("staff", "s", frozenset({"clerk"}))
    with diwan.database.transaction() as tx:
        diwan.audit.record_access(tx, clerk, "01jd2m8w9rk5v7xq3hyt6bnzca", Access.PAGE_OPENED, 12)
        diwan.outbox.publish(tx, system("archive.reading"), DocumentRead("d", "read", 1, None))
        diwan.outbox.publish(tx, ANONYMOUS, SignInFailed("unknown", "staff"))
        diwan.outbox.publish(
            tx, system("payments.inquiry"), PaymentFailed("application:a7", "p", "d", "p", "expired")
        )
        # What a release to come may write, read by this one.
        diwan.outbox.publish(tx, clerk, Accessed("d", "page 3 of 4 printed"))
    work_until_idle(diwan, QUEUES)
    cells = re.findall(r"<td[^>]*>(.*?)</td>", auditor.get("/staff/audit").text, re.DOTALL)
    said = {" ".join(re.sub(r"<[^>]+>|[\u2066-\u2069]", "", cell).split()) for cell in cells}
    assert said >= {"فُتحت الصفحة 12 من وثيقة", "وثيقة 01jd2m8w9rk5v7xq3hyt6bnzca", "النظام قراءة الوثائق"}
    assert said >= {"حساب غير معروف", "طلب a7", "النظام الاستعلام من بوابة الدفع", "زائر", "اطّلاع على وثيقة"}
    assert "موظف أمل حمود السدرة" in said  # her account was made: the subject, by name
    assert not any("archive.reading" in words or "unknown" in words for words in said)


def test_starting_stopped_jobs_again_is_in_the_log(diwan: Diwan, staff_browser: Staff) -> None:
    admin, auditor = staff_browser("admin"), staff_browser("auditor")
    reason = "store-unavailable: " + "SlowDown" * 20
    for key, why in (("a", "KeyError"), ("b", reason), ("c", reason)):
        with diwan.database.transaction() as tx:
            diwan.jobs.add(tx, "stopped", key, {})
        job = diwan.jobs.claim(["stopped"], timedelta(minutes=1))
        assert job is not None
        diwan.jobs.fail(job, why, final=True)
    stopped = {job.key: job.id for job in diwan.jobs.dead()}
    one, many = f"/staff/jobs/{stopped['a']}/retry", "/staff/jobs/retry"
    form, token = admin.get("/staff").hidden(one), admin.get("/staff").hidden(many)["_csrf"]
    for _ in range(2):  # pressed twice it is done, and told, once
        admin.post(one, form)
        admin.post(many, {"reason": reason, "_csrf": token})
    with diwan.database.reading() as tx:
        told = tx.query(EventRow).filter(EventRow.name.like("jobs.%")).order_by(EventRow.sequence).all()
    assert [(row.name, row.subject) for row in told] == [
        ("jobs.job_retried", stopped["a"]),
        ("jobs.reason_retried", reason[:80]),
    ]
    assert told[1].payload["reason"] == reason and told[1].payload["count"] == 2
    assert told[1].payload["jobs"] == sorted([stopped["b"], stopped["c"]])
    assert {row.actor_kind for row in told} == {"staff"}
    work_until_idle(diwan, QUEUES)
    arabic = auditor.get("/staff/audit").text
    assert "أُعيدت محاولة عمل متوقف" in arabic and "أُعيدت محاولة عملين متوقفين لسبب واحد" in arabic
    english = auditor.get("/staff/audit?lang=en").text
    assert "A stopped job was tried again" in english
    assert "\u20682\u2069 stopped jobs of one reason were tried again" in english


def test_no_job_starts_again_untold(
    diwan: Diwan, staff_browser: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin = staff_browser("admin")
    with diwan.database.transaction() as tx:
        diwan.jobs.add(tx, "stopped", "a", {})
    job = diwan.jobs.claim(["stopped"], timedelta(minutes=1))
    assert job is not None
    diwan.jobs.fail(job, "KeyError", final=True)
    form = admin.get("/staff").hidden("/staff/jobs/retry")

    def broken(*_: object) -> None:
        raise OSError("no room for an event")

    monkeypatch.setattr(Outbox, "publish", broken)
    assert admin.post("/staff/jobs/retry", form).status == 500
    assert [one.id for one in diwan.jobs.dead()] == [job.id]


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

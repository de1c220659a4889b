"""What staff see of messages and of the log, and who sees it."""

from collections.abc import Callable

import pytest
from sqlalchemy import update

from chalicelib.audit.models import AuditRow
from chalicelib.bootstrap import Diwan
from chalicelib.jobs.worker import work_until_idle
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
    assert auditor.get("/staff/audit?before=٣x").status == 200


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
    assert "entry \u2068" + "2" in text or "entry 2" in text


def test_every_fact_has_words_in_both_languages(diwan: Diwan) -> None:
    from chalicelib.kernel.events import Event

    names = {fact.name for fact in Event.__subclasses__() if fact.__module__.startswith("chalicelib.")}
    assert "identity.signed_in" in names
    for language in ("ar", "en"):
        words = diwan.pages.localisation(language)
        for name in names:
            assert words.text("event-" + name.replace(".", "-").replace("_", "-"))

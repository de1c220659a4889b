"""Jobs that stopped are counted by reason on the desk, and started again by who runs the machine."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from chalicelib.bootstrap import Diwan
from chalicelib.jobs.registry import handlers
from chalicelib.web.pages.desk import job_id
from tests.web_browser import Browser

Staff = Callable[[str], Browser]
AWAY, OURS = "store-unavailable: SlowDown", "<KeyError>"
RETRY_ALL = "/staff/jobs/retry"


def stop(diwan: Diwan, reason: str, *keys: str) -> None:
    with diwan.database.transaction() as tx:
        for key in keys:
            diwan.jobs.add(tx, "stopped", key, {})
    for _ in keys:
        job = diwan.jobs.claim(["stopped"], timedelta(minutes=1))
        assert job and not isinstance(job, str)
        diwan.jobs.fail(job, reason, final=True)


def test_all_of_a_reason_are_tried_again_and_how_many_is_said(diwan: Diwan, staff_browser: Staff) -> None:
    stop(diwan, AWAY, "a", "b", "c")
    stop(diwan, OURS, "d")
    admin = staff_browser("admin")
    form = admin.get("/staff").hidden(RETRY_ALL)
    assert form["reason"] == AWAY
    sent = admin.post(RETRY_ALL, form)
    assert sent.status == 303
    assert "3 أعمال تنتظر الآن محاولة جديدة" in admin.get(sent.location).text.replace("\u2068", "").replace(
        "\u2069", ""
    )
    assert diwan.jobs.dead_reasons() == {OURS: 1}
    assert "One job now waits" in admin.get(admin.submit("/staff", RETRY_ALL, {}).location + "&lang=en").text
    assert "No stopped jobs." in admin.get("/staff").text


def test_a_second_press_does_nothing_twice(diwan: Diwan, staff_browser: Staff) -> None:
    stop(diwan, AWAY, "a")
    admin = staff_browser("admin")
    form = admin.get("/staff").hidden(RETRY_ALL)
    admin.post(RETRY_ALL, form)
    assert "لا عمل متوقفًا بهذا السبب الآن" in admin.get(admin.post(RETRY_ALL, form).location).text


def test_only_who_runs_the_machine_may_and_only_from_our_page(diwan: Diwan, staff_browser: Staff) -> None:
    stop(diwan, AWAY, "a")
    admin, clerk = staff_browser("admin"), staff_browser("clerk")
    assert clerk.post(RETRY_ALL, {"reason": AWAY}).status == 403
    assert admin.post(RETRY_ALL, {"reason": AWAY}).status == 403  # without the form's token
    assert AWAY not in clerk.get("/staff").text
    assert diwan.jobs.dead_reasons() == {AWAY: 1}


@pytest.mark.parametrize("language", ["ar", "en"])
def test_every_queue_says_what_its_jobs_do(diwan: Diwan, language: str) -> None:
    words = diwan.pages.localisation(language)
    assert [queue for queue in handlers() if words.known(job_id(queue)) is None] == []


def test_a_stopped_job_is_told_in_words_and_one_of_another_release_by_its_name(
    diwan: Diwan, staff_browser: Staff
) -> None:
    stop(diwan, OURS, "a")
    with diwan.database.transaction() as tx:
        diwan.jobs.add(tx, "tell_party", "b", {})
    job = diwan.jobs.claim(["tell_party"], timedelta(minutes=1))
    assert job is not None
    diwan.jobs.fail(job, OURS, final=True)
    desk = staff_browser("admin").get("/staff").text
    assert "<div>إبلاغ صاحب الطلب</div>" in desk and "<div>stopped</div>" in desk


def test_what_is_no_number_of_jobs_says_nothing(staff_browser: Staff) -> None:
    admin = staff_browser("admin")
    for asked in ("-1", "²", "many", "9" * 5000):
        answer = admin.get(f"/staff?retried={asked}")
        assert answer.status == 200 and "محاولة جديدة" not in answer.text

"""A reading that was given up is told wherever the document is listed, and nothing waits for it any more."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from chalicelib.archive.rules import Filing
from chalicelib.bootstrap import Diwan
from chalicelib.kernel.actor import system
from tests.web_browser import Browser

Staff = Callable[[str], Browser]
LISTS = ("/staff", "/staff/upload", "/staff/documents")
CLERK = system("tests")


def file(diwan: Diwan, folder: Path, name: str) -> str:
    """A document that waits to be read."""
    path = folder / name
    path.write_bytes(name.encode())
    return diwan.archive.intake.file(CLERK, path, Filing(title=name)).document.id


def give_up(diwan: Diwan) -> None:
    """The job that reads the oldest of those that wait ends dead."""
    job = diwan.jobs.claim(["read_document"], timedelta(minutes=1))
    assert job is not None
    diwan.jobs.fail(job, "OSError", final=True)


@pytest.mark.parametrize("path", LISTS)
def test_lists_say_that_it_stopped_and_wait_no_longer(
    diwan: Diwan, staff_browser: Staff, tmp_path: Path, path: str
) -> None:
    clerk, first = staff_browser("clerk"), file(diwan, tmp_path, "1.pdf")
    file(diwan, tmp_path, "2.pdf")
    assert f'hx-get="{path}" hx-trigger="every' in clerk.get(path).text
    give_up(diwan)
    one_waits = clerk.get(path).text
    assert one_waits.count("<span>توقفت</span>") == 1 and one_waits.count("بانتظار القراءة") == 1
    assert f'<a href="/staff/documents/{first}">أعد قراءتها من صفحتها</a>' in one_waits
    assert f'hx-get="{path}" hx-trigger="every' in one_waits
    give_up(diwan)
    none_waits = clerk.get(path).text
    assert none_waits.count("<span>توقفت</span>") == 2 and "بانتظار القراءة" not in none_waits
    assert 'hx-trigger="every' not in none_waits
    assert "<span>Stopped</span>" in clerk.get(f"{path}?lang=en").text


def test_who_cannot_have_it_read_again_is_not_sent_there(
    diwan: Diwan, staff_browser: Staff, tmp_path: Path
) -> None:
    file(diwan, tmp_path, "1.pdf")
    give_up(diwan)
    text = staff_browser("inspector").get("/staff/documents").text
    assert "<span>توقفت</span>" in text and "أعد قراءتها" not in text


def test_the_desk_counts_them_apart_and_leads_to_them(
    diwan: Diwan, staff_browser: Staff, tmp_path: Path
) -> None:
    clerk, first = staff_browser("clerk"), file(diwan, tmp_path, "1.pdf")
    file(diwan, tmp_path, "2.pdf")
    assert "state=stopped" not in clerk.get("/staff").text
    give_up(diwan)
    desk = clerk.get("/staff").text
    assert "<dt>وثائق تُقرأ الآن</dt><dd>1</dd>" in desk
    there = "/staff/documents?state=stopped"
    assert f'<dt><a href="{there}">وثائق توقفت قراءتها</a></dt><dd>1</dd>' in desk
    listed = clerk.get(there).text
    assert listed.count('role="row"') == 2 and f'href="/staff/documents/{first}"' in listed
    clerk.submit(f"/staff/documents/{first}", f"/staff/documents/{first}/read-again", {})
    assert "لا وثائق توقفت قراءتها" in clerk.get(there).text


def test_many_of_them_are_listed_by_pages(diwan: Diwan, staff_browser: Staff, tmp_path: Path) -> None:
    for number in range(31):
        file(diwan, tmp_path, f"{number}.pdf")
        give_up(diwan)
    clerk = staff_browser("clerk")
    first = clerk.get("/staff/documents?state=stopped").text
    [following] = [line.split('"')[0] for line in first.split('rel="next" href="')[1:]]
    assert following.startswith("/staff/documents?state=stopped&amp;before=")
    assert clerk.get(following.replace("&amp;", "&")).text.count("<span>توقفت</span>") == 1


def test_a_later_page_of_a_list_asks_for_itself(diwan: Diwan, staff_browser: Staff, tmp_path: Path) -> None:
    first, second = (file(diwan, tmp_path, f"{number}.pdf") for number in range(2))
    page = staff_browser("clerk").get(f"/staff/documents?before={second}").text
    assert f'href="/staff/documents/{first}"' in page
    assert f'hx-get="/staff/documents?before={second}" hx-trigger="every' in page


def test_programs_are_told_too(diwan: Diwan, staff_browser: Staff, tmp_path: Path) -> None:
    clerk, first = staff_browser("clerk"), file(diwan, tmp_path, "1.pdf")
    file(diwan, tmp_path, "2.pdf")
    give_up(diwan)
    one = clerk.get(f"/api/v1/documents/{first}").json
    assert (one["state"], one["stopped"]) == ("received", True)
    assert [item["stopped"] for item in clerk.get("/api/v1/documents").json["items"]] == [False, True]

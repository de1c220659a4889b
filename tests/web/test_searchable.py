"""A document as a PDF that can be searched: asked for by a click, waited for on the page, downloaded by a link."""

import io
from datetime import timedelta
from urllib.parse import unquote

import pypdfium2
import pytest
from sqlalchemy import update

from chalicelib.archive.models import PageRow
from chalicelib.jobs.worker import work_until_idle
from tests.ocr.drawing import page
from tests.town import Town, fresh_key

WORK = ("read_document", "make_searchable")


@pytest.fixture
def read(town: Town) -> str:
    """The page of a document that was read, a scan beside a typed heading."""
    out = io.BytesIO()
    page(["رقم القسيمة ٤٧١٥"], width=1400, height=420).save(out, "PDF", resolution=200)
    told = town.visitor().call(
        "POST", "/api/v1/uploads", {"filename": "مخطط القسيمة.tif.pdf", "size": len(out.getvalue())},
        **town.bearer("clerk"), **fresh_key(),
    ).json  # fmt: skip
    town.visitor().send("PUT", told["url"], out.getvalue())
    done = town.visitor().call("POST", f"/api/v1/uploads/{told['id']}/complete", {}, **town.bearer("clerk"))
    work_until_idle(town.diwan, WORK)
    return f"/staff/documents/{done.json['document']}"


def test_is_asked_for_made_and_downloaded(town: Town, read: str) -> None:
    clerk = town.staff("clerk")
    assert "إعداد نسخة PDF قابلة للبحث" in clerk.get(read).text
    assert "Make a searchable PDF" in clerk.get(f"{read}?lang=en").text
    clerk.get(f"{read}?lang=ar")
    assert clerk.get(f"{read}/searchable").status == 404
    pressed = clerk.get(read).hidden(f"{read}/searchable")
    for _ in range(2):  # a second press, too
        asked = clerk.post(f"{read}/searchable", pressed)
        assert (asked.status, asked.location) == (303, read)
    waiting = clerk.get(read).text
    assert "تُعدّ الآن نسخة PDF القابلة للبحث" in waiting and f'hx-get="{read}"' in waiting
    assert f'action="{read}/searchable"' not in waiting
    work_until_idle(town.diwan, WORK)
    made = clerk.get(read).text
    assert f'href="{read}/searchable"' in made and "hx-get" not in made
    link = clerk.get(f"{read}/searchable")
    assert link.status == 303
    got = town.visitor().get(link.location)
    assert (got.status, got.headers["content-type"]) == (200, "application/pdf")
    assert "مخطط القسيمة.tif.pdf" in unquote(got.headers["content-disposition"])
    with pypdfium2.PdfDocument(got.body) as document:
        assert document[0].get_textpage().search("القسيمة").get_next() is not None


def test_says_what_to_do_where_the_release_before_noted_too_little(town: Town, read: str) -> None:
    with town.diwan.database.transaction() as tx:
        tx.execute(update(PageRow).values(dpi=None))
    answer = town.staff("clerk").submit(read, f"{read}/searchable", {})
    assert answer.status == 409
    assert "اختر «اقرأها من جديد»" in answer.text
    assert f'action="{read}/read-again"' in answer.text


def _gives_up(town: Town, queue: str) -> None:
    """The job that is due in this queue ends dead."""
    job = town.diwan.jobs.claim([queue], timedelta(seconds=60))
    assert job is not None
    town.diwan.jobs.fail(job, "OSError", final=True)


def test_says_that_its_making_stopped_and_begins_anew_when_asked_again(town: Town, read: str) -> None:
    clerk = town.staff("clerk")
    clerk.submit(read, f"{read}/searchable", {})
    _gives_up(town, "make_searchable")
    stopped = clerk.get(read).text
    assert "تعذّر إعداد نسخة PDF" in stopped and "اطلبها من جديد" in stopped
    assert "تُعدّ الآن" not in stopped and "hx-get" not in stopped
    assert "Its making stopped before the end. Ask for it again" in clerk.get(f"{read}?lang=en").text
    clerk.get(f"{read}?lang=ar")
    assert clerk.submit(read, f"{read}/searchable", {}).status == 303
    assert "تُعدّ الآن" in clerk.get(read).text
    assert town.diwan.jobs.dead() == []
    work_until_idle(town.diwan, WORK)
    assert f'href="{read}/searchable"' in clerk.get(read).text
    auditor = town.staff("auditor")
    town.work()
    for language, sentence in (
        ("ar", "طُلب من جديد إعداد نسخة PDF قابلة للبحث كان إعدادها قد توقف"),
        ("en", "A searchable PDF whose making had stopped was asked for again"),
    ):
        assert auditor.get(f"/staff/audit?lang={language}").text.count(sentence) == 1


def test_says_that_its_reading_stopped_and_reads_anew_when_asked_again(town: Town, read: str) -> None:
    clerk = town.staff("clerk")
    clerk.submit(read, f"{read}/read-again", {})
    _gives_up(town, "read_document")
    stopped = clerk.get(read).text
    assert "توقفت قراءة هذه الوثيقة" in stopped and "hx-get" not in stopped
    clerk.submit(read, f"{read}/read-again", {})
    assert (
        "توقفت قراءة هذه الوثيقة" not in clerk.get(read).text
    )  # of the version before, which nobody waits for
    work_until_idle(town.diwan, WORK)
    assert "تنزيل الملف الأصلي" in clerk.get(read).text
    assert f'action="{read}/searchable"' in clerk.get(read).text

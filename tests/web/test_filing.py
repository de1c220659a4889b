"""As what a document is filed is corrected on a page or by a program; told to the auditor; found as it is now."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.archive.correcting import filing_of
from chalicelib.archive.models import Document, PageRow
from chalicelib.archive.page_words import PageWords, encode
from chalicelib.archive.rules import Filing
from chalicelib.bootstrap import build
from chalicelib.jobs.worker import work_until_idle
from chalicelib.ports.ocr import Word
from chalicelib.settings import read_settings
from tests.town import Town
from tests.web_browser import Answer

FileOne = Callable[..., str]
TYPED = {"kind": "fee-receipt", "title": "إيصال المرسى", "owner": "", "year": "٢٠٢١"}


@pytest.fixture
def file_one(town: Town) -> FileOne:
    def file(**typed: Any) -> str:
        paper = town.diwan.settings.data / "paper.pdf"
        paper.write_bytes(b"a paper of its own")
        filing = town.diwan.archive.intake.check(**{"kind": "drawing", "title": "مخطط", **typed})
        return town.diwan.archive.intake.file(town.actor("archivist"), paper, filing).document.id

    return file


def filed(town: Town, document: str) -> Filing:
    return filing_of(town.diwan.archive.document(town.actor("archivist"), document))


def shown(answer: Answer) -> str:
    """The page without the marks that hold directions apart, and without the spans that hold words together."""
    return re.sub("[\u2066\u2068\u2069]|</?bdi[^>]*>", "", answer.text)


def fields(answer: Answer) -> dict[str, str]:
    """What the form on the page holds."""
    held = dict(re.findall(r'<input class="form-control[^>]*name="(\w+)"[^>]*value="([^"]*)"', answer.text))
    chosen = re.findall(r'<option value="([^"]*)" selected>', answer.text)
    first = re.findall(r'<option value="([^"]*)">', answer.text)[
        0
    ]  # what a browser shows when none is chosen
    return {"kind": chosen[0] if chosen else first, **held}


def test_a_clerk_corrects_a_filing_on_its_page(town: Town, file_one: FileOne) -> None:
    document = file_one(owner="سالم", year="2019", parcel="MN-3-0121")
    clerk, here = town.staff("clerk"), f"/staff/documents/{document}"
    assert f'href="{here}/filing"' in clerk.get(here).text
    assert fields(clerk.get(f"{here}/filing")) == {
        "kind": "drawing",
        "title": "مخطط",
        "owner": "سالم",
        "year": "2019",
    }
    done = clerk.submit(f"{here}/filing", f"{here}/filing", TYPED)
    assert (done.status, done.location) == (303, f"{here}?filing=corrected")
    assert filed(town, document) == Filing("fee-receipt", "إيصال المرسى", "", "MN-3-0121", 2021)
    after = shown(clerk.get(done.location))
    assert "صُحّح قيد الوثيقة" in after and "إيصال رسوم" in after and "إيصال المرسى" in after
    again = clerk.submit(f"{here}/filing", f"{here}/filing", TYPED)
    assert again.location == f"{here}?filing=unchanged"
    assert "فلم يتغيّر شيء" in clerk.get(again.location).text


def test_the_auditor_reads_what_it_was_and_what_it_is(town: Town, file_one: FileOne) -> None:
    here = f"/staff/documents/{file_one(owner='سالم')}"
    town.staff("clerk").submit(f"{here}/filing", f"{here}/filing", TYPED)
    town.work()
    auditor = town.staff("auditor")
    for language, sentences in (
        (
            "ar",
            [
                "صُحّح قيد وثيقة",
                "نوع الوثيقة: من «مخطط هندسي» إلى «إيصال رسوم»",
                "العنوان: من «مخطط» إلى «إيصال المرسى»",
                "اسم المالك: حُذف «سالم»",
                "السنة: كُتب «2021» وكان فارغًا",
            ],
        ),
        (
            "en",
            [
                "The filing of a document was corrected",
                "Kind of document: from “Engineering drawing” to “Fee receipt”",
                "Title: from “مخطط” to “إيصال المرسى”",
                "Owner&#39;s name: “سالم” taken out",
                "Year: “2021” where there was nothing",
            ],
        ),
    ):
        told = shown(auditor.get(f"/staff/audit?lang={language}"))
        assert [sentence for sentence in sentences if told.count(sentence) != 1] == []


def test_search_narrows_by_the_kind_it_is_now(town: Town, file_one: FileOne) -> None:
    document = file_one()
    stored = town.diwan.blobs.put(encode(PageWords((Word("نص", 0, 0, 9, 9, 90.0, 0),))))
    with town.diwan.database.transaction() as tx:
        row = tx.get_one(Document, document)
        row.state, row.page_count, row.pages_read = "read", 1, 1
        page = {"document_id": document, "number": 1, "state": "read", "width": 9, "height": 9}
        tx.add(PageRow(**page, words_key=stored.key, read_at=town.clock.now()))
    writer = build(read_settings({}, data=town.diwan.settings.data), index_writer=True, clock=town.clock)
    writer.archive.finding.index(document, 1, 1, 1)
    clerk, here = town.staff("clerk"), f"/staff/documents/{document}/filing"
    assert document in clerk.get("/staff/search?kind=drawing").text
    clerk.submit(here, here, TYPED)
    work_until_idle(writer, ["index_pages"])
    writer.close()
    assert document not in clerk.get("/staff/search?kind=drawing").text
    assert (
        document
        in clerk.get("/staff/search?kind=fee-receipt&year=2021&q=%D8%A7%D9%84%D9%85%D8%B1%D8%B3%D9%89").text
    )


@pytest.mark.parametrize("language", ["ar", "en"])
def test_bad_input_keeps_what_was_typed_and_changes_nothing(
    town: Town, file_one: FileOne, language: str
) -> None:
    document = file_one()
    clerk, here = town.staff("clerk"), f"/staff/documents/{document}/filing"
    before = filed(town, document)
    clerk.get(f"{here}?lang={language}")
    typed = {"kind": "poem", "title": "ع" * 301, "owner": "س <b>", "year": "١٧٠٠"}
    answer = clerk.submit(here, here, typed)
    assert answer.status == 422
    assert re.findall(r'<li><a href="#field-(\w+)"', answer.text) == ["kind", "year", "title"]
    assert fields(answer) == {"kind": "", "title": "ع" * 301, "owner": "س &lt;b&gt;", "year": "١٧٠٠"}
    assert filed(town, document) == before
    mended = {**answer.hidden(here), **TYPED}
    assert clerk.post(here, mended).status == 303


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("ar", "تغيّر قيد هذه الوثيقة بعد أن فتحت الصفحة"), ("en", "was changed after you opened the page")],
)
def test_who_was_slower_sees_what_stands_beside_what_was_typed(
    town: Town, file_one: FileOne, language: str, sentence: str
) -> None:
    document = file_one()
    clerk, here = town.staff("clerk"), f"/staff/documents/{document}/filing"
    clerk.get(f"{here}?lang={language}")
    opened = clerk.get(here).hidden(here)
    town.staff("archivist").submit(here, here, {**TYPED, "title": "عنوان أمين المحفوظات"})
    answer = clerk.post(here, {**opened, **TYPED, "title": "عنوان الكاتب", "kind": "correspondence"})
    assert answer.status == 409
    assert sentence in answer.text
    table = shown(answer).partition("<table")[2].partition("</table>")[0]
    assert "عنوان الكاتب" in table and "عنوان أمين المحفوظات" in table
    words = town.diwan.pages.localisation(language)
    assert words.text("kind-correspondence") in table and words.text("kind-fee-receipt") in table
    assert table.count("<tr") == 3  # the head, and the two that differ
    assert (fields(answer)["title"], fields(answer)["kind"]) == ("عنوان الكاتب", "correspondence")
    assert filed(town, document).title == "عنوان أمين المحفوظات"
    # Having seen it, the clerk may still want it so.
    assert clerk.post(here, {**answer.hidden(here), **fields(answer)}).status == 303
    assert filed(town, document).title == "عنوان الكاتب"


def test_who_may_not_file_is_not_offered_it(town: Town, file_one: FileOne) -> None:
    document = file_one()
    for role in ("reviewer", "auditor"):
        assert "/filing" not in town.staff(role).get(f"/staff/documents/{document}").text
        assert town.staff(role).get(f"/staff/documents/{document}/filing").status == 403


def test_a_program_corrects_a_filing(town: Town, file_one: FileOne) -> None:
    document, clerk = file_one(), town.bearer("clerk")
    path = f"/api/v1/documents/{document}"
    seen = town.visitor().call("GET", path, **clerk).json["filing_etag"]
    body = {**TYPED, "filing_etag": seen}
    done = town.visitor().call("POST", f"{path}/filing", body, **clerk)
    assert done.status == 200
    assert {name: done.json[name] for name in TYPED} == {**TYPED, "year": 2021}
    assert done.json["filing_etag"] != seen
    assert town.visitor().call("POST", f"{path}/filing", body, **clerk).status == 200  # the same, sent twice
    late = town.visitor().call("POST", f"{path}/filing", {**body, "title": "متأخر"}, **clerk)
    assert (late.status, late.json["code"]) == (409, "filing-changed")
    wrong = town.visitor().call("POST", f"{path}/filing", {**body, "kind": "poem", "year": "3000"}, **clerk)
    assert wrong.status == 422
    assert [each["field"] for each in wrong.json["errors"]] == ["kind", "year"]
    part = town.visitor().call("POST", f"{path}/filing", {"kind": "other", "filing_etag": seen}, **clerk)
    assert part.status == 422 and filed(town, document).title == "إيصال المرسى"


def test_a_program_of_a_clerk_does_not_know_what_is_confidential(town: Town, file_one: FileOne) -> None:
    document = file_one(confidential=True)
    body = {**TYPED, "filing_etag": "0" * 32}
    path = f"/api/v1/documents/{document}/filing"
    assert town.visitor().call("POST", path, body, **town.bearer("clerk")).status == 404
    assert town.visitor().call("POST", path, body, **town.bearer("archivist")).status == 409

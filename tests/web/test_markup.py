"""What people typed, and what scans said, is text on our pages and never markup."""

import pytest

from chalicelib.archive.models import Document, PageRow
from chalicelib.archive.page_words import PageWords, encode
from chalicelib.bootstrap import build
from chalicelib.ports.ocr import Word
from chalicelib.settings import read_settings
from chalicelib.web.rendering import runs_of
from tests.town import Town, fresh_key

EVIL = "<script>alert(1)</script>"
BROKEN_OUT = '"><img src=x onerror=alert(1)>'


@pytest.fixture
def document(town: Town) -> str:
    """A document whose every text is an attack, read and indexed."""
    actor, intake = town.actor("clerk"), town.diwan.archive.intake
    paper = town.diwan.settings.data / "paper.pdf"
    paper.write_bytes(b"paper")
    filing = intake.check(kind="other", title=EVIL, owner=BROKEN_OUT)
    made = intake.file(actor, paper, filing, filename=f"{BROKEN_OUT}.pdf").document.id
    words = PageWords((Word(EVIL, 0, 0, 9, 9, 90.0, 0), Word("haystack", 9, 0, 9, 9, 90.0, 0)))
    stored = town.diwan.blobs.put(encode(words))
    with town.diwan.database.transaction() as tx:
        row = tx.get_one(Document, made)
        row.state, row.page_count, row.pages_read = "read", 1, 1
        tx.add(
            PageRow(
                document_id=made,
                number=1,
                state="read",
                width=100,
                height=100,
                words_key=stored.key,
                word_count=2,
                read_at=town.clock.now(),
            )
        )
    writer = build(read_settings({}, data=town.diwan.settings.data), index_writer=True, clock=town.clock)
    writer.archive.finding.index(made, 1, 1, 1)
    writer.close()
    return made


@pytest.mark.parametrize(
    ("path", "shows"),
    [
        ("/staff", "&lt;script&gt;"),
        ("/staff/documents", "&lt;script&gt;"),
        ("/staff/documents/{id}", "&lt;script&gt;"),
        ("/staff/documents/{id}/filing", "&lt;script&gt;"),
        ("/staff/documents/{id}/pages/1?q=haystack", "&lt;script&gt;"),
        ("/staff/search?q=haystack", "haystack"),
        ("/staff/search?q=%3Cscript%3Ealert(1)%3C/script%3E", "&lt;script&gt;"),
        ("/staff/search?q=x&parcel=%22%3E%3Cimg%20src=x%20onerror=alert(1)%3E&kind=%3Cscript%3E", ""),
    ],
)
def test_nothing_on_a_staff_page_runs(town: Town, document: str, path: str, shows: str) -> None:
    answer = town.staff("clerk").get(path.format(id=document))
    assert answer.status < 400
    assert shows in answer.text
    assert "<script>" not in answer.text
    assert "<img src=x" not in answer.text


@pytest.mark.parametrize(
    ("filename", "shown"),
    [
        ("ملف 12.pdf", '<bdi dir="rtl">ملف 12<bdi dir="ltr" class="file-ending">.pdf</bdi></bdi>'),
        ("plan مخطط 2.pdf", "<bdi>plan مخطط 2.pdf</bdi>"),
        (
            "رخصة MN-3-0127.pdf",
            'رخصة <span class="whole">MN-3-0127</span><bdi dir="ltr" class="file-ending">.pdf</bdi></bdi>',
        ),
        ("ملف", "<bdi>ملف</bdi>"),
        ("ملف.<b>", 'ملف<bdi dir="ltr" class="file-ending">.&lt;b&gt;</bdi>'),
    ],
)
def test_the_ending_of_a_file_stays_at_its_end(town: Town, filename: str, shown: str) -> None:
    paper = town.diwan.settings.data / "paper.pdf"
    paper.write_bytes(b"paper")
    intake = town.diwan.archive.intake
    made = intake.file(town.actor("clerk"), paper, intake.check(kind="other"), filename=filename).document.id
    clerk = town.staff("clerk")
    for path in ("/staff", "/staff/documents", "/staff/upload", f"/staff/documents/{made}"):
        assert shown in clerk.get(path).text


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("ar", "\u2068\u200f\u2068MN-3-0128\u2069، \u2068MN-3-0127\u2069، "),
        ("en", "\u2068\u2068MN-3-0128\u2069, \u2068MN-3-0127\u2069, "),
    ],
)
def test_a_list_of_numbers_runs_as_its_sentence_does(shared_town: Town, language: str, shown: str) -> None:
    answer = shared_town.visitor().call(
        "POST", "/api/v1/uploads", {"filename": "a", "size": 1, "parcel": "MN-3-9999"},
        **shared_town.bearer("clerk"), **fresh_key(), **{"Accept-Language": language},
    )  # fmt: skip
    assert shown in answer.json["errors"][0]["detail"]


@pytest.mark.parametrize(
    ("line", "runs"),
    [
        ("هاتف +965 5000 0177 أو 12", ["هاتف", "<+965 5000 0177>", "أو", "12"]),
        ("هاتف +٩٦٥ ٥٠٠٠ ٠١٧٧، فاكس", ["هاتف", "<+٩٦٥ ٥٠٠٠ ٠١٧٧،>", "فاكس"]),
        ("السرداب 330.00 -3.20 5000", ["السرداب", "330.00", "<-3.20>", "5000"]),
        ("+0.60 271.00 1- -", ["<+0.60>", "271.00", "1-", "-"]),
    ],
)
def test_numbers_that_run_from_the_left_among_words_as_they_were_read(line: str, runs: list[str]) -> None:
    found = runs_of([{"text": word} for word in line.split()])
    shown = [(from_left, " ".join(word["text"] for word in run)) for from_left, run in found]
    assert [f"<{text}>" if from_left else text for from_left, text in shown] == runs


@pytest.mark.parametrize(
    "path",
    [
        "/track?number={evil}",
        "/verify?number={evil}",
        "/sign-in?next={evil}&lang=en",
        "/{evil}?a={evil}",
        "/help/{evil}",
        "/?{evil}={evil}",
    ],
)
def test_nothing_on_a_public_page_runs(shared_town: Town, path: str) -> None:
    for evil in (EVIL, BROKEN_OUT):
        answer = shared_town.visitor().get(path.format(evil=evil.replace(" ", "%20")))
        assert answer.status < 500
        assert "<script>" not in answer.text
        assert "<img src=x" not in answer.text

"""The sample scans: the truth beside each fits it, and a page can be made again from its seed."""

import io
import json
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
import pytest
from PIL import Image

from samples.bad import make_bad
from samples.make_scans import SCANS, SUFFIXES, encoded, scanned_page, truth
from samples.papers.building_files import documents
from samples.papers.document import Document
from samples.papers.script import indic, latin, numbers, plain, set_line
from samples.papers.typesetting import FONTS

DOCUMENTS = documents()
MUNICIPALITY = SCANS.parent / "municipality"


def scan(document: Document) -> Path:
    return SCANS / (document.name + SUFFIXES[document.container])


def told(document: Document) -> dict[str, Any]:
    return json.loads((SCANS / f"{document.name}.truth.json").read_text(encoding="utf-8"))


def page_count(path: Path) -> int:
    if path.suffix == ".pdf":
        with pikepdf.open(path) as pdf:
            return len(pdf.pages)
    with Image.open(path) as picture:
        return getattr(picture, "n_frames", 1)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_truth_beside_the_scan_is_what_was_typeset(document: Document) -> None:
    found = told(document)
    assert found == json.loads(json.dumps(truth(document)))
    assert len(found["pages"]) == page_count(scan(document))
    text = (SCANS / f"{document.name}.txt").read_text(encoding="utf-8")
    assert [page.splitlines() for page in text.split("\f")] == [page["lines"] for page in found["pages"]]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_papers_name_parcels_and_owners_on_file(document: Document) -> None:
    parcels = {row["number"] for row in json.loads((MUNICIPALITY / "parcels.json").read_text("utf-8"))}
    names = {
        row["civil_id"]: row["name"]["ar"]
        for row in json.loads((MUNICIPALITY / "parties.json").read_text("utf-8"))
    }
    subject = told(document)["document"]
    text = (SCANS / f"{document.name}.txt").read_text(encoding="utf-8")
    assert subject["parcel"] in parcels
    assert subject["parcel"] in text
    assert names[subject["owner_civil_id"]] == subject["owner"]
    assert subject["owner"] in text


def test_nothing_lies_in_the_folder_that_no_document_made() -> None:
    made = {name for d in DOCUMENTS for name in (scan(d).name, f"{d.name}.truth.json", f"{d.name}.txt")}
    assert {path.name for path in SCANS.iterdir()} == made | {"README.md"}


def test_the_scans_show_what_scanners_do() -> None:
    pages = [(document.container, page) for document in DOCUMENTS for page in told(document)["pages"]]
    assert {container for container, _ in pages} == {"pdf", "tiff", "jpeg", "png"}
    assert {page["rotation"] for _, page in pages} == {0, 90, 180, 270}
    assert {page["damage"]["dpi"] for _, page in pages} == {200, 300}
    assert {page["damage"]["mode"] for _, page in pages} == {"bilevel", "grey", "colour"}
    assert sum(path.stat().st_size for path in SCANS.iterdir()) < 6_000_000


@pytest.mark.skipif(not FONTS.is_dir(), reason="the fonts of package.json are not installed")
def test_a_page_can_be_made_again() -> None:
    receipt = next(document for document in DOCUMENTS if document.kind == "fee-receipt")
    first, second = (encoded(receipt, [scanned_page(receipt, 0)]) for _ in range(2))
    assert first == second
    # Other releases of the libraries may round a pixel otherwise; the page itself must stay.
    kept, made = (np.asarray(Image.open(file), dtype=np.int16) for file in (scan(receipt), io.BytesIO(first)))
    assert kept.shape == made.shape
    assert np.abs(kept - made).mean() < 1.0


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("رقم ٢٠٠٨/٠٣/٠٩ بمبلغ ٤٦٬٥٠٠٫٠٠٠ د.ك", ["2008/03/09", "46,500.000"]),
        ("القسيمة MN-3-0127 قطعة 3", ["MN-3-0127"]),
        ("CFRP-300C و150 كجم/م²", ["300", "150"]),
    ],
)
def test_numbers_are_whole_and_ascii(typed: str, expected: list[str]) -> None:
    assert numbers(typed) == expected
    assert numbers(indic(typed)) == expected


def test_codes_are_isolated_once_and_words_are_not() -> None:
    line = f"تاريخ 2016/04/17 في {latin('ACI 318-19')} رقم 418 سالب -3.20"
    assert set_line(line) == (
        "تاريخ \u20662016/04/17\u2069 في \u2066ACI 318-19\u2069 رقم 418 سالب \u2066-3.20\u2069"
    )
    assert plain(set_line(line)) == "تاريخ 2016/04/17 في ACI 318-19 رقم 418 سالب -3.20"


def test_bad_files_are_bad_in_the_way_they_say(tmp_path: Path) -> None:
    makers = [make for name, make in make_bad.MAKERS.items() if name not in ("huge_png", "long_pdf")]
    made = {make.__name__: make(tmp_path) for make in makers}
    assert made["zero_byte"].stat().st_size == 0
    for name in ("password_protected_pdf", "zip_named_pdf", "text_named_pdf"):
        with pytest.raises((pikepdf.PdfError, pikepdf.PasswordError)), pikepdf.open(made[name]):
            pass
    with pikepdf.open(made["truncated_pdf"]) as pdf:
        assert pdf.get_warnings()
        assert [dict(page.Resources.XObject) for page in pdf.pages] == [{}, {}, {}]
    with pikepdf.open(made["password_protected_pdf"], password=make_bad.USER_PASSWORD) as pdf:
        assert len(pdf.pages) == 3
    with pytest.raises(OSError, match="truncated"), Image.open(made["truncated_jpeg"]) as picture:
        picture.load()
    assert made["duplicate"].read_bytes() == make_bad.GOOD_PDF.read_bytes()
    contents = {path.read_bytes() for path in made.values()}
    assert len(contents) == len(made)


def test_huge_and_long_files_are_valid_and_small(tmp_path: Path) -> None:
    with Image.open(make_bad.huge_png(tmp_path, side=4_000)) as picture:
        pixels = np.asarray(picture)
    assert pixels.shape == (4_000, 4_000)
    assert (~pixels).all(axis=1).nonzero()[0].tolist() == [0, 1000, 2000, 3000]
    long = make_bad.long_pdf(tmp_path)
    with pikepdf.open(long) as pdf:
        assert len(pdf.pages) == 500
    assert long.stat().st_size < 200_000


def test_no_two_papers_are_the_same_scan() -> None:
    for one, other in combinations(DOCUMENTS, 2):
        assert scan(one).read_bytes() != scan(other).read_bytes()

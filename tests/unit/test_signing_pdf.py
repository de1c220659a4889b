"""The licence as a file: structure, data, code, fonts, memory."""

import json
import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
import zxingcpp

from chalicelib.kernel.money import Money
from chalicelib.signing.document import Bilingual, FeeLine, LicenceDocument
from chalicelib.signing.errors import TemplateUnknown, TextUnprintable
from chalicelib.signing.service import SignedLicence, Signing
from tests.signing_office import FONTS, LICENCE, MOMENT, open_office


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Signing:
    if not FONTS.is_dir():
        pytest.skip("the licence's fonts are absent: run npm install")
    return open_office(tmp_path_factory.mktemp("office") / "keys")


@pytest.fixture(scope="module")
def signed(office: Signing) -> SignedLicence:
    return office.issue_licence_pdf(LICENCE)


@pytest.fixture
def pdf(signed: SignedLicence) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(BytesIO(signed.pdf)) as opened:
        yield opened


def codes(pdf: bytes, dpi: int) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    image = document[0].render(scale=dpi / 72).to_pil()
    document.close()
    return [code.text for code in zxingcpp.read_barcodes(image)]


def structure(element: object) -> Iterator[pikepdf.Object]:
    """Every structure element under `element`, itself included."""
    if isinstance(element, pikepdf.Array):
        for child in element:
            yield from structure(child)
    elif isinstance(element, pikepdf.Dictionary) and "/S" in element:
        yield element
        yield from structure(element.get("/K"))


def test_same_document_and_moment_give_the_same_bytes(office: Signing, signed: SignedLicence) -> None:
    time.sleep(1.1)
    assert office.issue_licence_pdf(LICENCE) == signed


def test_threads_do_not_disturb_one_another(office: Signing) -> None:
    documents = [replace(LICENCE, number=f"HL-2026-{number:05}") for number in range(6)]
    with ThreadPoolExecutor(6) as threads:
        together = list(threads.map(office.issue_licence_pdf, documents))
    assert together == [office.issue_licence_pdf(document) for document in documents]


def test_claims_pdfa_3a_and_pdfua_1(pdf: pikepdf.Pdf) -> None:
    with pdf.open_metadata() as metadata:
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "A")
        assert metadata["pdfuaid:part"] == "1"
        assert LICENCE.number in metadata["dc:title"]
    intent = pdf.Root.OutputIntents[0]
    assert intent.S == "/GTS_PDFA1"
    assert len(intent.DestOutputProfile.read_bytes()) > 100


def test_every_font_is_embedded_with_a_unicode_map(pdf: pikepdf.Pdf) -> None:
    fonts = [
        item for item in pdf.objects if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/Font"
    ]
    composite = [font for font in fonts if font.Subtype == "/Type0"]
    assert composite
    for font in composite:
        assert font.ToUnicode.read_bytes()
        descriptor = font.DescendantFonts[0].FontDescriptor
        assert "/FontFile2" in descriptor or "/FontFile3" in descriptor
        assert "IBMPlexSansArabic" in str(descriptor.FontName)
    assert {font.Subtype for font in fonts} <= {"/Type0", "/CIDFontType0", "/CIDFontType2"}


def test_is_tagged_for_readers_of_arabic(pdf: pikepdf.Pdf) -> None:
    assert pdf.Root.MarkInfo.Marked
    assert str(pdf.Root.Lang) == "ar"
    assert pdf.Root.ViewerPreferences.Direction == "/R2L"
    elements = list(structure(pdf.Root.StructTreeRoot.K))
    kinds = [str(element.S) for element in elements]
    assert kinds.count("/H1") == 1
    assert {"/Table", "/TH", "/TD"} <= set(kinds)
    figures = [element for element in elements if element.S == "/Figure"]
    assert [LICENCE.number in str(figure.Alt) for figure in figures] == [True]
    assert "en" in {str(element.Lang) for element in elements if "/Lang" in element}


def test_carries_its_data(pdf: pikepdf.Pdf) -> None:
    (attached,) = pdf.Root.AF
    assert (str(attached.UF), attached.AFRelationship) == ("licence.json", "/Data")
    content = attached.EF.F.read_bytes()
    assert content == LICENCE.canonical_json()
    assert json.loads(content)["fees"][0] == {
        "label": {"ar": "رسم تجديد ترخيص صحي", "en": "Health licence renewal"},
        "minor": 10_000,
        "currency": "KWD",
    }
    assert list(pdf.attachments) == ["licence.json"]


def test_every_object_starts_on_a_line_of_its_own(signed: SignedLicence) -> None:
    assert signed.pdf.count(b"%%EOF") == 2
    assert re.search(rb"%%EOF[^\r\n]", signed.pdf) is None
    assert re.search(rb"[^\r\n\d]\d+ 0 obj\b", signed.pdf) is None


def test_signature_is_certifying_invisible_and_pades(pdf: pikepdf.Pdf, signed: SignedLicence) -> None:
    (field,) = pdf.Root.AcroForm.Fields
    signature = field.V
    assert (field.FT, signature.SubFilter) == ("/Sig", "/ETSI.CAdES.detached")
    assert [float(side) for side in field.Rect] == [0, 0, 0, 0]
    assert pdf.Root.Perms.DocMDP.objgen == signature.objgen
    assert signature.Reference[0].TransformParams.P == 1
    start, first, second, rest = (int(number) for number in signature.ByteRange)
    assert (start, second + rest) == (0, len(signed.pdf))
    assert second - first == len(bytes(signature.Contents)) * 2 + 2


@pytest.mark.parametrize("dpi", [75, 100, 200])
def test_code_is_read_off_the_page(office: Signing, signed: SignedLicence, dpi: int) -> None:
    assert codes(signed.pdf, dpi) == [signed.qr_url]
    assert office.verify_token(signed.qr_url).digest == LICENCE.digest()


def long_licence() -> LicenceDocument:
    name = Bilingual(
        "شركة أبناء عبدالرحمن العبدالله للتجارة العامة والمقاولات " * 2, "Sons of Abdulrahman " * 6
    )
    fee = FeeLine(Bilingual("رسم تجديد ترخيص صحي لمحل أغذية", "Renewal, food shop"), Money(10_000, "KWD"))
    return replace(LICENCE, holder=name, premises=name, activity=name, address=name, fees=(fee,) * 6)


def bare_licence() -> LicenceDocument:
    text = Bilingual("بلا اسم لاتيني")
    return replace(
        LICENCE, holder=text, premises=text, activity=text, address=text, fees=(), receipt_number=""
    )


def inert_licence() -> LicenceDocument:
    text = Bilingual(
        '#panic("x") *عريض* $a$ `كود` @مرجع [قوس] \\ // ــ', '#read("/etc/passwd") = <a> {b} "quoted" \\u{41}'
    )
    return replace(LICENCE, number='7"]#', holder=text, premises=text, parcel="#[x]")


@pytest.mark.parametrize(
    "document", [long_licence(), bare_licence(), inert_licence()], ids=["long", "bare", "inert"]
)
def test_fits_one_page_whatever_is_in_it(office: Signing, document: LicenceDocument) -> None:
    signed = office.issue_licence_pdf(document)
    with pikepdf.open(BytesIO(signed.pdf)) as pdf:
        assert len(pdf.pages) == 1
    assert codes(signed.pdf, 100) == [signed.qr_url]
    assert office.verify_token(signed.token).number == document.number


@pytest.mark.parametrize("text", ["مخبز 🍞", "面包", "a\u202eb", "سطر\nآخر", "\ue000", "a\u2066b"])
def test_a_character_no_font_has_is_refused_by_name(office: Signing, text: str) -> None:
    with pytest.raises(TextUnprintable) as refusal:
        office.issue_licence_pdf(replace(LICENCE, holder=Bilingual(text, "")))
    assert refusal.value.data == {"field": "holder.ar", "characters": office.unprintable(text)}
    assert len(office.unprintable(text)) in (1, 2)


def test_what_people_write_can_be_printed(office: Signing) -> None:
    alphabet = "ابتثجحخدذرزسشصضطظعغفقكلمنهويءآأإؤئىةًٌٍَُِّْٰـپچژڤگ٠١٢٣٤٥٦٧٨٩،؛؟لالألإلآ\u200c\u200d"
    latin = "The quick brown fox, 0123456789: (é ü ç) & – ’ “x” № / + @ # %".replace("№", "")
    assert office.unprintable(alphabet + latin) == []
    assert office.issue_licence_pdf(replace(LICENCE, holder=Bilingual(alphabet, latin)))


def test_a_kind_without_a_layout_is_refused(office: Signing) -> None:
    with pytest.raises(TemplateUnknown):
        office.issue_licence_pdf(replace(LICENCE, kind="fishing_licence"))
    with pytest.raises(ValueError, match="not a kind"):
        replace(LICENCE, kind="../licence")


def resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


def test_memory_stays_flat(office: Signing) -> None:
    def issue(numbers: range) -> None:
        for number in numbers:
            office.issue_licence_pdf(replace(LICENCE, number=f"HL-2026-{number:05}"))

    issue(range(10))
    before = resident_bytes()
    issue(range(10, 70))
    assert resident_bytes() - before < 12_000_000


def test_signing_time_is_the_clocks(office: Signing, signed: SignedLicence) -> None:
    assert f"D:{MOMENT:%Y%m%d%H%M%S}".encode() in signed.pdf

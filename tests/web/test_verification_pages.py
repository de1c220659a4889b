"""Anyone verifies a licence: the answer is plain, and leaks nothing."""

import pytest

from chalicelib.signing.service import SignedLicence
from chalicelib.signing.verification import Verification
from tests.town import OWNER, PARTIES, Town
from tests.web_browser import Answer, Browser

NUMBER = "HL-2025-00102"
HOLDER = next(party for party in PARTIES if party["civil_id"] == OWNER)["name"]["ar"]


@pytest.fixture
def issued(town: Town) -> SignedLicence:
    """The first licence of the owner, renewed; its file and token as the holder has them."""
    actor, licensing = town.actor("citizen"), town.diwan.licensing
    renewal = licensing.start_renewal(actor, licensing.licences_of(actor)[0].licence.id)
    licensing.confirm_renewal(actor, renewal.id, phone="50001108", unchanged=True)
    licensing.submit(actor, renewal.id)
    page = town.diwan.gateway.choose(licensing.pay(actor, renewal.id, "ar").provider_id, "pay")
    town.diwan.payments.returned(page.return_url.rsplit("/", 1)[1])
    signed: list[SignedLicence] = []
    sign = town.diwan.signing.issue_licence_pdf

    def kept(document: object) -> SignedLicence:
        signed.append(sign(document))  # type: ignore[arg-type]
        return signed[-1]

    town.diwan.signing.issue_licence_pdf = kept  # type: ignore[method-assign, assignment]
    town.work()
    return signed[0]


def send_file(browser: Browser, content: bytes, name: str = "licence.pdf") -> Answer:
    token = browser.get("/verify").hidden("/verify/file")["_csrf"]
    body = b"".join(
        (
            b'--b\r\nContent-Disposition: form-data; name="_csrf"\r\n\r\n' + token.encode() + b"\r\n",
            f'--b\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode(),
            content + b"\r\n--b--\r\n",
        )
    )
    return browser.send("POST", "/verify/file", body, {"content-type": "multipart/form-data; boundary=b"})


def test_a_genuine_file_and_code_are_called_so(town: Town, issued: SignedLicence) -> None:
    browser = town.visitor()
    by_file = send_file(browser, issued.pdf)
    assert (by_file.status, "الترخيص صحيح وسارٍ" in by_file.text, NUMBER in by_file.text) == (200, True, True)
    for text in (issued.token, issued.qr_url):
        by_token = browser.submit("/verify", "/verify/token", {"token": text})
        assert "الترخيص صحيح وسارٍ" in by_token.text
        assert HOLDER in by_token.text
    scanned = browser.submit("/l", "/verify/token", {"token": issued.token})
    assert NUMBER in scanned.text


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "هذا ليس ملف PDF"),
        (b"PK\x03\x04 not a pdf", "هذا ليس ملف PDF"),
        (b"%PDF-1.7\ntruncated", "تعذّرت قراءة الملف"),
    ],
)
def test_what_is_no_licence_is_called_so_and_told_why(town: Town, content: bytes, words: str) -> None:
    answer = send_file(town.visitor(), content)
    assert "هذا الملف ليس ترخيصًا صحيحًا" in answer.text
    assert words in answer.text


def test_a_changed_file_is_not_genuine_and_tells_nothing_of_the_licence(
    town: Town, issued: SignedLicence
) -> None:
    forged = issued.pdf.replace(b"/ModDate", b"/ModDatf", 1)
    assert forged != issued.pdf
    answer = send_file(town.visitor(), forged)
    assert "هذا الملف ليس ترخيصًا صحيحًا" in answer.text
    assert NUMBER not in answer.text


def test_nothing_sent_is_asked_for(town: Town) -> None:
    browser = town.visitor()
    assert send_file(browser, b"", name="").status == 422
    assert browser.submit("/verify", "/verify/token", {"token": " "}).status == 422
    wrong = browser.submit("/verify", "/verify/token", {"token": "<abc>"})
    assert (wrong.status, "&lt;abc&gt;" in wrong.text) == (422, True)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("hl 2025 ٠٠١٠٢", "الترخيص صحيح وسارٍ"),
        ("HL-2023-00688", "الترخيص صحيح لكنه منتهٍ"),
        ("HL-2020-00149", "الترخيص موقوف"),
        ("HL-2025-00644", "الترخيص ملغى"),
    ],
)
def test_a_number_tells_the_state_and_no_name(town: Town, number: str, words: str) -> None:
    page = town.visitor().get(f"/verify?number={number.replace(' ', '%20')}")
    assert (page.status, words in page.text) == (200, True)
    assert not any(party["name"]["ar"] in page.text for party in PARTIES)


def test_an_unknown_number_is_a_warning(town: Town) -> None:
    page = town.visitor().get("/verify?number=HL-1999-00001")
    assert (page.status, "لا تعتمد عليها" in page.text) == (404, True)


def test_more_files_than_can_be_opened_at_once_are_asked_to_come_again(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chalicelib.licensing.verifying._PATIENCE", 0.1)
    verify, being_opened, third = town.diwan.signing.verify_pdf, [], []

    def meanwhile(pdf: bytes) -> Verification:
        being_opened.append(pdf)
        if len(being_opened) == 1:
            town.diwan.licensing.verifying.by_file(b"second")
        elif len(being_opened) == 2:
            third.append(send_file(town.visitor(), b"third"))
        return verify(pdf)

    monkeypatch.setattr(town.diwan.signing, "verify_pdf", meanwhile)
    assert send_file(town.visitor(), b"first").status == 200
    assert [answer.status for answer in third] == [429]
    assert being_opened == [b"first", b"second"]
    assert send_file(town.visitor(), b"fourth").status == 200

"""The citizen's path through the pages, by forms alone."""

import re

import pytest
from sqlalchemy import func, select

from chalicelib.kernel.ids import new_id
from chalicelib.licensing.models import LicenceFile
from chalicelib.payments.models import LedgerTransaction, Receipt
from tests.town import NEIGHBOUR, PARTIES, Town
from tests.web_browser import Answer, Browser

# By what stands in the way: the holder, the licence, and words of the Arabic page.
OBSTACLES = {
    "not open yet": ("275062415706", "يُفتح التجديد في"),
    "suspended": ("295030316074", "تخزين اللحوم خارج درجة الحرارة المقررة"),
    "violation": ("284061113129", "V-2026-00093"),
    "cancelled": ("260120915337", "انتهى هذا الترخيص نهائيًا"),
}
INSPECTED = "282071314603"


def begin(browser: Browser, language: str = "ar") -> str:
    """Start renewing the first licence that can be; the application's address."""
    listed = browser.get(f"/renew/licences?lang={language}")
    action = re.findall(r'action="(/renew/licences/\w+)"', listed.text)[0]
    begun = browser.post(action, listed.hidden(action))
    assert begun.status == 303
    return begun.location


def confirm(browser: Browser, address: str, **answers: str) -> Answer:
    return browser.submit(
        address, address, {"phone": "٥٠٠٠ ١١٠٨", "unchanged": "yes", "change": "", **answers}
    )


def to_the_gateway(browser: Browser, address: str) -> str:
    """Confirm and press Pay; the path of the gateway's page."""
    assert confirm(browser, address).location == f"{address}/check"
    paying = browser.submit(f"{address}/check", f"{address}/pay", {})
    assert paying.status == 303
    return paying.location


def answer(browser: Browser, page: str, choice: str) -> Answer:
    return browser.submit(page, page, {"choice": choice})


@pytest.mark.parametrize("language", ["ar", "en"])
def test_from_the_first_page_to_the_signed_licence(town: Town, language: str) -> None:
    browser = town.citizen()
    start = browser.get(f"/renew?lang={language}")
    assert "10.000" in start.text
    assert 'href="/renew/licences"' in start.text
    address = begin(browser, language)
    gateway = to_the_gateway(browser, address)
    hosted = browser.get(gateway)
    assert "10.000" in hosted.text
    back = answer(browser, gateway, "pay").location
    assert back.startswith("/payments/return/")
    assert "?" not in back
    done = browser.get(back)
    assert (done.status, done.location) == (303, f"{address}/done")
    paid = browser.get(f"{address}/done").text
    assert f'hx-get="{address}/done"' in paid
    (told,) = re.findall(r"<h[12][^>]*>([^<]*(?:وصل الدفع|Payment received)[^<]*)</h", paid)
    assert told.strip() in re.findall(r"<title>([^<]*)", paid)[0]
    town.work()
    page = browser.get(f"{address}/done").text
    assert "hx-get" not in page
    licence = re.findall(r'href="(/licences/\w+/pdf)"', page)[0]
    file = browser.get(licence)
    assert file.status == 303
    pdf = browser.get(file.location)
    assert pdf.headers["content-type"] == "application/pdf"
    assert "attachment" in pdf.headers["content-disposition"]
    assert town.diwan.licensing.verifying.by_file(pdf.body).outcome == "valid"
    receipt = browser.get(re.findall(r'href="(/receipts/\w+)"', page)[0])
    assert "R-marsa-alnoor-2026-000001" in receipt.text
    assert 'href="/licences/' in browser.get("/renew/licences").text


def test_pay_pressed_twice_leads_to_one_page_and_one_charge(town: Town) -> None:
    browser = town.citizen()
    address = begin(browser)
    gateway = to_the_gateway(browser, address)
    again = browser.submit(f"{address}/done", f"{address}/pay", {})
    assert again.location.endswith(gateway)
    first = answer(browser, gateway, "pay").location
    assert browser.get(gateway).text.count("<form") == 0
    browser.get(first)
    town.work()
    token = browser.get("/verify").hidden("/verify/file")
    paid_again = browser.post(f"{address}/pay", token)
    assert (paid_again.status, paid_again.location) == (303, f"{address}/done")
    with town.diwan.database.reading() as tx:
        for row in (Receipt, LicenceFile, LedgerTransaction):
            assert tx.scalar(select(func.count()).select_from(row)) == 1, row


@pytest.mark.parametrize(("choice", "words"), [("decline", "رفض البنك الدفع"), ("cancel", "ألغيت الدفع")])
def test_an_attempt_that_failed_says_why_and_can_be_repeated(town: Town, choice: str, words: str) -> None:
    browser = town.citizen()
    address = begin(browser)
    back = answer(browser, to_the_gateway(browser, address), choice).location
    browser.get(back)
    page = browser.get(f"{address}/done")
    assert words in page.text
    assert "/sandbox-gateway/" in browser.post(f"{address}/pay", page.hidden(f"{address}/pay")).location


@pytest.mark.parametrize(
    ("opened", "words"), [("ar", "تجديد الترخيص الصحي"), ("en", "Health licence renewal")]
)
def test_the_gateway_speaks_the_language_the_payment_was_opened_in(
    town: Town, opened: str, words: str
) -> None:
    browser = town.citizen()
    address = begin(browser, opened)
    gateway = to_the_gateway(browser, address)
    browser.get("/?lang=en" if opened == "ar" else "/?lang=ar")
    page = browser.get(gateway).text
    assert f'lang="{opened}"' in page
    assert words in page
    assert f'lang="{opened}"' in answer(browser, gateway, "pay_and_close").text


def test_a_closed_browser_is_found_out_by_asking(town: Town) -> None:
    browser = town.citizen()
    address = begin(browser)
    closed = answer(browser, to_the_gateway(browser, address), "pay_and_close")
    assert (closed.status, "/payments/return/" in closed.text) == (200, False)
    town.clock.move(minutes=2)
    town.diwan.payments.reconcile()
    town.work()
    assert "/pdf" in browser.get(f"{address}/done").text


def test_what_was_typed_wrong_is_kept_and_pointed_at(town: Town) -> None:
    browser = town.citizen()
    address = begin(browser)
    wrong = confirm(browser, address, phone="<12>", unchanged="")
    assert wrong.status == 422
    assert 'value="&lt;12&gt;"' in wrong.text
    assert wrong.text.index('href="#field-unchanged"') < wrong.text.index('href="#field-phone"')
    assert confirm(browser, address, unchanged="no", change=" ").status == 422
    assert browser.get(f"{address}/check").location == address


def test_steps_cannot_be_jumped_over(town: Town) -> None:
    browser = town.citizen()
    address = begin(browser)
    token = browser.get(address).hidden(address)
    assert browser.post(f"{address}/pay", token).location == address
    assert browser.get(f"{address}/done").location == address


@pytest.mark.parametrize("obstacle", OBSTACLES)
def test_what_stands_in_the_way_is_said_with_its_reason(town: Town, obstacle: str) -> None:
    holder, words = OBSTACLES[obstacle]
    assert words in town.citizen(holder).get("/renew/licences").text


def test_a_citizen_without_licences_is_told_what_to_do(town: Town) -> None:
    page = town.citizen(NEIGHBOUR).get("/renew/licences")
    assert "/help/contact" in page.text
    assert "<form" not in page.text.split("<main", 1)[1]


def test_an_application_that_a_person_looks_at_says_why_and_asks_for_no_money(town: Town) -> None:
    browser = town.citizen(INSPECTED)
    address = begin(browser)
    confirm(browser, address)
    sent = browser.submit(f"{address}/check", f"{address}/pay", {})
    assert sent.location == f"{address}/done"
    page = browser.get(f"{address}/done").text
    assert "نشاط المحل يحتاج إلى كشف" in page
    assert f'action="{address}/pay"' not in page
    withdrawn = browser.submit(f"{address}/done", f"{address}/withdraw", {})
    assert withdrawn.location == f"{address}/done"
    assert "سُحب الطلب" in browser.get(f"{address}/done").text


def test_a_visitor_is_taken_to_sign_in_and_back(town: Town) -> None:
    led = town.visitor().get("/renew/licences")
    assert (led.status, led.location) == (303, "/sign-in?next=/renew/licences")


def test_another_ones_pages_do_not_exist(town: Town) -> None:
    owner, stranger = town.citizen(), town.citizen(INSPECTED)
    address = begin(owner)
    confirm(owner, address)
    licence = town.diwan.licensing.licences_of(town.actor("citizen"))[0].licence.id
    token = stranger.get("/verify").hidden("/verify/file")
    for page in (
        address,
        f"{address}/check",
        f"{address}/done",
        f"/licences/{licence}/pdf",
        f"/receipts/{new_id()}",
    ):
        assert stranger.get(page).status == 404, page
    for form in (address, f"{address}/pay", f"{address}/withdraw", f"/renew/licences/{licence}"):
        assert stranger.post(form, {**token, "phone": "50001108", "unchanged": "yes"}).status == 404, form


def test_a_form_from_elsewhere_changes_nothing(town: Town) -> None:
    browser = town.citizen()
    address = begin(browser)
    assert browser.post(address, {"phone": "50001108", "unchanged": "yes"}).status == 403
    assert browser.get(f"{address}/check").location == address


def test_the_gateway_refuses_what_it_does_not_know(town: Town) -> None:
    browser = town.citizen()
    gateway = to_the_gateway(browser, begin(browser))
    assert answer(browser, gateway, "gift").status == 422
    assert browser.get(f"/sandbox-gateway/{new_id()}").status == 404
    assert browser.get(f"/payments/return/{new_id()}").status == 404


@pytest.mark.parametrize("language", ["ar", "en"])
def test_anyone_follows_an_application_by_its_number(town: Town, language: str) -> None:
    browser = town.citizen(INSPECTED)
    address = begin(browser)
    confirm(browser, address)
    browser.submit(f"{address}/check", f"{address}/pay", {})
    number = town.diwan.licensing.renewal(town.actor(INSPECTED), address.rsplit("/", 1)[1]).number
    page = town.visitor().get(f"/track?lang={language}&number={number.lower().replace('-', '%20')}")
    assert number in page.text
    holder = next(party for party in PARTIES if party["civil_id"] == INSPECTED)
    for secret in (holder["name"]["ar"], holder["name"]["en"], holder["phone"], INSPECTED, "HL-2022-00256"):
        assert secret not in page.text
    unknown = town.visitor().get(f"/track?lang={language}&number=HR-0000-0000")
    assert (unknown.status, 'href="#field-number"' in unknown.text) == (404, True)

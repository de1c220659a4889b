"""Staff find a page by what they know, see the words on the scan, and stop at what is not theirs."""

import pytest
from playwright.sync_api import expect

from tests.journeys.citizen import press
from tests.journeys.conftest import OpenWindow
from tests.journeys.site import SCANS, Site, people
from tests.journeys.visit import axe, fits

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_from_a_word_to_the_word_on_the_scan(site: Site, window: OpenWindow) -> None:
    visit = window("desk", "ar", site.staff_session("archivist"))
    page = visit.open("/staff")
    page.keyboard.press("/")
    expect(page.locator("#field-q")).to_be_focused()
    page.keyboard.type("رخصة بناء")
    page.keyboard.press("Enter")
    page.wait_for_url("**/staff/search?**")
    first = page.locator(".result").first
    expect(first.locator("mark").first).to_be_visible()
    axe(page)
    first.locator("a.passage").first.click()
    page.wait_for_url("**/pages/*")
    marked = page.locator(".scan svg rect")
    assert marked.count() > 0
    image, mark = page.locator(".scan img").bounding_box(), marked.first.bounding_box()
    assert image is not None and mark is not None
    assert page.evaluate("document.querySelector('.scan img').naturalWidth") > 300
    assert image["x"] <= mark["x"] and mark["x"] + mark["width"] <= image["x"] + image["width"]
    assert image["y"] <= mark["y"] and mark["y"] + mark["height"] <= image["y"] + image["height"]
    assert page.locator(".page-text mark").count() == marked.count()
    page.locator(".scan-bar ol a").last.click()
    assert page.evaluate("location.hash").startswith("#scan-hit-")
    before = page.locator(".scan img").bounding_box()
    page.locator("[data-zoom-by='1']").click()
    after = page.locator(".scan img").bounding_box()
    assert before is not None and after is not None and after["width"] > before["width"]
    page.locator(".back-link a").click()
    page.wait_for_url("**/staff/search?**")
    expect(page.locator("#field-q")).to_have_value("رخصة بناء")


def test_signed_numbers_are_shown_as_they_are_printed(site: Site, window: OpenWindow) -> None:
    visit = window("phone", "ar", site.staff_session("archivist"))
    page = visit.open(f"/staff/documents/{site.documents[SCANS[0]]}/pages/3")
    for number in ("-3.20", "+0.60"):
        shown = page.locator(".page-text").get_by_text(number, exact=True)
        lefts = shown.evaluate(
            """e => { const text = document.createTreeWalker(e, NodeFilter.SHOW_TEXT).nextNode();
            return [0, 1].map((at) => { const one = new Range(); one.setStart(text, at); one.setEnd(text, at + 1);
            return one.getBoundingClientRect().left; }); }"""
        )
        assert lefts == sorted(lefts)


def test_facets_narrow_and_widen(site: Site, window: OpenWindow) -> None:
    visit = window("desk", "ar", site.staff_session("archivist"))
    page = visit.open("/staff/search?q=MN-3-0127")
    everything = page.locator(".result").count()
    assert everything >= 2
    page.locator(".facets a", has_text="مخطط هندسي").click()
    page.wait_for_url("**kind=drawing**")
    assert 0 < page.locator(".result").count() < everything
    assert SCANS[2].split("-MN")[0] in page.content() or page.locator(".result").count() == 1
    page.locator("a.facet-on").click()
    page.wait_for_url(lambda url: "kind=" not in url)
    assert page.locator(".result").count() == everything


def test_half_a_word_finds(site: Site, window: OpenWindow) -> None:
    visit = window("phone", "ar", site.staff_session("clerk"))
    page = visit.open("/staff/search")
    page.locator("#field-q").fill("المرسا")
    press(page, "/staff/search")
    page.wait_for_url("**/staff/search?**")
    assert "المرساوي" in page.inner_text(".results").replace("ى", "ي")
    fits(page)


def test_nothing_found_says_what_to_try(site: Site, window: OpenWindow) -> None:
    visit = window("phone", "ar", site.staff_session("clerk"))
    page = visit.open("/staff/search?q=%D8%B2%D8%B1%D8%A7%D9%81%D8%A9")
    expect(page.locator(".empty")).to_contain_text("جرّب كلمات أقل")
    fits(page)
    page = visit.open("/staff/search?q=")
    assert page.locator(".empty").count() == 0  # nothing asked, nothing said


def test_pages_of_a_document_by_keyboard_alone(site: Site, window: OpenWindow) -> None:
    visit = window("desk", "ar", site.staff_session("clerk"))
    page = visit.open(f"/staff/documents/{site.documents[SCANS[0]]}")
    assert page.locator(".page-grid li").count() == 3
    page.locator(".page-grid a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/pages/1")
    page.locator("a[rel=next]").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/pages/2")
    with page.expect_download() as download:
        page.evaluate(f"location.assign('/staff/documents/{site.documents[SCANS[0]]}/original')")
    assert download.value.suggested_filename == SCANS[0]


def test_a_member_of_staff_signs_in_and_out(site: Site, window: OpenWindow) -> None:
    import pyotp

    member = next(one for one in people("staff") if "inspector" in one["roles"])
    visit = window("phone", "ar")
    site.forget_limits()
    page = visit.open("/staff/documents")
    assert visit.path.startswith("/staff/sign-in?")
    page.locator("#field-email").fill(f" {member['email'].upper()} ")
    page.locator("#field-password").fill("not the password")
    page.locator("#field-totp").fill("000000")
    with page.expect_navigation():
        press(page, "/staff/sign-in")
    assert page.locator(".error-summary").count() == 1
    assert page.locator("#field-password").input_value() == ""
    axe(page)
    page.locator("#field-password").fill(member["password"])
    code = pyotp.TOTP(member["totp_secret"]).now()
    page.locator("#field-totp").fill(
        f"{code[:3]} {code[3:]}".translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    )
    press(page, "/staff/sign-in")
    page.wait_for_url("**/staff/documents")
    press(page, "/sign-out")
    page.wait_for_url("**/staff/sign-in?out=1")
    assert "خرجت" in page.inner_text(".notice") or page.locator(".notice-success").count() == 1
    visit.open("/staff/documents")
    assert visit.path.startswith("/staff/sign-in?")


def test_outbox_shows_the_words_that_went_out(site: Site, window: OpenWindow) -> None:
    citizen = site.shopkeeper()
    site.citizen_session(citizen.civil_id)
    visit = window("desk", "ar", site.staff_session("manager"))
    page = visit.open("/staff/outbox")
    newest = page.locator("main ol > li").first
    expect(newest.locator(".message-text")).to_be_visible()
    assert page.locator("main bdi.number", has_text="+965").count() > 0


def test_audit_is_whole_and_not_for_clerks(site: Site, window: OpenWindow) -> None:
    visit = window("desk", "ar", site.staff_session("auditor"))
    page = visit.open("/staff/audit")
    assert page.locator(".notice-success").count() == 1
    assert page.locator(".data-table tbody tr").count() > 5
    clerk = window("desk", "ar", site.staff_session("clerk"))
    page = clerk.open("/staff/audit")
    assert clerk.responses[0].status == 403
    assert page.locator("main a[href='/staff']").count() == 1
    assert page.locator("nav a[href='/staff/audit']").count() == 0


def test_an_address_that_leads_nowhere(site: Site, window: OpenWindow) -> None:
    visit = window("phone", "ar")
    page = visit.open("/تراخيص/قديمة")
    assert visit.responses[0].status == 404
    page.locator("main a[href='/']").click()
    page.wait_for_url(f"{site.url}/")


def test_a_document_is_downloaded_as_a_searchable_pdf(site: Site, window: OpenWindow) -> None:
    visit = window("phone", "ar", site.staff_session("clerk"))
    page = visit.open(f"/staff/documents/{site.documents[SCANS[1]]}")
    ask = page.get_by_role("button", name="إعداد نسخة PDF قابلة للبحث")
    ask.click()
    ready = page.get_by_role("link", name="تنزيل نسخة PDF قابلة للبحث")
    expect(ready).to_be_visible()  # the page looks by itself whether it is
    axe(page)
    fits(page)
    with page.expect_download() as downloaded:
        ready.click()
    assert downloaded.value.suggested_filename == "fee-receipt-MN-3-0125.pdf"
    assert downloaded.value.path().read_bytes().startswith(b"%PDF-1.7")

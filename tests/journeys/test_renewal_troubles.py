"""What goes wrong on a citizen's way: each says what to do next, and nothing typed or paid is lost or doubled."""

import pytest

from tests.journeys.citizen import begin, confirm, go_to_gateway, press, sign_in, until_issued
from tests.journeys.conftest import OpenWindow
from tests.journeys.site import Shopkeeper, Site
from tests.journeys.visit import Window, axe

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ARABIC_INDIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
INSPECTED = "5610-1"  # a restaurant


def at_check(window: OpenWindow, site: Site, citizen: Shopkeeper, width: str = "phone") -> Window:
    """A citizen who has answered everything and has not paid."""
    visit = window(width, "ar", site.citizen_session(citizen.civil_id))
    visit.open("/renew/licences")
    begin(visit, citizen.licences[0])
    confirm(visit, "50000202")
    return visit


def paid(site: Site, citizen: Shopkeeper, table: str, state: str = "%") -> int:
    """Rows of payments, payment_attempts or receipts of this citizen."""
    joined = "demands ON demands.id = demand_id JOIN parties ON parties.id = demands.party"
    if table == "payment_attempts":
        joined = f"payments ON payments.id = payment_id JOIN {joined}"
    stated = "" if table == "receipts" else f" AND {table}.state LIKE :state"
    return site.count(
        f"{table} JOIN {joined} WHERE civil_id = :who{stated}", who=citizen.civil_id, state=state
    )


def test_a_declined_card_costs_nothing_and_can_be_tried_again(site: Site, window: OpenWindow) -> None:
    citizen = site.shopkeeper(expires_in=-20)
    visit = at_check(window, site, citizen)
    page = visit.page
    total = page.inner_text(".fees .total dd")
    assert "10.000" not in total, "twenty days late costs more"
    go_to_gateway(visit)
    page.locator('button[value="decline"]').click()
    page.wait_for_url("**/done")
    assert "رفض البنك الدفع" in page.inner_text("main")
    assert "لم يُخصم شيء" in page.inner_text("main")
    axe(page)
    assert total in page.inner_text('form[action$="/pay"]')
    go_to_gateway(visit)
    page.locator("button.pay").click()
    page.wait_for_url("**/done")
    until_issued(visit)
    assert paid(site, citizen, "payment_attempts") == 2
    assert paid(site, citizen, "payment_attempts", "success") == 1


def test_a_double_click_on_pay_is_one_payment(site: Site, window: OpenWindow) -> None:
    citizen = site.shopkeeper()
    visit = at_check(window, site, citizen)
    page = visit.page
    page.locator('form[action$="/pay"] button').dblclick()
    page.wait_for_url("**/sandbox-gateway/**")
    page.locator("button.pay").dblclick(no_wait_after=True)
    page.wait_for_url("**/done")
    until_issued(visit)
    assert paid(site, citizen, "payments") == paid(site, citizen, "receipts") == 1
    assert paid(site, citizen, "payment_attempts") == 1


def test_two_windows_paying_at_once_are_one_payment(site: Site, window: OpenWindow) -> None:
    """The same button in two windows: the second finds the same page at the gateway."""
    citizen = site.shopkeeper()
    visit = at_check(window, site, citizen)
    second = window("desk", "ar", site.citizen_session(citizen.civil_id))
    second.open(visit.path)
    go_to_gateway(visit)
    go_to_gateway(second)
    assert visit.path == second.path
    visit.page.locator("button.pay").click()
    visit.page.wait_for_url("**/done")
    second.page.locator("button.pay").click()
    second.page.wait_for_url("**/done")
    until_issued(second)
    assert paid(site, citizen, "payments") == paid(site, citizen, "receipts") == 1


def test_back_after_paying_pays_nothing_again(site: Site, window: OpenWindow) -> None:
    citizen = site.shopkeeper()
    visit = at_check(window, site, citizen)
    page = visit.page
    check = visit.path
    go_to_gateway(visit)
    page.locator("button.pay").click()
    page.wait_for_url("**/done")
    page.go_back()
    page.go_back()
    assert visit.path in (check, check.replace("/check", "/done"))
    if visit.path == check:  # the page as it was: its button leads on, not to a second payment
        page.locator('form[action$="/pay"] button').click()
    page.wait_for_url("**/done")
    until_issued(visit)
    assert paid(site, citizen, "payment_attempts") == 1


def test_five_wrong_codes_need_a_new_one(site: Site, window: OpenWindow) -> None:
    citizen = site.shopkeeper()
    visit = window("phone", "ar")
    page = visit.open("/renew/licences")
    page.locator("#field-civil_id").fill(citizen.civil_id)
    press(page, "/sign-in")
    code = site.code_after(citizen.civil_id, 0)
    wrong = f"{(int(code) + 1) % 10**6:06}"
    for tried in range(1, 6):
        page.locator("#field-code").fill(wrong)
        with page.expect_navigation():
            press(page, "/sign-in/code")
        assert page.locator(".error-summary").count() == 1
        if tried == 1:
            axe(page)
            assert page.title().startswith("خطأ:")
            page.wait_for_function("document.activeElement.classList.contains('error-summary')")
    assert "رمزًا جديدًا" in page.inner_text(".error-summary")
    page.locator("#field-code").fill(code)  # the right one is of no use any more
    with page.expect_navigation():
        press(page, "/sign-in/code")
    assert "لم يعد هذا الرمز صالحًا" in page.inner_text(".error-summary")
    site.forget_limits()
    press(page, "/sign-in")  # «send a new code»
    fresh = site.code_after(citizen.civil_id, 1)
    page.locator("#field-code").fill(f" {fresh[:3]} {fresh[3:]} ".translate(ARABIC_INDIC))
    press(page, "/sign-in/code")
    page.wait_for_url("**/renew/licences")


def test_too_many_codes_say_how_long_to_wait(site: Site, window: OpenWindow) -> None:
    citizen = site.shopkeeper()
    visit = window("phone", "ar")
    site.forget_limits()
    for _ in range(3):
        page = visit.open("/sign-in")
        page.locator("#field-civil_id").fill(citizen.civil_id)
        press(page, "/sign-in")
        page.wait_for_url("**/sign-in/code?**")
    page = visit.open("/sign-in")
    page.locator("#field-civil_id").fill(citizen.civil_id)
    with page.expect_navigation():
        press(page, "/sign-in")
    assert "دقيقة" in page.inner_text(".error-summary")
    assert page.locator("#field-civil_id").input_value() == citizen.civil_id
    site.forget_limits()


def test_what_needs_a_look_is_sent_and_not_paid(site: Site, window: OpenWindow) -> None:
    citizen = site.shopkeeper(INSPECTED)
    visit = at_check(window, site, citizen)
    page = visit.page
    assert "يراجعه موظف أولًا" in page.inner_text("main")
    page.locator('form[action$="/pay"] button').click()
    page.wait_for_url("**/done")
    assert "يحتاج إلى كشف" in page.inner_text("main")
    assert page.locator('form[action$="/pay"]').count() == 0
    axe(page)
    assert paid(site, citizen, "payments") == 0


def test_wrong_answers_are_kept_and_told(site: Site, window: OpenWindow) -> None:
    citizen = site.shopkeeper()
    visit = window("phone", "ar", site.citizen_session(citizen.civil_id))
    page = visit.open("/renew/licences")
    begin(visit, citizen.licences[0])
    page.locator('input[name="unchanged"][value="no"]').check()
    page.locator("#field-phone").fill("12 أ")
    with page.expect_navigation():
        press(page, visit.path)
    summary = page.locator(".error-summary a")
    assert summary.count() == 2
    assert page.locator("#field-phone").input_value() == "12 أ"
    assert page.locator('input[name="unchanged"][value="no"]').is_checked()
    summary.first.click()
    assert page.evaluate("document.activeElement.id") == summary.first.get_attribute("href")[1:]
    axe(page)


def test_an_ended_session_leads_back_to_the_same_question(site: Site, window: OpenWindow) -> None:
    citizen = site.shopkeeper()
    visit = window("phone", "ar", site.citizen_session(citizen.civil_id))
    visit.open("/renew/licences")
    begin(visit, citizen.licences[0])
    here = visit.path
    site.let_sessions_expire()
    page = visit.page
    page.locator('input[name="unchanged"][value="yes"]').check()
    page.locator("#field-phone").fill("50000202")
    press(page, here)  # too late: the session has ended behind the open page
    page.wait_for_url("**/sign-in?**")
    assert "انتهت جلستك" in page.inner_text(".notice")
    sign_in(visit, site, citizen.civil_id)
    assert visit.path == here


def test_the_other_language_keeps_the_page_and_what_was_typed(site: Site, window: OpenWindow) -> None:
    citizen = site.shopkeeper()
    visit = window("phone", "ar", site.citizen_session(citizen.civil_id))
    visit.open("/renew/licences")
    begin(visit, citizen.licences[0])
    here, page = visit.path, visit.page
    page.locator('input[name="unchanged"][value="no"]').check()
    page.locator("#field-change").fill("نقلنا المحل")
    page.locator("#field-phone").fill("50000202")
    with page.expect_navigation():  # until it is loaded: what was typed is put back by a script
        page.locator(".masthead a[hreflang=en]").click()
    assert page.locator("html[lang=en][dir=ltr]").count() == 1
    assert visit.path.split("?")[0] == here
    assert page.locator("#field-change").input_value() == "نقلنا المحل"
    assert page.locator("#field-phone").input_value() == "50000202"
    assert page.locator('input[name="unchanged"][value="no"]').is_checked()
    press(page, here)
    page.wait_for_url("**/check")
    assert "نقلنا المحل" in page.inner_text("main")
    with page.expect_navigation():
        page.locator(".masthead a[hreflang=ar]").click()
    assert page.locator("html[lang=ar][dir=rtl]").count() == 1
    assert "نقلنا المحل" in page.inner_text("main")


def test_change_and_back_keep_the_answers(site: Site, window: OpenWindow) -> None:
    visit = at_check(window, site, site.shopkeeper())
    page = visit.page
    check = visit.path
    page.locator(".summary .change a").last.click()
    page.wait_for_url(lambda url: not url.endswith("/check"))
    assert page.locator("#field-phone").input_value().endswith("50000202")
    page.go_back()
    assert visit.path == check
    page.locator(".back-link a").click()
    page.wait_for_url(lambda url: not url.endswith("/check"))
    assert page.locator('input[name="unchanged"][value="yes"]').is_checked()

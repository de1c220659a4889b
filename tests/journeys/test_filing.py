"""A clerk who filed a document as the wrong thing puts it right, and is told when somebody else was quicker."""

import time

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.citizen import press
from tests.journeys.conftest import OpenWindow
from tests.journeys.site import SCANS, Site
from tests.journeys.visit import PATIENCE, WIDTHS, Window, axe, fits, whole

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def sound(page: Page) -> None:
    """On a phone as at a desk."""
    kept = page.viewport_size
    for width in WIDTHS.values():
        page.set_viewport_size({"width": width, "height": 900})
        axe(page)
        fits(page)
        whole(page)
    assert kept is not None
    page.set_viewport_size(kept)


def found_as(visit: Window, kind: str, document: str) -> None:
    """Search narrowed to this kind finds the document, within moments."""
    end = time.monotonic() + PATIENCE / 1000
    while True:
        page = visit.open(f"/staff/search?kind={kind}")
        if page.locator(f".results a[href^='/staff/documents/{document}/']").count():
            return
        assert time.monotonic() < end, page.inner_text("main")
        time.sleep(0.1)


@pytest.mark.parametrize(("width", "scripts"), [("phone", True), ("desk", False)])
def test_a_wrong_filing_is_corrected_and_found(
    site: Site, window: OpenWindow, width: str, scripts: bool
) -> None:
    document = site.documents[SCANS[1]]
    here = f"/staff/documents/{document}"
    visit = window(width, "ar", site.staff_session("clerk"), scripts=scripts)
    page = visit.open(here)
    page.get_by_role("link", name="تصحيح القيد").click()
    page.wait_for_url(f"**{here}/filing")
    kind, title = page.locator("#field-kind"), page.locator("#field-title")
    was = kind.input_value(), title.input_value()
    kind.select_option("correspondence")
    title.fill("كتاب إلى أمين المرفأ")
    page.locator("#field-year").fill("٣٠٠٠")
    press(page, f"{here}/filing")
    expect(page.locator(".error-summary")).to_contain_text("السنة")
    expect(title).to_have_value("كتاب إلى أمين المرفأ")
    if scripts:
        sound(page)
    page.locator("#field-year").fill("٢٠٢٤")
    press(page, f"{here}/filing")
    page.wait_for_url("**filing=corrected")
    expect(page.locator(".notice-success")).to_contain_text("صُحّح قيد الوثيقة")
    expect(page.locator("h1")).to_contain_text("كتاب إلى أمين المرفأ")
    expect(page.locator(".caption")).to_contain_text("مراسلات")
    if scripts:
        sound(page)
    found_as(visit, "correspondence", document)
    page = visit.open(f"{here}/filing")
    page.locator("#field-kind").select_option(was[0])
    page.locator("#field-title").fill(was[1])
    press(page, f"{here}/filing")
    page.wait_for_url("**filing=corrected")
    found_as(visit, was[0], document)


def test_who_was_slower_sees_both_and_decides(site: Site, window: OpenWindow) -> None:
    here = f"/staff/documents/{site.documents[SCANS[2]]}"
    slower = window("phone", "ar", site.staff_session("clerk")).open(f"{here}/filing")
    was = slower.locator("#field-title").input_value()
    quicker = window("desk", "ar", site.staff_session("archivist")).open(f"{here}/filing")
    quicker.locator("#field-title").fill("مخطط الدور الأرضي MN-3-0127")
    press(quicker, f"{here}/filing")
    quicker.wait_for_url("**filing=corrected")
    slower.locator("#field-title").fill("مخطط الطابق الأرضي")
    press(slower, f"{here}/filing")
    expect(slower.locator(".error-summary")).to_be_focused()
    compared = slower.locator("table tr", has_text="العنوان")
    expect(compared).to_contain_text("مخطط الطابق الأرضي")
    expect(compared).to_contain_text("مخطط الدور الأرضي MN-3-0127")
    expect(slower.locator("#field-title")).to_have_value("مخطط الطابق الأرضي")
    sound(slower)
    slower.get_by_role("link", name="اترك القيد كما هو").click()
    expect(slower.locator("h1")).to_contain_text("مخطط الدور الأرضي")
    slower.goto(slower.url + "/filing")
    slower.locator("#field-title").fill(was)
    press(slower, f"{here}/filing")
    slower.wait_for_url("**filing=corrected")

"""What a citizen does on the pages of renewal, in a window of any language, width, with scripts or without."""

import re
import time

from playwright.sync_api import Page

from tests.journeys.site import Site
from tests.journeys.visit import PATIENCE, Window


def press(page: Page, action: str) -> None:
    """Press the button of the form with this action."""
    page.locator(f'form[action="{action}"] button[type=submit]').first.click()


def sign_in(window: Window, site: Site, civil_id: str, typed: str | None = None) -> None:
    """From the sign-in page, wherever it was asked for, to behind it; `typed` is how the civil ID is written."""
    page = window.page
    site.forget_limits()
    seen = len(site.codes(civil_id))
    page.locator("#field-civil_id").fill(typed or civil_id)
    press(page, "/sign-in")
    page.locator("#field-code").fill(site.code_after(civil_id, seen))
    press(page, "/sign-in/code")
    page.wait_for_url(lambda url: "/sign-in" not in url)


def begin(window: Window, licence: str) -> None:
    """From «my licences», the renewal of this licence."""
    card = window.page.locator("section.sheet", has_text=licence)
    card.locator("form button[type=submit], a.btn").first.click()
    window.page.wait_for_url(re.compile(r"/renew/[0-9a-z]{26}$"))


def confirm(window: Window, phone: str) -> None:
    """Nothing has changed; write to me at `phone`."""
    page = window.page
    page.locator('input[name="unchanged"][value="yes"]').check()
    page.locator("#field-phone").fill(phone)
    press(page, window.path)
    page.wait_for_url("**/check")


def go_to_gateway(window: Window) -> None:
    """Press «pay»."""
    window.page.locator('form[action$="/pay"] button').click()
    window.page.wait_for_url("**/sandbox-gateway/**")


def until_issued(window: Window) -> None:
    """Wait for the licence; without scripts by loading the page again, as it says."""
    end = time.monotonic() + PATIENCE / 1000
    while not (link := window.page.locator('a[href$="/pdf"]')).count():
        assert time.monotonic() < end, window.page.inner_text("main")
        time.sleep(0.5)
        if not window.page.evaluate("typeof htmx === 'object'"):
            window.page.reload()
    link.wait_for()

"""Every page in both languages, on a desk and on a phone: reachable, readable, light, and nobody else's."""

import pytest

from tests.journeys.conftest import OpenWindow
from tests.journeys.every_page import Address, addresses, cookies_of, filled_in
from tests.journeys.site import Site
from tests.journeys.visit import WIDTHS, axe, fits, weight, whole

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PAGES = list(addresses())
# Bytes as sent, without pictures. The four files of the typeface come once a year and hold up no reading.
LIMIT, LIMIT_OF_FONTS = 100_000, 135_000


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("address", PAGES, ids=str)
def test_page(address: Address, language: str, site: Site, window: OpenWindow) -> None:
    visit = window("desk", language, cookies=cookies_of(site, address))
    with visit.page.expect_response(lambda response: response.request.is_navigation_request()) as answer:
        page = visit.open(filled_in(site, address.path))
    assert answer.value.status == address.status
    html = page.locator("html")
    if address.route == "/sandbox-gateway/{provider_id}":
        language = "ar"  # that in which the payment was opened, as at a bank's
    assert html.get_attribute("lang") == language
    assert html.get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
    assert page.locator("h1").count() == 1
    fonts, rest = weight(visit)
    assert sum(rest.values()) < LIMIT, rest
    assert sum(fonts.values()) < LIMIT_OF_FONTS, fonts
    for width in WIDTHS.values():
        page.set_viewport_size({"width": width, "height": 900})
        axe(page)
        fits(page)
        whole(page)


def test_the_list_of_pages_is_not_short() -> None:
    assert len(PAGES) > 25
    assert {address.who for address in PAGES} >= {None, "citizen", "archivist", "auditor", "admin"}

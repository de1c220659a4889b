"""A citizen renews a licence from the landing page to the signed PDF, and a stranger verifies it."""

from pathlib import Path

import pikepdf
import pytest
from sqlalchemy import text

from tests.journeys.citizen import begin, confirm, go_to_gateway, press, sign_in, until_issued
from tests.journeys.conftest import OpenWindow
from tests.journeys.site import Site
from tests.journeys.visit import axe, fits

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ARABIC_INDIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")

JOURNEYS = {
    "arabic-phone": ("phone", "ar", True, "271032212379", "HL-2024-00417", "صدر ترخيصك", "الترخيص صحيح وسارٍ"),
    "english-desk": (
        "desk",
        "en",
        True,
        "301082616819",
        "HL-2025-00718",
        "Your licence",
        "genuine and in force",
    ),
    "no-scripts": ("phone", "ar", False, "295030316074", "HL-2023-00207", "صدر ترخيصك", "الترخيص صحيح وسارٍ"),
}


@pytest.mark.parametrize("name", JOURNEYS)
def test_from_the_first_page_to_a_verified_licence(
    name: str, site: Site, window: OpenWindow, downloads: Path
) -> None:
    width, language, scripts, civil_id, licence, issued, valid = JOURNEYS[name]
    visit = window(width, language, scripts=scripts)
    page = visit.open("/")
    page.locator('main a[href="/renew"]').click()
    page.locator('a[href="/renew/licences"]').click()
    # Digits of the keyboard people have, with the spaces people type.
    sign_in(visit, site, civil_id, f" {civil_id[:6]} {civil_id[6:]} ".translate(ARABIC_INDIC))
    assert visit.path == "/renew/licences"
    begin(visit, licence)
    confirm(visit, " ٥٠٠٠ ٠٢٠٢ ")
    assert "+96550000202" in page.inner_text("dl.summary >> nth=-1")
    if scripts:
        axe(page)
    go_to_gateway(visit)
    page.locator("button.pay").click()
    page.wait_for_url("**/done")
    until_issued(visit)
    assert issued in page.inner_text("h1")
    fits(page)
    if scripts:
        axe(page)

    with page.expect_download() as download:
        page.locator('a[href$="/pdf"]').first.click()
    pdf = downloads / "licence.pdf"
    download.value.save_as(pdf)
    assert licence in download.value.suggested_filename
    with pikepdf.open(pdf) as opened:
        assert len(opened.pages) >= 1

    # Somebody else, with nothing but the file.
    stranger = window(width, language, scripts=scripts)
    page = stranger.open("/verify")
    page.locator("#field-file").set_input_files(pdf)
    press(page, "/verify/file")
    page.wait_for_url("**/verify/file")
    assert valid in page.inner_text("h1")
    assert licence in page.inner_text("main")

    # And with nothing but the printed code.
    with site.database.reading() as tx:
        qr = tx.execute(
            text(
                "SELECT qr_url FROM licence_files JOIN licences ON licences.id = licence_id"
                " WHERE licences.number = :number ORDER BY licence_files.id DESC LIMIT 1"
            ),
            {"number": licence},
        ).scalar_one()
    page = stranger.open(qr.removeprefix(site.url))
    if not scripts:
        page.locator("#field-token").fill(qr)
        press(page, "/verify/token")
    page.wait_for_url("**/verify/token")
    assert valid in page.inner_text("h1")
    assert licence in page.inner_text("main")
    assert "#" not in page.url


def test_receipt_and_tracking(site: Site, window: OpenWindow) -> None:
    """What a citizen keeps: a receipt to print, and a number that anybody they give it to can follow."""
    citizen = site.shopkeeper()
    renewal = site.renewal(citizen, citizen.licences[0], until="issued")
    visit = window("phone", "ar", site.citizen_session(citizen.civil_id))
    page = visit.open(f"/renew/{renewal['id']}/done")
    page.locator('a[href^="/receipts/"]').click()
    page.wait_for_url("**/receipts/*")
    assert "10.000" in page.inner_text(".fees .total")
    page = visit.open("/track")
    page.locator("#field-number").fill(f" {renewal['number'].lower().replace('-', ' ')} ")
    press(page, "/track")
    page.wait_for_url("**/track?*")
    assert renewal["number"] in page.inner_text("#found")

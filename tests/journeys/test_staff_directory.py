"""Staff sign in with the town's directory in a real browser, whose content policy and cookies have a say in it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.citizen import press
from tests.journeys.site import people
from tests.journeys.visit import PATIENCE, WIDTHS, axe, fits
from tests.live_server import LiveServer
from tests.oidc_server import SECRET, OidcServer

pytestmark = [pytest.mark.browser, pytest.mark.slow]
MEMBER = next(one for one in people("staff") if "archivist" in one["roles"])


@pytest.fixture
def server(oidc: OidcServer, tmp_path: Path) -> Iterator[LiveServer]:
    """A town of one machine whose staff are in a directory."""
    (tmp_path / "data").mkdir()
    (tmp_path / "secret").write_text(SECRET)
    running = LiveServer(tmp_path / "data", DIWAN_STAFF_DIRECTORY=oidc.url_of_directory(tmp_path / "secret"))
    oidc.homes = {f"{running.url}/staff/sign-in"}
    oidc.employ(MEMBER["email"])
    running.start()
    yield running
    running.stop()


def look(page: Page) -> None:
    """On a desk and on a phone: accessible and inside the window."""
    for width in WIDTHS.values():
        page.set_viewport_size({"width": width, "height": 844})
        axe(page)
        fits(page)


@pytest.mark.parametrize("language", ["ar", "en"])
def test_there_in_and_out_again(
    server: LiveServer, oidc: OidcServer, browser: Browser, language: str
) -> None:
    context = browser.new_context(locale="ar-KW", viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE)
    context.add_cookies([{"name": "diwan_language", "value": language, "url": server.url}])
    page, said = context.new_page(), []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)

    page.goto(f"{server.url}/staff/search")
    way_in = page.locator("main a.btn-primary")
    expect(way_in).to_be_visible()
    look(page)

    # Turned back there: told so, and nothing typed is asked for again.
    way_in.click()
    page.wait_for_url(f"{oidc.url}/authorize**")
    page.get_by_text("Cancel").click()
    page.wait_for_url(f"{server.url}/staff/sign-in/return**")
    expect(page.locator(".error-summary")).to_be_visible()
    look(page)

    page.locator("main a.btn-primary").click()
    page.get_by_text(MEMBER["email"]).click()
    page.wait_for_url(f"{server.url}/staff/search")
    expect(page.locator(".who")).to_contain_text(MEMBER["name"][language])

    # A form leads to our own page only; from there a link leads on.
    press(page, "/sign-out")
    page.wait_for_url("**/staff/sign-in?out=1")
    leave = page.locator(f"main a[href^='{oidc.url}/logout']")
    expect(leave).to_be_visible()
    look(page)
    leave.click()
    page.wait_for_url(f"{server.url}/staff/sign-in")
    page.goto(f"{server.url}/staff")
    page.wait_for_url("**/staff/sign-in?**")

    # Somebody the directory knows and we do not.
    oidc.employ("stranger@elsewhere.example")
    page.locator("main a.btn-primary").click()
    page.get_by_text("stranger@elsewhere.example").click()
    page.wait_for_url(f"{server.url}/staff/sign-in/return**")
    expect(page.locator(".error-summary")).to_be_visible()
    look(page)
    assert [line for line in said if "Failed to load resource" not in line] == []
    context.close()

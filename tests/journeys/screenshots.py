"""Pictures of every page in both languages, on a desk and on a phone: `python -m tests.journeys.screenshots FOLDER`.

They are for people to look at; nothing is compared with them.
"""

import argparse
import re
import shutil
import tempfile
from pathlib import Path
from urllib.parse import unquote

from playwright.sync_api import sync_playwright

from tests.journeys.every_page import Address, addresses, cookies_of, filled_in
from tests.journeys.site import Site, running_site
from tests.journeys.visit import PATIENCE, WIDTHS, open_browser


def photograph(site: Site, folder: Path, only: str = "") -> None:
    """Every page whose address holds `only`, as <address>.<language>.<width>.png."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    assert chromium, "install Chromium"
    with sync_playwright() as playwright:
        browser = open_browser(playwright, chromium)
        for language in ("ar", "en"):
            for address in addresses():
                if only not in address.path:
                    continue
                asked = {"diwan_language": language, **cookies_of(site, address)}
                context = browser.new_context(reduced_motion="reduce")
                context.set_default_timeout(PATIENCE)
                context.add_cookies(
                    [{"name": name, "value": value, "url": site.url} for name, value in asked.items()]
                )
                page = context.new_page()
                for name, width in WIDTHS.items():
                    page.set_viewport_size({"width": width, "height": 844})
                    page.goto(site.url + filled_in(site, address.path), wait_until="networkidle")
                    page.screenshot(path=folder / f"{_file(address)}.{language}.{name}.png", full_page=True)
                context.close()
        browser.close()


def _file(address: Address) -> str:
    words = f"{unquote(address.path)} {address.who or 'anyone'}"
    return re.sub(r"\W+", "-", words.lower()).strip("-")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default="", help="a part of the address")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data, running_site(Path(data)) as running:
        photograph(running, given.folder, given.only)

"""A real server, real browsers: what people do from the first page to the last.

- `site`: a server with the sample municipality and a few scans read, one a session (tests/journeys/site.py).
- `window(width, language, session, scripts, cookies)`: opens a browser window; at its end whatever no page
  may do fails the test: a script error, a breach of the content policy, a request to another host, a 500.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.journeys.site import Site, running_site
from tests.journeys.visit import PATIENCE, WIDTHS, Window, open_browser

OpenWindow = Callable[..., Window]


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running_site(tmp_path_factory.mktemp("site") / "data") as running:
        yield running


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = open_browser(playwright, chromium)
        yield browser
        browser.close()


@pytest.fixture
def window(browser: Browser, site: Site) -> Iterator[OpenWindow]:
    opened: list[Window] = []

    def open_window(
        width: str = "desk",
        language: str = "ar",
        session: str = "",
        scripts: bool = True,
        cookies: dict[str, str] | None = None,
    ) -> Window:
        context = browser.new_context(
            viewport={"width": WIDTHS[width], "height": 844 if width == "phone" else 900},
            java_script_enabled=scripts,
            reduced_motion="reduce",
            locale="ar-KW" if language == "ar" else "en-GB",
        )
        context.set_default_timeout(PATIENCE)
        given = {"diwan_language": language, "diwan_session": session, **(cookies or {})}
        context.add_cookies(
            [{"name": name, "value": value, "url": site.url} for name, value in given.items() if value]
        )
        new = Window(context.new_page(), context, site.url)
        opened.append(new)
        return new

    yield open_window
    faults = []
    for each in opened:
        faults += each.faults
        faults += [f"{answer.status} {answer.url}" for answer in each.responses if answer.status >= 500]
        each.context.close()
    assert not faults, faults


@pytest.fixture
def downloads(tmp_path: Path) -> Path:
    folder = tmp_path / "downloads"
    folder.mkdir()
    return folder

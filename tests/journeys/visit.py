"""A browser window that notes whatever a page should not do."""

from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, Response

from chalicelib.settings import CHECKOUT

WIDTHS = {"desk": 1280, "phone": 390}
PATIENCE = 60_000  # milliseconds; the machine may be busy with other things
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def open_browser(playwright: Playwright, chromium: str) -> Browser:
    """Chromium without a screen, which keeps to itself."""
    quiet = ["background-networking", "component-update", "sync", "quic", "gpu"]
    flags = ["--no-sandbox", "--no-first-run", *(f"--disable-{what}" for what in quiet)]
    return playwright.chromium.launch(executable_path=chromium, args=flags)


@dataclass
class Window:
    """A page of the browser, its context, and what went wrong in it so far."""

    page: Page
    context: BrowserContext
    url: str
    faults: list[str] = field(default_factory=list)
    responses: list[Response] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.faults.append(f"script error: {error}"))
        self.page.on("request", lambda request: self._request(request.url))
        self.page.on("response", lambda response: self.responses.append(response))

    def open(self, path: str) -> Page:
        """Go to a path of the site; the page when it has loaded."""
        self.page.goto(self.url + path)
        return self.page

    @property
    def path(self) -> str:
        """Where the page is, without the host."""
        parts = urlsplit(self.page.url)
        return parts.path + (f"?{parts.query}" if parts.query else "")

    def _console(self, message: ConsoleMessage) -> None:
        # A refresh that does not get through is told to the reader by the page itself (static/app.js).
        expected = ("Failed to load resource", "htmx:error: Failed to fetch")
        if message.type == "error" and not any(each in message.text for each in expected):
            self.faults.append(f"console: {message.text} at {self.page.url}")

    def _request(self, url: str) -> None:
        if not url.startswith((self.url, "data:", "blob:", "about:")):
            self.faults.append(f"request to another host: {url}")


@cache
def _axe_source() -> str:
    return (CHECKOUT / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")


def axe(page: Page) -> None:
    """No serious or critical violation in the page as it is now."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(
            _axe_source()
        )  # by the debugger: the content policy allows no script of ours in the page
    asked = {"resultTypes": ["violations"], "runOnly": {"type": "tag", "values": _RULES}}
    found: dict[str, Any] = page.evaluate("options => axe.run(document, options)", asked)
    bad = [
        f"{violation['id']}: {node['html'][:160]} ({node['failureSummary'][:300]})"
        for violation in found["violations"]
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"][:3]
    ]
    assert not bad, f"{page.url}\n" + "\n".join(bad)


def fits(page: Page) -> None:
    """Nothing hangs over the side of the window."""
    over = page.evaluate("document.scrollingElement.scrollWidth - document.documentElement.clientWidth")
    assert over <= 0, f"{page.url}: {over} px too wide: " + page.evaluate(
        """() => [...document.querySelectorAll("body *")].filter(e => {
            const box = e.getBoundingClientRect();
            return box.width && (box.left < -1 || box.right > innerWidth + 1);
        }).slice(0, 5).map(e => e.outerHTML.slice(0, 140)).join("\\n")"""
    )


def whole(page: Page) -> None:
    """No number is broken at one of its hyphens, unless a line of its own does not hold it."""
    broken = page.evaluate(
        """() => {
            const found = [], walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
            for (let text; (text = walker.nextNode()); )
                for (const number of text.data.matchAll(/\\b[A-Z]{1,3}-[\\w-]*\\d{3,}\\b(?!\\.\\w)/g)) {
                    const range = document.createRange();
                    range.setStart(text, number.index);
                    range.setEnd(text, number.index + number[0].length);
                    const lines = new Set([...range.getClientRects()].map((box) => Math.round(box.top)));
                    if (lines.size > 1) found.push(number[0]);
                }
            return found;
        }"""
    )
    assert not broken, f"{page.url}: broken at a hyphen: {broken}"


def weight(window: Window) -> tuple[dict[str, int], dict[str, int]]:
    """Bytes as sent, by address: those of fonts, and those of everything else but pictures."""
    window.page.wait_for_load_state("load")
    fonts: dict[str, int] = {}
    rest: dict[str, int] = {}
    for answer in window.responses:
        path = answer.url.removeprefix(window.url).split("?")[0]
        if answer.request.resource_type != "image" and not path.endswith("/preview"):
            (fonts if path.endswith(".woff2") else rest)[path] = answer.request.sizes()["responseBodySize"]
    return fonts, rest

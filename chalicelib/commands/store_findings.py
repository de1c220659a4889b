"""What the doctor finds of stores: that they answer, and that all processes see the same ones."""

import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx

from chalicelib.bootstrap import Diwan, build, probe_ticket
from chalicelib.commands.findings import Finding, needed
from chalicelib.kernel.errors import Refusal
from chalicelib.settings import Settings
from chalicelib.web.localisation import localisation

# Workers look for jobs every second; functions are woken, and the slowest starts within ten.
_PATIENCE = 20.0
# Those of this machine are looked at by the doctor's other checks, which make nothing.
_HERE = ("", "file", "tantivy", "database", "subprocess")
_Question = Callable[[Diwan], object]


def reached(settings: Settings) -> Iterator[Finding]:
    """Each store that is elsewhere, asked the smallest question there is."""
    questions: dict[str, tuple[str, _Question]] = {
        "secret": (settings.secret_url, lambda diwan: diwan.secret),
        "blobs": (settings.blobs_url, lambda diwan: diwan.blobs.exists("readyz")),
        "search": (settings.search_url, lambda diwan: diwan.search.count()),
        "keys": (settings.keys_url, lambda diwan: diwan.keys.public_key("issuer")),
        "jobs": (settings.jobs_url, lambda diwan: diwan.bell and diwan.bell.lines()),
        "staff_directory": (settings.staff_directory, _reach_directory),
    }
    elsewhere = {name: asked for name, asked in questions.items() if urlsplit(asked[0]).scheme not in _HERE}
    if not elsewhere:
        return
    say = localisation(settings.assets / "templates" / "locale", "en", "UTC").refusal
    try:
        diwan = build(settings)
    except Refusal as refusal:
        yield Finding("stores elsewhere", "missing", say(refusal), "mend the settings DIWAN_…")
        return
    for name, (url, ask) in elsewhere.items():
        try:
            ask(diwan)
        except Refusal as refusal:
            # A sentence for people may leave out what those who mend it need.
            said, reason = say(refusal), str(refusal.data.get("reason", ""))
            found = said if reason in said else f"{said} ({reason})"
            yield Finding(f"{name} elsewhere", "missing", found, f"mend DIWAN_{name.upper()}, or the rights")
        else:
            yield Finding(f"{name} elsewhere", "ok", url.partition("?")[0])
    diwan.close()


def _reach_directory(diwan: Diwan) -> None:
    if diwan.directory is not None:
        diwan.directory.reach()


def round_trip(settings: Settings) -> Iterator[Finding]:
    """That the pages and every lane of workers see the same stores: a probe goes round through all of them."""
    if _asked(settings, "GET", "/healthz") is None:
        yield Finding(
            "stores", "optional", f"nobody answers at {settings.base_url}", "start it, then ask again"
        )
        return
    ticket = probe_ticket(settings)
    until = time.monotonic() + _PATIENCE
    while True:
        seen = _asked(settings, "POST", "/api/v1/probes", {"ticket": ticket}) or {}
        if "lanes" not in seen:
            found = (
                "does not know our secret"
                if seen.get("code") == "not-found"
                else seen.get("detail", "is silent")
            )
            remedy = "name its own folder with --data, or the same DIWAN_SECRET here and there; see what its log says"
            yield Finding("stores", "missing", f"{settings.base_url}: {found}", remedy)
            return
        lanes: dict[str, dict[str, str]] = seen["lanes"]
        if "waiting" not in {lane["database"] for lane in lanes.values()} or time.monotonic() > until:
            break
        time.sleep(0.2)
    for lane, stores in lanes.items():
        wrong = {store: said for store, said in stores.items() if said != "same"}
        found = ", ".join(f"{store}: {said}" for store, said in (wrong or stores).items())
        yield needed(f"stores of the pages and of {lane} workers", not wrong, found, _remedy(wrong))


def _remedy(wrong: dict[str, str]) -> str:
    if "waiting" in wrong.values():
        return "no worker took the job in time: see that one runs on this database, and what the stopped jobs say"
    if "other" in wrong.values():
        named = ", ".join(f"DIWAN_{store.upper()}" for store in wrong)
        return f"name the same stores in the settings of both: {named}"
    return "give the workers the right that is missing"


def _asked(
    settings: Settings, method: str, path: str, body: dict[str, str] | None = None
) -> dict[str, Any] | None:
    """The answer of the pages' process; None when there is none."""
    try:
        return dict(httpx.request(method, settings.base_url + path, json=body, timeout=_PATIENCE).json())
    except (httpx.HTTPError, ValueError, TypeError):
        return None

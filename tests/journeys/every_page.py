"""Every page that can be opened by an address, from the routes themselves: a new page is in it by itself."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from sqlalchemy import text

from chalicelib.identity.permissions import ROLES, Permission
from chalicelib.web.application import all_routes
from chalicelib.web.routing import Route
from tests.journeys.site import SCANS, Shopkeeper, Site

_PART = re.compile(r"\{(\w+)\}")
_RECEIPT = text(
    "SELECT receipts.id FROM receipts JOIN demands ON demands.id = demand_id WHERE subject = :subject"
)
_CHECKOUT = text(
    "SELECT provider_id FROM payment_attempts JOIN payments ON payments.id = payment_id"
    " JOIN demands ON demands.id = demand_id WHERE subject = :subject"
)
# What answers with something else than a page of ours: a redirect, a file, JSON.
NOT_PAGES = frozenset(
    {
        *("/healthz", "/readyz", "/api/openapi.json", "/payments/return/{reference}"),
        *("/staff/documents/{document}/pages/{number}/preview", "/staff/documents/{document}/original"),
        "/staff/documents/{document}/searchable",
        "/licences/{licence}/pdf",
        *("/staff/sign-in/directory", "/staff/sign-in/return"),
    }
)
# Pages whose look depends on what was asked: each address is a page of its own.
ALSO = {
    "/staff/search": (
        "/staff/search?q=%D8%B1%D8%AE%D8%B5%D8%A9+%D8%A8%D9%86%D8%A7%D8%A1",
        "/staff/search?q=%D8%B2%D8%B1%D8%A7%D9%81%D8%A9",
    ),
    "/verify": ("/verify?number=HL-2024-00417", "/verify?number=HL-1999-99999"),
    "/track": ("/track?number=HR-0000-0000",),
    "/renew/{application}/done": ("/renew/{application}/done?stage=started",),
    "/staff/documents/{document}/pages/{number}": (
        "/staff/documents/{document}/pages/{number}?q=%D8%A8%D9%86%D8%A7%D8%A1",
    ),
}
# What no route says: the frame's own refusals, and a page as another role sees it.
STRAY = (("/no-such-page", None, 404), ("/staff/audit", "clerk", 403), ("/staff", "admin", 200))
# Who looks at a page that several roles may open; the one that sees most of it.
_PREFERRED = ("archivist", "auditor", "manager", "clerk", "admin", *ROLES)


@dataclass(frozen=True)
class Address:
    """A page as somebody sees it: `route` is its pattern, `who` a role, "citizen" or nobody."""

    route: str
    path: str
    who: str | None
    status: int = 200

    def __str__(self) -> str:
        return self.path if "{" in self.route or "?" in self.path else self.route


def addresses() -> Iterator[Address]:
    """Every page, its variable parts still in braces."""
    for route in all_routes():
        if route.kind == "page" and route.method == "GET" and route.path not in NOT_PAGES:
            for path in (route.path, *ALSO.get(route.path, ())):
                yield from _seen(route, path)
    for path, who, status in STRAY:
        yield Address(path, path, who, status)


def _session_of(site: Site, who: str | None) -> str | None:
    """The session of a role, of a citizen who has everything there is to see, or of nobody."""
    if who is None:
        return None
    return site.citizen_session(_resident(site)[0].civil_id) if who == "citizen" else site.staff_session(who)


def filled_in(site: Site, path: str) -> str:
    """The path with something that exists in each of its variable parts."""
    if "{" not in path:
        return path
    parts = _resident(site)[1]
    return _PART.sub(lambda part: parts[path if path in parts else part[1]], path)


def cookies_of(site: Site, address: Address) -> dict[str, str]:
    """Who is signed in; on the page that asks for a code, who asked for one."""
    session = _session_of(site, address.who)
    asked = {"diwan_asked": _resident(site)[0].civil_id} if address.path == "/sign-in/code" else {}
    return {**asked, **({"diwan_session": session} if session else {})}


@cache
def _resident(site: Site) -> tuple[Shopkeeper, dict[str, str]]:
    """A citizen with a renewal at every stage; what to put for each part, or for the part of one address."""
    citizen = site.shopkeeper(*["4711-1"] * 4)
    stages = ("draft", "confirmed", "started", "issued")
    renewals = {
        stage: site.renewal(citizen, licence, until=stage)["id"]
        for stage, licence in zip(stages, citizen.licences, strict=True)
    }
    with site.database.reading() as tx:
        receipt = tx.execute(_RECEIPT, {"subject": f"application:{renewals['issued']}"}).scalar_one()
        checkout = tx.execute(_CHECKOUT, {"subject": f"application:{renewals['started']}"}).scalar_one()
    return citizen, {
        "document": site.documents[SCANS[0]],
        "number": "1",
        "application": renewals["issued"],
        "/renew/{application}": renewals["draft"],
        "/renew/{application}/check": renewals["confirmed"],
        "/renew/{application}/done?stage=started": renewals["started"],
        "receipt": receipt,
        "provider_id": checkout,
    }


def _seen(route: Route, path: str) -> Iterator[Address]:
    if route.permission is Permission.PUBLIC:
        who = None
    else:
        who = next(role for role in _PREFERRED if route.permission in ROLES[role])
    if "{topic}" in path:
        for topic in ("contact", "accessibility", "privacy"):
            yield Address(route.path, path.replace("{topic}", topic), who)
        return
    missing = any(number in path for number in ("99999", "0000-0000"))
    yield Address(route.path, path, who, 404 if missing else 200)

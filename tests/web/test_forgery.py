"""Another site can make a browser send a form; it cannot make us act on it."""

import re

import pytest
from sqlalchemy import select

from chalicelib.database.base import Base
from chalicelib.identity.permissions import ROLES as TABLE
from chalicelib.identity.permissions import Permission
from chalicelib.web.application import all_routes
from chalicelib.web.routing import Route
from tests.town import NEIGHBOUR, OWNER, ROLES, Town
from tests.web_browser import Browser

# What a refused request may touch: when a session was last used.
UNMINDED = {"sessions"}
FORMS = [route for route in all_routes() if route.kind == "page" and route.method != "GET" and route.csrf]


def everything(town: Town) -> dict[str, list[str]]:
    """Every row of every table that counts."""
    with town.diwan.database.reading() as tx:
        return {
            table.name: sorted(map(repr, tx.execute(select(table)).all()))
            for table in Base.metadata.sorted_tables
            if table.name not in UNMINDED
        }


def token_of(browser: Browser) -> str:
    found = re.search(r'name="_csrf" value="([0-9a-f]{64})"', browser.get("/sign-in").text) or re.search(
        r'name="_csrf" value="([0-9a-f]{64})"', browser.get("/help/contact").text
    )
    assert found
    return found[1]


def test_only_named_forms_take_what_other_sites_send() -> None:
    assert {route.path for route in all_routes() if not route.csrf} == set()


@pytest.mark.parametrize("route", FORMS, ids=lambda route: f"{route.method} {route.path}")
def test_a_form_of_another_site_changes_nothing(shared_town: Town, route: Route) -> None:
    town, path = shared_town, re.sub(r"{\w+}", "0" * 26, route.path)
    browser = town.visitor()
    if route.permission is not Permission.PUBLIC:
        who = next(role for role in ROLES if route.permission in TABLE[role])
        browser.cookies["diwan_session"] = town.token(who)
    own = token_of(browser)
    others = [token_of(town.citizen(NEIGHBOUR)), token_of(town.visitor()), "", "0" * 64, own[:-1], "ü"]
    before = everything(town)
    for given in others:
        assert browser.post(path, {"_csrf": given}).status == 403, given
    assert browser.post(path, {}).status == 403
    for site in ("cross-site", "same-site"):
        assert browser.post(path, {"_csrf": own}, **{"sec-fetch-site": site}).status == 403
    assert everything(town) == before


def test_an_api_call_by_cookie_needs_the_token_too(shared_town: Town) -> None:
    clerk = shared_town.staff("clerk")
    body = {"filename": "a.pdf", "size": 10}
    key = {"Idempotency-Key": "by-cookie-1"}
    assert clerk.call("POST", "/api/v1/uploads", body, **key).status == 403
    assert clerk.call("POST", "/api/v1/uploads", body, **key, **{"x-csrf-token": "0" * 64}).status == 403
    right = {"x-csrf-token": token_of(clerk)}
    cross = clerk.call("POST", "/api/v1/uploads", body, **key, **right, **{"sec-fetch-site": "cross-site"})
    assert cross.status == 403
    assert clerk.call("POST", "/api/v1/uploads", body, **key, **right).status == 201


def test_a_bearer_token_needs_none_and_lends_no_cookie_its_right(shared_town: Town) -> None:
    body, key = {"filename": "a.pdf", "size": 10}, {"Idempotency-Key": "by-bearer-1"}
    program = shared_town.visitor()
    assert program.call("POST", "/api/v1/uploads", body, **key, **shared_town.bearer("clerk")).status == 201
    victim = shared_town.staff("clerk")
    forged = victim.call("POST", "/api/v1/uploads", body, **key, Authorization="Bearer nonsense")
    assert forged.status == 401


def test_a_token_does_not_outlive_signing_in(town: Town) -> None:
    """Whoever fixed a visitor's cookie beforehand knows the token of that visit and of nothing later."""
    planted = {"diwan_visitor": "planted-by-somebody", "diwan_session": "planted-session"}
    attacker = Browser(town.app, cookies=dict(planted))
    known = token_of(attacker)
    victim = Browser(town.app, cookies={**planted, "diwan_session": town.token("clerk")})
    assert token_of(victim) != known
    assert victim.post("/sign-out", {"_csrf": known}).status == 403


def test_signing_in_never_takes_up_a_session_that_was_planted(town: Town) -> None:
    browser = Browser(town.app, cookies={"diwan_session": "planted-session"})
    browser.submit("/sign-in", "/sign-in", {"civil_id": OWNER})
    done = browser.submit("/sign-in/code", "/sign-in/code", {"code": town.last_code()})
    assert done.status == 303
    assert browser.cookies["diwan_session"] != "planted-session"
    assert len(browser.cookies["diwan_session"]) >= 43
    planted = Browser(town.app, cookies={"diwan_session": "planted-session"})
    assert planted.call("GET", "/api/v1/me").status == 401

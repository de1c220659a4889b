"""The permission table, route by route: who is let in, and who is not."""

from collections.abc import Callable

import pytest

from chalicelib.identity.permissions import ROLES, Permission
from chalicelib.web.application import all_routes
from chalicelib.web.routing import Route
from tests.web_browser import Answer, Browser

# What may stand in a path; nothing is found under it, and that is not a 403.
NOTHING = "01jd2m8w9rk5v7xq3hyt6bnzca"
STAFF_ROLES = [role for role in ROLES if role not in ("public", "citizen", "system")]


def path(route: Route) -> str:
    parts = [NOTHING if part.startswith("{") else part for part in route.path.split("/")]
    return "/".join(parts)


def ask(browser: Browser, route: Route, token: str = "") -> Answer:
    headers = {"Idempotency-Key": NOTHING, "X-CSRF-Token": token}
    if route.kind == "page" and route.method == "POST":
        return browser.post(path(route), {"_csrf": token})
    return browser.call(route.method, path(route), {} if route.body else None, **headers)


def guarded() -> list[Route]:
    return [route for route in all_routes() if route.permission is not Permission.PUBLIC]


def check(browser: Browser, role: str) -> None:
    token = browser.get("/help/contact").hidden("/sign-out")["_csrf"]
    for route in guarded():
        allowed = route.permission in ROLES[role]
        if allowed and route.method != "GET":
            continue  # it would act; its own tests do that
        answer = ask(browser, route, token)
        assert (answer.status != 403) is allowed, (role, route.method, route.path, answer.status)
        assert answer.status < 500, (role, route.method, route.path)
        if not allowed and route.kind == "api":
            assert answer.json["code"] == "not-permitted"


def test_there_are_doors_to_guard() -> None:
    paths = {route.path for route in guarded()}
    assert {"/staff/outbox", "/staff/audit", "/staff/search", "/api/v1/me"} <= paths


def test_a_stranger_is_asked_to_sign_in(browser: Browser) -> None:
    for route in guarded():
        answer = ask(browser, route)
        if route.kind == "api":
            assert answer.status == 401, route.path
        else:
            door = "/staff/sign-in" if route.path.startswith("/staff") else "/sign-in"
            assert (answer.status, answer.location.split("?")[0]) == (303, door), route.path


def test_a_citizen_passes_where_citizens_may(signed_in_citizen: Browser) -> None:
    check(signed_in_citizen, "citizen")


@pytest.mark.parametrize("role", STAFF_ROLES)
def test_staff_pass_where_their_role_may(staff_browser: Callable[[str], Browser], role: str) -> None:
    check(staff_browser(role), role)


def test_no_staff_page_is_open_to_everybody() -> None:
    open_pages = {r.path for r in all_routes() if r.permission is Permission.PUBLIC and "/staff" in r.path}
    assert open_pages == {"/staff/sign-in"}

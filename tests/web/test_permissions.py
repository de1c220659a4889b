"""Route by route, role by role: the permission table is what happens, and what is somebody's is theirs alone."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from chalicelib.archive.models import Document, PageRow
from chalicelib.identity.permissions import ROLES as TABLE
from chalicelib.identity.permissions import Permission
from chalicelib.web.application import all_routes
from chalicelib.web.routing import Route
from tests.renewal import Renewal, renew
from tests.town import NEIGHBOUR, ROLES, Town, fresh_key
from tests.web.conftest import open_town
from tests.web_browser import Answer, Browser

EVERY = all_routes()
NOWHERE = "0" * 26


def test_every_route_states_a_permission_of_the_table() -> None:
    held = set().union(*TABLE.values())
    assert EVERY
    assert [route.path for route in EVERY if route.permission not in held] == []


def test_no_two_routes_are_the_same() -> None:
    pairs = [(route.method, re.sub(r"{\w+}", "{}", route.path)) for route in EVERY]
    assert len(pairs) == len(set(pairs))


def test_what_staff_do_stands_under_staff() -> None:
    """So that a stranger is led to the right door."""
    citizens = TABLE["citizen"]
    assert [
        route.path
        for route in EVERY
        if route.kind == "page" and route.permission not in citizens and not route.path.startswith("/staff")
    ] == []


def test_no_staff_page_is_open_to_everybody() -> None:
    open_pages = {r.path for r in EVERY if r.permission is Permission.PUBLIC and "/staff" in r.path}
    ways_in = {"/staff/sign-in", "/staff/sign-in/directory", "/staff/sign-in/return"}
    assert open_pages == ways_in


def ask(town: Town, route: Route, who: str, ids: dict[str, str] | None = None) -> Answer:
    """The route's request as the role (or `anonymous`) sends it, its form token and key in order."""
    path = re.sub(r"{(\w+)}", lambda found: (ids or {}).get(found[1], NOWHERE), route.path)
    browser = town.visitor()
    if route.kind == "api":
        headers = {} if who == "anonymous" else town.bearer(who)
        keys = fresh_key() if route.makes else {}
        return browser.call(route.method, path, {} if route.body else None, **headers, **keys)
    if who != "anonymous":
        browser.cookies["diwan_session"] = town.token(who)
    if route.method == "GET":
        return browser.get(path)
    page = browser.get("/help/contact" if who != "anonymous" else "/sign-in").text
    token = re.search(r'name="_csrf" value="([0-9a-f]+)"', page)
    assert token
    return browser.post(path, {"_csrf": token[1]})


def ends_sessions(route: Route) -> bool:
    return route.permission is Permission.SIGN_OUT and route.method != "GET"


@pytest.mark.parametrize("who", ["anonymous", *ROLES])
def test_a_role_gets_as_far_as_the_table_says(shared_town: Town, who: str) -> None:
    town, wrong = shared_town, []
    permitted = TABLE["public" if who == "anonymous" else who]
    for route in sorted(EVERY, key=ends_sessions):
        answer = ask(town, route, who)
        door = answer.status == 303 and re.match(r"(/staff)?/sign-in\?next=", answer.location)
        if route.permission in permitted:
            right = answer.status not in (401, 403) and answer.status < 500 and not door
        elif who != "anonymous":
            right = answer.status == 403
        else:
            right = answer.status == 401 if route.kind == "api" else bool(door)
        if not right:
            wrong.append((route.method, route.path, route.permission.value, answer.status))
    assert wrong == []


# Whose things they are


@pytest.fixture(scope="module")
def renewal(module_town: Town) -> Renewal:
    """One citizen's renewal from the first page to the signed licence."""
    return renew(module_town)


@pytest.fixture(scope="module")
def module_town(prepared_town: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    data = tmp_path_factory.mktemp("objects") / "data"
    shutil.copytree(prepared_town, data)
    opened = open_town(data)
    yield opened
    opened.diwan.close()


OWN = [
    route
    for route in EVERY
    if "{" in route.path
    and route.permission in TABLE["citizen"]
    and route.permission not in (Permission.PUBLIC, Permission.SIGN_OUT)
]


@pytest.mark.parametrize("route", OWN, ids=lambda route: f"{route.method} {route.path}")
def test_a_neighbour_neither_sees_nor_does_anything(
    module_town: Town, renewal: Renewal, route: Route
) -> None:
    (name,) = re.findall(r"{(\w+)}", route.path)
    for kind, id in renewal.ids.items():
        answer = ask(module_town, route, NEIGHBOUR, {name: id})
        assert answer.status in (404, 422), (kind, answer.status, answer.headers.get("location"))
        assert renewal.number not in answer.text
        if answer.status == 422:  # its body was looked at before its owner
            assert route.body is not None


def test_the_owner_sees_all_of_it(module_town: Town, renewal: Renewal) -> None:
    owner, program = module_town.citizen(), module_town.bearer("citizen")
    ids = renewal.ids
    assert owner.get(f"/renew/{ids['application']}/done").status == 200
    assert owner.get(f"/licences/{ids['licence']}/pdf").status == 303
    assert owner.get(f"/receipts/{ids['receipt']}").status == 200
    assert owner.call("GET", f"/api/v1/renewals/{ids['application']}", **program).status == 200
    assert owner.call("GET", f"/api/v1/payments/{ids['payment']}", **program).status == 200


def test_a_neighbours_lists_hold_only_their_own(module_town: Town, renewal: Renewal) -> None:
    listed = module_town.visitor().call("GET", "/api/v1/licences", **module_town.bearer(NEIGHBOUR))
    assert listed.status == 200
    assert renewal.ids["licence"] not in listed.text


@pytest.mark.parametrize("role", [role for role in ROLES if role not in ("citizen", "reviewer", "inspector")])
def test_staff_do_not_act_as_citizens(module_town: Town, renewal: Renewal, role: str) -> None:
    for route in OWN:
        (name,) = re.findall(r"{(\w+)}", route.path)
        for id in renewal.ids.values():
            assert ask(module_town, route, role, {name: id}).status in (403, 404)


@pytest.fixture
def confidential(town: Town) -> str:
    """A confidential document with one page, filed by the archivist."""
    archivist = town.actor("archivist")
    filing = town.diwan.archive.intake.check(kind="correspondence", title="سري للغاية", confidential=True)
    paper = town.diwan.settings.data / "paper.pdf"
    paper.write_bytes(b"not for everyone")
    document = town.diwan.archive.intake.file(archivist, paper, filing).document.id
    preview = town.diwan.blobs.put(b"picture", "previews/one.jpg")
    with town.diwan.database.transaction() as tx:
        tx.get_one(Document, document).page_count = 1
        tx.add(
            PageRow(
                document_id=document,
                number=1,
                state="read",
                width=10,
                height=10,
                preview_key=preview.key,
                read_at=town.clock.now(),
            )
        )
    return document


def test_a_clerk_cannot_open_what_is_confidential(town: Town, confidential: str) -> None:
    routes = [route for route in EVERY if "{document}" in route.path]
    assert len(routes) >= 6
    for role in ("clerk", "reviewer", "inspector"):
        for route in routes:
            if route.permission in TABLE[role]:
                answer = ask(town, route, role, {"document": confidential, "number": "1"})
                # Where it takes a body, that was looked at before the document.
                assert answer.status == 404 or (answer.status == 422 and route.body), (role, route.path)
        for path in ("/staff/documents", "/staff", "/staff/upload", "/api/v1/documents"):
            assert "سري للغاية" not in town.staff(role).get(path).text


def test_an_archivist_can(town: Town, confidential: str) -> None:
    archivist: Browser = town.staff("archivist")
    assert "سري للغاية" in archivist.get(f"/staff/documents/{confidential}").text
    assert archivist.get(f"/staff/documents/{confidential}/pages/1").status == 200
    assert archivist.get(f"/staff/documents/{confidential}/pages/1/preview").status == 303
    assert confidential in archivist.get("/api/v1/documents").text


def test_what_is_confidential_does_not_cut_a_list_short(town: Town, confidential: str) -> None:
    archivist = town.actor("archivist")
    intake = town.diwan.archive.intake
    made = []
    for number in range(7):
        paper = town.diwan.settings.data / f"paper-{number}.pdf"
        paper.write_bytes(b"%d" % number)
        filing = intake.check(kind="other", title=f"{number}", confidential=number % 2 == 0)
        made.append(intake.file(archivist, paper, filing).document.id)
    seen, cursor = [], ""
    while True:
        answer = town.visitor().call("GET", f"/api/v1/documents?limit=2{cursor}", **town.bearer("clerk"))
        assert answer.status == 200
        seen += [item["id"] for item in answer.json["items"]]
        if answer.json["next"] is None:
            break
        cursor = f"&cursor={answer.json['next']}"
    assert seen == [id for number, id in reversed(list(enumerate(made))) if number % 2]

"""The door for staff with an account of the town's own directory: a real OpenID provider stands behind it."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlalchemy import update
from werkzeug import Response

from chalicelib.identity.models import DirectoryAccountRow, StaffRow
from chalicelib.telemetry.logs import JsonLines
from tests.oidc_server import SECRET, OidcServer, query
from tests.town import STAFF, Town
from tests.web.conftest import open_town
from tests.web_browser import Answer, Browser

EMAIL = STAFF["clerk"]["email"]
LEAVE = "/staff/sign-in/directory"
Opened = Callable[..., Town]


@pytest.fixture
def opened(prepared_town: Path, oidc: OidcServer, tmp_path: Path) -> Iterator[Opened]:
    """Opens the sample municipality, whose clerk has an account in its directory."""
    towns: list[Town] = []

    def open_with(**environment: str) -> Town:
        (tmp_path / "secret").write_text(SECRET)
        shutil.copytree(prepared_town, tmp_path / "town")
        directory = oidc.url_of_directory(tmp_path / "secret")
        town = open_town(tmp_path / "town", DIWAN_STAFF_DIRECTORY=directory, **environment)
        oidc.homes, oidc.now = (
            {f"{town.diwan.settings.base_url}/staff/sign-in"},
            lambda: town.clock.now().timestamp(),
        )
        oidc.employ(EMAIL)
        towns.append(town)
        return town

    yield open_with
    for town in towns:
        town.diwan.close()


@pytest.fixture
def town(opened: Opened) -> Town:
    return opened()


def come_back(browser: Browser, oidc: OidcServer, who: str = EMAIL, leave: str = LEAVE) -> Answer:
    """Follow the link to the directory, sign in there, and come back."""
    left = browser.get(leave)
    assert left.status == 303, left.text
    return arrive(browser, oidc.sign_in(left.location, who))


def arrive(browser: Browser, answer: dict[str, str]) -> Answer:
    return browser.get(f"/staff/sign-in/return?{urlencode(answer)}")


def test_the_directory_is_the_first_way_in_and_leads_where_one_wanted(town: Town, oidc: OidcServer) -> None:
    browser = town.visitor()
    sent = browser.get("/staff/search?q=%D8%B1%D8%AE%D8%B5%D8%A9")
    door = browser.get(sent.location)
    assert door.status == 200
    assert (
        door.text.index("الدخول بحساب البلدية")
        < door.text.index("أو بحساب ديوان")
        < door.text.index('name="totp"')
    )
    assert "autofocus" not in door.text
    link = door.text.split('href="/staff/sign-in/directory', 1)[1].split('"', 1)[0]
    back = come_back(browser, oidc, leave=LEAVE + link.replace("&amp;", "&"))
    assert (back.status, back.location) == (303, "/staff/search?q=%D8%B1%D8%AE%D8%B5%D8%A9")
    assert browser.get(back.location).status == 200
    assert STAFF["clerk"]["name"]["ar"] in browser.get("/staff").text
    assert browser.get(LEAVE).location == browser.get("/staff/sign-in").location == "/staff"


def test_the_ticket_is_for_the_way_back_and_gone_after_it(opened: Opened, oidc: OidcServer) -> None:
    town = opened(DIWAN_BASE_URL="https://town.example")
    browser = town.visitor()
    assert come_back(browser, oidc).status == 303
    given, taken = [line for line in browser.seen_cookies if "diwan_directory=" in line]
    assert given.startswith("__Secure-diwan_directory=")
    for part in ("Path=/staff/sign-in", "Max-Age=600", "HttpOnly", "SameSite=Lax", "Secure"):
        assert f"; {part}" in given
    assert "Max-Age=0" in taken
    assert set(browser.cookies) == {"__Host-diwan_session"}


@pytest.mark.parametrize(
    "elsewhere", ["//evil.example", "https://evil.example/", "/\\evil.example", "/" + "x" * 1500]
)
def test_the_directory_leads_nowhere_else(town: Town, oidc: OidcServer, elsewhere: str) -> None:
    assert come_back(town.visitor(), oidc, leave=f"{LEAVE}?next={elsewhere}").location == "/staff"


def test_a_town_without_a_directory_has_no_such_door(shared_town: Town) -> None:
    browser = shared_town.visitor()
    assert LEAVE not in browser.get("/staff/sign-in").text
    assert browser.get(LEAVE).status == browser.get("/staff/sign-in/return?code=a&state=b").status == 404


def unknown(town: Town, oidc: OidcServer) -> str:
    oidc.employ("stranger@elsewhere.example")
    return "stranger@elsewhere.example"


def unverified(town: Town, oidc: OidcServer) -> str:
    oidc.claims = {"email_verified": False}
    return EMAIL


def inactive(town: Town, oidc: OidcServer) -> str:
    with town.diwan.database.transaction() as tx:
        tx.execute(update(StaffRow).where(StaffRow.email == EMAIL).values(active=False))
    return EMAIL


def differs(town: Town, oidc: OidcServer) -> str:
    assert come_back(town.visitor(), oidc).status == 303
    oidc.employ(EMAIL)
    return EMAIL


def cancelled(town: Town, oidc: OidcServer) -> str:
    return ""


def forged(town: Town, oidc: OidcServer) -> str:
    oidc.claims = {"aud": "another"}
    return EMAIL


def skewed(town: Town, oidc: OidcServer) -> str:
    oidc.now = lambda: town.clock.now().timestamp() + 600
    return EMAIL


def down(town: Town, oidc: OidcServer) -> str:
    oidc.faults["/token"] = lambda _: Response(status=502)
    return EMAIL


@pytest.mark.parametrize(
    ("trouble", "status", "arabic", "english"),
    [
        (unknown, 403, "غير مسجل في ديوان", "not on file in Diwan"),
        (unverified, 403, "بريد إلكتروني موثّق", "no verified e-mail"),
        (inactive, 403, "انتهى إذن دخولك", "access to Diwan has ended"),
        (differs, 403, "فك الارتباط", "release it"),
        (cancelled, 422, "أُوقف في صفحة دخول البلدية", "stopped on the municipality’s"),
        (forged, 403, "فلم يدخل أحد", "nobody was let in"),
        (skewed, 503, "مختلفتان", "clocks"),
        (down, 503, "حاول بعد دقائق", "in a few minutes"),
    ],
)
def test_each_refusal_has_a_page_that_says_what_to_do(
    town: Town, oidc: OidcServer, trouble: Any, status: int, arabic: str, english: str
) -> None:
    who = trouble(town, oidc)
    for language, said in (("ar", arabic), ("en", english)):
        browser = town.visitor()
        browser.get(f"/staff/sign-in?lang={language}")
        page = come_back(browser, oidc, who, leave=f"{LEAVE}?next=/staff/upload")
        assert (page.status, f'lang="{language}"' in page.text) == (status, True)
        assert said in page.text
        assert 'role="alert"' in page.text and f"{LEAVE}?next=/staff/upload" in page.text
        assert "diwan_session" not in browser.cookies and "diwan_directory" not in browser.cookies
        # Nothing on the page leads to this answer again, and who may not come in can leave the directory.
        assert "code=" not in page.text and "state=" not in page.text
        assert (f"{oidc.url}/logout" in page.text) == (status == 403)


def test_a_directory_that_is_down_is_told_before_one_leaves(town: Town, oidc: OidcServer) -> None:
    oidc.faults["/.well-known/openid-configuration"] = lambda _: Response(status=500)
    page = town.visitor().get(f"{LEAVE}?next=/staff/upload")
    assert page.status == 503
    assert "تعذّر الوصول إلى صفحة دخول البلدية" in page.text
    assert 'name="totp"' in page.text and 'value="/staff/upload"' in page.text


def test_an_answer_is_for_one_browser_and_once(town: Town, oidc: OidcServer) -> None:
    mine, other = town.visitor(), town.visitor()
    answer = oidc.sign_in(mine.get(LEAVE).location, EMAIL)
    other.get(LEAVE)
    for browser in (other, town.visitor()):
        refused = arrive(browser, answer)
        assert (refused.status, "بدأ في متصفح آخر" in refused.text) == (422, True)
    ticket = mine.cookies["diwan_directory"]
    assert arrive(mine, answer).status == 303
    mine.cookies = {"diwan_directory": ticket}
    assert arrive(mine, answer).status == 422
    assert oidc.asked.count("/token") == 1


def test_twenty_refusals_make_an_address_rest(town: Town, oidc: OidcServer) -> None:
    browser = town.visitor()
    for _ in range(20):
        assert browser.get("/staff/sign-in/return?state=x&code=y").status == 422
    for path in (LEAVE, "/staff/sign-in/return?state=x&code=y"):
        refused = browser.get(path)
        assert (refused.status, "محاولات كثيرة في وقت قصير" in refused.text) == (429, True)
    assert come_back(town.visitor("198.51.100.4"), oidc).status == 303


def test_another_site_can_make_nobody_rest(town: Town, oidc: OidcServer) -> None:
    """By pictures, say, that browsers of the town hall load from here."""
    browser = town.visitor()
    for _ in range(25):
        assert browser.get("/staff/sign-in/return?state=x&code=y", sec_fetch_dest="image").status == 404
    left = browser.get(LEAVE)
    answer = oidc.sign_in(left.location, EMAIL)
    assert browser.get(f"/staff/sign-in/return?{urlencode(answer)}", sec_fetch_dest="document").status == 303


def test_a_town_may_close_the_other_door(opened: Opened, oidc: OidcServer) -> None:
    town = opened(DIWAN_STAFF_ACCOUNTS="no")
    browser = town.visitor()
    door = browser.get("/staff/sign-in")
    assert LEAVE in door.text and 'name="password"' not in door.text and "أو بحساب ديوان" not in door.text
    member = STAFF["clerk"]
    given = {"email": member["email"], "password": member["password"], "totp": "000000"}
    token = browser.get("/sign-in").hidden("/sign-in")
    refused = browser.post("/staff/sign-in", {**token, **given})
    assert (refused.status, "بحساب البلدية وحده" in refused.text) == (403, True)
    told = browser.call("POST", "/api/v1/sessions", given)
    assert (told.status, told.json["code"]) == (403, "own-accounts-closed")
    assert come_back(browser, oidc).status == 303


def test_who_signs_out_is_told_that_the_directory_still_knows_them(town: Town, oidc: OidcServer) -> None:
    browser = town.visitor()
    come_back(browser, oidc)
    hidden = browser.get("/help/contact").hidden("/sign-out")
    left = browser.post("/sign-out", hidden)
    assert (left.status, left.location) == (303, "/staff/sign-in?out=1")
    page = browser.get(left.location)
    assert "حساب البلدية ما زال مفتوحًا" in page.text
    leave = page.text.split(f'href="{oidc.url}/logout', 1)[1].split('"', 1)[0].replace("&amp;", "&")
    assert query(f"x{leave}")["post_logout_redirect_uri"] in oidc.homes
    assert browser.get("/staff").status == 303
    oidc.description = {"end_session_endpoint": None}
    town.clock.move(minutes=61)
    assert "حساب البلدية ما زال مفتوحًا" not in browser.get(left.location).text


def test_signing_in_again_ends_the_old_session(town: Town, oidc: OidcServer) -> None:
    browser = town.visitor()
    left = browser.get(LEAVE)
    come_back(second := Browser(town.app), oidc)
    browser.cookies["diwan_session"] = old = second.cookies["diwan_session"]
    assert arrive(browser, oidc.sign_in(left.location, EMAIL)).status == 303
    assert browser.cookies["diwan_session"] != old
    assert town.diwan.identity.session(old, town.clock.now()) is None


def test_no_form_may_lead_to_another_site(town: Town) -> None:
    policy = town.visitor().get("/staff/sign-in").headers["content-security-policy"]
    assert "form-action 'self';" in policy


def test_no_log_line_holds_a_code_a_token_an_address_or_a_subject(
    town: Town, oidc: OidcServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(0)
    browser, secrets = town.visitor(), {SECRET, EMAIL, oidc.people[EMAIL]["sub"]}
    signed, sign = [], oidc.sign
    oidc.sign = lambda claims: signed.append(sign(claims)) or signed[-1]
    for claims in ({}, {"nonce": "x"}, {"email_verified": False, "sub": "1"}, {"exp": 1}):
        oidc.claims = claims
        left = browser.get(LEAVE)
        answer = oidc.sign_in(left.location, EMAIL)
        secrets |= {
            answer["code"],
            answer["state"],
            browser.cookies["diwan_directory"],
            query(left.location)["nonce"],
        }
        arrive(browser, answer)
        secrets.add(browser.cookies.pop("diwan_session", SECRET))
    with town.diwan.database.transaction() as tx:
        assert tx.get(DirectoryAccountRow, (oidc.issuer, oidc.people[EMAIL]["sub"])) is not None
    # The person's browser and the directory are no part of ours.
    ours = [record for record in caplog.records if not record.name.startswith(("httpx", "httpcore"))]
    told = "\n".join(JsonLines().format(record) for record in ours)
    assert "sign-in with the directory refused" in told and '"reason": "nonce"' in told
    assert len(signed) == 4
    assert [secret for secret in (*secrets, *signed) if secret in told] == []

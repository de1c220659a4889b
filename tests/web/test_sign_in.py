"""The doors: for citizens, for staff, for programs."""

import re
from collections.abc import Callable

import pyotp
import pytest

from chalicelib.bootstrap import Diwan
from tests.moving_clock import MovingClock
from tests.web.conftest import CIVIL_ID, PASSWORD, SECRET
from tests.web_browser import Answer, Browser

UNKNOWN = "271032212379"
ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


def plain(answer: Answer) -> tuple[int, str]:
    """Status and page without what differs by visit: tokens, the request's id, the number typed."""
    return answer.status, re.sub(
        r'value="[^"]*"|content=\'[^\']*\'|hx-headers[^>]*|\d{12}|[0-9a-z]{26}', "", answer.text
    )


def wrong(code: str) -> str:
    return "000000" if code != "000000" else "111111"


def test_a_citizen_signs_in_without_scripts(browser: Browser, last_code: Callable[[], str]) -> None:
    typed = f" {CIVIL_ID[:6].translate(ARABIC)} {CIVIL_ID[6:]} "
    asked = browser.submit("/sign-in?next=/track", "/sign-in", {"civil_id": typed})
    assert (asked.status, asked.location) == (303, "/sign-in/code?next=/track")
    code = last_code()
    spaced = f"{code[:3].translate(ARABIC)} {code[3:]}"
    signed_in = browser.submit(asked.location, "/sign-in/code", {"code": spaced})
    assert (signed_in.status, signed_in.location) == (303, "/track")
    cookie = signed_in.headers["set-cookie"]
    assert "diwan_session" in browser.cookies
    assert "diwan_asked" not in browser.cookies
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_the_pages_are_in_the_readers_language(browser: Browser) -> None:
    arabic, english = browser.get("/sign-in"), browser.get("/sign-in?lang=en")
    assert '<html lang="ar" dir="rtl">' in arabic.text
    assert "الرقم المدني" in arabic.text
    assert '<html lang="en" dir="ltr">' in english.text
    assert "Civil ID" in english.text


def test_known_and_unknown_civil_ids_see_the_same_pages(app: object, last_code: Callable[[], str]) -> None:
    known, unknown = Browser(app), Browser(app, address="198.51.100.4")
    pages: list[list[tuple[int, str]]] = []
    for browser, civil_id in ((known, CIVIL_ID), (unknown, UNKNOWN)):
        asked = browser.submit("/sign-in", "/sign-in", {"civil_id": civil_id})
        seen = [(asked.status, asked.location), plain(browser.get("/sign-in/code"))]
        for _ in range(6):
            tried = browser.submit("/sign-in/code", "/sign-in/code", {"code": wrong(last_code())})
            seen.append(plain(tried))
        pages.append(seen)
    assert pages[0] == pages[1]


def test_a_wrong_code_five_times_says_what_to_do(browser: Browser, last_code: Callable[[], str]) -> None:
    browser.submit("/sign-in", "/sign-in", {"civil_id": CIVIL_ID})
    right = last_code()
    said = []
    for _ in range(5):
        said.append(browser.submit("/sign-in/code", "/sign-in/code", {"code": wrong(right)}))
    assert [answer.status for answer in said] == [422] * 5
    assert "بقيت لك محاولتان" in said[2].text
    assert "بقيت لك محاولة واحدة" in said[3].text
    assert "اطلب رمزًا جديدًا" in said[4].text
    late = browser.submit("/sign-in/code", "/sign-in/code", {"code": right})
    assert late.status == 422
    again = browser.submit("/sign-in/code", "/sign-in", {})
    assert again.status == 303
    assert browser.submit("/sign-in/code", "/sign-in/code", {"code": last_code()}).status == 303


def test_the_fourth_code_in_a_quarter_of_an_hour_is_too_many(browser: Browser) -> None:
    for _ in range(3):
        assert browser.submit("/sign-in", "/sign-in", {"civil_id": CIVIL_ID}).status == 303
    fourth = browser.submit("/sign-in", "/sign-in", {"civil_id": CIVIL_ID})
    assert fourth.status == 429
    assert "انتظر" in fourth.text
    assert f'value="{CIVIL_ID}"' in fourth.text


@pytest.mark.parametrize(("typed", "said"), [("", "12 رقمًا"), ("263091412005", "راجعه في بطاقتك")])
def test_a_mistyped_civil_id_is_kept_and_explained(browser: Browser, typed: str, said: str) -> None:
    answer = browser.submit("/sign-in", "/sign-in", {"civil_id": typed})
    assert answer.status == 422
    assert said in answer.text
    assert f'value="{typed}"' in answer.text
    assert 'href="#field-civil_id"' in answer.text


def test_the_code_page_is_only_for_who_asked(browser: Browser) -> None:
    assert browser.get("/sign-in/code").location == "/sign-in"


def test_the_forms_take_only_their_own_tokens(browser: Browser) -> None:
    for path in ("/sign-in", "/sign-in/code", "/staff/sign-in"):
        assert browser.post(path, {"civil_id": CIVIL_ID, "_csrf": "forged"}).status == 403


@pytest.mark.parametrize("elsewhere", ["//evil.example", "https://evil.example/", "/\\evil.example", "x"])
def test_signing_in_leads_nowhere_else(
    browser: Browser, last_code: Callable[[], str], elsewhere: str
) -> None:
    asked = browser.submit(f"/sign-in?next={elsewhere}", "/sign-in", {"civil_id": CIVIL_ID})
    assert asked.location == "/sign-in/code?next=/renew"
    hidden = browser.get("/sign-in/code").hidden("/sign-in/code")
    signed_in = browser.post("/sign-in/code", {**hidden, "next": elsewhere, "code": last_code()})
    assert signed_in.location == "/renew"


def test_an_ended_session_says_so_and_keeps_where_one_was(
    signed_in_citizen: Browser, clock: MovingClock, last_code: Callable[[], str]
) -> None:
    browser = signed_in_citizen
    old = browser.cookies["diwan_session"]
    clock.move(minutes=31)
    sent = browser.post("/sign-out", {}, referer="http://127.0.0.1:8000/renew/abc")
    assert sent.status == 303
    assert sent.location == "/sign-in?next=/renew/abc&ended=1"
    door = browser.get(sent.location)
    assert "انتهت جلستك" in door.text
    asked = browser.submit(sent.location, "/sign-in", {"civil_id": CIVIL_ID})
    back = browser.submit(asked.location, "/sign-in/code", {"code": last_code()})
    assert back.location == "/renew/abc"
    assert browser.cookies["diwan_session"] != old


def test_signing_out_ends_the_session_everywhere_it_was_copied(
    signed_in_citizen: Browser, app: object
) -> None:
    token = signed_in_citizen.cookies["diwan_session"]
    thief = Browser(app, cookies={"diwan_session": token})
    assert thief.call("GET", "/api/v1/me").status == 200
    hidden = signed_in_citizen.get("/help/contact").hidden("/sign-out")
    left = signed_in_citizen.post("/sign-out", hidden)
    assert (left.status, left.location) == (303, "/sign-in?out=1")
    assert "diwan_session" not in signed_in_citizen.cookies
    assert thief.call("GET", "/api/v1/me").status == 401


def test_signing_in_again_ends_the_old_session(
    signed_in_citizen: Browser, app: object, clock: MovingClock, last_code: Callable[[], str]
) -> None:
    old = signed_in_citizen.cookies["diwan_session"]
    page = signed_in_citizen.get("/help/contact")
    token = page.hidden("/sign-out")["_csrf"]
    clock.move(minutes=1)
    asked = signed_in_citizen.post("/sign-in", {"_csrf": token, "civil_id": CIVIL_ID})
    assert asked.status == 303
    again = signed_in_citizen.post("/sign-in/code", {"_csrf": token, "code": last_code()})
    assert again.status == 303
    assert signed_in_citizen.cookies["diwan_session"] != old
    assert Browser(app, cookies={"diwan_session": old}).call("GET", "/api/v1/me").status == 401


@pytest.fixture
def clerk(diwan: Diwan, staff_browser: Callable[[str], Browser], clock: MovingClock) -> Callable[[], str]:
    """A clerk with an account; call for the authenticator's present code."""
    staff_browser("clerk")
    clock.move(seconds=60)
    return lambda: pyotp.TOTP(SECRET).at(clock.now())


STAFF = {"email": "clerk@marsa-alnoor.example", "password": PASSWORD}


def test_staff_sign_in_on_one_page(browser: Browser, clerk: Callable[[], str]) -> None:
    fields = {**STAFF, "email": " Clerk@Marsa-Alnoor.example ", "totp": clerk().translate(ARABIC)}
    signed_in = browser.submit("/staff/sign-in?next=/staff/upload", "/staff/sign-in", fields)
    assert (signed_in.status, signed_in.location) == (303, "/staff/upload")
    assert browser.get("/staff/sign-in").location == "/staff"


@pytest.mark.parametrize("part", ["email", "password", "totp"])
def test_whatever_is_wrong_staff_see_the_same(browser: Browser, clerk: Callable[[], str], part: str) -> None:
    fields = {**STAFF, "totp": clerk()}
    base = browser.submit("/staff/sign-in", "/staff/sign-in", {**fields, "password": "wrong"})
    answer = browser.submit("/staff/sign-in", "/staff/sign-in", {**fields, part: "000000x"})
    assert plain(answer) == plain(base)
    assert answer.status == 422
    assert PASSWORD not in answer.text


def test_a_used_authenticator_code_opens_nothing(browser: Browser, clerk: Callable[[], str]) -> None:
    fields = {**STAFF, "totp": clerk()}
    assert browser.submit("/staff/sign-in", "/staff/sign-in", fields).status == 303
    browser.cookies.clear()
    assert browser.submit("/staff/sign-in", "/staff/sign-in", fields).status == 422


def test_guessing_at_an_account_is_stopped(browser: Browser, clerk: Callable[[], str]) -> None:
    for _ in range(5):
        browser.submit("/staff/sign-in", "/staff/sign-in", {**STAFF, "password": "guess", "totp": "1"})
    answer = browser.submit("/staff/sign-in", "/staff/sign-in", {**STAFF, "totp": clerk()})
    assert answer.status == 429
    assert "انتظر دقيقة" in answer.text


def test_a_program_signs_a_citizen_in_and_out(browser: Browser, last_code: Callable[[], str]) -> None:
    asked = browser.call("POST", "/api/v1/codes", {"civil_id": CIVIL_ID}, **{"Idempotency-Key": "first-code"})
    assert asked.status == 202
    assert set(asked.json) == {"expires_at"}
    unknown = browser.call(
        "POST", "/api/v1/codes", {"civil_id": UNKNOWN}, **{"Idempotency-Key": "second-code"}
    )
    assert (unknown.status, unknown.json) == (asked.status, asked.json)
    opened = browser.call("POST", "/api/v1/sessions", {"civil_id": CIVIL_ID, "code": last_code()})
    assert opened.status == 201
    bearer = {"Authorization": f"Bearer {opened.json['token']}"}
    assert "diwan_session" not in browser.cookies
    me = browser.call("GET", "/api/v1/me", **bearer)
    assert me.json == opened.json["me"]
    assert (me.json["kind"], me.json["roles"]) == ("citizen", ["citizen"])
    assert browser.call("DELETE", "/api/v1/sessions/current", **bearer).status == 204
    assert browser.call("GET", "/api/v1/me", **bearer).status == 401


def test_a_program_signs_staff_in(browser: Browser, clerk: Callable[[], str]) -> None:
    opened = browser.call("POST", "/api/v1/sessions", {**STAFF, "totp": clerk()})
    assert opened.status == 201
    assert opened.json["me"]["roles"] == ["clerk"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "body-invalid"),
        ({"civil_id": CIVIL_ID}, "body-invalid"),
        ({"civil_id": CIVIL_ID, "code": "1", "email": "a"}, "body-invalid"),
        ({"civil_id": "1", "code": "1"}, "civil-id-malformed"),
        ({"civil_id": CIVIL_ID, "code": "123456"}, "code-void"),
        ({**STAFF, "totp": "000000"}, "sign-in-refused"),
        ([], "body-invalid"),
    ],
)
def test_a_program_is_told_what_is_wrong(browser: Browser, body: object, code: str) -> None:
    answer = browser.call("POST", "/api/v1/sessions", body)
    assert answer.status == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json["code"] == code


def test_no_log_line_holds_a_code_or_a_token(
    browser: Browser, last_code: Callable[[], str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(0)
    browser.submit("/sign-in", "/sign-in", {"civil_id": CIVIL_ID})
    browser.submit("/sign-in/code", "/sign-in/code", {"code": last_code()})
    told = caplog.text + repr([vars(record) for record in caplog.records])
    for secret in (last_code(), browser.cookies["diwan_session"], CIVIL_ID):
        assert secret not in told

"""What the server does for every request, whatever page it is for."""

import gzip
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from chalicelib.web.request import BODY_LIMIT
from tests.town import OWNER, Town, fresh_key
from tests.web.conftest import open_town
from tests.web_browser import Browser

VENDOR: dict[str, str] = json.loads(
    (Path(__file__).parents[2] / "static" / "vendor.json").read_text(encoding="utf-8")
)
EVERY_ANSWER = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


@pytest.fixture
def visitor(shared_town: Town) -> Browser:
    return shared_town.visitor()


# Paths and queries


def test_arabic_in_a_query_arrives_whole(visitor: Browser) -> None:
    answer = visitor.get("/track?number=%D8%B1%D8%AE%D8%B5%D8%A9+%D9%A1%D9%A2")
    assert 'value="رخصة ١٢"' in answer.text


def test_arabic_in_a_path_arrives_whole(shared_town: Town) -> None:
    answer = shared_town.visitor().get("/%D8%AF%D9%8A%D9%88%D8%A7%D9%86?q=1")
    assert answer.status == 404
    assert 'href="/%D8%AF%D9%8A%D9%88%D8%A7%D9%86?q=1&amp;lang=en"' in answer.text


def test_a_path_is_decoded_once(visitor: Browser) -> None:
    assert visitor.get("/help/con%74act").status == 200
    assert visitor.get("/help/con%2574act").status == 404


@pytest.mark.parametrize("path", ["/%00", "/help/%00", "/help/%FF%FE", "/help/" + "a" * 3000, "/help/../x"])
def test_a_path_of_nonsense_is_not_found(visitor: Browser, path: str) -> None:
    assert visitor.get(path).status == 404


@pytest.mark.parametrize(
    "query", ["lang=%00", "number=%00%FF", "&&==&", "number=" + "%D9%A1" * 2000, "lang=xx"]
)
def test_a_query_of_nonsense_is_no_fault_of_ours(visitor: Browser, query: str) -> None:
    assert visitor.get(f"/track?{query}").status < 500


@pytest.mark.parametrize("path", ["//evil.example/", "/%5Cevil.example/", "///evil.example", "//staff"])
def test_no_path_makes_a_link_to_another_host(visitor: Browser, path: str) -> None:
    answer = visitor.get(path)
    assert not re.search(r'(?:href|action|src)="(?:/[/\\]|[a-z]+:)', answer.text)
    assert not answer.headers.get("location", "/").startswith(("//", "/\\"))
    assert not re.search(r"next=(?:/|%2F)(?:/|%2F|%5C)", answer.headers.get("location", ""))


# Methods


def test_head_is_get_without_its_body(visitor: Browser) -> None:
    head, get = visitor.send("HEAD", "/help/contact"), visitor.get("/help/contact")
    assert (head.status, head.body) == (200, b"")
    assert int(head.headers["content-length"]) > 1000
    assert head.headers["content-type"] == get.headers["content-type"]
    assert visitor.send("HEAD", "/no-such-page").status == 404


def test_a_wrong_method_is_told_which_are_right(visitor: Browser) -> None:
    page = visitor.send("DELETE", "/sign-in")
    assert (page.status, page.headers["allow"]) == (405, "GET, HEAD, POST")
    assert "<html" in page.text
    program = visitor.send("PUT", "/api/v1/me")
    assert (program.status, program.headers["allow"]) == (405, "GET, HEAD")
    assert program.json["code"] == "method-not-allowed"


# What is not there


def test_an_unknown_page_is_a_page_and_an_unknown_call_a_problem(visitor: Browser) -> None:
    page = visitor.get("/no-such-page")
    assert page.status == 404
    assert '<html lang="ar" dir="rtl">' in page.text
    program = visitor.get("/api/v1/no-such-thing", **{"accept-language": "en"})
    assert (program.status, program.headers["content-type"]) == (404, "application/problem+json")
    assert set(program.json) == {"type", "title", "status", "detail", "code", "request_id", "errors", "data"}
    assert program.json["request_id"] == program.headers["x-request-id"]
    assert re.search("[a-z]", program.json["detail"])
    assert re.search("[\u0600-\u06ff]", visitor.get("/api/v1/no-such-thing").json["detail"])


# Bodies


def test_a_body_over_the_limit_is_refused_unread(visitor: Browser) -> None:
    class Endless:
        def read(self, _size: int) -> bytes:
            raise AssertionError("read although too large")

    answer = visitor.send("POST", "/sign-in", Endless(), {"content-length": str(BODY_LIMIT + 1)})
    assert answer.status == 413
    assert "أكبر من الحدّ" in answer.text
    program = visitor.send("POST", "/api/v1/codes", Endless(), {"content-length": "9" * 400})
    assert (program.status, program.json["code"]) == (413, "body-too-large")


def test_a_body_that_breaks_off_or_does_not_say_how_long_it_is_does_nothing(visitor: Browser) -> None:
    broken = visitor.send("POST", "/api/v1/codes", b'{"civil_id"', {"content-length": "400", **fresh_key()})
    assert (broken.status, broken.json["code"]) == (400, "body-broken-off")
    chunked = visitor.send("POST", "/api/v1/codes", b"{}", {"transfer-encoding": "chunked", **fresh_key()})
    assert (chunked.status, chunked.json["code"]) == (400, "body-broken-off")


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"\xff\xfe",
        b'{"civil_id": "\\u0000"}',
        b'{"civil_id": NaN}',
        b"[" * 100_000,
        b"1" * 5000,
        b'{"civil_id": "\\ud800"}',
    ],
)
def test_what_is_no_json_is_said_to_be_none(visitor: Browser, body: bytes) -> None:
    answer = visitor.send("POST", "/api/v1/codes", body, {"content-type": "application/json", **fresh_key()})
    assert answer.status in (400, 422), answer.text
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/x-www-form-urlencoded", b"a=1&" * 501),
        ("application/x-www-form-urlencoded", b"\xff%ff%00=\x00&=;&&"),
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=", b"--\r\n"),
        ("multipart/form-data; boundary=b", b"--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--"),
        ("multipart/form-data; boundary=b", b"--b\r\n" + b"X: y\r\n" * 5000),
        ("multipart/form-data; boundary=" + "b" * 5000, b"x"),
        ("multipart/form-data; boundary*=utf-8''%FF", b"x"),
        (";;;===", b"x"),
        ("text/html; charset=nonsense", b"\xff"),
    ],
)
def test_no_form_breaks_the_server(visitor: Browser, content_type: str, body: bytes) -> None:
    for path in ("/sign-in", "/verify/file"):
        assert visitor.send("POST", path, body, {"content-type": content_type}).status in (400, 403)


# Static files


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("diwan.css", "text/css"),
        ("app.js", "text/javascript"),
        ("icons.svg", "image/svg+xml"),
        *((f"vendor/{name}", None) for name in VENDOR),
    ],
)
def test_static_files_have_their_type_and_keep(visitor: Browser, name: str, media_type: str | None) -> None:
    plain = visitor.get(f"/static/{name}")
    assert plain.status == 200
    assert plain.headers["cache-control"] == "no-cache"
    assert plain.headers["x-content-type-options"] == "nosniff"
    if media_type:
        assert plain.headers["content-type"].startswith(media_type)
    if name.endswith(".woff2"):
        assert plain.headers["content-type"] == "font/woff2"
    named = visitor.get(f"/static/{name}?v=0123456789ab", **{"accept-encoding": "gzip, br"})
    assert named.headers["cache-control"] == "public, max-age=31536000, immutable"
    if named.headers.get("content-encoding") == "gzip":
        assert gzip.decompress(named.body) == plain.body
    else:
        assert named.body == plain.body
        assert not name.endswith((".css", ".js", ".svg"))


@pytest.mark.parametrize(
    "name",
    [
        "../app.py",
        "..%2Fapp.py",
        "%2e%2e/app.py",
        "vendor/../../app.py",
        "vendor/bootstrap/package.json",
        "vendor/",
        "",
        "%2Fetc%2Fpasswd",
        "a%00.css",
        "a" * 300,
        "..%5Capp.py",
    ],
)
def test_nothing_else_is_static(visitor: Browser, name: str) -> None:
    assert visitor.get(f"/static/{name}").status == 404


def test_static_files_only_give(visitor: Browser) -> None:
    assert visitor.send("POST", "/static/diwan.css").status == 404
    head = visitor.send("HEAD", "/static/diwan.css")
    assert (head.status, head.body) == (200, b"")


# Headers


@pytest.mark.parametrize(
    "path", ["/", "/sign-in", "/no-such-page", "/api/v1/me", "/staff", "/api", "/healthz"]
)
def test_every_answer_carries_the_security_headers(visitor: Browser, path: str) -> None:
    answer = visitor.get(path)
    for name, value in EVERY_ANSWER.items():
        assert answer.headers[name] == value
    policy = answer.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "object-src 'none'" in policy
    assert "base-uri 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["cache-control"] == "no-store"
    assert "strict-transport-security" not in answer.headers


@pytest.mark.parametrize("method", ["TRACE", "OPTIONS", "DELETE"])
def test_refusals_of_the_server_itself_carry_them_too(visitor: Browser, method: str) -> None:
    answer = visitor.send(method, "/sign-in")
    assert answer.status == 405
    assert answer.headers["content-security-policy"]


def test_request_ids_are_echoed_only_when_well_formed(visitor: Browser) -> None:
    for path in ("/", "/no-such-page", "/api/v1/me"):
        own = visitor.get(path, **{"x-request-id": "trace-0123.45_6"})
        assert own.headers["x-request-id"] == "trace-0123.45_6"
        for odd in ("short", "a" * 65, "with space 12345", "<script>alert(1)", "a\u00e9bcdefgh", ""):
            fresh = visitor.get(path, **{"x-request-id": odd})
            assert re.fullmatch("[0-9a-z]{26}", fresh.headers["x-request-id"])


def test_two_requests_have_two_ids(visitor: Browser) -> None:
    assert visitor.get("/").headers["x-request-id"] != visitor.get("/").headers["x-request-id"]


# Cookies


@pytest.fixture
def https_town(prepared_town: Path, tmp_path: Path) -> Iterator[Town]:
    shutil.copytree(prepared_town, tmp_path / "https")
    opened = open_town(tmp_path / "https", DIWAN_BASE_URL="https://diwan.example")
    yield opened
    opened.diwan.close()


def sign_in_on_pages(town: Town) -> list[str]:
    """Every cookie set on the way in, as the header says it."""
    browser = town.visitor()
    browser.get("/?lang=en")
    browser.submit("/sign-in", "/sign-in", {"civil_id": OWNER})
    done = browser.submit("/sign-in/code", "/sign-in/code", {"code": town.last_code()})
    assert done.status == 303
    return browser.seen_cookies


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(town: Town) -> None:
    said = sign_in_on_pages(town)
    assert {line.split("=")[0] for line in said} == {
        "diwan_session",
        "diwan_visitor",
        "diwan_language",
        "diwan_asked",
    }
    for line in said:
        assert "; HttpOnly" in line
        assert "; SameSite=Lax" in line or "; SameSite=Strict" in line
        assert "Secure" not in line
        assert "Domain" not in line


def test_over_tls_cookies_are_for_tls_and_this_host_alone(https_town: Town) -> None:
    said = sign_in_on_pages(https_town)
    for line in said:
        assert line.endswith("; Secure")
        assert line.startswith("__Host-") == ("; Path=/;" in line)
        assert line.startswith(("__Host-", "__Secure-"))
    answer = https_town.visitor().get("/")
    assert answer.headers["strict-transport-security"].startswith("max-age=63072000")


def test_over_tls_a_cookie_set_by_a_neighbouring_host_is_not_ours(https_town: Town) -> None:
    token = https_town.token("clerk")
    planted = Browser(https_town.app, cookies={"diwan_session": token})
    assert planted.get("/staff").status == 303
    own = Browser(https_town.app, cookies={"__Host-diwan_session": token})
    assert own.get("/staff").status == 200


# Language


def test_the_language_switch_keeps_page_and_query(visitor: Browser) -> None:
    arabic = visitor.get("/track?number=HR-1%262&x=%D8%A8")
    switch = re.search(r'href="([^"]*lang=en)"', arabic.text)
    assert switch
    english = visitor.get(switch[1].replace("&amp;", "&"))
    assert '<html lang="en" dir="ltr">' in english.text
    assert 'value="HR-1&amp;2"' in english.text
    assert '<html lang="en"' in visitor.get("/help/contact").text
    assert '<html lang="ar"' in visitor.get("/help/contact?lang=ar").text


def test_after_a_form_the_switch_leads_to_the_page_that_held_it(visitor: Browser) -> None:
    hidden = visitor.get("/sign-in?next=/track").hidden("/sign-in")
    again = visitor.post(
        "/sign-in", {**hidden, "civil_id": "1"}, referer="https://evil.example/sign-in?next=%2Ftrack"
    )
    assert again.status == 422
    assert 'href="/sign-in?next=%2Ftrack&amp;lang=en"' in again.text


# The way back after signing in


@pytest.mark.parametrize(
    "elsewhere",
    [
        "//evil.example",
        "https://evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "/%0d%0aSet-Cookie:x=1",
        "/\r\nX: y",
        "\t//evil.example",
        "http:evil.example",
    ],
)
@pytest.mark.parametrize("door", ["/sign-in", "/staff/sign-in"])
def test_no_door_leads_to_another_site(shared_town: Town, door: str, elsewhere: str) -> None:
    signed_in = shared_town.citizen() if door == "/sign-in" else shared_town.staff("clerk")
    location = signed_in.get(f"{door}?next={quote(elsewhere)}").location
    assert re.fullmatch(r"/(?![/\\])[^\s]*", location)


def test_a_wall_keeps_page_and_query_for_afterwards(shared_town: Town) -> None:
    answer = shared_town.visitor().get("/staff/search?q=%D8%A8%D9%86%D8%A7%D8%A1&lang=en")
    assert (
        answer.location == "/staff/sign-in?next=/staff/search%3Fq%3D%25D8%25A8%25D9%2586%25D8%25A7%25D8%25A1"
    )
    elsewhere = shared_town.visitor().post("/sign-out", {}, referer="https://evil.example//evil.example/x")
    assert elsewhere.location == "/sign-in?next=/"


# Health


def test_health_says_no_more_than_which_stores_can_serve_people(
    shared_town: Town, prepared_town: Path, tmp_path: Path
) -> None:
    well = shared_town.visitor().get("/readyz")
    stores = {"database": "ready", "blobs": "ready", "search": "ready"}
    assert (well.status, well.json) == (200, {"ready": True, "stores": stores})
    shutil.copytree(prepared_town, tmp_path / "cut-off")
    cut_off = open_town(tmp_path / "cut-off", DIWAN_DATABASE="postgresql+psycopg://nobody@127.0.0.1:1/none")
    ill = cut_off.visitor().get("/readyz")
    stores["database"] = "not ready: store-unavailable"
    assert (ill.status, ill.json) == (503, {"ready": False, "stores": stores})
    alive = cut_off.visitor().get("/healthz")
    assert (alive.status, alive.json) == (200, {"alive": True})
    cut_off.diwan.close()

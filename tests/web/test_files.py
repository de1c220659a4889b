"""Bytes that pass the application by, on signed links: sent once and whole, given back and never run."""

import hashlib
import shutil
from pathlib import Path
from urllib.parse import unquote

import pytest

from tests.town import Town, fresh_key
from tests.web.conftest import open_town
from tests.web_browser import Answer, Browser

PAPER = bytes(range(256)) * 400


@pytest.fixture
def town(shared_town: Town) -> Town:
    """Filing adds and takes nothing away, so these tests may share."""
    return shared_town


def announce(town: Town, size: int = len(PAPER), filename: str = "مخطط القسيمة 12.pdf") -> dict[str, str]:
    answer = town.visitor().call(
        "POST",
        "/api/v1/uploads",
        {"filename": filename, "size": size},
        **town.bearer("clerk"),
        **fresh_key(),
    )
    assert answer.status == 201, answer.text
    told: dict[str, str] = answer.json
    return told


def complete(town: Town, upload: str) -> Answer:
    return town.visitor().call("POST", f"/api/v1/uploads/{upload}/complete", {}, **town.bearer("clerk"))


def kept(town: Town) -> list[Path]:
    folder = town.diwan.settings.data / "blobs"
    return sorted(path for path in folder.rglob("*") if path.is_file())


def filed(town: Town, filename: str = "مخطط القسيمة 12.pdf", content: bytes = PAPER) -> str:
    told = announce(town, filename=filename)
    assert town.visitor().send("PUT", told["url"], content).status == 200
    document: str = complete(town, told["id"]).json["document"]
    return document


def download_link(town: Town, document: str) -> str:
    answer = town.staff("clerk").get(f"/staff/documents/{document}/original")
    assert answer.status == 303
    return answer.location


def test_what_is_sent_is_filed_and_comes_back_the_same(town: Town) -> None:
    got = town.visitor().get(download_link(town, filed(town)))
    assert (got.status, got.body) == (200, PAPER)


def test_a_link_takes_bytes_once_and_a_repeated_sending_changes_nothing(town: Town) -> None:
    told = announce(town)
    visitor = town.visitor()
    assert visitor.send("PUT", told["url"], PAPER).status == 200
    assert visitor.send("PUT", told["url"], b"x" * len(PAPER)).status == 200
    document = complete(town, told["id"]).json["document"]
    assert complete(town, told["id"]).json["document"] == document
    assert visitor.get(download_link(town, document)).body == PAPER


@pytest.mark.parametrize(
    ("sent", "length", "status", "code"),
    [
        (PAPER + b"x", None, 422, "upload-too-large"),
        (PAPER, str(10**30), 422, "upload-too-large"),
        (PAPER[:1000], str(len(PAPER)), 422, "upload-broken"),
        (PAPER[:1000], "1000", 422, "upload-broken"),
        (PAPER, "", 422, "upload-broken"),
        (PAPER, "-5", 422, "upload-broken"),
        (PAPER, "٥", 422, "upload-broken"),
    ],
)
def test_too_much_or_too_little_leaves_nothing(
    town: Town, sent: bytes, length: str | None, status: int, code: str
) -> None:
    told = announce(town)
    before = kept(town)
    headers = {} if length is None else {"content-length": length}
    answer = town.visitor().send("PUT", told["url"], sent, headers)
    assert (answer.status, answer.json["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert "\u0600" < answer.json["detail"][0] < "\u06ff"
    assert kept(town) == before
    assert complete(town, told["id"]).status == 409
    assert town.visitor().send("PUT", told["url"], PAPER).status == 200
    assert complete(town, told["id"]).status == 200


def test_a_stream_is_never_held_whole(town: Town) -> None:
    told = announce(town, size=20_000_000)

    class Drops:
        """A sender whose every read is small; it remembers the largest asked of it."""

        largest, left = 0, 20_000_000

        def read(self, size: int) -> bytes:
            self.largest = max(self.largest, size)
            given = min(size, self.left)
            self.left -= given
            return b"d" * given

    drops = Drops()
    assert town.visitor().send("PUT", told["url"], drops, {"content-length": "20000000"}).status == 200
    assert drops.largest <= 1 << 20


def test_an_upload_is_completed_by_whoever_announced_it(town: Town) -> None:
    told = announce(town)
    town.visitor().send("PUT", told["url"], PAPER)
    other = town.visitor().call(
        "POST", f"/api/v1/uploads/{told['id']}/complete", {}, **town.bearer("archivist")
    )
    assert other.status == 404
    assert complete(town, told["id"]).status == 200


@pytest.mark.parametrize("change", [0, 5, -1, -10])
def test_a_changed_link_opens_nothing(town: Town, change: int) -> None:
    for url, method in ((announce(town)["url"], "PUT"), (download_link(town, filed(town)), "GET")):
        start = url.rindex("/") + 1
        token = list(url[start:])
        token[change] = "A" if token[change] != "A" else "B"
        answer = town.visitor().send(method, url[:start] + "".join(token), PAPER)
        assert answer.status == 403


@pytest.mark.parametrize("token", ["", "x", ".", "a.b", "%00.%00", "é.é", "e30=." + "A" * 32, "a/b.c"])
def test_a_made_up_link_opens_nothing(town: Town, token: str) -> None:
    assert town.visitor().get(f"/files/download/{token}").status == 403
    assert town.visitor().send("PUT", f"/files/upload/{token}", PAPER).status == 403
    assert town.visitor().get(f"/files/{token}").status == 404


def test_a_link_is_good_for_one_purpose_and_method(town: Town) -> None:
    told, given = announce(town), download_link(town, filed(town))
    visitor = town.visitor()
    assert visitor.get(told["url"]).status == 404
    assert visitor.get(told["url"].replace("/upload/", "/download/")).status == 403
    assert visitor.send("PUT", given, PAPER).status == 404
    assert visitor.send("PUT", given.replace("/download/", "/upload/"), PAPER).status == 403


def test_links_end_and_say_so_to_people(prepared_town: Path, tmp_path: Path) -> None:
    shutil.copytree(prepared_town, tmp_path / "town")
    town = open_town(tmp_path / "town")
    told, given = announce(town), download_link(town, filed(town))
    town.clock.move(seconds=301)
    late = town.visitor().get(given)
    assert late.status == 403
    assert '<html lang="ar" dir="rtl">' in late.text
    town.clock.move(hours=1)
    assert town.visitor().send("PUT", told["url"], PAPER).json["code"] == "link-expired"
    town.diwan.close()


@pytest.mark.parametrize(
    ("asked", "status", "first", "last"),
    [
        ("bytes=0-9", 206, 0, 9),
        ("bytes=100-", 206, 100, len(PAPER) - 1),
        ("bytes=-10", 206, len(PAPER) - 10, len(PAPER) - 1),
        ("bytes=0-999999999", 200, 0, len(PAPER) - 1),
        ("bytes=-999999999", 200, 0, len(PAPER) - 1),
        ("bytes=999999999-", 200, 0, len(PAPER) - 1),
        ("bytes=9-3", 200, 0, len(PAPER) - 1),
        ("bytes=-0", 200, 0, len(PAPER) - 1),
        ("bytes=-", 200, 0, len(PAPER) - 1),
        ("bytes=0-1,5-6", 200, 0, len(PAPER) - 1),
        ("bytes=" + "9" * 5000 + "-", 200, 0, len(PAPER) - 1),
        ("bytes=٠-٩", 200, 0, len(PAPER) - 1),
    ],
)
def test_a_part_may_be_asked_for(town: Town, asked: str, status: int, first: int, last: int) -> None:
    answer = town.visitor().get(download_link(town, filed(town)), range=asked)
    assert answer.status == status
    assert answer.body == PAPER[first : last + 1]
    assert int(answer.headers["content-length"]) == len(answer.body)
    if status == 206:
        assert answer.headers["content-range"] == f"bytes {first}-{last}/{len(PAPER)}"


@pytest.mark.parametrize(
    "filename",
    ["مخطط القسيمة 12.pdf", 'a"; filename=evil.html', "x\r\nSet-Cookie: a=b", "../../etc/passwd", "<b>.html"],
)
def test_a_stored_file_is_a_download_that_runs_nothing(town: Town, filename: str) -> None:
    own = hashlib.sha256(filename.encode()).digest()  # or it would be the document that another name has
    got = town.visitor().get(download_link(town, filed(town, filename, own + PAPER[len(own) :])))
    disposition = got.headers["content-disposition"]
    assert disposition.isascii() and disposition.startswith("attachment; filename*=UTF-8''")
    named = unquote(disposition.split("''")[1])
    assert named == filename.rsplit("/", 1)[-1]
    assert not {'"', ";", "\r", "\n", "<"} & set(disposition.split("''")[1])
    assert got.headers["content-type"] == "application/octet-stream"
    assert got.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in got.headers["content-security-policy"]
    assert "default-src 'none'" in got.headers["content-security-policy"]
    assert "set-cookie" not in got.headers


@pytest.mark.parametrize("claimed", ["text/html", "image/svg+xml", "application/xhtml+xml", "text/xml", ""])
def test_no_type_that_a_browser_would_run_is_ever_said(town: Town, claimed: str) -> None:
    stored = town.diwan.blobs.put(b"<script>alert(1)</script>")
    answer = town.visitor().get(town.diwan.blobs.download_url(stored.key, claimed, None))
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment")


def test_head_of_a_file_has_its_size_and_no_bytes(town: Town) -> None:
    answer: Answer = Browser(town.app).send("HEAD", download_link(town, filed(town)))
    assert (answer.status, answer.body) == (200, b"")
    assert answer.headers["content-length"] == str(len(PAPER))


def test_a_link_to_what_is_gone_is_not_found(town: Town) -> None:
    stored = town.diwan.blobs.put(b"gone")
    url = town.diwan.blobs.download_url(stored.key, "image/png", None)
    town.diwan.blobs.delete(stored.key)
    assert town.visitor().get(url).status == 404


def send_plainly(clerk: Browser, content: bytes, **fields: str) -> Answer:
    """As a browser without scripts sends the form."""
    typed = clerk.get("/staff/upload").hidden("/staff/upload") | fields
    parts = [
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{typed[name]}\r\n' for name in typed
    ]
    file = '--b\r\nContent-Disposition: form-data; name="files"; filename="a.pdf"\r\n\r\n'
    body = "".join([*parts, file]).encode() + content + b"\r\n--b--\r\n"
    return clerk.send("POST", "/staff/upload", body, {"content-type": "multipart/form-data; boundary=b"})


@pytest.mark.parametrize("language", ["ar", "en"])
def test_who_sends_again_what_is_on_file_is_told_as_what(town: Town, language: str) -> None:
    say = town.diwan.pages.localisation(language).text
    content = language.encode() + PAPER[2:]
    first = filed(town, content=content)
    told = announce(town)
    assert town.visitor().send("PUT", told["url"], content).status == 200
    path = f"/api/v1/uploads/{told['id']}/complete"
    answer = town.visitor().call("POST", path, {}, **town.bearer("clerk"), accept_language=language).json
    on_file = say("archive-on-file", kind=say("kind-other"))
    assert answer == {"document": first, "duplicate": True, "new": False, "detail": on_file}

    clerk = town.staff("clerk")
    clerk.get(f"/staff/upload?lang={language}")
    sent = send_plainly(clerk, content, kind="drawing")
    assert (sent.status, sent.location) == (303, f"/staff/documents/{first}?filed=before")
    assert on_file in clerk.get(sent.location).text
    assert on_file not in clerk.get(f"/staff/documents/{first}").text
    hidden = send_plainly(clerk, content, kind="drawing", confidential="yes").location
    assert first not in hidden and "?" not in hidden
    again = send_plainly(clerk, content, kind="other", confidential="yes").location
    assert again == f"{hidden}?filed=before" and clerk.get(again).status == 404

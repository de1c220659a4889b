"""Reading by a function: what it is handed, and what becomes of calls that go wrong. That it reads is in contract/."""

import json
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ConnectionClosedError, ReadTimeoutError

from chalicelib.adapters.aws.lambda_ocr import LambdaOcr
from chalicelib.adapters.aws.s3_blobs import S3Blobs
from chalicelib.adapters.embedded.system_clock import SystemClock
from chalicelib.ports.ocr import Opened, ReaderGone, ReadPage, SourceRefused
from chalicelib.ports.stores import StoreDenied
from ocr import presigned
from ocr.function import read
from tests.aws_server import REGION, SECRET, AwsServer, Fault, faults, half_done, refused, unheard
from tests.lambda_server import CRASHED, OUT_OF_MEMORY, TIMED_OUT, Ended, LambdaServer, lambda_server

PAGE = {
    "state": "read", "reason": None, "width": 100, "height": 200, "dpi": 100, "rotation": 90, "skew": 0.0,
    "words": [{"text": "ديوان", "x": 10, "y": 20, "width": 30, "height": 5, "confidence": 90, "line": 0,
               "doubt": False, "source": "line reader"}],
}  # fmt: skip


def reader(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """The function around a reader that finds a page for every byte of the file."""

    def answers(request: dict[str, Any]) -> Iterator[dict[str, Any]]:
        pages = source.stat().st_size
        yield {"id": 1, "event": "opened", "pages": pages, "media_type": "image/tiff"}
        for number in range(request["first_page"], pages + 1):
            Path(request["results"], f"{number}.webp").write_bytes(b"picture %d" % number)
            yield {"id": 1, "event": "page", "number": number, "preview": f"{number}.webp", **PAGE}
        yield {"id": 1, "event": "done"}

    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "source")
        presigned.download(event["source"], source)
        return read(
            event, source, context.get_remaining_time_in_millis, answers,
            lambda address, content: presigned.put(address, content, "image/webp"),
        )  # fmt: skip


@pytest.fixture
def functions() -> Iterator[LambdaServer]:
    with lambda_server({"reader": reader}) as server:
        yield server


@pytest.fixture
def blobs(aws: AwsServer) -> S3Blobs:
    return S3Blobs(f"s3://{aws.bucket()}/town?{aws.options()}", SystemClock())


@pytest.fixture
def ocr(functions: LambdaServer, blobs: S3Blobs) -> LambdaOcr:
    return open_ocr(functions, blobs)


def open_ocr(functions: LambdaServer, blobs: S3Blobs, name: str = "reader") -> LambdaOcr:
    return LambdaOcr(f"lambda://{name}?endpoint={functions.url}&region={REGION}", blobs, pages=2)


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    (tmp_path / "results").mkdir()
    (tmp_path / "scan").write_bytes(b"12345")
    return tmp_path / "scan"


def pages_of(told: list[Opened | ReadPage]) -> list[int]:
    return [page.number for page in told if isinstance(page, ReadPage)]


def test_pages_come_a_few_at_a_time_with_their_pictures(
    ocr: LambdaOcr, functions: LambdaServer, blobs: S3Blobs, scan: Path
) -> None:
    told = list(ocr.read(scan, scan.parent / "results"))
    assert told[0] == Opened(5, "image/tiff")
    assert pages_of(told) == [1, 2, 3, 4, 5]
    assert [(event["first_page"], event["last_page"]) for event in functions.events] == [
        (1, 2),
        (3, 4),
        (5, 6),
    ]
    for page in told[1:]:
        assert isinstance(page, ReadPage)
        assert page.preview and page.preview.read_bytes() == b"picture %d" % page.number
        assert (page.width, page.height, page.words[0].x, page.words[0].width) == (200, 100, 175, 5)
    assert list(blobs.keys()) == []


def test_what_the_archive_keeps_is_not_sent_again(
    ocr: LambdaOcr, functions: LambdaServer, blobs: S3Blobs, scan: Path
) -> None:
    kept = blobs.put(scan)
    with faults(blobs._s3, "PutObject", refused(403, "AccessDenied")) as met:
        assert pages_of(list(ocr.read(scan, scan.parent / "results", first_page=4))) == [4, 5]
    assert not met
    assert kept.key in functions.events[0]["source"]
    assert list(blobs.keys()) == [kept.key]


def test_the_function_is_handed_nothing_but_links(
    ocr: LambdaOcr, functions: LambdaServer, blobs: S3Blobs, scan: Path
) -> None:
    list(ocr.read(scan, scan.parent / "results"))
    assert set(functions.events[0]) == {"source", "name", "first_page", "last_page", "previews"}
    assert SECRET not in json.dumps(functions.events)


def test_a_function_short_of_time_reads_on_at_the_next_call(
    functions: LambdaServer, ocr: LambdaOcr, scan: Path
) -> None:
    functions.seconds = 30  # less than a page may take: it stops after each
    assert pages_of(list(ocr.read(scan, scan.parent / "results"))) == [1, 2, 3, 4, 5]
    assert [event["first_page"] for event in functions.events] == [1, 2, 3, 4, 5]


def test_what_cannot_be_cleared_away_costs_no_page(ocr: LambdaOcr, blobs: S3Blobs, scan: Path) -> None:
    with faults(blobs._s3, "DeleteObject", *[refused(403, "AccessDenied")] * 9) as met:
        assert pages_of(list(ocr.read(scan, scan.parent / "results"))) == [1, 2, 3, 4, 5]
    assert met


def test_a_picture_that_did_not_arrive_costs_the_picture(blobs: S3Blobs, scan: Path) -> None:
    def blind(event: dict[str, Any], context: Any) -> dict[str, Any]:
        return {"opened": {"pages": 1, "media_type": "image/tiff"}, "next_page": None,
                "pages": [{"number": 1, "preview": "1.webp", **PAGE}]}  # fmt: skip

    with lambda_server({"reader": blind}) as server:
        _, page = open_ocr(server, blobs).read(scan, scan.parent / "results")
    assert isinstance(page, ReadPage)
    assert (page.preview, len(page.words)) == (None, 1)


@pytest.mark.parametrize("ended", [TIMED_OUT, OUT_OF_MEMORY, CRASHED])
def test_a_function_that_ends_is_called_once_more(
    ocr: LambdaOcr, functions: LambdaServer, scan: Path, ended: Ended
) -> None:
    functions.planned = [None, ended]
    assert pages_of(list(ocr.read(scan, scan.parent / "results"))) == [1, 2, 3, 4, 5]
    assert [event["first_page"] for event in functions.events] == [1, 3, 3, 5]


@pytest.mark.parametrize(
    ("ended", "reason"),
    [(TIMED_OUT, "reader-timeout"), (OUT_OF_MEMORY, "reader-out-of-memory"), (CRASHED, "reader-crashed")],
)
def test_a_file_that_ends_it_twice_is_refused_after_the_pages_before(
    ocr: LambdaOcr, functions: LambdaServer, blobs: S3Blobs, scan: Path, ended: Ended, reason: str
) -> None:
    functions.planned = [None, ended, ended]
    told = ocr.read(scan, scan.parent / "results")
    seen = [next(told) for _ in range(3)]
    with pytest.raises(SourceRefused) as refusal:
        next(told)
    assert (pages_of(seen), refusal.value.reason) == ([1, 2], reason)
    assert list(blobs.keys()) == []


def test_links_that_have_ended_are_not_the_files_fault(
    aws: AwsServer, blobs: S3Blobs, scan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = aws.door.now

    def late(event: dict[str, Any], context: Any) -> dict[str, Any]:
        with monkeypatch.context() as patch:
            patch.setattr(aws.door, "now", lambda: now() + timedelta(hours=1))
            return reader(event, context)

    with lambda_server({"reader": late}) as server, pytest.raises(ReaderGone):
        list(open_ocr(server, blobs).read(scan, scan.parent / "results"))


GONE: dict[str, Fault] = {
    "throttled": refused(429, "TooManyRequestsException"),
    "broken": refused(500, "ServiceException"),
    "not ready": refused(409, "ResourceNotReadyException"),
    "no answer": half_done(ReadTimeoutError(endpoint_url="there")),
    "cut off": unheard(ConnectionClosedError(endpoint_url="there")),
}


@pytest.mark.parametrize("fault", GONE)
def test_a_call_that_fails_is_for_the_job_to_repeat(
    ocr: LambdaOcr, blobs: S3Blobs, scan: Path, fault: str
) -> None:
    results = scan.parent / "results"
    with faults(ocr._lambda, "Invoke", GONE[fault]) as met, pytest.raises(ReaderGone):
        list(ocr.read(scan, results))
    assert len(met) == 1, "a call is repeated by the job that asked for it, not behind its back"
    assert list(blobs.keys()) == []
    assert pages_of(list(ocr.read(scan, results))) == [1, 2, 3, 4, 5]


def test_who_may_not_call_it_is_told(ocr: LambdaOcr, scan: Path) -> None:
    with faults(ocr._lambda, "Invoke", refused(403, "AccessDeniedException")), pytest.raises(StoreDenied):
        list(ocr.read(scan, scan.parent / "results"))


def test_a_function_that_is_not_there(functions: LambdaServer, blobs: S3Blobs, scan: Path) -> None:
    with pytest.raises(ReaderGone, match="ResourceNotFoundException"):
        list(open_ocr(functions, blobs, "nobody").read(scan, scan.parent / "results"))


def test_no_file_is_no_call(ocr: LambdaOcr, functions: LambdaServer, tmp_path: Path) -> None:
    with pytest.raises(SourceRefused, match="file-missing"):
        list(ocr.read(tmp_path / "none", tmp_path))
    assert functions.events == []

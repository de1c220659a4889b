"""What an adapter of the OutsideReader port must do, shown on a service with a desk and on a model of Bedrock."""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from chalicelib.adapters.embedded.outside_pages import OutsidePages, from_desk
from chalicelib.ports.ocr import ReadPage, Word
from chalicelib.ports.outside_reader import OutsideReader
from tests.ocr.reading_service import reading_service

ANSWER = {"lines": [{"text": "رقم القسيمة 4715", "box": [0.5, 0.1, 1.0, 0.2], "confidence": 88}]}
# The reader, and the pictures that were sent to the service.
Serving = Callable[[Any], AbstractContextManager[tuple[OutsideReader, Callable[[], set[bytes]]]]]


@contextmanager
def desk(answer: Any) -> Iterator[tuple[OutsideReader, Callable[[], set[bytes]]]]:
    with reading_service(lambda _: answer) as service:
        reader = OutsidePages(partial(from_desk, service.desk), below=60, pause=0.01)
        yield reader, lambda: set(service.pictures.values())


@contextmanager
def model(
    request: pytest.FixtureRequest, answer: Any
) -> Iterator[tuple[OutsideReader, Callable[[], set[bytes]]]]:
    from chalicelib.adapters.aws.bedrock_jobs import BedrockJobs
    from tests.bedrock_server import bedrock_server, function_woken_by, reader_url

    aws = request.getfixturevalue("aws")
    bucket = aws.bucket()
    with bedrock_server(lambda _: f"Here it is:\n```json\n{json.dumps(answer)}\n```") as bedrock:
        url = reader_url(aws, bedrock, bucket)
        with function_woken_by(aws, bucket, url):
            yield (
                OutsidePages(BedrockJobs(url), below=60, patience=20, pause=0.05),
                lambda: set(bedrock.pictures()),
            )
    # Who speaks to it later finds no bucket.
    s3 = aws.client("s3")
    for left in s3.list_object_versions(Bucket=bucket).get("Versions", ()):
        s3.delete_object(Bucket=bucket, Key=left["Key"], VersionId=left["VersionId"])
    s3.delete_bucket(Bucket=bucket)


@pytest.fixture(params=["desk", "model"])
def serving(request: pytest.FixtureRequest) -> Serving:
    return desk if request.param == "desk" else partial(model, request)


@pytest.fixture
def preview(tmp_path: Path) -> Path:
    """Bytes that no one opens on the way."""
    file = tmp_path / "page-0001.webp"
    file.write_bytes(b"a picture")
    return file


def page(preview: Path | None, *words: Word, state: str = "read", reason: str | None = None) -> ReadPage:
    return ReadPage(1, state, reason, 1000, 2000, 200, 90, words, preview)  # type: ignore[arg-type]


def word(confidence: float) -> Word:
    return Word("بلدية", 10, 10, 50, 20, confidence, 0)


def test_reads_again_what_was_hardly_legible(preview: Path, serving: Serving) -> None:
    with serving(ANSWER) as (reader, pictures):
        for before in (
            page(preview, word(46), word(70), word(51)),
            page(preview, state="refused", reason="nothing-legible"),
        ):
            after = reader.again(before)
            assert (after.state, after.reason) == ("read with doubts", "read-outside")
            assert [(w.text, w.doubt, w.line) for w in after.words] == [
                ("رقم", False, 0), ("القسيمة", False, 0), ("4715", True, 0),
            ]  # fmt: skip
            assert all(
                500 <= w.x < w.x + w.width <= 1000 and (w.y, w.height) == (200, 200) for w in after.words
            )
            assert (after.width, after.height, after.rotation, after.preview) == (1000, 2000, 90, preview)
        assert pictures() == {b"a picture"}


def test_shows_nobody_what_was_read_well_or_is_blank(preview: Path, serving: Serving) -> None:
    with serving(ANSWER) as (reader, pictures):
        for before in (
            page(preview, word(60)),
            page(preview),
            page(None, word(10)),
            page(preview, state="refused", reason="too-many-pixels"),
        ):
            assert reader.again(before) is before
        assert pictures() == set()


def test_keeps_our_reading_where_the_service_has_none(preview: Path, serving: Serving) -> None:
    before = page(preview, word(50))
    with serving({"lines": []}) as (reader, pictures):
        assert reader.again(before) is before
        assert pictures() == {b"a picture"}
    assert reader.again(before) is before

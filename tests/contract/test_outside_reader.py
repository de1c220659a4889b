"""What an adapter of the OutsideReader port must do, shown on the one there is."""

from pathlib import Path

import pytest

from chalicelib.adapters.embedded.outside_pages import OutsidePages
from chalicelib.ports.ocr import ReadPage, Word
from tests.ocr.reading_service import Service, reading_service

ANSWER = {"lines": [{"text": "رقم القسيمة 4715", "box": [0.5, 0.1, 1.0, 0.2], "confidence": 88}]}


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


def reader(service: Service) -> OutsidePages:
    return OutsidePages(service.desk, below=60, pause=0.01)


def test_reads_again_what_was_hardly_legible(preview: Path) -> None:
    with reading_service(lambda _: ANSWER) as service:
        for before in (
            page(preview, word(46), word(70), word(51)),
            page(preview, state="refused", reason="nothing-legible"),
        ):
            after = reader(service).again(before)
            assert (after.state, after.reason) == ("read with doubts", "read-outside")
            assert [(w.text, w.doubt, w.line) for w in after.words] == [
                ("رقم", False, 0), ("القسيمة", False, 0), ("4715", True, 0),
            ]  # fmt: skip
            assert all(
                500 <= w.x < w.x + w.width <= 1000 and (w.y, w.height) == (200, 200) for w in after.words
            )
            assert (after.width, after.height, after.rotation, after.preview) == (1000, 2000, 90, preview)
        assert set(service.pictures.values()) == {b"a picture"}


def test_shows_nobody_what_was_read_well_or_is_blank(preview: Path) -> None:
    with reading_service(lambda _: ANSWER) as service:
        for before in (
            page(preview, word(60)),
            page(preview),
            page(None, word(10)),
            page(preview, state="refused", reason="too-many-pixels"),
        ):
            assert reader(service).again(before) is before
        assert service.pictures == {}


def test_keeps_our_reading_where_the_service_has_none(preview: Path) -> None:
    before = page(preview, word(50))
    with reading_service(lambda _: {"lines": []}) as service:
        assert reader(service).again(before) is before
    assert reader(service).again(before) is before

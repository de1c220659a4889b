"""The reader as a function: it stops in time, keeps its answer small, and says where to go on."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ocr.function import read


def answers(count: int, text: str = "") -> Any:
    def told(request: dict[str, Any]) -> Iterator[dict[str, Any]]:
        yield {"id": 1, "event": "opened", "pages": count, "media_type": "image/tiff"}
        for number in range(request["first_page"], count + 1):
            name = f"page-{number:04d}.webp"
            Path(request["results"], name).write_bytes(b"webp")
            yield {"id": 1, "event": "page", "number": number, "words": text, "preview": name}
        yield {"id": 1, "event": "done"}

    return told


def test_reads_everything_and_sends_the_pictures_that_are_wanted(tmp_path: Path) -> None:
    sent: dict[str, bytes] = {}
    event = {"previews": {"2": "https://there/2"}}
    told = read(event, tmp_path / "source", lambda: 10**6, answers(3), sent.__setitem__)
    assert told["opened"] == {"pages": 3, "media_type": "image/tiff"}
    assert [p["number"] for p in told["pages"]] == [1, 2, 3]
    assert told["next_page"] is None
    assert sent == {"https://there/2": b"webp"}


def test_stops_when_time_runs_short(tmp_path: Path) -> None:
    left = iter([10**6, 1000])
    told = read({"first_page": 4}, tmp_path / "source", lambda: next(left), answers(9), {}.__setitem__)
    assert ([p["number"] for p in told["pages"]], told["next_page"]) == ([4, 5], 6)


def test_stops_at_the_last_page_that_was_asked_for(tmp_path: Path) -> None:
    def told(last: int) -> dict[str, Any]:
        asked = {"first_page": 2, "last_page": last}
        return read(asked, tmp_path / "source", lambda: 10**6, answers(4), {}.__setitem__)

    assert ([p["number"] for p in told(3)["pages"]], told(3)["next_page"]) == ([2, 3], 4)
    for last in (4, 5):
        assert ([p["number"] for p in told(last)["pages"]], told(last)["next_page"]) == ([2, 3, 4], None)


def test_stops_before_the_answer_is_too_large(tmp_path: Path) -> None:
    told = read({}, tmp_path / "source", lambda: 10**6, answers(9, "x" * 2_000_000), {}.__setitem__)
    assert ([p["number"] for p in told["pages"]], told["next_page"]) == ([1, 2], 3)

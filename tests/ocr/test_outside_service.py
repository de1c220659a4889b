"""A reading service of others is believed only as far as its answer has the right shape."""

import re
from typing import Any

import numpy as np
import pytest

from ocr import presigned
from ocr.engines.outside import Job, OutsideService
from tests.ocr.reading_service import reading_service

PAPER = np.full((100, 200), 255, np.uint8)


def _read(answer: Any) -> list[str]:
    with reading_service(lambda _: answer) as service:
        (readings,) = OutsideService(service.job, patience=5, pause=0.01).read([PAPER], "ara")
        assert service.pictures["1"].startswith(b"\x89PNG")
    assert all(0 <= r.left < r.right <= 200 and 0 <= r.top < r.bottom <= 100 for r in readings)
    assert all(0 <= r.confidence <= 100 for r in readings)
    return [r.text for r in readings]


def test_words_share_the_box_of_their_line() -> None:
    answer = {
        "lines": [
            {"text": "بلدية مرسى", "box": [0.5, 0.1, 1, 0.2]},
            {"text": "No. 7", "box": [0, 0.3, 0.5, 0.4]},
        ]
    }
    with reading_service(lambda _: answer) as service:
        (readings,) = OutsideService(service.job, pause=0.01).read([PAPER], "ara")
    assert [(r.text, r.left, r.right, r.top) for r in readings] == [
        ("بلدية", 150, 200, 10), ("مرسى", 100, 140, 10), ("No.", 0, 60, 30), ("7", 80, 100, 30),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "answer",
    [
        b"no JSON", b"[" * 100_000, [], {}, {"lines": None}, {"lines": {"text": "a"}}, {"lines": ["a"]},
        {"lines": [{"text": "a"}]}, {"lines": [{"text": "a", "box": [0, 0, 1]}]},
        {"lines": [{"text": "a", "box": ["x", 0, 1, 1]}]}, {"lines": [{"text": "a", "box": [1, 0, 0, 1]}]},
        {"lines": [{"text": " ", "box": [0, 0, 1, 1]}]}, b" " * 2_000_001,
        {"lines": [{"text": "a", "box": [float("nan")] * 4}]},
    ],
)  # fmt: skip
def test_gives_nothing_for_an_answer_of_another_shape(answer: Any) -> None:
    assert _read(answer) == []


def test_keeps_boxes_inside_and_controls_out() -> None:
    told = {"text": "a\u202eb\x00 \ud800c", "box": [-5, 0, 9, 1e9], "confidence": 1e9}
    assert _read({"lines": [told]}) == ["ab", "c"]


def test_waits_no_longer_than_its_patience() -> None:
    with reading_service(lambda _: {"lines": []}) as service:
        unanswered = Job(service.job().put, service.job().get)
        service.pictures.clear()
        assert OutsideService(lambda: unanswered, patience=0, pause=0.01).read([PAPER], "ara") == [[]]


def test_no_service_no_words() -> None:
    nobody = Job("http://127.0.0.1:9/picture", "http://127.0.0.1:9/answer")
    assert OutsideService(lambda: nobody).read([PAPER], "ara") == [[]]


@pytest.mark.parametrize("address", ["http://example.org/a", "file:///etc/passwd", "ftp://127.0.0.1/a", ""])
def test_sends_nothing_in_the_clear(address: str) -> None:
    with pytest.raises(ValueError, match=re.escape(address) or "^$"):
        presigned.put(address, b"picture", "image/png")

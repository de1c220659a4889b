"""What every engine must do, whichever it is."""

import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageOps

from ocr.engines import Engine, Reading
from ocr.engines.linked_tesseract import LinkedTesseract
from ocr.engines.network import NetworkEngine
from ocr.engines.outside import OutsideService
from ocr.engines.tesseract_program import TesseractProgram, installed_languages
from ocr.line_reader import MODEL, LineReader
from ocr.numpy_network import NumpyNetwork
from tests.conftest import absent
from tests.ocr.drawing import page
from tests.ocr.reading_service import reading_service

ARABIC, LATIN = ["بلدية", "مرسى", "النور"], ["Building", "Permit", "4715"]


def _network(tessdata: Path | None) -> Iterator[Engine]:
    yield NetworkEngine(LineReader())


def _network_in_numpy(tessdata: Path | None) -> Iterator[Engine]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "onnxruntime", None)
        yield NetworkEngine(LineReader())


def _linked(tessdata: Path | None) -> Iterator[Engine]:
    if tessdata is None:
        pytest.skip("no language data: run ./diwan once")
    yield LinkedTesseract(tessdata, ["ara", "eng"])


def _program(tessdata: Path | None) -> Iterator[Engine]:
    languages = installed_languages() & {"ara", "eng"}
    if languages != {"ara", "eng"}:
        absent("tesseract", "apt-get install tesseract-ocr tesseract-ocr-ara")
    yield TesseractProgram(languages)


def _outside(tessdata: Path | None) -> Iterator[Engine]:
    """A service that reads one line with our own network."""
    reader = NetworkEngine(LineReader())

    def answer(picture: bytes) -> dict[str, Any]:
        grey = np.asarray(Image.open(io.BytesIO(picture)).convert("L"))
        (readings,) = reader.read([grey])
        text = " ".join(r.text for r in readings)
        return {"lines": [{"text": text, "box": [0, 0, 1, 1], "confidence": 90}] if text else []}

    with reading_service(answer) as service:
        yield OutsideService(service.job, patience=20, pause=0.01)


@pytest.fixture(
    scope="module", params=[_network, _network_in_numpy, _linked, _program, _outside],
    ids=lambda make: make.__name__[1:],
)  # fmt: skip
def engine(request: pytest.FixtureRequest, tessdata: Path | None) -> Iterator[Engine]:
    yield from request.param(tessdata)


def line(words: list[str], height: int = 64) -> NDArray[np.uint8]:
    """A picture of one line."""
    drawn = page([" ".join(words)], size=60, width=1200, height=500)
    cut = ImageOps.expand(drawn.crop(ImageOps.invert(drawn).getbbox()), 8, 255)
    return np.asarray(cut.resize((round(cut.width * height / cut.height), height), Image.Resampling.BOX))


def _inside(readings: list[Reading], picture: NDArray[np.uint8]) -> bool:
    height, width = picture.shape
    return all(
        0 <= r.left < r.right <= width and 0 <= r.top < r.bottom <= height and 0 <= r.confidence <= 100
        for r in readings
    )


@pytest.mark.parametrize(("language", "words", "leftward"), [("ara", ARABIC, True), ("eng", LATIN, False)])
@pytest.mark.parametrize("height", [40, 64])
def test_reads_words_in_reading_order(
    engine: Engine, language: str, words: list[str], leftward: bool, height: int
) -> None:
    picture = line(words, height)
    (readings,) = engine.read([picture], language)
    assert [r.text for r in readings] == words
    assert _inside(readings, picture)
    places = [r.left for r in readings]
    assert places == sorted(places, reverse=leftward)


def test_answers_each_picture_in_its_place(engine: Engine) -> None:
    blank = np.full((64, 400), 255, np.uint8)
    answers = engine.read([line(LATIN), blank, line(LATIN[:1])], "eng")
    assert [[r.text for r in answer] for answer in answers] == [LATIN, [], LATIN[:1]]
    assert engine.read([], "eng") == []


@pytest.mark.parametrize("shape", [(1, 1), (5, 60), (64, 2), (300, 5)])
def test_survives_any_picture(engine: Engine, shape: tuple[int, int]) -> None:
    noise = np.random.default_rng(7).integers(0, 256, shape, np.uint8)
    (readings,) = engine.read([noise], next(iter(engine.languages)))
    assert _inside(readings, noise)


def test_numpy_alone_says_what_onnxruntime_says() -> None:
    onnxruntime = pytest.importorskip("onnxruntime")
    session = onnxruntime.InferenceSession(str(MODEL), providers=["CPUExecutionProvider"])
    lines = np.random.default_rng(3).random((2, 1, 40, 160), np.float32)
    expected = session.run(None, {"x": lines})[0]
    difference = np.abs(NumpyNetwork(MODEL)(lines) - expected)
    # One rounds between its operations, the other does not.
    assert np.median(difference) < 0.02 * np.abs(expected).max()

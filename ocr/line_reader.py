"""Reads pictures of single lines with our own network, and says where each character stands.

The network (1.6 million weights, int8, `models/line-reader.int8.onnx`) takes lines 40 pixels high, ink 1 and
paper 0, and answers one distribution over 140 characters and a blank for every 4 pixels, in visual order.
"""

import string
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

HEIGHT = 40
STEP = 4
MODEL = Path(__file__).parent / "models" / "line-reader.int8.onnx"

# Marks that are no print: the network's way to say that it cannot read them.
ILLEGIBLE = "\ufffd"
# The classes in the order in which the network was taught them; class 0 is the blank.
ALPHABET = (
    "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىي"
    "٠١٢٣٤٥٦٧٨٩"
    + string.digits
    + string.ascii_letters
    + " .,،؛:؟!()[]«»\"'-/%+=*@#&°_"
    + "\ufdfa\ufdfb"
    + ILLEGIBLE
    + "٫٬"
)  # fmt: skip

_PIXELS_PER_BATCH = 6_000
_SLACK = 1.15


@dataclass(frozen=True)
class Glyph:
    """One character of a line, in visual order: where its peak stands (pixels of the 40-high line) and how sure."""

    character: str
    position: float
    probability: float


def normalise(line: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Contrast-stretched line: paper 0, ink 1."""
    darker = np.cumsum(np.bincount(line.ravel(), minlength=256))
    ink, paper = np.searchsorted(darker, (0.01 * line.size, 0.9 * line.size))
    levels = np.clip((paper - np.arange(256)) / max(40.0, float(paper - ink)), -0.3, 1.2)
    return levels.astype(np.float32)[line]


def decode(best: NDArray[np.int64], sure: NDArray[np.float32]) -> list[Glyph]:
    """Greedy CTC, given the best class of every step and its probability.

    Repeated classes collapse into one glyph at their surest step, blanks vanish.
    """
    edges = [0, *(np.flatnonzero(np.diff(best)) + 1).tolist(), len(best)]
    glyphs: list[Glyph] = []
    for start, end in pairwise(edges):
        if best[start]:
            character = ALPHABET[best[start] - 1]
            peak = start + int(sure[start:end].argmax())
            if character != " " or (glyphs and glyphs[-1].character != " "):
                glyphs.append(Glyph(character, (peak + 0.5) * STEP, float(sure[peak])))
    if glyphs and glyphs[-1].character == " ":
        glyphs.pop()
    return glyphs


def _network(model: Path) -> Callable[[NDArray[np.float32]], NDArray[np.float32]]:
    """The network in onnxruntime; in numpy alone, several times slower, where onnxruntime is not to be had."""
    try:
        import onnxruntime
    except ImportError:
        from ocr.numpy_network import NumpyNetwork

        return NumpyNetwork(model)
    onnxruntime.set_default_logger_severity(3)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
    return lambda batch: session.run(None, {"x": batch})[0]


class LineReader:
    """Holds the network. It starts no thread, so that it may be made before a fork and used after it."""

    def __init__(self, model: Path = MODEL) -> None:
        self._network = _network(model)

    def read(self, lines: Sequence[NDArray[np.uint8]]) -> list[list[Glyph]]:
        """Glyphs of each line (grey, 40 high, at least 8 wide), in visual order. Lines of like width share a batch."""
        readings: list[list[Glyph]] = [[] for _ in lines]
        waiting = sorted(range(len(lines)), key=lambda i: lines[i].shape[1])
        while waiting:
            batch = [waiting.pop(0)]
            narrowest = max(lines[batch[0]].shape[1], HEIGHT)
            while (
                waiting
                and lines[waiting[0]].shape[1] <= narrowest * _SLACK
                and lines[waiting[0]].shape[1] * (len(batch) + 1) <= _PIXELS_PER_BATCH
            ):
                batch.append(waiting.pop(0))
            for i, best, sure in zip(batch, *self._run([lines[i] for i in batch]), strict=True):
                steps = -(-lines[i].shape[1] // STEP)
                readings[i] = decode(best[:steps], sure[:steps])
        return readings

    def _run(self, lines: list[NDArray[np.uint8]]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """The best class at every step of every line, and its probability."""
        width = max(16, -(-max(line.shape[1] for line in lines) // STEP) * STEP)
        batch = np.zeros((len(lines), 1, HEIGHT, width), np.float32)
        for row, line in zip(batch, lines, strict=True):
            row[0, :, : line.shape[1]] = normalise(line)
        logits = self._network(batch)
        best = logits.argmax(2)
        highest = np.take_along_axis(logits, best[..., None], 2)
        return best, 1 / np.exp(logits - highest).sum(2)

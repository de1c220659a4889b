"""`python -m ocr.training`: fetch typefaces, train the line reader, export and measure it. Hours on two processors."""

import argparse
import sys
from itertools import islice
from pathlib import Path
from random import Random

from ocr.line_reader import MODEL

_CALIBRATION = 300


def main() -> int:
    """The exit status."""
    parser = argparse.ArgumentParser(prog="python -m ocr.training", description=__doc__)
    parser.add_argument(
        "--work", type=Path, default=Path("build/training"), help="folder for typefaces and weights"
    )
    parser.add_argument("--text", type=Path, help="prose to draw from, one paragraph a line (.xz may be)")
    parser.add_argument("--minutes", type=float, default=150, help="how long to train")
    parser.add_argument("--rate", type=float, default=2.5e-3, help="highest learning rate")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1447)
    parser.add_argument("--from", dest="start", type=Path, help="weights to go on from")
    parser.add_argument("--weights", type=Path, help="export and measure these; train nothing")
    parser.add_argument("--model", type=Path, default=MODEL, help="where the exported file goes")
    parser.add_argument("--lines", type=int, default=200, help="lines of each kind to measure on")
    asked = parser.parse_args()
    try:
        _teach(asked)
    except ModuleNotFoundError as missing:
        parser.error(f"{missing.name} is missing: pip install -r ocr/training/requirements.txt")
    return 0


def _teach(asked: argparse.Namespace) -> None:
    # What is needed for training alone is loaded only for it.
    from ocr.training import typefaces
    from ocr.training.examples import examples
    from ocr.training.export import export
    from ocr.training.measure import measure
    from ocr.training.text import paragraphs_of, paragraphs_of_frequent_words
    from ocr.training.train import Plan, train

    folder = asked.work / "typefaces"
    typefaces.fetch(folder)
    random = Random(asked.seed)
    paragraphs = paragraphs_of(asked.text) if asked.text else paragraphs_of_frequent_words(random)
    random.shuffle(paragraphs)
    # What is measured on is never trained on: neither its typefaces nor its sentences.
    kept = len(paragraphs) // 20
    weights = asked.weights or train(
        Plan(asked.minutes, asked.rate, asked.threads, asked.seed, folder, asked.work, asked.start),
        paragraphs[kept:],
    )
    drawn = examples(paragraphs[kept:], typefaces.training(folder), typefaces.latin(folder), asked.seed + 1)
    export(weights, list(islice(drawn, _CALIBRATION)), asked.model)
    for figure, value in measure(asked.model, folder, paragraphs[:kept], asked.lines).items():
        print(f"{figure:40} {value:6.2f} %")


if __name__ == "__main__":
    sys.exit(main())

"""Write pages and their truth into a folder: `python -m samples.corpus OUT [--pages N] [--seed N] [--kind K ...]`."""

import argparse
import json
from pathlib import Path

from samples.corpus.pages import make
from samples.corpus.papers import KINDS

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--pages", type=int, default=16)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kind", nargs="+", choices=KINDS, default=KINDS)
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    for page in make(asked.pages, asked.seed, asked.kind):
        keys = ("kind", "family", "damage", "dpi", "lines", "numbers", "fields")
        truth = json.dumps({key: getattr(page, key) for key in keys}, ensure_ascii=False, indent=1)
        (asked.out / f"{page.name}.pdf").write_bytes(page.file)
        (asked.out / f"{page.name}.txt").write_text(page.text, "utf-8")
        (asked.out / f"{page.name}.truth.json").write_text(truth + "\n", "utf-8")
        print(f"{page.name:18} {page.family:20} {page.damage:14}", len(page.numbers), len(page.fields))

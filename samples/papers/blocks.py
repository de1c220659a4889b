"""The parts a municipal paper is made of, each with the lines of text that a reader should find in it."""

from collections.abc import Sequence
from typing import Any

from samples.papers.pen import scribble
from samples.papers.script import plain, set_line

Block = dict[str, Any]
Words = str | Sequence[str]


def head(right: Words, left: Words = ()) -> Block:
    """A letterhead: Arabic on the right, English on the left when given, the crest between."""
    return {"kind": "head", "right": _lines(right), "left": _many(left)}


def title(text: str, sub: str = "", boxed: bool = False) -> Block:
    """The name of the paper, with its number or the English name under it."""
    latin = sub.isascii() and sub != ""
    return {
        "kind": "title",
        "text": set_line(text),
        "sub": sub if latin else set_line(sub),
        "latin": latin,
        "boxed": boxed,
    }


def fields(*rows: Sequence[tuple[str, str]], dotted: bool = False, gap: float = 3.2) -> Block:
    """Rows of label and value; dotted ones are filled-in forms. A cell's width follows its length."""
    shares = [[max(len(plain(label + value)), 12) for label, value in row] for row in rows]
    cells = [
        [
            {"label": set_line(label), "value": set_line(value), "share": share}
            for (label, value), share in zip(row, share_row, strict=True)
        ]
        for row, share_row in zip(rows, shares, strict=True)
    ]
    return {"kind": "fields", "rows": cells, "dotted": dotted, "gap": gap}


def para(
    *lines: str, justify: bool = True, bold: bool = False, align: str = "right", scale: float = 1.0
) -> Block:
    """A paragraph whose lines are broken here, as typed, so that the truth has the lines of the page."""
    set_lines = [line if align == "left" else set_line(line) for line in lines]
    return {
        "kind": "para",
        "lines": set_lines,
        "justify": justify,
        "bold": bold,
        "align": align,
        "scale": scale,
    }


def points(*items: Words, marks: Sequence[str] = ()) -> Block:
    """A numbered list; an item may have several lines."""
    marks = marks or [f"{n}-" for n in range(1, len(items) + 1)]
    return {
        "kind": "points",
        "items": [{"mark": mark, "lines": _lines(item)} for mark, item in zip(marks, items, strict=True)],
    }


def table(
    columns: Sequence[str],
    *rows: Sequence[str],
    widths: Sequence[float] = (),
    centred: Sequence[int] = (),
    pad: float = 2.0,
    stroke: float = 0.8,
    shaded: bool = True,
) -> Block:
    """A ruled table; the first column is the rightmost."""
    return {
        "kind": "table",
        "head": [set_line(cell) for cell in columns],
        "rows": [[set_line(cell) for cell in row] for row in rows],
        "widths": list(widths) or [1.0] * len(columns),
        "centred": list(centred),
        "pad": pad,
        "stroke": stroke,
        "shaded": shaded,
    }


def sign(*people: tuple[str, str], pen: str = "#1f3d8f") -> Block:
    """Signatures side by side: the office over a pen stroke over the name."""
    return {
        "kind": "sign",
        "people": [{"role": role, "name": name, "scribble": scribble(name, pen)} for role, name in people],
    }


def stamp(
    *lines: str, x: float, y: float, turn: float = -12, colour: str = "#2a4fa3", shape: str = "box"
) -> Block:
    """A rubber stamp, struck over whatever is there; `x` and `y` are millimetres from the text area's top left."""
    return {
        "kind": "stamp",
        "lines": _lines(lines),
        "x": x,
        "y": y,
        "turn": turn,
        "colour": colour,
        "shape": shape,
    }


def foot(right: str, left: str = "") -> Block:
    """The form number and the page number at the bottom."""
    return {"kind": "foot", "right": set_line(right), "left": set_line(left)}


def gap(mm: float) -> Block:
    """Empty space."""
    return {"kind": "gap", "mm": mm}


def rule() -> Block:
    """A line across the page."""
    return {"kind": "rule"}


def at(x: float, y: float, width: float, *blocks: Block) -> Block:
    """Blocks at a place of their own, in millimetres."""
    return {"kind": "at", "x": x, "y": y, "width": width, "blocks": list(blocks)}


def art(svg: str, width: float, texts: Sequence[Block]) -> Block:
    """Line art with texts on it, each centred on its point and turned by its angle (degrees clockwise)."""
    return {"kind": "art", "svg": svg, "width": width, "texts": list(texts)}


def truth_lines(block: Block) -> list[str]:
    """The lines of text in a block, in reading order; a row of fields, cells or signatures is one line."""
    match block["kind"]:
        case "head":
            left = block["left"]
            sides = [f"{words} {left[n] if n < len(left) else ''}" for n, words in enumerate(block["right"])]
            found = sides + list(left[len(sides) :])
        case "title":
            found = [block["text"], block["sub"]]
        case "fields":
            found = [" ".join(f"{cell['label']}: {cell['value']}" for cell in row) for row in block["rows"]]
        case "para":
            found = block["lines"]
        case "points":
            found = [
                f"{item['mark']} {line}" if n == 0 else line
                for item in block["items"]
                for n, line in enumerate(item["lines"])
            ]
        case "table":
            found = [" ".join(cells) for cells in [block["head"], *block["rows"]]]
        case "sign":
            found = [" ".join(person[part] for person in block["people"]) for part in ("role", "name")]
        case "foot":
            found = [f"{block['right']} {block['left']}"]
        case "at":
            found = [line for inner in block["blocks"] for line in truth_lines(inner)]
        case "art":
            found = [text["text"] for text in block["texts"]]
        case _:
            found = []
    return [line for line in map(plain, found) if line]


def _many(words: Words) -> list[str]:
    return [words] if isinstance(words, str) else list(words)


def _lines(words: Words) -> list[str]:
    return [set_line(line) for line in _many(words)]

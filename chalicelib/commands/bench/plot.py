"""Draws rows as an SVG: ours and the baseline as bars from zero, each figure on its own scale."""

from collections.abc import Sequence
from html import escape

from chalicelib.commands.bench.figures import Row, in_words

_WIDTH, _LEFT, _BARS = 960, 40, 340
_TOP, _STEP, _THICK = 96, 92, 18
_INK, _QUIET, _OURS, _THEIRS, _BAD = "#1b2a33", "#5c6b73", "#0b6e69", "#b9c4c9", "#b3261e"
_FONT = "font-family='IBM Plex Sans, Segoe UI, Helvetica, Arial, sans-serif'"


def svg(title: str, conditions: str, rows: Sequence[Row]) -> str:
    """One file without scripts or links; a mark on the bar shows what ours must reach."""
    height = _TOP + _STEP * len(rows) + 24
    parts = [
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {_WIDTH} {height}' width='{_WIDTH}' "
        f"height='{height}' role='img' aria-label='{escape(title, quote=True)}' {_FONT}>",
        f"<rect width='{_WIDTH}' height='{height}' fill='white'/>",
        _text(_LEFT, 36, title, size=20, weight=700),
        _text(_LEFT, 58, conditions, colour=_QUIET),
        _legend(),
    ]
    for place, row in enumerate(rows):
        parts += _figure(row, _TOP + place * _STEP)
    return "\n".join([*parts, "</svg>\n"])


def _legend() -> str:
    y = 80
    return (
        f"<rect x='{_LEFT}' y='{y - 9}' width='10' height='10' fill='{_OURS}'/>{_text(_LEFT + 16, y, 'ours')}"
        f"<rect x='{_LEFT + 66}' y='{y - 9}' width='10' height='10' fill='{_THEIRS}'/>"
        f"{_text(_LEFT + 82, y, 'baseline')}"
        f"<path d='M{_LEFT + 152} {y - 11}v14' stroke='{_BAD}' stroke-width='2'/>"
        f"{_text(_LEFT + 160, y, 'what ours must reach')}"
    )


def _figure(row: Row, top: int) -> list[str]:
    scale = _BARS / (max(row.ours, row.baseline, row.least) or 1)
    arrow = "more is better" if row.more_is_better else "less is better"
    least = _LEFT + row.least * scale
    ratio = f"{in_words(row.ratio)} × better" if row.ratio >= 1 else f"{in_words(1 / row.ratio)} × worse"
    return [
        f"<path d='M{_LEFT} {top + 4}H{_WIDTH - 40}' stroke='#e3e8ea'/>",
        _text(_LEFT, top + 24, row.figure, weight=700)
        + _text(_WIDTH - 40, top + 24, ratio, weight=700, colour=_INK if row.holds else _BAD, end=True),
        _bar(top + 34, row.ours * scale, _OURS, f"{in_words(row.ours)} {row.unit} ({arrow})", least),
        _bar(
            top + 34 + _THICK + 4,
            row.baseline * scale,
            _THEIRS,
            f"{in_words(row.baseline)}  {row.baseline_name}",
        ),
        f"<path d='M{least:.1f} {top + 31}v{_THICK + 6}' stroke='{_BAD}' stroke-width='2'/>",
    ]


def _bar(y: int, length: float, colour: str, label: str, clear_of: float = 0) -> str:
    length = max(length, 1.5)
    return (
        f"<rect x='{_LEFT}' y='{y}' width='{length:.1f}' height='{_THICK}' fill='{colour}'/>"
        f"{_text(max(_LEFT + length, clear_of) + 10, y + 13, label, size=12)}"
    )


def _text(
    x: float, y: float, text: str, *, size: int = 13, weight: int = 400, colour: str = _INK, end: bool = False
) -> str:
    anchor = " text-anchor='end'" if end else ""
    return (
        f"<text x='{x:.1f}' y='{y}' font-size='{size}' font-weight='{weight}' fill='{colour}'{anchor}>"
        f"{escape(text)}</text>"
    )

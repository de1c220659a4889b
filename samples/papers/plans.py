"""An engineering drawing: the ground floor of the permit's house, A3, with a title block."""

from itertools import pairwise
from typing import Any

from samples.papers.blocks import art, at, gap, para, stamp, table
from samples.papers.document import A3_LANDSCAPE, Document, Page
from samples.papers.records import parcel
from samples.papers.scanner import Scan
from samples.papers.script import latin, set_line

# Millimetres on the drawing area (400 x 277); the plan is at 1:125, so 8 mm are one metre.
ORIGIN_X, ORIGIN_Y, METRE = 140.0, 24.0, 8.0

# Name, then left, top, width and depth in metres from the plot's north-west corner; the street is at the top.
ROOMS = [
    ("ديوانية", 2.0, 3.0, 6.4, 5.2),
    ("مدخل", 8.4, 3.0, 3.2, 5.2),
    ("صالة استقبال", 11.6, 3.0, 8.4, 5.2),
    ("مغاسل", 2.0, 8.2, 3.0, 3.0),
    ("درج ومصعد", 5.0, 8.2, 3.4, 3.0),
    ("صالة معيشة", 8.4, 8.2, 6.6, 6.8),
    ("غرفة طعام", 15.0, 8.2, 5.0, 6.8),
    ("مخزن", 2.0, 11.2, 3.0, 3.8),
    ("غرفة ضيوف", 5.0, 11.2, 3.4, 3.8),
    ("مطبخ", 2.0, 15.0, 6.4, 4.0),
    ("غرفة خادمة", 8.4, 15.0, 3.4, 4.0),
    ("غرفة غسيل", 11.8, 15.0, 3.2, 4.0),
    ("غرفة سائق", 15.0, 15.0, 5.0, 4.0),
    ("مواقف سيارات", 2.0, 21.5, 9.4, 5.0),
    ("ملحق خارجي", 13.0, 22.5, 7.0, 4.0),
]
WIDTH, DEPTH = 22.0, 28.0


def ground_floor_plan() -> Document:
    """One A3 sheet at 300 dpi, bilevel: rooms, dimensions along both axes, notes and a title block."""
    land = parcel("MN-3-0127")
    lines, texts = _plan()
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 277" fill="none" stroke="#000" stroke-width="0.35">'
        + "".join(lines)
        + "</svg>"
    )
    notes = [
        para("ملاحظات عامة", bold=True, justify=False, scale=1.15),
        para(
            "1- جميع الأبعاد بالمتر ما لم يذكر غير ذلك.",
            "2- تراجع الأبعاد في الموقع قبل التنفيذ.",
            "3- سمك الجدران الخارجية 20 سم والداخلية 15 سم.",
            "4- منسوب الصفر هو منسوب الرصيف المعتمد.",
            "5- عزل مائي لجميع الحمامات والسطح.",
            "6- تقرأ مع اللوحات A-02 إلى A-09.",
            justify=False,
        ),
        gap(3),
        para("جدول الأبواب والنوافذ", bold=True, justify=False, scale=1.1),
        table(
            ["الرمز", "العرض", "الارتفاع", "العدد"],
            ["D1", "1.20", "2.40", "2"],
            ["D2", "0.90", "2.20", "11"],
            ["W1", "2.00", "1.60", "6"],
            ["W2", "0.60", "0.60", "4"],
            centred=[0, 1, 2, 3],
            pad=1.2,
        ),
        gap(4),
        table(
            ["المشروع", "سكن خاص"],
            ["المالك", land.owner],
            ["الموقع", f"{land.area}، قطعة {land.block}، قسيمة {land.plot}"],
            ["الموحد", land.number],
            ["اللوحة", "مسقط الدور الأرضي"],
            ["Drawing", latin("Ground floor plan")],
            ["الاستشاري", "مكتب الصواري للاستشارات الهندسية"],
            ["رسم / تدقيق", "هـ. ض. / ح. ص."],
            ["المقياس", "1:125"],
            ["التاريخ", "2016/03/28"],
            ["رقم اللوحة", latin("A-01 Rev. 2")],
            widths=[1, 2.6],
            pad=1.5,
            shaded=False,
        ),
    ]
    sheet = [
        art(svg, 400, texts),
        at(4, 8, 102, *notes),
        stamp(
            "بلدية مرسى النور", "إدارة تراخيص البناء", "اعتمد 2016/04/14", x=276, y=222, turn=-9, shape="box"
        ),
    ]
    return Document(
        name="ground-floor-plan-MN-3-0127",
        kind="drawing",
        title_ar="مسقط الدور الأرضي، لوحة A-01",
        title_en="Ground floor plan, sheet A-01",
        parcel=land.number,
        owner=land.owner,
        owner_civil_id=land.owner_civil_id,
        year=2016,
        container="pdf",
        text_size=10,
        ink="#000000",
        pages=[
            Page(sheet, Scan(dpi=300, mode="bilevel", skew=0.3, specks=200), size=A3_LANDSCAPE, margin=10)
        ],
    )


def _plan() -> tuple[list[str], list[dict[str, Any]]]:
    """SVG elements and texts of the plan."""
    lines = [
        '<rect x="0.5" y="0.5" width="399" height="276" stroke-width="0.9"/>',
        '<path d="M110 0.5 V276.5" stroke-width="0.9"/>',
    ]
    texts: list[dict[str, Any]] = []
    lines.append(
        f'<rect x="{_x(0)}" y="{_y(0)}" width="{WIDTH * METRE}" height="{DEPTH * METRE}" '
        'stroke-dasharray="4 1.2 1 1.2"/>'
    )
    for name, left, top, width, depth in ROOMS:
        lines.append(
            f'<rect x="{_x(left)}" y="{_y(top)}" width="{width * METRE}" height="{depth * METRE}" stroke-width="1.3"/>'
        )
        lines.append(f'<path d="M{_x(left + 0.4)} {_y(top)} v9 a9 9 0 0 0 9 -9" stroke-width="0.25"/>')
        middle = (left + width / 2, top + depth / 2)
        texts.append(_text(name, *middle, size=10, bold=True))
        texts.append(_text(latin(f"{width:.2f} x {depth:.2f}"), middle[0], middle[1] + 0.7, size=8))
    _across(lines, texts, [0, 2.0, 8.4, 11.6, 20.0, WIDTH], -0.7)
    _across(lines, texts, [0, WIDTH], -1.5)
    _down(lines, texts, [0, 3.0, 8.2, 15.0, 19.0, DEPTH], WIDTH + 1.0)
    _down(lines, texts, [0, DEPTH], WIDTH + 2.0)
    texts.append(_text("شارع النوخذة بعرض 20 م", 11.0, 1.4, size=11, bold=True))
    texts.append(_text("حد الجار", 1.0, 10.0, size=9, turn=-90))
    texts.append(_text("حد الجار", 21.0, 12.0, size=9, turn=90))
    texts.append(_text("ارتداد خلفي 9.00 م", 11.0, 20.3, size=9))
    texts.append(_text("مسقط الدور الأرضي", 11.0, 28.9, size=14, bold=True))
    texts.append(_text(latin("SCALE 1:125"), 11.0, 29.8, size=9))
    lines.append('<path d="M378 250 l6 -16 l6 16 l-6 -5 Z" fill="#000"/>')
    texts.append({"text": "ش", "x": 384.0, "y": 228.0, "size": 12, "turn": 0, "bold": True})
    return lines, texts


def _across(lines: list[str], texts: list[dict[str, Any]], marks: list[float], y: float) -> None:
    lines.append(f'<path d="M{_x(marks[0])} {_y(y)} H{_x(marks[-1])}" stroke-width="0.25"/>')
    for mark in marks:
        lines.append(
            f'<path d="M{_x(mark) - 1} {_y(y) + 1} l2 -2 M{_x(mark)} {_y(y) - 2} v4" stroke-width="0.35"/>'
        )
    for left, right in pairwise(marks):
        texts.append(_text(f"{right - left:.2f}", (left + right) / 2, y - 0.25, size=8))


def _down(lines: list[str], texts: list[dict[str, Any]], marks: list[float], x: float) -> None:
    lines.append(f'<path d="M{_x(x)} {_y(marks[0])} V{_y(marks[-1])}" stroke-width="0.25"/>')
    for mark in marks:
        lines.append(
            f'<path d="M{_x(x) - 1} {_y(mark) + 1} l2 -2 M{_x(x) - 2} {_y(mark)} h4" stroke-width="0.35"/>'
        )
    for top, bottom in pairwise(marks):
        texts.append(_text(f"{bottom - top:.2f}", x - 0.25, (top + bottom) / 2, size=8, turn=-90))


def _text(words: str, x: float, y: float, size: float, turn: float = 0, bold: bool = False) -> dict[str, Any]:
    return {"text": set_line(words), "x": _x(x), "y": _y(y), "size": size, "turn": turn, "bold": bold}


def _x(metres: float) -> float:
    return round(ORIGIN_X + metres * METRE, 2)


def _y(metres: float) -> float:
    return round(ORIGIN_Y + metres * METRE, 2)

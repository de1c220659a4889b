"""What the line reader is taught: labels are the line as printed, and reading order brings back the line as written."""

from random import Random

import pytest

from ocr.line_reader import ALPHABET
from ocr.reading_order import to_logical
from ocr.training.text import Piece, Writer, label, spoken

PROSE = [
    "وقد اطلعت الإدارة على الطلب المقدم من المالك (بتاريخه) وتبين أن المبنى مطابق للمخططات المعتمدة، وعليه يرجى العلم",
    "قَالَ المفتشُ: إنَّ المحلَّ نظيفٌ ومرتَّبٌ؛ ولا توجد مخالفات تذكر في هذه الزيارة الدورية للسوق القديم والحي المجاور",
]


@pytest.mark.parametrize(
    ("pieces", "printed"),
    [
        ([Piece("رقم الملف:", "arabic"), Piece("12/2004", "number")], "12/2004 :فلملا مقر"),
        # Text engines set a hyphen between Arabic-Indic numbers from the right; so does whoever draws the line.
        ([Piece("الرقم", "arabic"), Piece("٢٠٠٤-١٢", "number")], "١٢-٢٠٠٤ مقرلا"),
        ([Piece("(المالك)", "arabic"), Piece("Plot 12", "latin")], "Plot 12 (كلاملا)"),
        ([Piece("التوقيع", "arabic"), Piece(".....", "leader")], "عيقوتلا"),
        ([Piece("في", "arabic"), Piece("٢٠٠٥", "number"), Piece("م.", "ending")], ".م٢٠٠٥ يف"),
        ([Piece("المبلغ", "arabic"), Piece("١٬٢٥٠٫٥٠٠", "number")], "١٬٢٥٠٫٥٠٠ غلبملا"),
        ([Piece("قال", "arabic"), Piece("(٣)", "note"), Piece("نعم", "arabic")], "معن (٣) لاق"),
    ],
)
def test_a_label_is_the_line_from_left_to_right(pieces: list[Piece], printed: str) -> None:
    assert label(pieces) == printed


def test_reading_order_brings_back_what_was_written() -> None:
    writer = Writer(PROSE, Random(7))
    lines = [writer.line() for _ in range(600)]
    arabic = [
        line
        for line in lines
        if line[0].kind == "arabic" and all(p.kind in ("arabic", "number") for p in line)
    ]
    wrong = [
        (written, read)
        for line in arabic
        if (written := " ".join(" ".join(spoken(p.text) for p in line).split()))
        != (read := to_logical(label(line)))
    ]
    # Percent signs and numbers side by side may be read either way: nothing on paper tells.
    assert len(wrong) <= 0.06 * len(arabic), wrong[:5]


def test_most_lines_can_be_spelt_in_the_alphabet() -> None:
    writer = Writer(PROSE, Random(8))
    lines = [label(writer.line()) for _ in range(300)]
    assert sum(set(line) <= set(ALPHABET) for line in lines) == len(lines)


def test_sums_in_arabic_digits_have_marks_of_their_own_as_often_as_not() -> None:
    writer = Writer(PROSE, Random(9))
    sums = [number for _ in range(4000) if set(number := writer.number()) & set("٠١٢٣٤٥٦٧٨٩")]
    assert 0.3 < sum("٫" in n for n in sums) / sum("٫" in n or "." in n for n in sums) < 0.7
    assert any(n.endswith("٠٠٠") and "٬" in n and "٫" in n for n in sums)

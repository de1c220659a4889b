"""Papers of eight kinds, made of patterns and values: no two say the same."""

import re
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

import numpy as np
from PIL import ImageFont

from samples.corpus.typefaces import Typeface, file_of
from samples.corpus.values import Values
from samples.corpus.words import COLUMNS, DEPARTMENTS, ENGLISH, LABELS
from samples.papers.blocks import (
    Block,
    fields,
    foot,
    gap,
    head,
    para,
    points,
    rule,
    sign,
    stamp,
    table,
    title,
)
from samples.papers.script import latin, plain

KINDS = ("letter", "form", "table", "permit", "minutes", "fine", "receipt", "bilingual")
# Whose field values are scored as forms and tables.
FORMS = ("form", "table", "receipt", "bilingual")

_TEXT_WIDTH = 170.0 * 72 / 25.4

_COLOURS = ("#2a4fa3", "#8f2a3a", "#1f6b3a", "#5a2a8f")


@cache
def patterns() -> dict[str, list[str]]:
    """The sentences of each kind of paper."""
    found: dict[str, list[str]] = {}
    for line in Path(__file__).with_name("patterns.txt").read_text("utf-8").splitlines():
        if heading := re.fullmatch(r"\[(\w+)\]", line):
            kind = found.setdefault(heading.group(1), [])
        elif line and not line.startswith("#"):
            kind.append(line)
    return found


class Paper:
    """Draws the blocks of one page of a kind, in a typeface, with its digits."""

    def __init__(self, kind: str, face: Typeface, random: np.random.Generator) -> None:
        self.kind = kind
        self._random = random
        self._values = Values(random, bool(random.integers(2)))
        self._pen = ImageFont.truetype(file_of(face), 100)
        self._size = face.size

    def blocks(self) -> tuple[list[Block], list[Block], list[Block]]:
        """What begins the page, its body from which the last may be left out where it is full, and what ends it."""
        makers: dict[str, Callable[[], tuple[list[Block], list[Block], list[Block]]]] = {
            "letter": self._letter, "form": self._form, "table": self._table, "permit": self._permit,
            "minutes": self._minutes, "fine": self._fine, "receipt": self._receipt, "bilingual": self._bilingual,
        }  # fmt: skip
        return makers[self.kind]()

    def _letter(self) -> tuple[list[Block], list[Block], list[Block]]:
        values = self._values
        start = [
            head(
                ("بلدية مرسى النور", values.pick(DEPARTMENTS)),
                ("Marsa Al-Noor Municipality",) if self._chance(2) else (),
            ),
            fields(
                [("الرقم", values.file()), ("التاريخ", values.date()), ("الموافق", values.hijri())], gap=3
            ),
            para(f"السيد / {values.name()} المحترم", bold=True, justify=False),
            para("تحية طيبة وبعد،", justify=False),
            para(
                f"الموضوع: {values.fill('القسيمة {plot} قطعة {block} منطقة {area}')}",
                bold=True,
                align="center",
            ),
        ]
        body = [self._paragraph("letter", "general", "deed") for _ in range(5)]
        end = [para("وتفضلوا بقبول فائق الاحترام والتقدير،", align="center", justify=False), *self._ending()]
        return start, body, end

    def _form(self) -> tuple[list[Block], list[Block], list[Block]]:
        values = self._values
        start = [
            head(("بلدية مرسى النور", values.pick(DEPARTMENTS))),
            title(
                values.pick(("طلب ترخيص بناء", "استمارة بيانات عقار", "طلب كشف موقع", "طلب تجديد ترخيص")),
                boxed=True,
            ),
        ]
        rows, labels = [], self._shuffled(LABELS)
        while len(labels) > 6:
            row = [
                (label, self._filled(label)) for label in (labels.pop() for _ in range(values.between(1, 3)))
            ]
            # As an office lays it out: what would not fit beside its neighbours stands alone.
            rows.append(row if sum(len(plain(label + value)) for label, value in row) < 60 else row[:1])
        dotted = self._chance(2)
        body = [fields(row, dotted=dotted, gap=values.between(4, 6)) for row in rows]
        return start, body[: values.between(8, 14)], [self._paragraph("deed", sentences=1), *self._ending()]

    def _table(self) -> tuple[list[Block], list[Block], list[Block]]:
        values = self._values
        names = ("كشف الرسوم المستحقة", "كشف بأسماء الملاك", "سجل التراخيص", "بيان القسائم", "حصر المخالفات")
        return (
            [title(values.pick(names), f"رقم {values.file()}")],
            [self._grid(14), self._grid(6)],
            [self._foot()],
        )

    def _permit(self) -> tuple[list[Block], list[Block], list[Block]]:
        values = self._values
        start = [
            head(("بلدية مرسى النور", "إدارة تراخيص البناء"), ("Marsa Al-Noor Municipality", "Building Permits")),
            title("ترخيص بناء", f"رقم {values.permit()}", boxed=self._chance(2)),
            fields([("اسم المالك", values.name()), ("الرقم المدني", values.civil_id())],
                   [("المنطقة", values.value("area")), ("القطعة", values.block()), ("القسيمة", values.plot())], gap=3),
        ]  # fmt: skip
        items = [self._lines("permit") for _ in range(6)]
        marks = [f"{values.digits(str(number + 1))}-" for number in range(len(items))]
        body = [points(*items, marks=marks), self._paragraph("permit", "general", sentences=2)]
        return start, [*body, self._grid(4)], self._ending()

    def _minutes(self) -> tuple[list[Block], list[Block], list[Block]]:
        values = self._values
        start = [head(("بلدية مرسى النور", "المجلس البلدي")), title(f"محضر الاجتماع رقم {values.article()}")]
        body = [self._paragraph("minutes", "inspection", "general") for _ in range(6)]
        return start, body, [rule(), self._foot()]

    def _fine(self) -> tuple[list[Block], list[Block], list[Block]]:
        values = self._values
        start = [
            head(("بلدية مرسى النور", "قسم المخالفات")),
            title("محضر مخالفة", f"رقم {values.number()}", boxed=True),
            fields([("اسم المخالف", values.name()), ("الرقم المدني", values.civil_id())],
                   [("الموقع", values.value("street")), ("التاريخ", values.date()), ("الساعة", values.time())],
                   dotted=True),
        ]  # fmt: skip
        return start, [self._paragraph("fine", "notice", "inspection") for _ in range(5)], self._ending()

    def _receipt(self) -> tuple[list[Block], list[Block], list[Block]]:
        values = self._values
        start = [
            head(("بلدية مرسى النور", "قسم الرسوم والتحصيل")),
            title("إيصال قبض", f"رقم {values.number()}"),
            fields([("استلمنا من", values.name())], [("الرقم المدني", values.civil_id()), ("التاريخ", values.date())],
                   [("المبلغ", values.amount()), ("رقم المرجع", values.reference())], dotted=self._chance(2), gap=5),
        ]  # fmt: skip
        return start, [self._grid(6), self._paragraph("receipt", sentences=3)], self._ending()

    def _bilingual(self) -> tuple[list[Block], list[Block], list[Block]]:
        values = self._values
        labels = self._shuffled(ENGLISH)[: values.between(7, 10)]
        rows = [[label, self._filled(label), latin(ENGLISH[label])] for label in labels]
        start = [
            head(("بلدية مرسى النور", "قطاع الخدمات"), ("Marsa Al-Noor Municipality", "Services Sector")),
            title("شهادة بيانات", "Certificate of particulars"),
        ]
        body = [
            table(["البيان", "القيمة", latin("Item")], *rows, widths=[1.2, 1.8, 1.1], centred=[1], pad=2.6),
            self._paragraph("general", "deed", sentences=2),
        ]
        return start, body, self._ending()

    def _filled(self, label: str) -> str:
        slot = LABELS[label]
        return self._values.value(slot) if isinstance(slot, str) else self._values.pick(slot)

    def _grid(self, most: int) -> Block:
        values = self._values
        names = self._shuffled(COLUMNS)[: values.between(3, 5)]
        while sum(COLUMNS[name][1] for name in names) > 7.5:
            names.pop()
        rows = [
            [values.digits(str(number + 1)), *(values.value(COLUMNS[name][0]) for name in names)]
            for number in range(values.between(3, most))
        ]
        widths = [0.4, *(COLUMNS[name][1] for name in names)]
        centred = [0] if self._chance(2) else list(range(len(widths)))
        return table(
            ["م", *names],
            *rows,
            widths=widths,
            centred=centred,
            pad=values.between(14, 30) / 10,
            shaded=self._chance(2),
        )

    def _paragraph(self, *kinds: str, sentences: int = 0) -> Block:
        texts = [
            self._values.fill(self._values.pick(patterns()[self._values.pick(kinds)]))
            for _ in range(sentences or self._values.between(2, 4))
        ]
        return para(*self._broken(" ".join(texts)), justify=self._chance(2))

    def _lines(self, kind: str) -> list[str]:
        return self._broken(self._values.fill(self._values.pick(patterns()[kind])), 0.93)

    def _broken(self, text: str, share: float = 1.0) -> list[str]:
        """The text in lines as a typist breaks them, so that the truth has the lines of the page."""
        lines: list[str] = []
        for word in re.findall("\u2066[^\u2069]*\u2069\\S*|\\S+", text):
            longer = f"{lines[-1]} {word}" if lines else word
            width = self._pen.getlength(plain(longer)) * self._size / 100
            if lines and width <= 0.96 * share * _TEXT_WIDTH:
                lines[-1] = longer
            else:
                lines.append(word)
        return lines

    def _ending(self) -> list[Block]:
        values = self._values
        people = [("مدير الإدارة", values.name()), ("الموظف المختص", values.name())][: values.between(1, 2)]
        ending = [sign(*people, pen=values.pick(("#1f3d8f", "#222222")))]
        if self._chance(2):
            date = values.date()
            ending.append(
                stamp("بلدية مرسى النور", date, x=values.between(5, 110), y=values.between(120, 215),
                      turn=values.between(-20, 12), colour=values.pick(_COLOURS), shape=values.pick(("box", "round")))
            )  # fmt: skip
        return [gap(2), *ending, self._foot()]

    def _foot(self) -> Block:
        values = self._values
        return foot(values.fill("نموذج رقم {count} هاتف {phone}"), values.fill("صفحة {count}"))

    def _shuffled(self, names: Iterable[str]) -> list[str]:
        return [str(name) for name in self._random.permutation(list(names))]

    def _chance(self, of: int) -> bool:
        return self._values.between(1, of) == 1

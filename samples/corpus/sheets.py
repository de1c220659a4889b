"""Large drawings: A0 sheets of floor plans with notes, a title block and all that is written between the lines.

`python -m samples.corpus.sheets OUT [--dpi 300] [--mode bilevel] [--seed N]` writes one, with its truth beside it.
"""

import argparse
import io
import json
import math
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pikepdf
import pypdfium2
from PIL import Image

from samples.corpus.plans import Plan
from samples.corpus.typefaces import TYPEFACES, folders
from samples.corpus.values import Values
from samples.papers.blocks import Block, art, at, para, table
from samples.papers.document import Document, Page
from samples.papers.scanner import Scan
from samples.papers.script import latin, plain
from samples.papers.typesetting import clean_pdf

WIDTH, HEIGHT = 1189.0, 841.0
_STRIP = 210.0  # the column of notes and title block, on the right
_NOTES = (
    "جميع الأبعاد بالمتر ما لم يذكر خلاف ذلك.", "تراجع الأبعاد في الموقع قبل البدء في التنفيذ.",
    "سمك الجدران الخارجية {count} سم والداخلية {floors} سم.", "منسوب الصفر هو منسوب الرصيف زائد {metres} متر.",
    "يستعمل إسمنت مقاوم للأملاح في جميع الأساسات.", "عزل مائي من طبقتين لجميع الحمامات والأسطح.",
    "تقرأ هذه اللوحة مع اللوحات الإنشائية رقم {number}.", "مقاومة الخرسانة لا تقل عن {count} نيوتن.",
    "الأبواب الخارجية من خشب التيك بسماكة {floors} سم.", "يلتزم المقاول باشتراطات الدفاع المدني لسنة {year}.",
    "تمديدات التكييف المركزي حسب مخططات الوزارة.", "ميول الأسطح {percent} باتجاه مزاريب الأمطار.",
    "لا يجوز القياس من اللوحة مباشرة.", "يبلغ المصمم فورًا عن أي اختلاف بين اللوحات.",
)  # fmt: skip
_TITLES = ("مسقط الأدوار المتكررة", "مساقط الدور الأرضي والأول", "مسقط السرداب والأرضي", "المساقط المعمارية")
# The block's rows: what is kept of each, and its labels in Arabic and English.
_ROWS = {
    "project": ("المشروع", "PROJECT"), "owner": ("المالك", "OWNER"), "parcel": ("القسيمة", "PARCEL"),
    "office": ("الاستشاري", "CONSULTANT"), "title": ("عنوان اللوحة", "TITLE"), "scale": ("المقياس", "SCALE"),
    "date": ("التاريخ", "DATE"), "revision": ("المراجعة", "REV."), "sheet_number": ("رقم اللوحة", "SHEET NO."),
}  # fmt: skip


@dataclass(frozen=True)
class Sheet:
    """A scanned drawing. `texts` are what is written in each part of it: title, notes, rooms, dimensions; `fields` are
    the values of its title block by the names of `_ROWS`."""

    name: str
    dpi: int
    picture: Image.Image = field(repr=False)
    texts: dict[str, list[str]] = field(repr=False)
    fields: dict[str, str] = field(repr=False)

    @property
    def suffix(self) -> str:
        """What the file's name ends in."""
        return ".tif" if self.picture.mode == "1" else ".jpg"

    def file(self) -> bytes:
        """The scan: a TIFF in G4 where it is bilevel, a JPEG where it is not."""
        made = io.BytesIO()
        if self.picture.mode == "1":
            self.picture.save(made, "TIFF", compression="group4", dpi=(self.dpi, self.dpi))
        else:
            self.picture.save(made, "JPEG", dpi=(self.dpi, self.dpi), quality=60)
        return made.getvalue()


def make_sheet(seed: int = 1, dpi: int = 300, mode: str = "bilevel") -> Sheet:
    """One sheet, bilevel or grey; the drawing depends on the seed alone."""
    random = np.random.default_rng([seed, 0xA0])
    values = Values(random, is_indic=False)
    plan = Plan(values, random)
    for number in range(4):
        plan.draw(70 + number % 2 * 455, 70 + number // 2 * 385)
    notes = [f"{number}- {values.fill(note)}" for number, note in enumerate(_NOTES, 1)]
    fields = _title_block(values)
    frame = f'<rect x="10" y="10" width="{WIDTH - 20}" height="{HEIGHT - 20}" stroke-width="1"/>'
    frame += f'<path d="M{WIDTH - _STRIP - 20} 10 V{HEIGHT - 10}" stroke-width="1"/>'
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" fill="none" stroke="#000" '
        f'stroke-width="0.35">{frame}{"".join(plan.lines)}</svg>'
    )
    rows = [[f"{arabic} {latin(english)}", fields[key]] for key, (arabic, english) in _ROWS.items()]
    strip: list[Block] = [
        at(WIDTH - _STRIP - 10, 24, _STRIP - 10, para("ملاحظات عامة", bold=True, justify=False, scale=1.3)),
        at(WIDTH - _STRIP - 10, 40, _STRIP - 10, para(*notes, justify=False)),
        at(
            WIDTH - _STRIP - 14,
            600,
            _STRIP - 2,
            table(["بلدية مرسى النور", "مخطط معتمد"], *rows, widths=[1, 1.5], pad=4),
        ),
    ]
    face = TYPEFACES[(0, 3, 4)[seed % 3]]
    document = Document(
        name=f"sheet-{seed}", kind="drawing", title_ar=fields["title"], title_en="", parcel="", owner="",
        owner_civil_id="", year=0, container="tiff", font=face.family, text_size=face.size + 4, ink="#000000",
        pages=[Page([art(svg, WIDTH, plan.texts), *strip], Scan(), size=(WIDTH, HEIGHT), margin=0)],
    )  # fmt: skip
    texts = {
        "title": [plain(" ".join(row)) for row in rows],
        "notes": ["ملاحظات عامة", *map(plain, notes)],
        "rooms": plan.rooms,
        "dimensions": plan.dimensions,
    }
    picture = _scanned(clean_pdf(document, folders()), dpi, mode, random)
    return Sheet(
        f"sheet-{seed}-{dpi}-{mode}", dpi, picture, texts, {key: plain(fields[key]) for key in fields}
    )


def _title_block(values: Values) -> dict[str, str]:
    return {
        "project": values.pick(("سكن خاص", "عمارة سكنية", "مجمع تجاري")),
        "owner": values.name(),
        "parcel": values.parcel(),
        "office": values.value("office"),
        "title": values.pick(_TITLES),
        "scale": values.scale(),
        "date": values.date(),
        "revision": values.pick(("A", "B", "C", "01", "02")),
        "sheet_number": f"A-{values.between(1, 60):02}",
    }


def _scanned(clean: bytes, dpi: int, mode: str, random: np.random.Generator) -> Image.Image:
    """The sheet as the plotter's scanner saw it: a little askew, with dust and grain, in 8 bits or one."""
    askew = math.radians(float(random.uniform(-0.25, 0.25)))
    with pikepdf.open(io.BytesIO(clean)) as pdf:
        (page,) = pdf.pages
        cosine, sine = math.cos(askew), math.sin(askew)
        page.contents_add(f"q {cosine} {sine} {-sine} {cosine} 0 0 cm".encode(), prepend=True)
        page.contents_add(b"Q")
        turned = io.BytesIO()
        pdf.save(turned)
    with pypdfium2.PdfDocument(turned.getvalue()) as opened:
        pixels = opened[0].render(scale=dpi / 72, grayscale=True).to_numpy().squeeze()
    grain = random.integers(0, 28, (1024, pixels.shape[1]), np.uint8)
    for top in range(0, len(pixels), len(grain)):  # strip by strip: a sheet has up to 248 million pixels
        strip = pixels[top : top + len(grain)]
        np.maximum(strip, grain[: len(strip)], out=strip)
        np.minimum(strip, 255 - grain[::-1][: len(strip)], out=strip)
    for _ in range(1500):
        y, x = (int(random.integers(0, side - 6)) for side in pixels.shape)
        size = int(random.integers(1, 5))
        pixels[y : y + size, x : x + size] = int(random.integers(0, 120))
    picture = Image.fromarray(pixels)
    return picture if mode == "grey" else picture.point(lambda value: 255 * (value > 150), "1")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("out", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--dpi", type=int, default=300)
    parser.add_argument("--mode", choices=("bilevel", "grey"), default="bilevel")
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    sheet = make_sheet(asked.seed, asked.dpi, asked.mode)
    (asked.out / f"{sheet.name}{sheet.suffix}").write_bytes(sheet.file())
    truth = json.dumps({"texts": sheet.texts, "fields": sheet.fields}, ensure_ascii=False, indent=1)
    (asked.out / f"{sheet.name}.truth.json").write_text(truth + "\n", "utf-8")
    print(sheet.name, sheet.picture.size, {part: len(texts) for part, texts in sheet.texts.items()})

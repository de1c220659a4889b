"""Large sheets: what is written among the lines of a drawing is read, whichever way it runs; what is no text is not."""

import io
from collections.abc import Callable, Sequence

import numpy as np
import pytest
from PIL import Image

from ocr.components import Components, components_of
from ocr.cutting import cut
from ocr.drawings.gathering import Way, gathered, line_height
from ocr.drawings.pieces import pieces_of
from ocr.drawings.sheets import Sheet, drawing_in, look_at, read_sheet
from ocr.drawings.sizes import Sizes
from ocr.drawings.ways import first_way, likely_right, other_ways
from ocr.engines import Reading
from ocr.formats import open_source
from ocr.pages import read_page
from ocr.recognition import Recogniser
from ocr.shapes import Limits, Page
from tests.ocr.drawing import NASKH, page
from tests.ocr.plan_sheet import DPI, PlanSheet, plan


@pytest.fixture(scope="module")
def sheet() -> Image.Image:
    return plan()


@pytest.fixture(scope="module")
def read(sheet: Image.Image, recogniser: Recogniser) -> Sheet:
    return read_sheet(look_at(sheet, DPI), recogniser)


def test_reads_names_dimensions_and_labels(read: Sheet) -> None:
    texts = {w.text for w in read.words}
    assert {"معيشة", "طعام", "12.45", "13.20", "مطبخ", "عنوان", "اللوحة", "A-101", "1:100"} <= texts
    assert (read.turned, read.skew) == (0, 0.0)


@pytest.mark.parametrize(("text", "x", "y"), [("12.45", 325, 40), ("13.20", 40, 150), ("مطبخ", 320, 140)])
def test_words_stand_where_they_are_drawn_also_those_that_run_up_the_sheet(
    read: Sheet, text: str, x: float, y: float
) -> None:
    (word,) = [w for w in read.words if w.text == text]
    assert (word.height > word.width) is (text != "12.45")
    assert (word.x + word.width / 2) * 25.4 / DPI == pytest.approx(x, abs=1.5)
    assert (word.y + word.height / 2) * 25.4 / DPI == pytest.approx(y, abs=1.5)


@pytest.mark.parametrize("turn", [90, 180])
def test_turns_a_sheet_upright(sheet: Image.Image, read: Sheet, recogniser: Recogniser, turn: int) -> None:
    other = read_sheet(look_at(sheet.rotate(turn, expand=True), DPI), recogniser)
    assert other.turned == turn
    assert other.image.size == sheet.size
    assert {w.text for w in other.words} >= {"معيشة", "12.45", "A-101"}


def test_reads_a_sheet_that_lies_aslant(sheet: Image.Image, recogniser: Recogniser) -> None:
    aslant = sheet.rotate(-1.0, Image.Resampling.BILINEAR, fillcolor=255)
    read = read_sheet(look_at(aslant, DPI), recogniser)
    assert read.skew == pytest.approx(1.0, abs=0.15)
    words = {w.text: w for w in read.words}
    assert {"معيشة", "12.45", "13.20", "A-101"} <= set(words)
    # Where it stands on the sheet as it lies: turned by a degree about the middle.
    x, y = (325 - 420.5) * DPI / 25.4, (40 - 297) * DPI / 25.4
    angle = np.radians(1.0)
    word = words["12.45"]
    assert abs(word.x + word.width / 2 - sheet.width / 2 - (x * np.cos(angle) - y * np.sin(angle))) < 12
    assert abs(word.y + word.height / 2 - sheet.height / 2 - (x * np.sin(angle) + y * np.cos(angle))) < 12


def test_a_name_that_walls_and_a_door_run_through_is_read(recogniser: Recogniser) -> None:
    drawn = PlanSheet(600, 420)
    for x, y in ((100, 100), (300, 100)):
        drawn.frame(x, y, 60, 60, thick=0.7)
    drawn.text("ديوانية", 108, 130)  # its last letter lies on the wall
    drawn.arc(300, 100, 40, thick=0.25)
    drawn.text("غرفة ملابس", 334, 122)  # across the door
    texts = {w.text for w in read_sheet(look_at(drawn.image, DPI), recogniser).words}
    assert {"ديوانية", "غرفة", "ملابس"} <= texts


def test_what_crosses_and_ends_of_strokes_are_no_letters_beside_a_number(recogniser: Recogniser) -> None:
    drawn = PlanSheet(600, 420)
    drawn.line((100, 100), (130, 100), thick=0.25)
    for x in (100, 130):
        drawn.line((x - 1.5, 101.5), (x + 1.5, 98.5), thick=0.25)
        drawn.line((x, 97), (x, 103), thick=0.25)
        drawn.line((x - 3, 100), (x + 3, 100), thick=0.25)
    drawn.text("2.40", 115, 97, size=2.5)
    assert [w.text for w in read_sheet(look_at(drawn.image, DPI), recogniser).words] == ["2.40"]


def test_finds_no_text_in_hatches_and_frames() -> None:
    drawn = PlanSheet(600, 420)
    drawn.frame(10, 10, 580, 400)
    for x in range(20, 560, 30):
        drawn.frame(x, 20, 20, 12, thick=0.25)
    drawn.line(*((20 + 10 * k, 100 + 40 * (k % 2)) for k in range(50)))
    pieces, _ = pieces_of(components_of(np.asarray(drawn.image) < 128), Sizes.at(DPI))
    assert pieces == []


def test_a_hatched_sheet_costs_little_and_says_nothing(recogniser: Recogniser) -> None:
    drawn = PlanSheet(600, 420)
    drawn.hatch(10, 10, 580, 400, apart=3.0)
    read = read_sheet(look_at(drawn.image, DPI), recogniser)
    assert sum(len(w.text) > 1 and w.confidence > 85 for w in read.words) <= 3


@pytest.mark.parametrize("size", [(1, 60_000), (60_000, 1), (4000, 3000)])
def test_a_sheet_without_ink_has_no_words(recogniser: Recogniser, size: tuple[int, int]) -> None:
    assert read_sheet(look_at(Image.new("L", size, 255), DPI), recogniser).words == ()


def test_text_in_a_frame_is_read_and_two_cells_are_not_one(recogniser: Recogniser) -> None:
    drawn = PlanSheet(600, 420)
    for k, word in enumerate(("D12", "1.20", "2.40")):
        drawn.frame(100 + 8.6 * k, 100, 8.6, 6, thick=0.25)
        drawn.text(word, 104.3 + 8.6 * k, 103, size=2.5)
    drawn.frame(300, 200, 40, 9, thick=0.35)
    drawn.text("غرفة نوم", 320, 204.5)
    assert len(pieces_of(components_of(np.asarray(drawn.image) < 128), Sizes.at(DPI))[0]) == 4
    texts = [w.text for w in read_sheet(look_at(drawn.image, DPI), recogniser).words]
    assert {"D12", "1.20", "2.40", "غرفة", "نوم"} <= set(texts)


NOTE = "تراجع جميع الأبعاد في الموقع"


def framed(*millimetres: int) -> PlanSheet:
    """A sheet with a frame."""
    drawn = PlanSheet(*millimetres)
    drawn.frame(5, 5, millimetres[0] - 10, millimetres[1] - 10, thick=0.5)
    return drawn


def plan_on(*millimetres: int) -> PlanSheet:
    """A sheet with a frame, rooms, and a few words in them."""
    drawn = framed(*millimetres)
    for k in range(4):
        drawn.frame(10 + 60 * k, 10, 55, 150, thick=0.7)
        drawn.text(NOTE, 140, 20 + 14 * k)
    return drawn


def lines_on(*millimetres: int) -> PlanSheet:
    """A sheet of lines from side to side that touch nothing, and a few words between them."""
    drawn = PlanSheet(*millimetres)
    for y in range(20, millimetres[1] - 10, 20):
        drawn.line((20, y), (millimetres[0] - 20, y))
        drawn.text(NOTE, 140, y + 10)
    return drawn


def text_on(*millimetres: int, size: float) -> PlanSheet:
    """A sheet with a frame, and lines of letters of that size from side to side."""
    drawn = framed(*millimetres)
    across, apart = round(30 * size), 3 * size
    for k in range(int((millimetres[1] - 40) / apart)):
        for x in range(across // 2 + 15, millimetres[0] - across // 2 - 10, across):
            drawn.text(NOTE, x, 20 + size + apart * k, size)
    return drawn


@pytest.mark.parametrize(
    ("drawn", "expected"),
    [
        (lambda: plan_on(297, 210), False),
        (lambda: plan_on(420, 297), True),
        (lambda: plan_on(594, 420), True),
        (lambda: lines_on(420, 297), True),
        (lambda: text_on(420, 297, size=3.5), False),
        (lambda: text_on(420, 297, size=10), False),
        (lambda: text_on(594, 420, size=3.5), True),
        (lambda: text_on(594, 420, size=6), False),
        (lambda: text_on(594, 420, size=15), False),
        (lambda: PlanSheet(594, 420), True),
    ],
    ids=[
        "A4 plan", "A3 plan", "A2 plan", "A3 lines", "A3 text", "A3 text of large letters", "A2 notes", "A2 poster",
        "A2 poster of large letters", "A2 with nothing on it",
    ],
)  # fmt: skip
@pytest.mark.parametrize("turn", [0, 90])
def test_a_drawing_is_told_by_its_paper_its_strokes_and_its_lettering(
    drawn: Callable[[], PlanSheet], expected: bool, turn: int
) -> None:
    image = drawn().image.rotate(turn, expand=True)
    assert (drawing_in(image, DPI) is not None) is expected


def page_of(image: Image.Image, recogniser: Recogniser) -> Page:
    """The page, read as every file's is."""
    png = io.BytesIO()
    image.save(png, "PNG", dpi=(DPI, DPI))
    png.seek(0)
    return read_page(open_source(png, "sheet.png", Limits()), 1, recogniser, Limits())


def test_capitals_of_a_poster_are_read(recogniser: Recogniser) -> None:
    drawn = framed(420, 594)
    words = ["FIRE SAFETY", "EXIT ROUTES", "KEEP DOORS SHUT", "CALL 112 AT ONCE"]
    for k, text in enumerate(words):
        drawn.text(text, 210, 100 + 100 * k, 22)
    assert [w.text for w in page_of(drawn.image, recogniser).words] == " ".join(words).split()


def test_the_cover_of_a_set_of_drawings_keeps_the_fields_of_its_title_block(recogniser: Recogniser) -> None:
    drawn = framed(841, 594)
    drawn.text("مشروع إنشاء بيت حكومي", 300, 150, size=20)
    for k in range(4):
        drawn.text("مسقط الدور الأرضي والأول", 300, 250 + 30 * k, size=8)
    for k in range(12):
        drawn.text(NOTE, 740, 40 + 10 * k, size=3)
    drawn.title_block(670, 480)
    names = {field.name for field in page_of(drawn.image, recogniser).fields}
    assert names == {"title", "scale", "date", "sheet_number"}


def test_notes_set_so_close_that_tails_reach_heads_are_still_lines_of_their_own() -> None:
    lines = ("يستعمل إسمنت مقاوم في جميع الأساسات", "عزل مائي من طبقتين لجميع الحمامات")
    upper, lower = (np.asarray(page([line], NASKH, size=24, width=700, height=400)) < 128 for line in lines)
    tail, head = np.flatnonzero(upper.any(1))[-1], np.flatnonzero(lower.any(1))[0]
    ink = upper | np.roll(lower, tail - head - 8, axis=0)
    pieces, _ = pieces_of(components_of(ink), Sizes.at(150))
    assert len([p for p in pieces if p.length > 200]) == 2


def test_a_short_word_above_another_is_part_of_its_line() -> None:
    blocks = [(x, y, 24, 16) for y in (100, 124) for x in range(40, 460, 30) if x != 220]
    blocks += [(222, 98, 20, 20), (222, 121, 20, 19)]  # nearer to one another than to their neighbours
    ink = np.zeros((300, 600), np.bool_)
    for x, y, width, height in blocks:
        ink[y : y + height, x : x + width] = True
    pieces, _ = pieces_of(components_of(ink), Sizes.at(150))
    assert [(len(p.members), p.is_upright) for p in pieces] == [(14, False), (14, False)]


def drawn_blocks(*boxes: tuple[int, int, int, int]) -> Components:
    """Parts of a sheet of 150 dpi, each a solid box: x, y, width, height."""
    ink = np.zeros((400, 600), np.bool_)
    for x, y, width, height in boxes:
        ink[y : y + height, x : x + width] = True
    return components_of(ink)


def test_a_narrow_figure_of_a_number_that_runs_upwards_lies_and_is_part_of_it() -> None:
    parts = drawn_blocks((100, 100, 20, 14), (100, 118, 20, 14), (116, 136, 4, 4), (100, 144, 20, 5))
    (piece,), _ = pieces_of(parts, Sizes.at(150))
    assert (piece.is_upright, len(piece.members), piece.bottom) == (True, 4, 149)


def test_letters_side_by_side_in_a_word_that_runs_upwards_are_part_of_it() -> None:
    above = [(100, 100 + 16 * k, 30, 14) for k in range(3)]
    below = [(100, 182 + 16 * k, 30, 14) for k in range(3)]
    parts = drawn_blocks(*above, (100, 154, 16, 18), (118, 150, 18, 12), *below)
    (piece,), _ = pieces_of(parts, Sizes.at(150))
    assert (piece.is_upright, len(piece.members)) == (True, 8)


def test_a_dot_stays_in_its_line_though_a_mark_of_the_next_is_near() -> None:
    rows = [(x, y, 22, 22) for y in (100, 140) for x in range(40, 460, 30)]
    # Below the line a dot, and close below that a hamza, which is as large as a letter.
    parts = drawn_blocks(*rows, (220, 124, 4, 4), (219, 131, 8, 7))
    pieces, _ = pieces_of(parts, Sizes.at(150))
    assert [(len(p.members), p.is_upright) for p in pieces] == [(15, False), (15, False)]


def test_a_letter_over_a_word_of_the_next_row_is_part_of_its_own_word() -> None:
    upper = [(100 + 20 * k, 100, 16, 20) for k in range(3)]
    lower = [(100 + 20 * k, 136, 16, 20) for k in range(6)]
    parts = drawn_blocks(*upper, (166, 104, 12, 25), *lower)
    pieces, _ = pieces_of(parts, Sizes.at(150))
    assert [(len(p.members), p.is_upright) for p in pieces] == [(4, False), (6, False)]


@pytest.mark.parametrize(
    ("better", "worse"),
    [(("1.90", 89), ("061", 99)), (("x", 100), ("xX", 70)), (("غرفة", 92), ("ض", 98))],
    ids=["on its head", "a letter twice", "a tenth of it"],
)
def test_of_two_readings_that_is_better_of_which_more_is_right(
    better: tuple[str, float], worse: tuple[str, float]
) -> None:
    one, other = ([Reading(text, 0, 0, 9, 9, sure)] for text, sure in (better, worse))
    assert likely_right(one) > likely_right(other)


@pytest.mark.parametrize(("top", "bottom"), [(100, 174), (114, 174), (100, 160)])
def test_letters_of_two_lines_that_touch_are_parted_where_they_do(top: int, bottom: int) -> None:
    ink = np.zeros((300, 700), np.bool_)
    for y in (100, 150):
        for x in range(40, 640, 30):
            ink[y : y + 24, x : x + 24] = True
    ink[100:top, 280:304] = ink[bottom:174, 280:304] = False
    ink[124:150, 300:303] = True  # a tail that reaches a head
    pieces, parts = pieces_of(components_of(ink), Sizes.at(150))
    boxes = sorted((p.top, p.bottom) for p in pieces)
    assert [len(p.members) for p in pieces] == [20, 20]
    assert boxes[0][0] == 100 and boxes[1][1] == 174 and boxes[0][1] == boxes[1][0]
    assert parts.area.sum() == ink.sum()


def test_a_line_takes_in_one_upright_letter_after_the_other() -> None:
    ink = np.zeros((300, 600), np.bool_)
    for x in range(200, 500, 30):
        ink[100:124, x : x + 24] = True
    ink[100:124, 186:192] = ink[100:124, 176:182] = True  # 11: close together, so higher than both are broad
    ink[104:124, 142:162] = True
    (piece,), _ = pieces_of(components_of(ink), Sizes.at(150))
    assert (piece.left, len(piece.members)) == (142, 13)


@pytest.mark.parametrize("turned", [False, True], ids=["level", "upright"])
def test_what_is_not_read_well_is_tried_at_other_sizes_only(turned: bool) -> None:
    # Letters as high as their line, so that neither the usual way nor the tight one leaves room.
    boxes = [(100 + 26 * k, 100, 20, 24) for k in range(4)] + [(204, 100, 20, 34)]
    parts = drawn_blocks(*((y, x, h, w) for x, y, w, h in boxes) if turned else boxes)
    (piece,), parts = pieces_of(parts, Sizes.at(150))
    (first,) = first_way(piece, parts)
    ways = [way for way in other_ways(piece, parts) if way.turn == first.turn]
    assert piece.is_upright is turned
    assert [line_height(parts, way) / line_height(parts, first) > 1.1 for way in ways] == [True]


def letters(tails: Sequence[int], tail: int) -> int:
    """How high the usual letter is where a line with tails at some of its letters is read."""
    ink = np.zeros((200, 1100), np.bool_)
    for k in range(34):
        x = 40 + 30 * k
        ink[60:84, x : x + 25] = True
        ink[60 : 84 + tail * (k in tails), x : x + 6] = True
    (piece,), parts = pieces_of(components_of(ink), Sizes.at(150))
    grey = Image.fromarray(np.where(ink, np.uint8(0), np.uint8(255)))
    (line,) = cut(gathered(grey, parts, [Way(piece, 0, 1.0)]).prepared)
    assert line.bottom - line.top == line.picture.shape[0]  # it is not scaled again
    return int((line.picture < 128).sum(0).min(where=(line.picture < 128).any(0), initial=99))


@pytest.mark.parametrize("tails", [[10], range(0, 34, 3)], ids=["one", "a third"])
def test_deep_tails_do_not_make_a_line_small(tails: Sequence[int]) -> None:
    assert letters(tails, tail=30) > 0.65 * letters([], tail=0)

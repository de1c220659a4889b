"""A font without a picture: every character of the basic plane is a blank, half as wide as it is high.

Text set in it lies invisible over a scan and can be searched and copied. Codes are UTF-16, so no table of characters
is needed but one that says so.
"""

import io
from functools import cache

import pikepdf
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from pikepdf import Array, Dictionary, Name

# Width of every character, in ems.
ADVANCE = 0.5
_EM = 1000
_NAME = "GlyphLess"
_RANGES_AT_ONCE = 100


def glyphless_font(pdf: pikepdf.Pdf) -> pikepdf.Object:
    """The font as an object of `pdf`, for text shown as UTF-16 (big-endian)."""
    advance = round(ADVANCE * _EM)
    program = pdf.make_stream(font_program())
    program.Length1 = len(program.read_bytes())
    descriptor = pdf.make_indirect(Dictionary(
        Type=Name.FontDescriptor, FontName=Name("/" + _NAME), Flags=4, FontBBox=Array([0, 0, advance, _EM]),
        ItalicAngle=0, Ascent=_EM, Descent=0, CapHeight=_EM, StemV=80, FontFile2=program,
    ))  # fmt: skip
    every_code = pdf.make_stream(b"\x00\x01" * 65536)
    descendant = pdf.make_indirect(Dictionary(
        Type=Name.Font, Subtype=Name.CIDFontType2, BaseFont=Name("/" + _NAME),
        CIDSystemInfo=Dictionary(Registry=b"Adobe", Ordering=b"Identity", Supplement=0),
        FontDescriptor=descriptor, DW=advance, CIDToGIDMap=every_code,
    ))  # fmt: skip
    return pdf.make_indirect(Dictionary(
        Type=Name.Font, Subtype=Name.Type0, BaseFont=Name("/" + _NAME), Encoding=Name("/Identity-H"),
        DescendantFonts=Array([descendant]), ToUnicode=pdf.make_stream(_to_unicode()),
    ))  # fmt: skip


def encoded(text: str) -> bytes:
    """The text as an operand for that font; characters beyond the basic plane become U+FFFD."""
    plain = "".join(c if c < "\U00010000" else "\ufffd" for c in text)
    return b"<" + plain.encode("utf-16-be", "replace").hex().encode() + b">"


@cache
def font_program() -> bytes:
    """A TrueType font of two blanks.

    They are drawn as a line without breadth from corner to corner: pdfium leaves out upright text whose characters
    take up no room.
    """
    advance = round(ADVANCE * _EM)
    pen = TTGlyphPen(None)
    pen.moveTo((0, 0))
    pen.lineTo((advance, _EM))
    pen.closePath()
    blank = pen.glyph()
    builder = FontBuilder(_EM, isTTF=True)
    builder.setupGlyphOrder([".notdef", "blank"])
    builder.setupCharacterMap({})
    builder.setupGlyf({".notdef": blank, "blank": blank})
    builder.setupHorizontalMetrics({".notdef": (advance, 0), "blank": (advance, 0)})
    builder.setupHorizontalHeader(ascent=_EM, descent=0)
    builder.setupOS2()
    builder.setupNameTable({"familyName": _NAME, "styleName": "Regular"})
    builder.setupPost()
    # The same bytes every time, whenever they are made.
    builder.font["head"].created = builder.font["head"].modified = 0
    builder.font.recalcTimestamp = False
    out = io.BytesIO()
    builder.save(out)
    return out.getvalue()


def _to_unicode() -> bytes:
    """A CMap of each code to itself. A range may not run beyond one first byte."""
    ranges = [f"<{row:02X}00> <{row:02X}FF> <{row:02X}00>" for row in range(256)]
    blocks = [
        f"{len(some)} beginbfrange\n" + "\n".join(some) + "\nendbfrange"
        for some in (ranges[i : i + _RANGES_AT_ONCE] for i in range(0, len(ranges), _RANGES_AT_ONCE))
    ]
    return "\n".join([
        "/CIDInit /ProcSet findresource begin", "12 dict begin", "begincmap",
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
        "/CMapName /Adobe-Identity-UCS def", "/CMapType 2 def",
        "1 begincodespacerange", "<0000> <FFFF>", "endcodespacerange", *blocks,
        "endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end",
    ]).encode()  # fmt: skip

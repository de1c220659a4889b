"""A document as a PDF whose scans can be searched: its pictures untouched, what was read as invisible text over them.

A document of nothing but scans becomes PDF/A-2b. One that came as a PDF with more in it keeps that, and makes no claim.
"""

import io
from collections.abc import Callable, Iterable
from functools import cache, partial
from typing import Any, BinaryIO

import img2pdf
import pikepdf
from pikepdf import Array, Dictionary, Name
from PIL import Image, ImageCms

from ocr.formats.pictures import DAMAGE, PictureSource
from ocr.formats.tiff import begin_with, directories, whole_jpeg
from ocr.glyphless import font_program, glyphless_font
from ocr.invisible_text import invisible_text
from ocr.media_type import DXF, PDF, READABLE, TIFF, media_type_of
from ocr.shapes import TEXT_LAYER, Limits, Page, PageRefused, SourceRefused

_FONT = "DiwanWords"
_UNREAD = (595.0, 842.0)
# Points: what a page may measure.
_SHORTEST, _LONGEST = 3, 14_400
_HIDDEN = 3
_PACKED = ("1", "L", "LA", "P", "RGB", "RGBA")
_SPACES = {"/DeviceGray", "/DeviceRGB", "/CalGray", "/CalRGB", "/ICCBased", "/Indexed"}
# Operators that set colours which the archive's profile does not explain, show pictures of any encoding, and shade.
_BEYOND_PICTURES = "k K cs CS EI sh"
# Graphics states that change nothing by which a picture is shown.
_PLAIN_STATE: dict[str, tuple[Any, ...]] = {
    "/Type": (Name.ExtGState,), "/BM": (Name.Normal, Name.Compatible), "/SMask": (Name("/None"),), "/CA": (1,),
    "/ca": (1,), "/AIS": (True, False), "/OP": (False,), "/op": (False,), "/OPM": (0, 1), "/SA": (True, False),
    "/TK": (True, False),
}  # fmt: skip
# What a document may do or carry that an archive's PDF must not.
_ACTIVE = ("/AA", "/OpenAction", "/AcroForm", "/Collection", "/Perms", "/Requirements", "/NeedsRendering")
_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""


def prepare() -> None:
    """Loads what a process can no longer load once it is confined."""
    font_program()
    _srgb()


def searchable(
    stream: BinaryIO, pages: Iterable[Page], limits: Limits, password: str | None = None,
    begin: Callable[[int], None] = lambda number: None,
) -> bytes:  # fmt: skip
    """The file as a searchable PDF, given its pages as they were read. The same bytes for the same input.

    `begin` is called with each page's number before its picture is converted, once more where that has to be done
    otherwise, and before its words are laid over it. Raises SourceRefused for what cannot be made one: drawings, and
    what no longer opens.
    """
    head = stream.read(4096)
    stream.seek(0)
    media_type = media_type_of(head)
    if media_type == DXF or media_type not in READABLE:
        raise SourceRefused("unsupported-type", {"actual": media_type})
    try:
        if media_type == PDF:
            document = pikepdf.open(stream, password=password or "")
        else:
            document = pikepdf.open(io.BytesIO(_of_pictures(stream, media_type, pages, limits, begin)))
            # What img2pdf makes is called by the time of its making.
            if "/ID" in document.trailer:
                del document.trailer["/ID"]
        with document:
            return _finished(document, pages, begin)
    except pikepdf.PasswordError as error:
        raise SourceRefused("password-protected") from error
    except (pikepdf.PdfError, img2pdf.ImageOpenError, *DAMAGE) as error:
        raise SourceRefused("truncated-file", {"actual": media_type}) from error


class _Picture:
    """A picture that img2pdf reads when its turn comes."""

    def __init__(
        self, number: int, begin: Callable[[int], None], content: Callable[[], bytes | bytearray]
    ) -> None:
        self._number = number
        self._begin = begin
        self._content = content

    def read(self) -> bytes | bytearray:
        self._begin(self._number)
        return self._content()


def _of_pictures(
    stream: BinaryIO, media_type: str, pages: Iterable[Page], limits: Limits, begin: Callable[[int], None]
) -> bytes:
    """A PDF of the file's pictures, as they are encoded; those that PDF does not know, packed without loss."""
    try:
        return _converted(
            _encoded(stream.read(), media_type, limits, begin), _layout(pages), media_type == TIFF
        )
    except (*DAMAGE, img2pdf.ImageOpenError, img2pdf.AlphaChannelError, img2pdf.JpegColorspaceError):
        source = PictureSource(stream, media_type, limits)
        packed = [
            _Picture(number, begin, partial(_repacked, source, number))
            for number in [page.number for page in pages]
        ]
        return _converted(packed, _layout(pages))


def _encoded(content: bytes, media_type: str, limits: Limits, begin: Callable[[int], None]) -> list[_Picture]:
    """The file's pictures. Of a TIFF one after the other, for hundreds take longer than one page may."""
    if media_type != TIFF:
        return [_Picture(1, begin, lambda: content)]
    file = bytearray(content)

    def picture(directory: int) -> bytes | bytearray:
        if jpeg := whole_jpeg(content, directory):
            return jpeg
        begin_with(file, directory)
        return file

    return [
        _Picture(number, begin, partial(picture, directory))
        for number, directory in enumerate(directories(file, limits.pages), 1)
    ]


def _converted(pictures: list[_Picture], layout: Callable[..., Any], first_frame_only: bool = False) -> bytes:
    return bytes(img2pdf.convert(
        pictures, engine=img2pdf.Engine.pikepdf, layout_fun=layout, nodate=True, rotation=img2pdf.Rotation.none,
        first_frame_only=first_frame_only,
    ))  # fmt: skip


def _layout(pages: Iterable[Page]) -> Callable[..., Any]:
    """Sizes pictures, one after the other, as their pages were found to be."""
    following = iter(pages)

    def size(width: int, height: int, resolution: object) -> tuple[float, float, float, float]:
        page = next(following, None)
        across, down = _UNREAD
        if page is not None and page.dpi and page.width and page.height:
            across, down = page.width * 72 / page.dpi, page.height * 72 / page.dpi
        within = min(1.0, _LONGEST / max(across, down))
        shown = max(across * within, _SHORTEST), max(down * within, _SHORTEST)
        return (*shown, *shown)

    return size


def _repacked(source: PictureSource, number: int) -> bytes:
    """The page's picture as a PNG, or blank paper in place of one that cannot be decoded."""
    try:
        picture = source.page(number).image
    except (PageRefused, SourceRefused):
        picture = Image.new("1", (1, 1), 1)
    out = io.BytesIO()
    (picture if picture.mode in _PACKED else picture.convert("RGB")).save(out, "PNG")
    return out.getvalue()


def _finished(document: pikepdf.Pdf, pages: Iterable[Page], begin: Callable[[int], None]) -> bytes:
    font = glyphless_font(document)
    for found, page in zip(document.pages, pages, strict=False):
        begin(page.number)
        if any(word.source != TEXT_LAYER for word in page.words):
            _lay_over(document, found, page, font)
    _strip(document)
    if all(_is_picture_only(page) for page in document.pages):
        _claim_archival(document)
    out = io.BytesIO()
    document.save(
        out, min_version="1.7", deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate
    )
    return out.getvalue()


def _lay_over(document: pikepdf.Pdf, found: pikepdf.Page, page: Page, font: pikepdf.Object) -> None:
    left, bottom, right, top = (float(side) for side in found.cropbox)
    found.rotate(page.rotation, relative=False)
    _without_hidden_text(document, found)
    text = invisible_text(page, _FONT, right - left, top - bottom)
    moved = f"q 1 0 0 1 {left:.4f} {bottom:.4f} cm\n".encode() + text + b"\nQ"
    # What others drew may have left the page turned or scaled: it is put between brackets of its own.
    found.contents_add(document.make_stream(b"q"), prepend=True)
    found.contents_add(document.make_stream(b"Q\n" + moved))
    if "/Font" not in found.resources:
        found.resources.Font = Dictionary()
    found.resources.Font[f"/{_FONT}"] = font


def _without_hidden_text(document: pikepdf.Pdf, page: pikepdf.Page) -> None:
    """Takes out what another reader believed to read there."""
    kept: list[Any] = []
    block: list[Any] | None = None
    hidden = removed = False
    for instruction in pikepdf.parse_content_stream(page):
        operator = str(instruction.operator)
        if operator == "Tr":
            hidden = int(instruction.operands[0]) == _HIDDEN
        if operator == "BT":
            block = []
        (kept if block is None else block).append(instruction)
        if operator == "ET" and block is not None:
            removed |= hidden
            kept += [] if hidden else block
            block = None
    if removed:
        page.Contents = document.make_stream(pikepdf.unparse_content_stream(kept))


def _strip(document: pikepdf.Pdf) -> None:
    """Takes out what acts, and what describes the file as it was."""
    for key in (*_ACTIVE, "/Metadata", "/OutputIntents"):
        if key in document.Root:
            del document.Root[key]
    if "/Names" in document.Root:
        for key in ("/JavaScript", "/EmbeddedFiles"):
            if key in document.Root.Names:
                del document.Root.Names[key]
    if "/Info" in document.trailer:
        del document.trailer["/Info"]


def _is_picture_only(page: pikepdf.Page) -> bool:
    """Whether the page shows nothing but pictures that PDF/A-2 allows."""
    if ("/Annots" in page and len(page.Annots)) or "/Group" in page or "/AA" in page:
        return False
    resources = page.resources
    if not all(map(_is_plain, resources.get("/ExtGState", Dictionary()).values())):
        return False
    if any(key in resources for key in ("/Pattern", "/Shading", "/ColorSpace", "/Properties")):
        return False
    if any(name != f"/{_FONT}" for name in resources.get("/Font", {})):
        return False
    if not all(_is_archival(item) for item in resources.get("/XObject", Dictionary()).values()):
        return False
    return not pikepdf.parse_content_stream(page, _BEYOND_PICTURES)


def _is_plain(state: Any) -> bool:
    return isinstance(state, Dictionary) and all(
        value in _PLAIN_STATE.get(key, ()) for key, value in state.items()
    )


def _is_archival(item: Any) -> bool:
    if item.get("/Subtype") != Name.Image or any(key in item for key in ("/Alternates", "/OPI")):
        return False
    masks = [item[key] for key in ("/SMask", "/Mask") if isinstance(item.get(key), pikepdf.Stream)]
    if not all(map(_is_archival, masks)):
        return False
    if item.get("/Interpolate", False):
        item.Interpolate = False
    filters = item.get("/Filter", Array())
    names = [str(name) for name in (filters if isinstance(filters, Array) else [filters])]
    space = item.get("/ColorSpace", Name.DeviceGray)
    family = str(space[0] if isinstance(space, Array) else space)
    base = str(space[1]) if family == "/Indexed" and not isinstance(space[1], Array) else "/DeviceRGB"
    return family in _SPACES and base in _SPACES and not {"/LZWDecode", "/Crypt"} & set(names)


def _claim_archival(document: pikepdf.Pdf) -> None:
    """Metadata and the meaning of the colours, as PDF/A-2b asks."""
    profile = document.make_stream(_srgb())
    profile.N = 3
    document.Root.OutputIntents = Array([document.make_indirect(Dictionary(
        Type=Name.OutputIntent, S=Name("/GTS_PDFA1"), OutputConditionIdentifier=b"sRGB", DestOutputProfile=profile,
    ))])  # fmt: skip
    metadata = document.make_stream(_XMP.encode())
    metadata.Type, metadata.Subtype = Name.Metadata, Name.XML
    document.Root.Metadata = metadata


@cache
def _srgb() -> bytes:
    """The sRGB profile, without the time of its making."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[24:36] = bytes((7, 232, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0))
    return bytes(profile)

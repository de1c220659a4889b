"""One module for each family of files that can be read."""

from typing import BinaryIO, Protocol

from ocr.formats.sheet import Lettered, Picture
from ocr.media_type import DXF, PDF, READABLE, claimed_type, media_type_of
from ocr.shapes import Limits, SourceRefused


class Source(Protocol):
    """An opened file. Pages count from 1; `page` raises PageRefused for one page, SourceRefused for the whole."""

    media_type: str
    pages: int

    def page(self, number: int) -> Picture | Lettered:
        """The page, as a picture to read or as text already known."""
        ...


def open_source(
    stream: BinaryIO, name: str, limits: Limits, password: str | None = None, whole: bool = False
) -> Source:
    """Opens a file by what it holds. `name` matters only for saying that it lies. Raises SourceRefused.

    Large pages come as small as they can be read, or `whole`, with all their pixels, to be looked at.
    """
    head = stream.read(4096)
    stream.seek(0)
    if not head:
        raise SourceRefused("empty-file")
    media_type = media_type_of(head)
    if media_type not in READABLE:
        claimed = claimed_type(name)
        if claimed:
            raise SourceRefused("mislabelled", {"claimed": claimed, "actual": media_type})
        raise SourceRefused("unsupported-type", {"actual": media_type})
    source: Source
    if media_type == PDF:
        from ocr.formats.pdf import PdfSource

        source = PdfSource(stream, limits, password, whole)
    elif media_type == DXF:
        from ocr.formats.dxf import DxfSource

        source = DxfSource(stream, limits)
    else:
        from ocr.formats.pictures import PictureSource

        source = PictureSource(stream, media_type, limits, whole)
    if source.pages > limits.pages:
        raise SourceRefused("too-many-pages", {"pages": source.pages, "limit": limits.pages})
    if source.pages < 1:
        raise SourceRefused("truncated-file", {"actual": media_type})
    return source

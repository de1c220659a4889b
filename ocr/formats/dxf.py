"""DXF drawings: not yet."""

from typing import BinaryIO


class DxfSource:
    def __init__(self, stream: BinaryIO) -> None:
        from ocr.shapes import SourceRefused

        raise SourceRefused("unsupported-type", {"actual": "image/vnd.dxf"})

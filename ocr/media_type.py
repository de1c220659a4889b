"""What a file is, by its first bytes; its name is only a claim."""

from pathlib import PurePath

PDF = "application/pdf"
TIFF = "image/tiff"
DXF = "image/vnd.dxf"
PICTURES = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/webp": "WEBP",
    "image/bmp": "BMP",
    "image/gif": "GIF",
    "image/jp2": "JPEG2000",
    "image/heic": "HEIF",
    TIFF: "TIFF",
}
READABLE = {PDF, DXF, *PICTURES}

_BY_START = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"II*\x00", TIFF),
    (b"MM\x00*", TIFF),
    (b"II+\x00", TIFF),
    (b"MM\x00+", TIFF),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"\x00\x00\x00\x0cjP  \r\n\x87\n", "image/jp2"),
    (b"\xff\x4f\xff\x51", "image/jp2"),
    (b"AutoCAD Binary DXF", DXF),
    (b"PK\x03\x04", "application/zip"),
    (b"PK\x05\x06", "application/zip"),
    (b"Rar!", "application/vnd.rar"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"\x1f\x8b", "application/gzip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"8BPS", "image/vnd.adobe.photoshop"),
    (b"AC10", "image/vnd.dwg"),
    (b"%!PS", "application/postscript"),
    (b"{\\rtf", "application/rtf"),
    (b"MZ", "application/vnd.microsoft.portable-executable"),
    (b"\x7fELF", "application/x-elf"),
    (b"DDS ", "image/vnd-ms.dds"),
    (b"icns", "image/icns"),
    (b"\x01\xda", "image/sgi"),
)  # fmt: skip

# Brands of an ISO base media file that hold still pictures coded by HEVC.
_HEIC = {b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1", b"heif"}

_BY_NAME = {
    ".pdf": PDF, ".tif": TIFF, ".tiff": TIFF, ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png",
    ".webp": "image/webp", ".bmp": "image/bmp", ".gif": "image/gif", ".jp2": "image/jp2", ".j2k": "image/jp2",
    ".dxf": DXF, ".heic": "image/heic", ".heif": "image/heic",
}  # fmt: skip


def media_type_of(head: bytes) -> str:
    """The type of content that begins with `head` (the first 4096 bytes)."""
    for start, media_type in _BY_START:
        if head.startswith(start):
            return media_type
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC:
        return "image/heic"
    if head[:2] == b"BM" and len(head) > 14:
        return "image/bmp"
    if b"%PDF-" in head[:1024]:
        return PDF
    if _is_dxf(head):
        return DXF
    if b"<svg" in head[:1024].lower():
        return "image/svg+xml"
    if head.lstrip()[:14].lower().startswith((b"<!doctype html", b"<html")):
        return "text/html"
    return "text/plain" if _is_text(head) else "application/octet-stream"


def claimed_type(name: str) -> str | None:
    """The type that a file's name claims, None when it claims none of those that can be read."""
    return _BY_NAME.get(PurePath(name).suffix.lower())


def _is_dxf(head: bytes) -> bool:
    """Text DXF: group code 0 and SECTION, after any number of 999 comments."""
    lines = [line.strip() for line in head.splitlines()]
    while len(lines) > 2 and lines[0] == b"999":
        lines = lines[2:]
    return lines[:2] == [b"0", b"SECTION"] or lines[:2] == [b"0", b"EOF"]


def _is_text(head: bytes) -> bool:
    text = head.decode("utf-8", "ignore")
    return b"\x00" not in head and len(text.encode()) > 0.9 * len(head)

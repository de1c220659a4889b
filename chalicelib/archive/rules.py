"""Pure decisions of the archive: what a filing must hold, what a document's state is."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import PurePosixPath
from typing import Any

from chalicelib.archive.errors import FileEmpty, FileTooLarge, KindUnknown, YearImplausible
from chalicelib.kernel.arabic import clean_number
from chalicelib.kernel.errors import FieldsInvalid, FieldTooLong, Refusal

# Kinds of paper in a building file, as the municipality's shelves know them.
KINDS = (
    "building-permit",
    "building-file",
    "ownership-summary",
    "area-schedule",
    "drawing",
    "engineering-report",
    "inspection-report",
    "completion-certificate",
    "neighbours-consent",
    "health-licence",
    "violation-notice",
    "fee-receipt",
    "committee-minutes",
    "correspondence",
    "other",
)
# The largest sheet measured (A0, 400 dpi, uncompressed TIFF) is about 250 MB; a day's bound file is less.
SIZE_LIMIT = 300 * 1024 * 1024
# Characters that a title and an owner's name may have.
TITLE_LIMIT, OWNER_LIMIT = 300, 200
# The first municipality of the region was founded in 1930; older deeds do turn up.
FIRST_YEAR = 1850
# States of a document whose reading has not ended.
UNREAD = ("received", "reading")
# File name endings that promise something we read.
ENDINGS = {
    ".pdf": "application/pdf",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
    ".bmp": "image/bmp",
    ".gif": "image/gif",
    ".jp2": "image/jp2",
    ".heic": "image/heic",
    ".heif": "image/heic",
    ".dxf": "image/vnd.dxf",
}


@dataclass(frozen=True)
class Filing:
    """Where and as what a document is filed; every text as its clerk typed it, cleaned."""

    kind: str = "other"
    title: str = ""
    owner: str = ""
    parcel: str | None = None
    year: int | None = None
    confidential: bool = False


# What can be corrected of a filing. The same bytes for another parcel, or as confidential, are another document.
CORRECTABLE = ("kind", "title", "owner", "year")


def filing_etag(filing: Filing) -> str:
    """What stands for the correctable fields as they are: another one when any of them is another (RFC 9110, 8.8.3)."""
    fields = [getattr(filing, name) for name in CORRECTABLE]
    return sha256(json.dumps(fields).encode()).hexdigest()[:32]


def check_filing(
    *, kind: str, title: str, owner: str, year: str, parcel: str | None, confidential: bool, today: date
) -> Filing:
    """A filing from what was typed; FieldsInvalid names every field at fault at once.

    The parcel number is taken as given: whether it exists is for the parcels to say.
    """
    wrong: dict[str, Refusal] = {}
    if kind not in KINDS:
        wrong["kind"] = KindUnknown(field="kind", value=kind)
    number = clean_number(year)
    plain = number.isascii() and number.isdigit() and len(number) <= 4
    if number and not (plain and FIRST_YEAR <= int(number) <= today.year):
        wrong["year"] = YearImplausible(field="year", first=FIRST_YEAR, last=today.year)
    for name, value, limit in (("title", title, TITLE_LIMIT), ("owner", owner, OWNER_LIMIT)):
        if len(value) > limit:
            wrong[name] = FieldTooLong(field=name, limit=limit)
    if wrong:
        raise FieldsInvalid(wrong)
    return Filing(
        kind,
        " ".join(title.split()),
        " ".join(owner.split()),
        parcel,
        int(number) if number else None,
        confidential,
    )


def check_size(size: int) -> None:
    """Refuse what is empty or too large before any byte is sent."""
    if size <= 0:
        raise FileEmpty(field="file")
    if size > SIZE_LIMIT:
        raise FileTooLarge(field="file", limit=SIZE_LIMIT // 2**20)


def document_state(page_states: Sequence[str]) -> str:
    """The state of a document whose pages all ended: the worst that still left something to find.

    A document with at least one legible page is never refused as a whole.
    """
    if not page_states or all(state == "refused" for state in page_states):
        return "refused"
    return "read" if all(state == "read" for state in page_states) else "read with doubts"


def document_reason(pages: Sequence[tuple[str, str | None]]) -> str | None:
    """Why a document is not simply read: the first refused page's reason, else the first doubt's; None when it is.

    `pages` are (state, reason) in order.
    """
    if not pages:
        return "no-pages"
    for wanted in ("refused", "read with doubts"):
        for state, reason in pages:
            if state == wanted:
                return reason
    return None


def refusal_reason(reason: str, facts: Mapping[str, Any], filename: str) -> tuple[str, dict[str, Any]]:
    """Why a whole file was refused: the reader's reason, or mislabelled when its name promised otherwise.

    The reader looks at bytes alone; only here is known what the file was called.
    """
    claimed = ENDINGS.get(PurePosixPath(filename.lower()).suffix)
    if reason == "unsupported-type" and claimed:
        return "mislabelled", {**facts, "claimed": claimed}
    return reason, dict(facts)

"""The labels of title blocks in Arabic and English, and which field each is the label of."""

import re
from collections.abc import Sequence

from ocr.accuracy import distance, folded

LABELS: dict[str, tuple[str, ...]] = {
    "sheet_number": (
        "رقم اللوحة", "لوحة رقم", "رقم المخطط", "مخطط رقم", "رقم الرسم", "sheet no", "sheet number", "drawing no",
        "drawing number", "dwg no", "drg no", "sheet",
    ),
    "title": (
        "عنوان اللوحة", "اسم اللوحة", "محتوى اللوحة", "عنوان المخطط", "عنوان الرسم", "اللوحة", "title",
        "drawing title", "sheet title", "drawing",
    ),
    "scale": ("المقياس", "مقياس الرسم", "مقياس", "scale"),
    "revision": (
        "المراجعة", "رقم المراجعة", "مراجعة", "التعديل", "رقم التعديل", "الإصدار", "revision", "rev", "rev no",
    ),
    "date": ("التاريخ", "تاريخ", "تاريخ الإصدار", "date", "issue date"),
    "office": (
        "الاستشاري", "المكتب الهندسي", "المكتب الاستشاري", "المهندس الاستشاري", "المكتب", "المصمم", "consultant",
        "architect", "engineer", "designer",
    ),
    "project": ("المشروع", "اسم المشروع", "project", "project name"),
    "owner": ("المالك", "اسم المالك", "owner", "client"),
    "parcel": ("القسيمة", "رقم القسيمة", "parcel", "plot", "plot no", "parcel no"),
    "location": ("الموقع", "العنوان", "location", "site"),
}  # fmt: skip

# Labels of other papers too are project, owner, date and place; these are not.
OF_DRAWINGS = frozenset({"sheet_number", "title", "scale", "revision"})

_PUNCTUATION = re.compile(r"[^\w\s]")


def _key(text: str) -> str:
    return " ".join(_PUNCTUATION.sub(" ", folded(text)).casefold().split())


_NAMES = {_key(label): name for name, labels in LABELS.items() for label in labels}
_LONGEST = max(key.count(" ") for key in _NAMES) + 1


def label_at(words: Sequence[str], misread: bool = False) -> tuple[str, int] | None:
    """The field that words begin with the label of, and of how many words that is; in one language or both.

    With `misread` a letter in six of a label may be wrong.
    """
    first = _one_label(words, misread)
    if first is None:
        return None
    name, length = first
    while length < len(words) and not _key(words[length]):
        length += 1
    second = _one_label(words[length:], misread)
    return (name, length + second[1]) if second and second[0] == name else (name, length)


def _one_label(words: Sequence[str], misread: bool) -> tuple[str, int] | None:
    keys = [(length, _key(" ".join(words[:length]))) for length in range(min(_LONGEST, len(words)), 0, -1)]
    for length, key in keys:
        if key in _NAMES and _key(words[length - 1]):
            return _NAMES[key], length
    for length, key in keys if misread else ():
        for known, name in _NAMES.items():
            allowed = len(known) // 6
            alike = (
                allowed
                and abs(len(known) - len(key)) <= allowed
                and (key[0] == known[0] or key[-1] == known[-1])
            )
            if alike and distance(key, known) <= allowed:
                return name, length
    return None

"""Numbers as text: the digits of any script, the marks between them, and what is no number at all."""

import re

_DIGIT = re.compile(r"\d")
_ASCII = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹٫٬", "01234567890123456789.,")
# A number apart from what is glued to it: `616م`, `(12/2004)،`, `+965`, `MN-3-0127`.
_NUMBER = re.compile(r"\+?(?:[A-Za-z]{1,4}\d?-)*\d(?:[\d./,:\-]*\d)?")
_ARABIC_INDIC = re.compile("[٠-٩۰-۹]")
_ASCII_DIGIT = re.compile("[0-9]")
_LATIN = re.compile("[0-9A-Za-z]")
# What no one writes: one nought after an Arabic decimal mark, a whole Arabic-Indic number that begins with a nought.
# A nought was lost, or a speck or full stop taken for one.
_STRAY_NOUGHT = re.compile("(?<=[٠-٩])[٫ر,]٠(?![٠-٩])|(?<![٠-٩./:,٫A-Za-z-])٠[٠-٩]+(?![٠-٩./:,٫-])")
# Nor these: a decimal mark or a colon in one number with strokes, a hyphen before a per cent sign, a nought before the
# whole part of a decimal, one digit behind a colon, two decimal points. A mark was taken for another.
_STRAY_MARK = re.compile(
    r"\d[.,:]\d[^ ]*/|/[^ ]*\d[.,:]\d|-\d+%|(?<![\d./:,\-])0\d+[.,]\d|\d:\d(?!\d)|(?<!\d)\d{1,3}(?:\.\d{3}){2,}(?!\d)"
)
_LOST_TAIL = re.compile(r"(?<=\d)\.(?=\d{3}[.,٫])")
_INNER_MARK = re.compile(r"(?<=\d)[.,:/٫٬-](?=\d)")
_AROUND = " .,:;!?/+-()[]«»\"'،؛؟"
# Letters and marks that have the shape of a digit or of a decimal mark when seen without their line.
_ALIKE = str.maketrans("OoإاIlLهءAر٫,،", "00111115" + "44....")


def has_digit(text: str) -> bool:
    """Whether there is a digit of any script in it."""
    return bool(_DIGIT.search(text))


def digits_of(text: str) -> str:
    """Its digits alone, in ASCII."""
    return "".join(_DIGIT.findall(text)).translate(_ASCII)


def number_in(text: str) -> str:
    """The longest number in a word, in ASCII: `27.500` of `(٢٧٫٥٠٠)`; empty where there is none."""
    return max(_NUMBER.findall(text.translate(_ASCII)), key=len, default="")


def bare(text: str) -> str:
    """The text without what may stand before or after a number: brackets, stops, the hyphen of a list."""
    return text.strip(_AROUND)


def regrouped(text: str) -> str:
    """The number with commas for its points that have three digits and one more mark behind them: no number has two
    decimal points, and on a fax a comma has lost its tail."""
    return _LOST_TAIL.sub(",", text)


def with_a_mark_less(text: str) -> list[str]:
    """The number without each of the marks between its digits: a speck, or the edge of a stamp, was taken for one."""
    return [text[: mark.start()] + text[mark.end() :] for mark in _INNER_MARK.finditer(text)]


def same_number(text: str, look: str) -> bool:
    """Whether another look at `text` says the same digits and marks.

    The look saw the word without its line: letters of the shape of a digit count as that digit in both, digits of
    the other script as nothing, and a full stop after the number may have been taken for a nought before it.
    """
    other_script = _ASCII_DIGIT if _ARABIC_INDIC.search(text) else _ARABIC_INDIC
    first, second = _essence(text), _essence(other_script.sub("", look))
    return first == second or (text.endswith(".") and "0" + first == second)


def _essence(text: str) -> str:
    plain = re.sub(r"(?<=\d) (?=\d)", "", text).translate(_ALIKE).translate(_ASCII)
    return re.sub(r"[^0-9./:]", "", plain).strip("./:")


def ill_formed(text: str) -> bool:
    """Whether no one writes numbers so: Arabic-Indic digits beside Latin ones or letters, noughts or marks astray."""
    mixed = _ARABIC_INDIC.search(text) and _LATIN.search(text)
    return bool(mixed or _STRAY_NOUGHT.search(text) or _STRAY_MARK.search(text.translate(_ASCII)))

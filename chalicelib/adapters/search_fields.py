"""What every search engine is fed, and how much each form of a word weighs: so that both homes find the same."""

from math import log

from chalicelib.kernel import arabic
from chalicelib.ports.search import PageEntry

KEYWORDS = ("document", "version", "parcel", "kind", "department", "confidentiality")
FACETS = ("kind", "year", "parcel")
FACET_VALUES = 20

# Per word asked for, the best of its forms counts, and a tenth of the others; docs/adr/0002 has the measurements.
TIE = 0.1
STEM, RASM, FUZZY, PREFIX, NUMBER = 0.8, 0.5, 0.4, 0.3, 2.0
_RARE = 5
_RARE_IN_PAGES = 1000


def keyword(text: str) -> str:
    """A code as it is compared: ASCII digits, single spaces, none around it, no half characters."""
    whole = text.encode(errors="ignore").decode()
    return " ".join(arabic.to_ascii_digits(whole).split())


def codes(entry: PageEntry) -> dict[str, str]:
    """The codes of a page by field, without the empty ones."""
    found = {name: keyword(getattr(entry, name)) for name in KEYWORDS}
    return {name: code for name, code in found.items() if code}


def folded(entry: PageEntry) -> dict[str, str]:
    """The folded words of a page by field, separated by spaces.

    `norm`, `stem` and `rasm` are the page's, with `about_` before them those of title, owner and parcel;
    `nums` are the compound numbers of both, `owner` the stems of the owner's name.
    """
    text = arabic.streams(entry.text)
    about = arabic.streams(f"{entry.title} | {entry.owner} | {entry.parcel}")
    return {
        "norm": text.norm,
        "stem": text.stem,
        "rasm": text.rasm,
        "about_norm": about.norm,
        "about_stem": about.stem,
        "about_rasm": about.rasm,
        "nums": f"{text.nums} {about.nums}",
        "owner": arabic.streams(entry.owner).stem,
    }


def is_rare(frequency: int, pages: int) -> bool:
    """Whether a word on so many of the pages is rare enough to let one letter differ.

    In a small index every word is rare, and a near word is then most often another name.
    """
    return frequency <= min(_RARE, pages // _RARE_IN_PAGES)


def rarity(frequency: int, pages: int) -> float:
    """What BM25 makes of a word found on `frequency` of the pages: engines score automatons with a constant."""
    pages = max(pages, frequency)
    return log(1 + (pages - frequency + 0.5) / (frequency + 0.5))

"""The order of pages that answer a search, the same in every engine, and the place to go on from.

By score, then document and page; without words to score by, newest document first. Engines break ties by where
a page lies in the index, which merging changes; this order does not change, so a cursor gives every hit once.
"""

import base64
import binascii
import json
import math

from chalicelib.ports.search import PageHit, SearchCursorInvalid


def follows(page: PageHit, after: PageHit, *, by_score: bool) -> bool:
    """Whether `page` comes later than `after`."""
    if page.score != after.score:
        return page.score < after.score
    if page.document != after.document:
        return (page.document > after.document) == by_score
    return (page.page, page.version) > (after.page, after.version)


def first_of_each(pages: list[PageHit]) -> list[PageHit]:
    """The best page of every document, given pages in their order."""
    first: dict[str, PageHit] = {}
    for page in pages:
        first.setdefault(page.document, page)
    return list(first.values())


def cursor_after(page: PageHit) -> str:
    """The cursor that goes on after this page."""
    place = json.dumps([page.score, page.document, page.page, page.version])
    return base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> PageHit:
    """The page a cursor goes on after; SearchCursorInvalid when it is none of ours.

    It is not signed: whoever makes one up only chooses where to go on among what they may see.
    """
    try:
        place = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        score, document, page, version = place
    except (binascii.Error, ValueError, TypeError, RecursionError) as error:
        raise SearchCursorInvalid(field="cursor") from error
    if not (
        isinstance(score, int | float)
        and math.isfinite(score)
        and isinstance(document, str)
        and isinstance(page, int)
        and 0 < page < 2**31
        and isinstance(version, str)
    ):
        raise SearchCursorInvalid(field="cursor")
    return PageHit(document, version, page, float(score))

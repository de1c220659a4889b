"""Lists by cursor: what comes next is named by the last thing seen, so nothing is skipped or repeated."""

from typing import Generic, TypeVar

from pydantic import BaseModel

from chalicelib.kernel.errors import FieldMalformed
from chalicelib.web.request import Request

T = TypeVar("T")
_DEFAULT, _MOST = 20, 100


class Page(BaseModel, Generic[T]):
    """Some of a list; `next` is the `?cursor=` of what follows, null at the end."""

    items: list[T]
    next: str | None = None


def limit_of(request: Request) -> int:
    """`?limit=`, 1 to 100, 20 when absent; FieldMalformed otherwise."""
    text = request.query.get("limit", str(_DEFAULT))
    if not (text.isascii() and text.isdigit() and len(text) < 4 and 1 <= int(text) <= _MOST):
        raise FieldMalformed(field="limit")
    return int(text)

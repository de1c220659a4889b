"""What templates/pages/document_rows.html needs to show a list of documents."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from chalicelib.archive.models import Document
from chalicelib.archive.rules import UNREAD
from chalicelib.web.api.archive import reason_text
from chalicelib.web.request import Request


def document_rows(request: Request, documents: Sequence[Document]) -> dict[str, Any]:
    """The documents, which of them nobody reads any more, and whether any is still being read."""
    stopped = request.diwan.archive.reading.stopped_among([document.id for document in documents])
    return {
        "documents": documents,
        # With its query, or the second page of a list would turn into the first.
        "here": f"{request.path}?{urlencode(request.query)}" if request.query else request.path,
        "stopped": stopped,
        "reading": any(one.state in UNREAD and one.id not in stopped for one in documents),
        "reason_text": lambda document: reason_text(request, document.reason, document.reason_data),
    }

"""Reading filed documents and making their pages findable."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chalicelib.bootstrap import Diwan


def read_document(diwan: "Diwan", message: Mapping[str, Any]) -> None:
    """Read a document from where it stopped."""
    diwan.archive.reading.read(message["subject"])


def index_pages(diwan: "Diwan", message: Mapping[str, Any]) -> None:
    """Make pages findable."""
    pages = message["payload"]
    diwan.archive.finding.index(message["subject"], pages["version"], pages["first"], pages["last"])


def forget_pages(diwan: "Diwan", message: Mapping[str, Any]) -> None:
    """Take the pages of earlier versions out of the index."""
    for version in range(1, message["payload"]["version"]):
        diwan.search.remove(message["subject"], str(version))


HANDLERS = {"read_document": read_document, "index_pages": index_pages, "forget_pages": forget_pages}
SUBSCRIPTIONS = {
    "archive.document_filed": ("read_document",),
    "archive.pages_read": ("index_pages",),
    "archive.reading_repeated": ("forget_pages", "read_document"),
}
# One process writes the search index: in the embedded home only its worker takes these.
INDEX_QUEUES = ("index_pages", "forget_pages")

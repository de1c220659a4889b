"""Reading filed documents and making their pages findable."""

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from chalicelib.archive.document_jobs import READ_QUEUE, SEARCHABLE_QUEUE

if TYPE_CHECKING:
    from chalicelib.bootstrap import Diwan

INDEX_QUEUE, REBUILD_QUEUE = "index_pages", "rebuild_index"
# A function of AWS lives for fifteen minutes; the page under way, or the few that are read in one call, come on top.
_AT_A_TIME = timedelta(minutes=8)


def read_document(diwan: "Diwan", message: Mapping[str, Any]) -> None:
    """Read a document from where it stopped, for some minutes; the rest of a long one is another job."""
    following = diwan.archive.reading.read(message["subject"], diwan.clock.now() + _AT_A_TIME)
    if following:
        with diwan.database.transaction() as tx:
            diwan.jobs.add(tx, READ_QUEUE, f"{message['event']}:{following}", message)


def make_searchable(diwan: "Diwan", message: Mapping[str, Any]) -> None:
    """Make a document into a PDF that can be searched."""
    diwan.archive.searchable.make(message["subject"], message["payload"]["version"])


def index_pages(diwan: "Diwan", message: Mapping[str, Any]) -> None:
    """Make pages findable, or findable as their document is filed now; the rest of a long one is another job."""
    pages = message["payload"]
    following = diwan.archive.finding.index(
        message["subject"], pages["version"], pages["first"], pages["last"]
    )
    if following:
        rest = {**message, "payload": {**pages, "first": following}}
        with diwan.database.transaction() as tx:
            diwan.jobs.add(tx, INDEX_QUEUE, f"{message['event']}:{following}", rest)


def forget_pages(diwan: "Diwan", message: Mapping[str, Any]) -> None:
    """Take the pages of earlier versions out of the index."""
    for version in range(1, message["payload"]["version"]):
        diwan.search.remove(message["subject"], str(version))


def check_index(diwan: "Diwan", message: Mapping[str, Any]) -> None:
    """Begin to index every page again when the index asks for it: a new one, or a new analysis of words."""
    if diwan.search.needs_rebuild and not diwan.jobs.pending([REBUILD_QUEUE]):
        _rebuild_from(diwan, message["minute"], "", 1)


def rebuild_index(diwan: "Diwan", message: Mapping[str, Any]) -> None:
    """Index some pages again; the rest is another job."""
    _, following = diwan.archive.finding.rebuild_some(message["document"], message["page"])
    if following is not None:
        _rebuild_from(diwan, message["begun"], *following)


def _rebuild_from(diwan: "Diwan", begun: str, document: str, page: int) -> None:
    place = {"begun": begun, "document": document, "page": page}
    with diwan.database.transaction() as tx:
        diwan.jobs.add(tx, REBUILD_QUEUE, f"{begun}:{document}:{page}", place)


HANDLERS = {
    READ_QUEUE: read_document,
    SEARCHABLE_QUEUE: make_searchable,
    INDEX_QUEUE: index_pages,
    "forget_pages": forget_pages,
    "check_index": check_index,
    REBUILD_QUEUE: rebuild_index,
}
EVERY_MINUTE = ("check_index",)
SUBSCRIPTIONS = {
    "archive.document_filed": (READ_QUEUE,),
    "archive.pages_read": (INDEX_QUEUE,),
    "archive.filing_corrected": (INDEX_QUEUE,),
    "archive.searchable_asked": (SEARCHABLE_QUEUE,),
    "archive.reading_repeated": ("forget_pages", READ_QUEUE),
}
# One process writes the search index: in the embedded home only its worker takes these.
INDEX_QUEUES = (INDEX_QUEUE, "forget_pages", "check_index", REBUILD_QUEUE)

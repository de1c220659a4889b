"""Whether people can be served: every store answers, and the schema is one that this program can work with."""

import logging
import time
from collections.abc import Callable, Mapping

from sqlalchemy.exc import SQLAlchemyError

from chalicelib.database.engine import Database
from chalicelib.database.migrate import is_current
from chalicelib.kernel.errors import Refusal
from chalicelib.ports.blobs import Blobs
from chalicelib.ports.search import Search

log = logging.getLogger("diwan.readiness")
# Strangers may ask as often as they like; the stores are asked this often at most.
_SECONDS = 5.0


class Readiness:
    """Asks the smallest question there is of each store. Which one failed, and why, is for the log alone."""

    def __init__(self, database: Database, blobs: Blobs, search: Search, seconds: float = _SECONDS) -> None:
        self._questions: Mapping[str, Callable[[], object]] = {
            "database": lambda: is_current(database),
            "blobs": lambda: blobs.exists("readyz") or True,
            "search": lambda: search.count() >= 0,
        }
        self._seconds = seconds
        self._until, self._ready = 0.0, False

    @property
    def ready(self) -> bool:
        """Whether all of them said yes, `seconds` ago at most."""
        if time.monotonic() >= self._until:
            answers = [_says_yes(store, ask) for store, ask in self._questions.items()]  # each tells the log
            self._ready = all(answers)
            self._until = time.monotonic() + self._seconds
        return self._ready


def _says_yes(store: str, ask: Callable[[], object]) -> bool:
    reason = "not-current"
    try:
        if ask():
            return True
    except (Refusal, SQLAlchemyError, OSError) as error:
        reason = error.code if isinstance(error, Refusal) else type(error).__name__
    log.warning("not ready", extra={"store": store, "reason": reason})
    return False

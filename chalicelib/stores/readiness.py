"""Whether people can be served: every store answers, and the schema is one that this program can work with."""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from contextvars import copy_context

from sqlalchemy.exc import SQLAlchemyError

from chalicelib.database.engine import Database
from chalicelib.database.migrate import is_current
from chalicelib.kernel.errors import Refusal
from chalicelib.ports.blobs import Blobs
from chalicelib.ports.search import Search

log = logging.getLogger("diwan.readiness")
READY = "ready"
# Strangers may ask as often as they like; the stores are asked this often at most.
_SECONDS = 5.0
# For all stores together. A load balancer waits five seconds for a probe where nobody tells it otherwise, and API
# Gateway 29 for anything; each store's own patience is for work that is worth waiting for.
_PATIENCE = 4.0


class Readiness:
    """Asks the smallest question there is of each store, all at the same time. Which failed is told to the log too."""

    def __init__(self, database: Database, blobs: Blobs, search: Search) -> None:
        self._questions = {
            "database": _Question(lambda: is_current(database)),
            "blobs": _Question(lambda: blobs.exists("readyz") or True),
            "search": _Question(lambda: search.count() >= 0),
        }
        self._until, self._states = 0.0, dict[str, str]()
        self._asking = threading.Lock()

    def states(self) -> Mapping[str, str]:
        """By store READY, or `not ready: ` and why in a word of ours; as it was five seconds ago at most.

        Whoever comes while somebody asks is told what was known before: a silent store holds up one caller only.
        """
        if time.monotonic() >= self._until and self._asking.acquire(blocking=not self._states):
            try:
                if time.monotonic() >= self._until:
                    self._states = self._ask()
                    self._until = time.monotonic() + _SECONDS
            finally:
                self._asking.release()
        return self._states

    def _ask(self) -> dict[str, str]:
        end = time.monotonic() + _PATIENCE
        for question in self._questions.values():
            question.ask()
        reasons = {store: question.trouble(end) for store, question in self._questions.items()}
        for store, reason in reasons.items():
            if reason:
                log.warning("not ready", extra={"store": store, "reason": reason})
        return {store: f"not ready: {reason}" if reason else READY for store, reason in reasons.items()}


class _Question:
    """One question in a thread of its own, and one thread at most: a function that is frozen with a silent store in
    hand, and thawed for the next caller, goes on waiting with the same one.
    """

    def __init__(self, says_yes: Callable[[], bool]) -> None:
        self._says_yes = says_yes
        self._answered = threading.Event()
        self._answered.set()
        self._trouble = ""

    def ask(self) -> None:
        """Ask, unless the answer to the last time is still awaited."""
        if self._answered.is_set():
            self._answered.clear()
            ids = copy_context()  # the store's own lines of the log name the request too
            threading.Thread(target=ids.run, args=(self._answer,), name="readiness", daemon=True).start()

    def trouble(self, end: float) -> str:
        """What keeps the store from serving, empty when nothing does; known by the moment `end` at the latest."""
        answered = self._answered.wait(max(0.0, end - time.monotonic()))
        return self._trouble if answered else f"no answer in {_PATIENCE:g} s"

    def _answer(self) -> None:
        try:
            self._trouble = "" if self._says_yes() else "not-current"
        except Refusal as refusal:
            self._trouble = refusal.code
        except (SQLAlchemyError, OSError) as error:
            self._trouble = type(error).__name__
        except Exception as error:
            self._trouble = type(error).__name__
            log.exception("cannot tell")
        finally:
            self._answered.set()

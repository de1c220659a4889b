"""Opening the database: short write transactions, and readers that never queue behind them."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import URL, Engine, ExceptionContext, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from chalicelib.ports.stores import StoreUnavailable

log = logging.getLogger("diwan.database")
_AFTERWARDS = "afterwards"
# What libpq is told where the URL does not say otherwise. API Gateway gives up after 29 seconds: a kept connection that
# has gone silent is given up after 15, and 10 later a new one, so that people are told.
_PATIENCE = {
    "connect_timeout": "10", "tcp_user_timeout": "15000",
    "keepalives_idle": "5", "keepalives_interval": "5", "keepalives_count": "2",
}  # fmt: skip


class Database:
    """One database, by URL: `sqlite:///FILE` or `postgresql+psycopg://…`.

    `transaction()` is for use cases: it commits at the end of the block, or rolls back all
    of it. On SQLite it takes the write lock at once (BEGIN IMMEDIATE), so what was read
    inside still holds at commit; on PostgreSQL a use case locks the rows it decides on
    with `with_for_update()` and relies on unique keys. `reading()` sees a consistent
    state and cannot write.

    On PostgreSQL `pool` connections are kept open, and `password` is asked for one at each new connection. A server
    that lets nobody in, falls silent or breaks off raises StoreUnavailable; broken off at a commit, all may be kept.
    """

    def __init__(self, url: str | URL, pool: int = 10, password: Callable[[], str] | None = None) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        if self.is_sqlite:
            self._writer = _sqlite_engine(self.url, begin="BEGIN IMMEDIATE")
            self._reader = _sqlite_engine(self.url, begin="BEGIN", query_only=True)
        else:
            untold = {name: value for name, value in _PATIENCE.items() if name not in self.url.query}
            # One beyond the pool even where it is 1: a lease is renewed beside the work, and some work reads
            # while it writes. It is closed as soon as it is given back.
            self._writer = create_engine(
                self.url,
                connect_args=untold,
                pool_pre_ping=True,
                pool_size=pool,
                max_overflow=2 * pool - 1,
                hide_parameters=True,
            )
            event.listen(self._writer, "handle_error", _refuse_silence)
            if password is not None:
                _sign_in_with(self._writer, password)
            self._reader = self._writer.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )

    @property
    def engine(self) -> Engine:
        """The writing engine, for migrations and checks."""
        return self._writer

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A session whose work is all kept or all undone."""
        with Session(self._writer, expire_on_commit=False) as session, session.begin():
            yield session
        for act in session.info.pop(_AFTERWARDS, ()):
            act()

    @staticmethod
    def afterwards(tx: Session, act: Callable[[], object]) -> None:
        """Do this once the transaction is committed, and never when it is undone.

        Whoever is killed in between has committed and not done it; `act` raises nothing, for nothing can be undone.
        """
        tx.info.setdefault(_AFTERWARDS, []).append(act)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that only reads; objects stay usable after it."""
        with Session(self._reader, expire_on_commit=False, autoflush=False) as session:
            yield session
            session.expunge_all()

    def close(self) -> None:
        """Give back every connection."""
        self._writer.dispose()
        self._reader.dispose()


def _refuse_silence(context: ExceptionContext) -> None:
    # The ping of a kept connection is no question of anybody's: the pool opens another.
    if context.is_pre_ping or not (context.connection is None or context.is_disconnect):
        return
    error = context.original_exception
    operation = "connect" if context.connection is None else "query"
    log.warning("database away", extra={"operation": operation, "reason": str(error)})
    raise StoreUnavailable(service="postgresql", operation=operation, reason=type(error).__name__) from error


def _sign_in_with(engine: Engine, password: Callable[[], str]) -> None:
    @event.listens_for(engine, "do_connect")
    def _connect(_dialect: Any, _record: Any, _arguments: Any, options: dict[str, Any]) -> None:
        options["password"] = password()


def _sqlite_engine(url: URL, begin: str, query_only: bool = False) -> Engine:
    # What is bound to a statement is personal more often than not: an error must not quote it in the log.
    engine = create_engine(
        url,
        connect_args={"timeout": 30, "check_same_thread": False},
        pool_size=20,
        hide_parameters=True,
    )

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        # The driver must not begin transactions of its own: we say BEGIN ourselves.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA busy_timeout=30000")
        cursor.execute("PRAGMA journal_mode=WAL")
        # FULL: a commit that was answered survives a power cut; NORMAL may lose the last ones.
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        if query_only:
            cursor.execute("PRAGMA query_only=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql(begin)

    return engine

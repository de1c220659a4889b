"""Bringing the database to the shape this version needs, while the version before it may still be at work."""

import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import groupby
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from sqlalchemy import Connection, Engine, inspect

from chalicelib.database.base import Base
from chalicelib.database.engine import Database
from chalicelib.kernel.errors import Refusal

_MIGRATIONS = Path(__file__).parent / "migrations"
# Whoever changes a table waits for those who use it, and everyone else then waits behind: better to give up and be
# called again.
_PATIENCE = "5s"
# Nobody waits behind an index that waits for the transactions under way. The function that migrates has 15 minutes.
_LONG_PATIENCE = "5min"
# What a killed build left: no query uses it, every writer pays for it, and `IF NOT EXISTS` would be content with it.
_HALF_BUILT = """
    SELECT indexrelid::regclass::text FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
    WHERE NOT indisvalid AND relkind = 'i' AND relnamespace = current_schema()::regnamespace
    AND indexrelid NOT IN (SELECT index_relid FROM pg_stat_progress_create_index WHERE index_relid IS NOT NULL)
"""


class SchemaUnknown(Refusal):
    """The database was changed by a later version, in ways that this one cannot work with: data `revision`."""

    code = "schema-unknown"
    kind = "conflict"


def migrate(database: Database, to: str = "head") -> None:
    """Apply every migration not yet applied (up to the revision `to`); none is fine.

    All in one transaction, but on PostgreSQL those that say `outside_transaction = True`: they build indexes while
    others write. Whoever is killed in between has kept what came before, and the next call goes on from there.

    Two processes at once: the second waits until the first is done and finds nothing to do. A database that a
    later version has migrated is left as it is: raises SchemaUnknown where it lacks what we need.

    On PostgreSQL, waits no longer than five seconds for a table that others use, and for an index no longer than five
    minutes for transactions under way: raises OperationalError.
    """
    if database.is_sqlite:
        with database.engine.begin() as connection:
            if pending := _pending(connection, to):
                command.upgrade(_config(connection), pending[-1].revision)
        return
    with _alone(database.engine) as connection:
        for outside, scripts in groupby(_pending(connection, to), key=_is_outside):
            for last in scripts if outside else deque(scripts, maxlen=1):
                (_build if outside else _apply)(connection, last.revision)


@contextmanager
def _alone(engine: Engine) -> Iterator[Connection]:
    """A connection that only one process has at a time; each statement stands alone until a transaction is begun.

    The lock is the connection's: when we are killed while the server builds an index, it is held until that is built.
    """
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        # Not waited for within a statement: an index that is built waits for every statement begun before it.
        while not connection.exec_driver_sql("SELECT pg_try_advisory_lock(727365)").scalar():
            time.sleep(0.2)
        try:
            yield connection
        finally:
            connection.invalidate()  # closed in earnest, and the lock with it: nothing of ours goes back to the pool


def _apply(connection: Connection, to: str) -> None:
    connection.commit()
    with connection.execution_options(isolation_level="READ COMMITTED").begin():
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{_PATIENCE}'")
        command.upgrade(_config(connection), to)
    connection.execution_options(isolation_level="AUTOCOMMIT")


def _build(connection: Connection, to: str) -> None:
    connection.exec_driver_sql(f"SET lock_timeout = '{_LONG_PATIENCE}'")
    for name in connection.exec_driver_sql(_HALF_BUILT).scalars().all():
        connection.exec_driver_sql(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
    connection.commit()
    command.upgrade(_config(connection), to)


def _is_outside(script: Script) -> bool:
    return getattr(script.module, "outside_transaction", False) is True


def _pending(connection: Connection, to: str) -> Sequence[Script]:
    """What is yet to be applied, first to last. Raises SchemaUnknown."""
    applied = MigrationContext.configure(connection).get_current_revision()
    revisions = _revisions()
    if applied is not None and applied not in revisions:
        if _lacking(connection):
            raise SchemaUnknown(revision=applied)
        return ()
    begin = 0 if applied is None else revisions.index(applied) + 1
    return _scripts()[begin : len(revisions) if to == "head" else revisions.index(to) + 1]


def is_current(database: Database) -> bool:
    """Whether this program can work with the schema as it is.

    It can when every migration of its own is the last one applied, and also when a later version has applied more
    that left in place all we name: so it is during an upgrade. Only reads: strangers may ask, and hold nobody up.
    """
    with database.reading() as tx:
        connection = tx.connection()
        applied = MigrationContext.configure(connection).get_current_revision()
        if applied is None or applied in _revisions():
            return applied == _revisions()[-1]
        return not _lacking(connection)


def _lacking(connection: Connection) -> list[str]:
    """The tables and columns that the loaded models name and the database has not."""
    there = {
        table: {column["name"] for column in columns}
        for (_, table), columns in inspect(connection).get_multi_columns().items()
    }
    return [
        f"{table.name}.{column.name}"
        for table in Base.metadata.tables.values()
        for column in table.columns
        if column.name not in there.get(table.name, ())
    ]


@cache
def _scripts() -> tuple[Script, ...]:
    """Our migrations, first to last."""
    return tuple(ScriptDirectory(str(_MIGRATIONS)).walk_revisions())[::-1]


def _revisions() -> tuple[str, ...]:
    return tuple(script.revision for script in _scripts())


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    return config

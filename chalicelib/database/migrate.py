"""Bringing the database to the shape this version needs, while the version before it may still be at work."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

from chalicelib.database.base import Base
from chalicelib.database.engine import Database
from chalicelib.kernel.errors import Refusal

_MIGRATIONS = Path(__file__).parent / "migrations"
# Whoever changes a table waits for those who use it, and everyone else then waits behind: better to give up and be
# called again.
_PATIENCE = "5s"


class SchemaUnknown(Refusal):
    """The database was changed by a later version, in ways that this one cannot work with: data `revision`."""

    code = "schema-unknown"
    kind = "conflict"


def migrate(database: Database, to: str = "head") -> None:
    """Apply every migration not yet applied (up to the revision `to`), all in one transaction; none is fine.

    Two processes at once: the second waits for the first's write lock and finds nothing to do. A database that a
    later version has migrated is left as it is: raises SchemaUnknown where it lacks what we need.

    On PostgreSQL, waits no longer than five seconds for a table that others use: raises OperationalError, and
    nothing was done.
    """
    with database.engine.begin() as connection:
        if not database.is_sqlite:
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(727365)")
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{_PATIENCE}'")
        applied = MigrationContext.configure(connection).get_current_revision()
        if applied is None or applied in _revisions():
            command.upgrade(_config(connection), to)
        elif _lacking(connection):
            raise SchemaUnknown(revision=applied)


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
def _revisions() -> tuple[str, ...]:
    """Ours, first to last."""
    scripts = ScriptDirectory(str(_MIGRATIONS)).walk_revisions()
    return tuple(script.revision for script in scripts)[::-1]


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    return config

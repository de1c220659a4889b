"""Bringing the database to the shape this version needs."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from chalicelib.database.engine import Database

_MIGRATIONS = Path(__file__).parent / "migrations"


def migrate(database: Database) -> None:
    """Apply every migration not yet applied, all in one transaction; none is fine.

    Two processes at once: the second waits for the first's write lock and finds nothing to do.
    """
    with database.engine.begin() as connection:
        if not database.is_sqlite:
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(727365)")
        command.upgrade(_config(connection), "head")


def is_current(database: Database) -> bool:
    """Whether every migration has been applied. Only reads: strangers may ask, and hold nobody up."""
    with database.reading() as tx:
        applied = MigrationContext.configure(tx.connection()).get_current_revision()
    return applied == _head()


@cache
def _head() -> str | None:
    return ScriptDirectory(str(_MIGRATIONS)).get_current_head()


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    return config

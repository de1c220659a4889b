"""The migrations lead to the tables the code declares, on both databases."""

import threading

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

import chalicelib.bootstrap  # noqa: F401  (puts every capability's tables on the metadata)
from chalicelib.database.base import Base
from chalicelib.database.engine import Database
from chalicelib.database.migrate import is_current, migrate


@pytest.fixture
def empty(database_url):
    database = Database(database_url)
    yield database
    database.close()


def test_migrating_an_empty_database_gives_the_declared_tables(empty):
    assert not is_current(empty)
    migrate(empty)
    assert is_current(empty)
    with empty.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_whether_it_is_current_is_told_while_somebody_writes(empty):
    migrate(empty)
    with empty.transaction() as tx:
        tx.execute(text("UPDATE alembic_version SET version_num = version_num"))
        assert is_current(empty)


def test_migrating_again_or_at_the_same_time_changes_nothing(empty):
    failures = []

    def run():
        try:
            migrate(empty)
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert is_current(empty)
    migrate(empty)

"""The migrations lead to the tables the code declares, on both databases."""

import threading

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, OperationalError

import chalicelib.bootstrap  # noqa: F401  (puts every capability's tables on the metadata)
from chalicelib.database.base import Base
from chalicelib.database.engine import Database
from chalicelib.database.migrate import SchemaUnknown, is_current, migrate
from tests.releases import Recording, recording, releases
from tests.releases.record import record


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


# Upgrades


@pytest.fixture
def last_release(empty) -> Recording:
    """What the release before this one says to a database of this make."""
    return recording(releases()[-1], "sqlite" if empty.is_sqlite else "postgresql")


def say(database: Database, runs) -> None:
    """Each statement as a driver was given it, in a transaction of its own."""
    for statement, bound in runs:
        with database.engine.begin() as connection:
            done = connection.exec_driver_sql(statement, bound)
            if done.returns_rows:
                done.fetchall()


def test_a_recording_puts_rows_into_every_table(tmp_path):
    """Else the next release would not be tested against all that this one writes."""
    recorded = record("0.0.0", "sqlite", f"sqlite:///{tmp_path / 'diwan.sqlite3'}", tmp_path)
    assert sorted(Base.metadata.tables.keys() - recorded.written) == []
    assert recording(releases()[-1], "sqlite").written


@pytest.mark.parametrize("share", [0.0, 0.2, 0.6, 1.0])
def test_the_release_before_goes_on_while_and_after_its_schema_is_migrated(empty, last_release, share):
    migrate(empty, to=last_release.revision)
    until_then = int(len(last_release.runs) * share)
    say(empty, last_release.runs[:until_then])
    migrate(empty)
    say(empty, last_release.runs[until_then:])
    # What it wrote before and after, this release can read.
    with empty.reading() as tx:
        for mapper in Base.registry.mappers:
            tx.scalars(select(mapper.class_)).all()
    assert is_current(empty)


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE jobs RENAME COLUMN reason TO why",
        "ALTER TABLE pages RENAME TO sheets",
        "ALTER TABLE parties ADD COLUMN nationality VARCHAR(3) NOT NULL DEFAULT 'KWT'; "
        "CREATE UNIQUE INDEX uq_one_of_each ON parties (nationality)",
        "CREATE UNIQUE INDEX uq_one_job_a_queue ON jobs (queue)",
    ],
)
def test_a_change_that_the_release_before_cannot_live_with_is_found_out(empty, last_release, change):
    migrate(empty)
    with empty.engine.begin() as connection:
        for statement in change.split("; "):
            connection.exec_driver_sql(statement)
    with pytest.raises(DBAPIError):
        say(empty, last_release.runs)


def test_a_later_release_s_schema_is_worked_with_as_long_as_nothing_we_name_is_gone(empty):
    migrate(empty)
    with empty.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
        connection.exec_driver_sql("ALTER TABLE jobs ADD COLUMN lane VARCHAR(10)")
    assert is_current(empty)
    migrate(empty)  # leaves it as it is
    with empty.engine.begin() as connection:
        assert connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() == "9999"
        connection.exec_driver_sql("ALTER TABLE jobs RENAME COLUMN reason TO why")
    assert not is_current(empty)
    with pytest.raises(SchemaUnknown) as refused:
        migrate(empty)
    assert refused.value.data == {"revision": "9999"}


def test_a_migration_gives_up_rather_than_hold_up_everyone(postgres_url, monkeypatch):
    monkeypatch.setattr("chalicelib.database.migrate._PATIENCE", "200ms")
    database, somebody = Database(postgres_url), Database(postgres_url)
    migrate(database, to="0002")
    with somebody.transaction() as tx:
        tx.execute(text("SELECT count(*) FROM jobs"))
        with pytest.raises(OperationalError, match="lock timeout"):
            migrate(database)
    assert not is_current(database)
    migrate(database)
    assert is_current(database)
    database.close()
    somebody.close()

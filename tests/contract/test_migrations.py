"""The migrations lead to the tables the code declares, on both databases."""

import shutil
import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import DBAPIError, OperationalError

import chalicelib.bootstrap  # noqa: F401  (puts every capability's tables on the metadata)
from chalicelib.database import migrate as migrations
from chalicelib.database.base import Base
from chalicelib.database.engine import Database
from chalicelib.database.migrate import SchemaUnknown, is_current, migrate
from chalicelib.ports.stores import StoreUnavailable
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


# An index on a table that is filled and written to

INDEX = """
from alembic import op

revision = "9001"
down_revision = "{last}"
outside_transaction = True


def upgrade():
    op.create_index("ix_jobs_added", "jobs", ["added_at"], postgresql_concurrently=True, if_not_exists=True)
"""
AFTER = """
import sqlalchemy as sa
from alembic import op

revision = "9002"
down_revision = "9001"


def upgrade():
    op.add_column("jobs", sa.Column("lane", sa.String(10), nullable=True))
"""
JOB = text(
    "INSERT INTO jobs (id, queue, key, payload, state, run_at, attempts, added_at) "
    "VALUES (:id, 'read', :id, '{}', 'ready', :at, 0, :at)"
).bindparams(at=datetime(2026, 1, 1, tzinfo=UTC))


@pytest.fixture
def later_release(tmp_path, monkeypatch) -> str:
    """A release that builds an index and then adds a column; the last revision before it."""
    last = migrations._revisions()[-1]
    shutil.copytree(migrations._MIGRATIONS, tmp_path / "migrations")
    (tmp_path / "migrations" / "versions" / "9001_index.py").write_text(INDEX.format(last=last))
    (tmp_path / "migrations" / "versions" / "9002_after.py").write_text(AFTER)
    monkeypatch.setattr(migrations, "_MIGRATIONS", tmp_path / "migrations")
    migrations._scripts.cache_clear()
    yield last
    migrations._scripts.cache_clear()


def filled(url: str, last: str) -> Database:
    """A database of the release before, with jobs in it."""
    database = Database(url)
    migrate(database, to=last)
    with database.transaction() as tx:
        tx.execute(JOB, [{"id": f"job-{number}"} for number in range(100)])
    return database


@pytest.fixture
def postgres_in_use(postgres_url, later_release):
    database = filled(postgres_url, later_release)
    yield database
    database.close()


def asked(database: Database, question: str):
    with database.reading() as tx:
        return tx.execute(text(question)).scalars().all()


def is_valid(database: Database) -> list[bool]:
    return asked(database, "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('ix_jobs_added')")


def wait_for(database: Database, question: str):
    """The first answer to a question that has one after a while."""
    until = time.monotonic() + 30
    while not (answer := asked(database, question)):
        assert time.monotonic() < until, question
        time.sleep(0.02)
    return answer[0]


WAITING = """
    SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'CREATE INDEX CONCURRENTLY%'
    AND wait_event_type = 'Lock' AND EXISTS (SELECT FROM pg_index WHERE indexrelid = to_regclass('ix_jobs_added'))
"""


@contextmanager
def migrating(database: Database):
    """A migration under way; at the end of the block it is waited for, and what it raised is in the list."""
    raised = []

    def run():
        try:
            migrate(database)
        except Exception as error:
            raised.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    yield raised
    thread.join(60)
    assert not thread.is_alive()


def test_an_index_on_a_filled_table_is_built_and_the_rest_follows(database_url, later_release):
    database = filled(database_url, later_release)
    migrate(database)
    assert is_current(database)
    indexes = {index["name"] for index in inspect(database.engine).get_indexes("jobs")}
    assert "ix_jobs_added" in indexes
    migrate(database)
    database.close()


def test_a_table_is_written_to_while_its_index_waits_for_a_long_transaction(postgres_in_use):
    with postgres_in_use.engine.connect() as somebody:
        somebody.execute(text("UPDATE jobs SET reason = 'long' WHERE id = 'job-1'"))
        with migrating(postgres_in_use) as raised:
            wait_for(postgres_in_use, WAITING)
            with postgres_in_use.transaction() as tx:
                tx.execute(text("SET LOCAL lock_timeout = '5s'"))
                tx.execute(JOB, {"id": "meanwhile"})
            somebody.commit()
    assert raised == []
    assert is_valid(postgres_in_use) == [True]
    assert is_current(postgres_in_use)


def test_an_index_whose_building_was_killed_is_built_anew(postgres_in_use):
    with postgres_in_use.engine.connect() as somebody:
        somebody.execute(text("UPDATE jobs SET reason = 'long' WHERE id = 'job-1'"))
        with migrating(postgres_in_use) as raised:
            building = wait_for(postgres_in_use, WAITING)
            with postgres_in_use.transaction() as tx:
                tx.execute(text(f"SELECT pg_terminate_backend({building})"))
    assert [type(error) for error in raised] == [StoreUnavailable]
    assert is_valid(postgres_in_use) == [False]
    assert not is_current(postgres_in_use)
    migrate(postgres_in_use)
    assert is_valid(postgres_in_use) == [True]
    assert is_current(postgres_in_use)


def test_an_index_that_waits_too_long_is_given_up_and_built_the_next_time(postgres_in_use, monkeypatch):
    monkeypatch.setattr(migrations, "_LONG_PATIENCE", "200ms")
    with postgres_in_use.engine.connect() as somebody:
        somebody.execute(text("UPDATE jobs SET reason = 'long' WHERE id = 'job-1'"))
        with pytest.raises(OperationalError, match="lock timeout"):
            migrate(postgres_in_use)
    assert is_valid(postgres_in_use) == [False]
    migrate(postgres_in_use)
    assert is_valid(postgres_in_use) == [True]


def test_who_is_killed_before_the_index_is_written_down_goes_on_after_it(postgres_in_use):
    with postgres_in_use.engine.begin() as connection:
        connection.exec_driver_sql("CREATE INDEX ix_jobs_added ON jobs (added_at)")
    migrate(postgres_in_use)
    assert is_current(postgres_in_use)


def test_an_index_that_somebody_else_builds_just_now_is_left_to_them(postgres_in_use):
    with postgres_in_use.engine.connect() as somebody, postgres_in_use.engine.connect() as administrator:
        somebody.execute(text("UPDATE parties SET name_ar = name_ar"))
        administrator = administrator.execution_options(isolation_level="AUTOCOMMIT")
        theirs = text("CREATE INDEX CONCURRENTLY ix_theirs ON parties (name_ar)")
        building = threading.Thread(target=administrator.execute, args=[theirs])
        building.start()
        wait_for(postgres_in_use, "SELECT 1 WHERE to_regclass('ix_theirs') IS NOT NULL")
        with postgres_in_use.reading() as tx:
            half_built = tx.connection().exec_driver_sql(migrations._HALF_BUILT).all()
        somebody.rollback()
        building.join(60)
    assert half_built == []


def test_two_that_build_an_index_at_the_same_time_do_not_wait_for_each_other_for_ever(postgres_in_use):
    other = Database(postgres_in_use.url)
    with migrating(postgres_in_use) as first, migrating(other) as second:
        pass
    assert (first, second) == ([], [])
    assert is_current(postgres_in_use)
    other.close()

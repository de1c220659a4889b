"""Every migration can be applied under the feet of the release before it."""

import ast
from pathlib import Path

import pytest

import chalicelib.bootstrap  # noqa: F401  (every table of ours is known once this is imported)
from chalicelib.database.base import Base
from tests.architecture.migration_rules import GROWING, faults
from tests.releases import recording, releases

VERSIONS = Path(__file__).resolve().parents[2] / "chalicelib" / "database" / "migrations" / "versions"
MIGRATIONS = sorted(VERSIONS.glob("[0-9]*.py"))
SAID = ["SELECT jobs.id, jobs.reason FROM jobs", "INSERT INTO parties (id, name_ar) VALUES (?, ?)"]


def said_before(revision: str) -> list[str]:
    """What the last release before a migration says."""
    older = [name for name in releases() if recording(name, "sqlite").revision < revision]
    return [statement for statement, _ in recording(older[-1], "sqlite").runs] if older else []


def migration(body: str, contract: bool = False, outside: bool = False) -> str:
    mark = "contract = True\n" if contract else ""
    mark += "outside_transaction = True\n" if outside else ""
    lines = "\n".join(f"    {line}" for line in body.splitlines())
    return f'revision = "0009"\ndown_revision = "0008"\n{mark}\ndef upgrade():\n{lines}\n'


def test_migrations_stand_in_one_line() -> None:
    numbers = [file.name[:4] for file in MIGRATIONS]
    assert numbers == [f"{number:04}" for number in range(1, len(numbers) + 1)]


@pytest.mark.parametrize("file", MIGRATIONS, ids=lambda file: file.stem)
def test_no_migration_takes_away_what_the_release_before_uses(file: Path) -> None:
    assert faults(file.read_text("utf-8"), said_before(file.name[:4])) == []


@pytest.mark.parametrize(
    "body",
    [
        'op.drop_table("jobs")',
        'op.drop_column("jobs", "reason")',
        'op.rename_table("jobs", "tasks")',
        'op.drop_index("uq_jobs_queue_key", "jobs")',
        'op.drop_constraint("uq_parties_civil_id", "parties")',
        'op.alter_column("jobs", "reason", new_column_name="why")',
        'op.alter_column("jobs", "reason", nullable=False)',
        'op.alter_column("jobs", "reason", type_=sa.Integer())',
        'op.add_column("jobs", sa.Column("lane", sa.String(10), nullable=False))',
        'op.create_unique_constraint("uq", "jobs", ["key"])',
        'op.create_index("ix", "jobs", ["key"], unique=True)',
        'op.create_index("ix", "jobs", ["key"])',
        'with op.batch_alter_table("pages") as batch:\n    batch.create_index("ix", ["state"])',
        'op.create_foreign_key("fk", "jobs", "parties", ["key"], ["id"])',
        'op.execute("ALTER TABLE jobs DROP COLUMN reason")',
        'op.execute("DELETE FROM jobs")',
        "op.execute(STATEMENT)",
        'with op.batch_alter_table("jobs") as batch_op:\n    batch_op.drop_column("reason")',
        'with op.batch_alter_table("jobs") as batch:\n    batch.alter_column("reason", nullable=False)',
    ],
)
def test_what_the_release_before_could_not_live_with_is_refused(body: str) -> None:
    assert len(faults(migration(body), SAID)) == 1


@pytest.mark.parametrize(
    "body",
    [
        'op.create_table("lanes", sa.Column("id", sa.String(), nullable=False))\n'
        'op.create_index("ix", "lanes", ["id"], unique=True)',
        'op.add_column("jobs", sa.Column("lane", sa.String(10), nullable=True))',
        'op.add_column("jobs", sa.Column("lane", sa.String(10), nullable=False, server_default="prompt"))',
        'op.create_index("ix", "parties", ["name_ar"])',
        'op.alter_column("jobs", "reason", nullable=True)',
        "op.execute(\"UPDATE jobs SET lane = 'prompt'\")",
        'with op.batch_alter_table("jobs") as batch_op:\n'
        '    batch_op.add_column(sa.Column("lane", sa.String(), nullable=True))',
    ],
)
def test_what_only_adds_is_let_through(body: str) -> None:
    assert faults(migration(body), SAID) == []


def test_a_contract_takes_away_only_what_the_last_release_names_no_more() -> None:
    assert faults(migration('op.drop_column("jobs", "reason")', contract=True), SAID)
    assert faults(migration('op.drop_table("parties")', contract=True), SAID)
    assert faults(migration('op.drop_column("jobs", "lane")', contract=True), SAID) == []
    assert faults(migration('op.drop_table("lanes")', contract=True), SAID) == []


def test_a_contract_holds_up_nobody_either() -> None:
    assert faults(migration('op.create_index("ix", "events", ["at"])', contract=True), SAID)


CONCURRENTLY = 'op.create_index("ix", "jobs", ["key"], postgresql_concurrently=True, if_not_exists=True)'


def test_an_index_on_a_table_that_grows_is_built_outside_a_transaction() -> None:
    assert faults(migration(CONCURRENTLY, outside=True), SAID) == []
    assert len(faults(migration(CONCURRENTLY), SAID)) == 1
    assert len(faults(migration(CONCURRENTLY, contract=True), SAID)) == 1


@pytest.mark.parametrize(
    "body",
    [
        'op.create_index("ix", "jobs", ["key"])',
        'op.create_index("ix", "jobs", ["key"], postgresql_concurrently=True)',
        'op.create_index("ix", "parties", ["key"], if_not_exists=True)',
        'op.add_column("jobs", sa.Column("lane", sa.String(10), nullable=True))',
        'op.create_table("lanes", sa.Column("id", sa.String(), nullable=False))',
        "op.execute(\"UPDATE jobs SET lane = 'prompt'\")",
    ],
)
def test_what_a_kill_would_leave_half_done_stands_in_a_transaction(body: str) -> None:
    assert len(faults(migration(f"{CONCURRENTLY}\n{body}", outside=True), SAID)) == 1


def test_tables_that_grow_are_tables_of_ours() -> None:
    assert set(Base.metadata.tables) >= GROWING


def test_what_downgrade_does_is_its_own_affair() -> None:
    source = migration("pass") + '\n\ndef downgrade():\n    op.drop_table("jobs")\n'
    ast.parse(source)
    assert faults(source, SAID) == []

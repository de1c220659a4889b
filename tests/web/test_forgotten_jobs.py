"""Done jobs are forgotten in time; who asks for one of them again after that gets nothing done twice."""

from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from chalicelib.adapters.embedded.job_rows import JobRow
from chalicelib.bootstrap import Diwan, build
from chalicelib.database.base import Base
from chalicelib.jobs.registry import handlers
from chalicelib.jobs.worker import work_until_idle
from chalicelib.ports.jobs import DONE_KEPT
from chalicelib.settings import read_settings
from tests.renewal import renew
from tests.town import Town

SCAN = Path(__file__).resolve().parents[2] / "samples" / "scans" / "fee-receipt-MN-3-0125.png"


def everything(diwan: Diwan) -> dict[str, Any]:
    """All that jobs make: every row of every table but theirs, which blobs there are, how many pages are found."""
    with diwan.database.reading() as tx:
        rows = {
            table.name: sorted(map(str, tx.execute(select(table))))
            for table in Base.metadata.sorted_tables
            if table.name != "jobs"
        }
    return {**rows, "blobs": list(diwan.blobs.keys()), "found": diwan.search.count()}


def test_a_forgotten_job_that_is_asked_for_again_does_nothing_twice(town: Town) -> None:
    # The worker: it alone writes the index.
    diwan = build(read_settings({}, data=town.diwan.settings.data), index_writer=True, clock=town.clock)
    intake = diwan.archive.intake
    intake.file(town.actor("clerk"), SCAN, intake.check(kind="other"))
    work_until_idle(diwan)
    renew(town)
    with diwan.database.reading() as tx:
        done = [(row.queue, row.key, row.payload) for row in tx.scalars(select(JobRow))]
    before = everything(diwan)
    assert {queue for queue, _, _ in done} >= {"read_document", "issue_licence", "send_notification"}
    assert before["notifications"] and before["found"]
    town.clock.move(days=DONE_KEPT.days + 1)
    diwan.jobs.tend(tuple(handlers()))
    with diwan.database.transaction() as tx:
        assert tx.scalar(select(func.count()).select_from(JobRow)) == 0
        for queue, key, payload in done:
            diwan.jobs.add(tx, queue, key, payload)
    work_until_idle(diwan)
    with diwan.database.reading() as tx:
        assert tx.scalars(select(JobRow.queue).where(JobRow.state != "done")).all() == []
    assert everything(diwan) == before
    diwan.close()

"""What databases say of a fault is logged without what people typed."""

import logging
import sys

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from chalicelib.database.engine import Database
from chalicelib.telemetry.logs import JsonLines

CIVIL_ID, NAME = "271032212379", "\u0639\u0628\u062f\n\n\u0627\u0644\u0644\u0647"
PARTY = text(
    "INSERT INTO parties (id, civil_id, name_ar, name_en, phone, email, language, registered_at) "
    "VALUES (:id, :civil_id, :name, :name, :phone, NULL, 'ar', '2026-11-22 09:00:00')"
)


@pytest.mark.parametrize("change", [{}, {"id": "2", "phone": None}], ids=["unique", "not null"])
def test_a_row_that_is_refused_is_not_quoted(database: Database, change: dict[str, str | None]) -> None:
    row = {"id": "1", "civil_id": CIVIL_ID, "name": NAME, "phone": "50001108"}
    with database.transaction() as tx:
        tx.execute(PARTY, row)
    try:
        with database.transaction() as tx:
            tx.execute(PARTY, {**row, **change})
    except DBAPIError:
        record = logging.LogRecord("diwan", logging.ERROR, "f", 1, "job failed", (), sys.exc_info())
    told = JsonLines().format(record)
    assert "IntegrityError" in told and "parties" in told
    assert "test_logged_faults.py" in told  # the way there
    assert not [word for word in (CIVIL_ID, "50001108", NAME[:3], NAME[-4:]) if word in told]

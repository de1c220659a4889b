"""Numbering receipts without gaps."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from chalicelib.kernel.ids import new_id
from chalicelib.payments.models import Receipt, ReceiptCounter
from chalicelib.payments.rules import receipt_number


def issue_receipt(
    tx: Session, office: str, year: int, demand_id: str, payment_id: str, at: datetime
) -> Receipt:
    """The next receipt of the office's year, in the caller's transaction.

    The counter's row stays locked until commit, and a roll-back gives the number back.
    """
    insert = sqlite_insert if tx.get_bind().dialect.name == "sqlite" else postgresql_insert
    tx.execute(insert(ReceiptCounter).values(office=office, year=year, last=0).on_conflict_do_nothing())
    counter = tx.scalars(
        select(ReceiptCounter)
        .where(ReceiptCounter.office == office, ReceiptCounter.year == year)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    counter.last += 1
    receipt = Receipt(
        id=new_id(),
        number=receipt_number(office, year, counter.last),
        office=office,
        year=year,
        sequence=counter.last,
        demand_id=demand_id,
        payment_id=payment_id,
        issued_at=at,
    )
    tx.add(receipt)
    tx.flush()
    return receipt

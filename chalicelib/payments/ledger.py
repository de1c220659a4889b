"""The books: double entry, appended to and never changed."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from chalicelib.kernel.ids import new_id
from chalicelib.kernel.money import Money
from chalicelib.payments.models import LedgerAccount, LedgerEntry, LedgerTransaction
from chalicelib.payments.rules import ACCOUNTS, Entry, balanced, reversal


def book(
    tx: Session, subject: str, entries: Sequence[Entry], at: datetime, reverses: str | None = None
) -> str:
    """Write one balanced booking and give its id; a subject is booked once (IntegrityError on a second)."""
    checked = balanced(entries)
    insert = sqlite_insert if tx.get_bind().dialect.name == "sqlite" else postgresql_insert
    for code in sorted({entry.account for entry in checked}):
        tx.execute(insert(LedgerAccount).values(code=code, kind=ACCOUNTS[code]).on_conflict_do_nothing())
    row = LedgerTransaction(id=new_id(), subject=subject, reverses=reverses, booked_at=at)
    row.entries = [
        LedgerEntry(
            place=place, account=entry.account, minor=entry.amount.minor, currency=entry.amount.currency
        )
        for place, entry in enumerate(checked)
    ]
    tx.add(row)
    tx.flush()
    return row.id


def reverse(tx: Session, transaction_id: str, at: datetime) -> str:
    """Book the opposite of a booking: the only correction there is. A booking is reversed once."""
    wrong = tx.get_one(LedgerTransaction, transaction_id)
    entries = [Entry(entry.account, Money(entry.minor, entry.currency)) for entry in wrong.entries]
    return book(tx, f"reversal:{wrong.id}", reversal(entries), at, reverses=wrong.id)


def trial_balance(tx: Session) -> dict[tuple[str, str], int]:
    """The balance of every account by (account, currency), in minor units; each currency sums to zero."""
    wanted = select(LedgerEntry.account, LedgerEntry.currency, func.sum(LedgerEntry.minor)).group_by(
        LedgerEntry.account, LedgerEntry.currency
    )
    return {(account, currency): int(minor) for account, currency, minor in tx.execute(wanted)}

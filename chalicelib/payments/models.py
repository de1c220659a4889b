"""The tables of payments. Amounts are whole minor units; rows that tell what happened are never changed."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, Text, UniqueConstraint, event, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chalicelib.database.base import Base
from chalicelib.database.types import Id, Json, UtcDateTime

_OPEN = text("state IN ('created', 'started', 'submitted')")
_SUCCESS = text("state = 'success'")


class Demand(Base):
    """What is owed, by whom, for what. States: active, frozen, paid, cancelled."""

    __tablename__ = "demands"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    subject: Mapped[str] = mapped_column(String(80), unique=True)
    party: Mapped[str] = mapped_column(Id, index=True)
    minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    description_ar: Mapped[str] = mapped_column(String(200))
    description_en: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(10))
    raised_at: Mapped[datetime] = mapped_column(UtcDateTime)
    lines: Mapped[list["DemandLine"]] = relationship(order_by="DemandLine.place", lazy="selectin")


class DemandLine(Base):
    """One amount of a demand and the rule that made it."""

    __tablename__ = "demand_lines"

    demand_id: Mapped[str] = mapped_column(ForeignKey("demands.id"), primary_key=True)
    place: Mapped[int] = mapped_column(Integer, primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    rule: Mapped[str] = mapped_column(String(80))
    version: Mapped[int] = mapped_column(Integer)
    inputs: Mapped[dict[str, Any]] = mapped_column(Json)
    label_ar: Mapped[str] = mapped_column(String(200))
    label_en: Mapped[str] = mapped_column(String(200))
    why_ar: Mapped[str] = mapped_column(Text)
    why_en: Mapped[str] = mapped_column(Text)


class Payment(Base):
    """The paying of one demand; `state` is that of its latest attempt."""

    __tablename__ = "payments"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    demand_id: Mapped[str] = mapped_column(ForeignKey("demands.id"), unique=True)
    state: Mapped[str] = mapped_column(String(10))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class PaymentAttempt(Base):
    """One try at the gateway, by a reference never used again.

    The two partial keys hold even if the code is wrong: one open attempt, one success.
    """

    __tablename__ = "payment_attempts"
    __table_args__ = (
        Index(
            "uq_payment_attempts_open", "payment_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN
        ),
        Index(
            "uq_payment_attempts_success",
            "payment_id",
            unique=True,
            sqlite_where=_SUCCESS,
            postgresql_where=_SUCCESS,
        ),
        Index("ix_payment_attempts_inquiry", "state", "inquire_at"),
    )

    reference: Mapped[str] = mapped_column(Id, primary_key=True)
    payment_id: Mapped[str] = mapped_column(ForeignKey("payments.id"), index=True)
    gateway: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(String(40), default="")
    language: Mapped[str] = mapped_column(String(2))
    provider_id: Mapped[str] = mapped_column(String(80), default="")
    url: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    inquiries: Mapped[int] = mapped_column(Integer, default=0)
    inquire_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class GatewayEvent(Base):
    """The inbox: what a gateway said that ended an attempt, each thing once."""

    __tablename__ = "gateway_events"
    __table_args__ = (UniqueConstraint("gateway", "provider_id", "kind"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    gateway: Mapped[str] = mapped_column(String(20))
    provider_id: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(20))
    reference: Mapped[str] = mapped_column(Id)
    minor: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[str | None] = mapped_column(String(3))
    authorised_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class ReceiptCounter(Base):
    """The last receipt number of an office and year; its row lock is what leaves no gap."""

    __tablename__ = "receipt_counters"

    office: Mapped[str] = mapped_column(String(40), primary_key=True)
    year: Mapped[int] = mapped_column(Integer, primary_key=True)
    last: Mapped[int] = mapped_column(Integer)


class Receipt(Base):
    """The municipality's word that a demand was paid."""

    __tablename__ = "receipts"
    __table_args__ = (UniqueConstraint("office", "year", "sequence"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    number: Mapped[str] = mapped_column(String(80), unique=True)
    office: Mapped[str] = mapped_column(String(40))
    year: Mapped[int] = mapped_column(Integer)
    sequence: Mapped[int] = mapped_column(Integer)
    demand_id: Mapped[str] = mapped_column(ForeignKey("demands.id"), unique=True)
    payment_id: Mapped[str] = mapped_column(ForeignKey("payments.id"), unique=True)
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)


class LedgerAccount(Base):
    """An account of the books; `kind` is asset, liability or income."""

    __tablename__ = "ledger_accounts"

    code: Mapped[str] = mapped_column(String(20), primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))


class LedgerTransaction(Base):
    """One booking; a correction names the booking it reverses, and each can be reversed once."""

    __tablename__ = "ledger_transactions"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    subject: Mapped[str] = mapped_column(String(80), unique=True)
    reverses: Mapped[str | None] = mapped_column(ForeignKey("ledger_transactions.id"), unique=True)
    booked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    entries: Mapped[list["LedgerEntry"]] = relationship(order_by="LedgerEntry.place", lazy="selectin")


class LedgerEntry(Base):
    """One side of a booking; what the account receives is positive."""

    __tablename__ = "ledger_entries"

    transaction_id: Mapped[str] = mapped_column(ForeignKey("ledger_transactions.id"), primary_key=True)
    place: Mapped[int] = mapped_column(Integer, primary_key=True)
    account: Mapped[str] = mapped_column(ForeignKey("ledger_accounts.code"), index=True)
    minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))


class BooksAreAppendOnly(Exception):
    """Somebody's code tried to change or remove a booking."""


@event.listens_for(LedgerTransaction, "before_update")
@event.listens_for(LedgerTransaction, "before_delete")
@event.listens_for(LedgerEntry, "before_update")
@event.listens_for(LedgerEntry, "before_delete")
def _refuse_change(_mapper: Any, _connection: Any, target: Any) -> None:
    raise BooksAreAppendOnly(type(target).__name__)

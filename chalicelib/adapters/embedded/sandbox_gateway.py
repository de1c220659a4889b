"""A gateway of practice: behaves like a bank's, moves no money."""

from datetime import datetime, timedelta

from sqlalchemy import BigInteger, String, Text, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Mapped, mapped_column

from chalicelib.database.base import Base
from chalicelib.database.engine import Database
from chalicelib.database.types import Id, UtcDateTime
from chalicelib.kernel.ids import new_id
from chalicelib.kernel.money import Money
from chalicelib.ports.clock import Clock
from chalicelib.ports.gateway import (
    Checkout,
    CheckoutMissing,
    Choice,
    GatewayAnswer,
    GatewayState,
    HostedPayment,
)

_OUTCOME: dict[Choice, GatewayState] = {
    "pay": "captured",
    "pay_and_close": "captured",
    "decline": "declined",
    "cancel": "cancelled",
}


class SandboxCheckout(Base):
    """The practice gateway's own book, which the rest of Diwan never reads."""

    __tablename__ = "sandbox_checkouts"

    provider_id: Mapped[str] = mapped_column(Id, primary_key=True)
    reference: Mapped[str] = mapped_column(String(60), unique=True)
    minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    description: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(2))
    return_url: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10))
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    authorised_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SandboxGateway:
    """The `Gateway` port over a table, with a page at /sandbox-gateway/<provider id>.

    An attempt that nobody ends within `valid_for` is expired. Paying twice captures once:
    a choice counts only while the attempt is pending, decided by one conditional update.
    """

    name = "sandbox"

    def __init__(
        self,
        database: Database,
        clock: Clock,
        base_url: str,
        valid_for: timedelta = timedelta(minutes=30),
    ) -> None:
        self._database = database
        self._clock = clock
        self._base_url = base_url
        self._valid_for = valid_for

    def open_checkout(
        self, reference: str, amount: Money, description: str, language: str, return_url: str
    ) -> Checkout:
        """See Gateway.open_checkout; ValueError when a reference comes again with another amount."""
        insert = sqlite_insert if self._database.is_sqlite else postgresql_insert
        row = {
            "provider_id": new_id(),
            "reference": reference,
            "minor": amount.minor,
            "currency": amount.currency,
            "description": description,
            "language": language,
            "return_url": return_url,
            "state": "pending",
            "expires_at": self._clock.now() + self._valid_for,
        }
        with self._database.transaction() as tx:
            tx.execute(
                insert(SandboxCheckout)
                .values(**row)
                .on_conflict_do_nothing(index_elements=[SandboxCheckout.reference])
            )
            kept = tx.scalars(select(SandboxCheckout).where(SandboxCheckout.reference == reference)).one()
            if Money(kept.minor, kept.currency) != amount:
                raise ValueError(f"{reference} was opened for another amount")
        return Checkout(f"{self._base_url}/sandbox-gateway/{kept.provider_id}", kept.provider_id)

    def inquire(self, reference: str) -> GatewayAnswer:
        """See Gateway.inquire."""
        with self._database.reading() as tx:
            row = tx.scalar(select(SandboxCheckout).where(SandboxCheckout.reference == reference))
        if row is None:
            return GatewayAnswer(reference, "unknown")
        return GatewayAnswer(
            reference, self._state(row), Money(row.minor, row.currency), row.provider_id, row.authorised_at
        )

    def hosted_payment(self, provider_id: str) -> HostedPayment:
        """See HostsItsOwnPage.hosted_payment."""
        with self._database.reading() as tx:
            row = tx.get(SandboxCheckout, provider_id)
        if row is None:
            raise CheckoutMissing()
        return HostedPayment(
            row.provider_id,
            Money(row.minor, row.currency),
            row.description,
            row.language,
            self._state(row),
            row.return_url,
        )

    def choose(self, provider_id: str, choice: Choice) -> HostedPayment:
        """See HostsItsOwnPage.choose."""
        now = self._clock.now()
        outcome = _OUTCOME[choice]
        still_open = (
            SandboxCheckout.provider_id == provider_id,
            SandboxCheckout.state == "pending",
            SandboxCheckout.expires_at > now,
        )
        authorised_at = now if outcome == "captured" else None
        with self._database.transaction() as tx:
            tx.execute(
                update(SandboxCheckout)
                .where(*still_open)
                .values(state=outcome, authorised_at=authorised_at)
                .execution_options(synchronize_session=False)
            )
        return self.hosted_payment(provider_id)

    def _state(self, row: SandboxCheckout) -> GatewayState:
        if row.state == "pending" and row.expires_at <= self._clock.now():
            return "expired"
        state: GatewayState = row.state  # type: ignore[assignment]
        return state

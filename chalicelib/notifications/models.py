"""The table of notifications."""

from datetime import datetime

from sqlalchemy import Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from chalicelib.database.base import Base
from chalicelib.database.types import Id, UtcDateTime


class NotificationRow(Base):
    """One text to one person; unique by what caused it, so telling twice is telling once.

    `state`: created > sending > sent > delivered, or failed with its reason until somebody has it tried again; not
    every carrier tells what was delivered. While it is created again after a failed hand-over, `reason` says what
    went wrong last.
    """

    __tablename__ = "notifications"
    __table_args__ = (
        UniqueConstraint("key", "recipient", "channel", "template", name="uq_notifications_key"),
        Index("ix_notifications_created_at", "created_at", "id"),
        Index("ix_notifications_provider_id", "provider_id"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    key: Mapped[str] = mapped_column(String(80))
    party_id: Mapped[str] = mapped_column(Id)
    channel: Mapped[str] = mapped_column(String(5))
    recipient: Mapped[str] = mapped_column(String(254))
    template: Mapped[str] = mapped_column(String(60))
    language: Mapped[str] = mapped_column(String(2))
    subject: Mapped[str | None] = mapped_column(String(300))
    text: Mapped[str] = mapped_column(Text)
    parts: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(10), default="created")
    reason: Mapped[str | None] = mapped_column(String(300))
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    provider_id: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)

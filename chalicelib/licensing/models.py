"""The tables of licensing. Days are local calendar days."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chalicelib.database.base import Base
from chalicelib.database.types import Id, Json, UtcDateTime

_LIVING = text("state IN ('active', 'suspended')")
_OPEN = text("open")


class Activity(Base):
    """What a shop does, by the code of the commercial register (ISIC)."""

    __tablename__ = "activities"

    code: Mapped[str] = mapped_column(String(20), primary_key=True)
    name_ar: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200))
    fee_class: Mapped[str] = mapped_column(String(40))
    needs_inspection: Mapped[bool] = mapped_column(Boolean)


class Premises(Base):
    """A shop: a unit on a parcel, run by somebody."""

    __tablename__ = "premises"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    name_ar: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200))
    activity_code: Mapped[str] = mapped_column(ForeignKey("activities.code"))
    parcel: Mapped[str] = mapped_column(String(20), index=True)
    unit: Mapped[str] = mapped_column(String(20))
    area_m2: Mapped[int] = mapped_column(Integer)
    commercial_licence: Mapped[str] = mapped_column(String(40))
    owner: Mapped[str] = mapped_column(Id, index=True)
    activity: Mapped[Activity] = relationship(lazy="joined")


class Licence(Base):
    """A right by number. States: active, suspended, cancelled, revoked, replaced; expired is worked out."""

    __tablename__ = "licences"
    __table_args__ = (
        Index(
            "uq_licences_living",
            "premises_id",
            "service",
            "activity_code",
            unique=True,
            sqlite_where=_LIVING,
            postgresql_where=_LIVING,
        ),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    service: Mapped[str] = mapped_column(String(40))
    premises_id: Mapped[str] = mapped_column(ForeignKey("premises.id"))
    activity_code: Mapped[str] = mapped_column(ForeignKey("activities.code"))
    holder: Mapped[str] = mapped_column(Id, index=True)
    state: Mapped[str] = mapped_column(String(12))
    premises: Mapped[Premises] = relationship(lazy="joined")
    terms: Mapped[list["LicenceTerm"]] = relationship(order_by="LicenceTerm.number", lazy="selectin")
    violations: Mapped[list["Violation"]] = relationship(order_by="Violation.number", lazy="selectin")


class LicenceTerm(Base):
    """A span of a licence's validity; a renewal adds one, of the same licence number."""

    __tablename__ = "licence_terms"
    __table_args__ = (UniqueConstraint("licence_id", "number"), UniqueConstraint("licence_id", "starts_on"))

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    licence_id: Mapped[str] = mapped_column(ForeignKey("licences.id"))
    number: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(10))
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date)
    application_id: Mapped[str | None] = mapped_column(ForeignKey("applications.id"), unique=True)


class LicenceEvent(Base):
    """What happened to a licence: renewed, suspended, cancelled. Rows are never changed."""

    __tablename__ = "licence_events"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    licence_id: Mapped[str] = mapped_column(ForeignKey("licences.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    on: Mapped[date] = mapped_column(Date)
    reason_ar: Mapped[str] = mapped_column(Text)
    reason_en: Mapped[str] = mapped_column(Text)


class Violation(Base):
    """A breach found at a licensed shop, and its fine. States: unpaid, paid."""

    __tablename__ = "violations"

    number: Mapped[str] = mapped_column(String(40), primary_key=True)
    licence_id: Mapped[str] = mapped_column(ForeignKey("licences.id"), index=True)
    article: Mapped[str] = mapped_column(String(40))
    what_ar: Mapped[str] = mapped_column(Text)
    what_en: Mapped[str] = mapped_column(Text)
    recorded_on: Mapped[date] = mapped_column(Date)
    minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    state: Mapped[str] = mapped_column(String(10))


class Application(Base):
    """A request for a renewal, pinned to one version of the service; `open` until it reached an end.

    `answers` holds what the holder confirmed: phone (E.164), changed (bool), change (text).
    """

    __tablename__ = "applications"
    __table_args__ = (
        Index("uq_applications_open", "licence_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    service_code: Mapped[str] = mapped_column(String(60))
    service_version: Mapped[int] = mapped_column(Integer)
    licence_id: Mapped[str] = mapped_column(ForeignKey("licences.id"), index=True)
    party: Mapped[str] = mapped_column(Id, index=True)
    state: Mapped[str] = mapped_column(String(40))
    open: Mapped[bool] = mapped_column(Boolean)
    reasons: Mapped[list[str]] = mapped_column(Json)
    answers: Mapped[dict[str, Any]] = mapped_column(Json)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    licence: Mapped[Licence] = relationship(lazy="joined")


class ApplicationEvent(Base):
    """One step of an application: its state is the fold of these. Rows are never changed."""

    __tablename__ = "application_events"
    __table_args__ = (UniqueConstraint("application_id", "sequence"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    application_id: Mapped[str] = mapped_column(ForeignKey("applications.id"))
    sequence: Mapped[int] = mapped_column(Integer)
    action: Mapped[str] = mapped_column(String(40))
    from_state: Mapped[str] = mapped_column(String(40))
    to_state: Mapped[str] = mapped_column(String(40))
    actor_kind: Mapped[str] = mapped_column(String(10))
    actor_id: Mapped[str] = mapped_column(String(80))
    reasons: Mapped[list[str]] = mapped_column(Json)
    note: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class LicenceFile(Base):
    """The signed PDF of one term."""

    __tablename__ = "licence_files"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    licence_id: Mapped[str] = mapped_column(ForeignKey("licences.id"), index=True)
    term_id: Mapped[str] = mapped_column(ForeignKey("licence_terms.id"), unique=True)
    blob_key: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    token: Mapped[str] = mapped_column(Text)
    qr_url: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

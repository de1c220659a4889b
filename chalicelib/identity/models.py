"""The tables of identity: parties, staff, sessions, one-time codes, attempts."""

from datetime import datetime

from sqlalchemy import Boolean, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from chalicelib.database.base import Base
from chalicelib.database.types import Id, Json, UtcDateTime

_DIGEST = String(64)


class PartyRow(Base):
    """A citizen, as the municipality's file knows them (صاحب العلاقة)."""

    __tablename__ = "parties"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    civil_id: Mapped[str] = mapped_column(String(12), unique=True)
    name_ar: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200))
    phone: Mapped[str] = mapped_column(String(16))
    email: Mapped[str | None] = mapped_column(String(254))
    language: Mapped[str] = mapped_column(String(2), default="ar")
    registered_at: Mapped[datetime] = mapped_column(UtcDateTime)


class StaffRow(Base):
    """A member of staff. `totp_step` is the last time step whose code was accepted: it never is again."""

    __tablename__ = "staff"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name_ar: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200))
    password_hash: Mapped[str] = mapped_column(String(200))
    totp_secret: Mapped[str] = mapped_column(String(64))
    totp_step: Mapped[int] = mapped_column(Integer, default=0)
    roles: Mapped[list[str]] = mapped_column(Json)
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    registered_at: Mapped[datetime] = mapped_column(UtcDateTime)


class DirectoryAccountRow(Base):
    """Who a member of staff is in the town's directory, fixed when they first come by it: one account an issuer."""

    __tablename__ = "directory_accounts"
    __table_args__ = (UniqueConstraint("staff_id", "issuer"),)

    issuer: Mapped[str] = mapped_column(String(255), primary_key=True)
    subject: Mapped[str] = mapped_column(String(255), primary_key=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    bound_at: Mapped[datetime] = mapped_column(UtcDateTime)


class DirectoryAnswerRow(Base):
    """An answer of the directory that was looked at, and never is again. `state` is a digest; rows live for a day."""

    __tablename__ = "directory_answers"

    state: Mapped[str] = mapped_column(_DIGEST, primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class SessionRow(Base):
    """A signed-in browser or program. Only the digest of its token is kept."""

    __tablename__ = "sessions"
    __table_args__ = (Index("ix_sessions_actor", "actor_kind", "actor_id"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    token_digest: Mapped[str] = mapped_column(_DIGEST, unique=True)
    actor_kind: Mapped[str] = mapped_column(String(10))
    actor_id: Mapped[str] = mapped_column(Id)
    csrf_seed: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class OneTimeCodeRow(Base):
    """A code sent to a phone. For an account nobody has the row has no party and cannot be used."""

    __tablename__ = "one_time_codes"
    __table_args__ = (Index("ix_one_time_codes_account", "account", "purpose", "created_at"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    purpose: Mapped[str] = mapped_column(String(20))
    account: Mapped[str] = mapped_column(_DIGEST)
    party_id: Mapped[str | None] = mapped_column(ForeignKey("parties.id"))
    code_digest: Mapped[str] = mapped_column(_DIGEST)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class AttemptRow(Base):
    """Something limited: a code asked for, a sign-in refused. `key` is a digest; rows live for a day."""

    __tablename__ = "sign_in_attempts"
    __table_args__ = (Index("ix_sign_in_attempts_key", "key", "at"), Index("ix_sign_in_attempts_at", "at"))

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    key: Mapped[str] = mapped_column(_DIGEST)
    at: Mapped[datetime] = mapped_column(UtcDateTime)

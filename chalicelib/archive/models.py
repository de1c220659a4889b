"""Tables of the archive. Bytes, words and previews stand in the blob store; here is what they are."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Float, ForeignKey, Index, Integer, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from chalicelib.database.base import Base
from chalicelib.database.types import Id, Json, UtcDateTime


class Upload(Base):
    """A promise of bytes: what a clerk announced, and where the browser sends it."""

    __tablename__ = "uploads"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    staff_id: Mapped[str] = mapped_column(String(80))
    filename: Mapped[str] = mapped_column(String(255))
    size: Mapped[int] = mapped_column(BigInteger)
    filing: Mapped[dict[str, Any]] = mapped_column(Json)
    document_id: Mapped[str | None] = mapped_column(Id)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Document(Base):
    """One filing of some bytes. The same bytes may be filed for several parcels; they are stored once.

    `state` is received, reading, read, read with doubts or refused (with `reason`);
    `duplicate_of` is the first document with the same bytes. `filing_key` makes a
    repeated filing the same document. `searchable` is how far its searchable PDF is:
    None (nobody asked), asked, made, or the reason why there is none.
    """

    __tablename__ = "documents"
    __table_args__ = (
        UniqueConstraint("filing_key"),
        Index("ix_documents_parcel", "parcel", "id"),
        Index("ix_documents_state", "state", "id"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    filing_key: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    size: Mapped[int] = mapped_column(BigInteger)
    filename: Mapped[str] = mapped_column(String(255))
    media_type: Mapped[str | None] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(300), default="")
    owner: Mapped[str] = mapped_column(String(200), default="")
    parcel: Mapped[str | None] = mapped_column(String(40))
    year: Mapped[int | None] = mapped_column(SmallInteger)
    confidential: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(Integer, default=1)
    state: Mapped[str] = mapped_column(String(20), default="received")
    reason: Mapped[str | None] = mapped_column(String(60))
    reason_data: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    page_count: Mapped[int | None] = mapped_column(Integer)
    pages_read: Mapped[int] = mapped_column(Integer, default=0)
    searchable: Mapped[str | None] = mapped_column(String(60))
    duplicate_of: Mapped[str | None] = mapped_column(Id)
    filed_by: Mapped[str] = mapped_column(String(80))
    filed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class PageRow(Base):
    """One page as read: `state` is read, read with doubts or refused (with `reason`).

    `dpi` (0: refused unseen) and `skew` are None where a release read it that did not note them.
    """

    __tablename__ = "pages"

    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    state: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str | None] = mapped_column(String(60))
    width: Mapped[int] = mapped_column(Integer)
    height: Mapped[int] = mapped_column(Integer)
    rotation: Mapped[int] = mapped_column(SmallInteger, default=0)
    dpi: Mapped[int | None] = mapped_column(Integer)
    skew: Mapped[float | None] = mapped_column(Float)
    word_count: Mapped[int] = mapped_column(Integer, default=0)
    doubt_count: Mapped[int] = mapped_column(Integer, default=0)
    preview_key: Mapped[str | None] = mapped_column(String(120))
    words_key: Mapped[str | None] = mapped_column(String(120))
    read_at: Mapped[datetime] = mapped_column(UtcDateTime)

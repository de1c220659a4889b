"""The parcel table, and a parcel as others see it."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from chalicelib.database.base import Base
from chalicelib.database.types import Id, Json


class Parcel(Base):
    """A piece of land. `number` is written as rules.ParcelNumber writes it, and never reused."""

    __tablename__ = "parcels"
    __table_args__ = (Index("ix_parcels_place", "area_code", "block", "ordinal"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    area_code: Mapped[str] = mapped_column(String(2))
    block: Mapped[int] = mapped_column(Integer)
    ordinal: Mapped[int] = mapped_column(Integer)
    area_ar: Mapped[str] = mapped_column(String(120))
    area_en: Mapped[str] = mapped_column(String(120))
    street_ar: Mapped[str] = mapped_column(String(120))
    street_en: Mapped[str] = mapped_column(String(120))
    area_m2: Mapped[int] = mapped_column(Integer)
    use: Mapped[str] = mapped_column(String(20))
    owner: Mapped[str] = mapped_column(Id, index=True)  # a party's id
    polygon: Mapped[list[Any]] = mapped_column(Json)  # [longitude, latitude] pairs, WGS 84


@dataclass(frozen=True)
class ParcelView:
    """What other capabilities and pages are told of a parcel; `owner` is a party's id."""

    id: str
    number: str
    block: int
    area_ar: str
    area_en: str
    street_ar: str
    street_en: str
    area_m2: int
    use: str
    owner: str

    @property
    def address_ar(self) -> str:
        """Area, block and street, as an address is written in Arabic."""
        return f"{self.area_ar}، قطعة {self.block}، {self.street_ar}"

    @property
    def address_en(self) -> str:
        """Street, block and area."""
        return f"{self.street_en}, Block {self.block}, {self.area_en}"

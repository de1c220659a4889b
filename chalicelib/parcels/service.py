"""Looking parcels up by the number people type."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from chalicelib.database.engine import Database
from chalicelib.kernel.ids import new_id
from chalicelib.parcels.errors import ParcelUnknown
from chalicelib.parcels.models import Parcel, ParcelView
from chalicelib.parcels.rules import ParcelNumber, parse_parcel_number

_SUGGESTIONS = 5


class Parcels:
    """The register of parcels."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, text: str) -> ParcelView:
        """The parcel whose number a person typed.

        Raises ParcelNumberMalformed, or ParcelUnknown with the nearest numbers that exist.
        """
        with self._database.reading() as tx:
            return self.find_within(tx, text)

    def find_within(self, tx: Session, text: str) -> ParcelView:
        """As `find`, inside the caller's transaction."""
        number = parse_parcel_number(text)
        row = tx.scalar(select(Parcel).where(Parcel.number == str(number)))
        if row is None:
            raise ParcelUnknown(field="parcel", number=str(number), suggestions=_nearest(tx, number))
        return _view(row)

    def register(
        self,
        tx: Session,
        *,
        number: str,
        area: tuple[str, str],
        street: tuple[str, str],
        area_m2: int,
        use: str,
        owner: str,
        polygon: list[Any],
    ) -> str:
        """Enter a parcel, names as (Arabic, English); its id. A number already entered keeps its row."""
        parsed = parse_parcel_number(number)
        known = tx.scalar(select(Parcel.id).where(Parcel.number == str(parsed)))
        if known is not None:
            return known
        row = Parcel(
            id=new_id(),
            number=str(parsed),
            area_code=parsed.area,
            block=parsed.block,
            ordinal=parsed.ordinal,
            area_ar=area[0],
            area_en=area[1],
            street_ar=street[0],
            street_en=street[1],
            area_m2=area_m2,
            use=use,
            owner=owner,
            polygon=polygon,
        )
        tx.add(row)
        tx.flush()
        return row.id


def _nearest(tx: Session, number: ParcelNumber) -> list[str]:
    """Numbers that exist and differ least: same block first, then same area, then same parcel elsewhere."""
    near: list[str] = []
    distance = func.abs(Parcel.ordinal - number.ordinal)
    for same in (
        (Parcel.area_code == number.area, Parcel.block == number.block),
        (Parcel.area_code == number.area,),
        (Parcel.block == number.block, Parcel.ordinal == number.ordinal),
    ):
        wanted = (
            select(Parcel.number)
            .where(*same, Parcel.number.not_in(near))
            .order_by(distance, Parcel.number)
            .limit(_SUGGESTIONS - len(near))
        )
        near.extend(tx.scalars(wanted))
    return near


def _view(row: Parcel) -> ParcelView:
    return ParcelView(
        id=row.id,
        number=row.number,
        block=row.block,
        area_ar=row.area_ar,
        area_en=row.area_en,
        street_ar=row.street_ar,
        street_en=row.street_en,
        area_m2=row.area_m2,
        use=row.use,
        owner=row.owner,
    )

"""The municipality's own records, by number, so that papers name the people and parcels that are on file."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

MUNICIPALITY = Path(__file__).resolve().parents[1] / "municipality"


@dataclass(frozen=True)
class Parcel:
    """A parcel as papers cite it; areas are whole square metres, `owner` is the owner's Arabic name."""

    number: str
    area: str
    area_en: str
    block: str
    plot: str
    street: str
    street_en: str
    m2: int
    owner: str
    owner_en: str
    owner_civil_id: str


@cache
def _rows(name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads((MUNICIPALITY / f"{name}.json").read_text(encoding="utf-8"))
    return rows


def parcel(number: str) -> Parcel:
    """The parcel with this number; KeyError when none has it."""
    row = {row["number"]: row for row in _rows("parcels")}[number]
    owner = person(row["owner"])
    return Parcel(
        number=number,
        area=row["area"]["ar"],
        area_en=row["area"]["en"],
        block=row["block"],
        plot=row["parcel"],
        street=row["street"]["ar"],
        street_en=row["street"]["en"],
        m2=row["area_m2"],
        owner=owner["name"]["ar"],
        owner_en=owner["name"]["en"],
        owner_civil_id=row["owner"],
    )


def person(civil_id: str) -> dict[str, Any]:
    """The party with this civil ID."""
    return {row["civil_id"]: row for row in _rows("parties")}[civil_id]


def shop(number: str) -> dict[str, Any]:
    """The premises with this number."""
    return {row["number"]: row for row in _rows("premises")}[number]


def officer(role: str) -> str:
    """The Arabic name of the one who holds this role today."""
    return next(row["name"]["ar"] for row in _rows("staff") if role in row["roles"])

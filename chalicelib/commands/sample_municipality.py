"""The invented municipality of samples/municipality, loaded once, and never where a town has a file of its own."""

import json
import shlex
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyotp
from sqlalchemy import select
from sqlalchemy.orm import Session

from chalicelib.database.migrate import is_current
from chalicelib.identity.models import StaffRow
from chalicelib.kernel.actor import system
from chalicelib.kernel.errors import Refusal
from chalicelib.kernel.money import Money
from chalicelib.licensing.models import Licence
from chalicelib.licensing.register import (
    PastEvent,
    PastViolation,
    register_activity,
    register_licence,
    register_premises,
)
from chalicelib.licensing.rules import Term

if TYPE_CHECKING:
    from chalicelib.bootstrap import Diwan
    from chalicelib.settings import Settings

_LOADER = system("sample_municipality")
LOADED = (
    "The invented sample town was loaded. Its passwords are public: this folder is for trying out only.\n"
    "docs/runbooks/begin-a-town.md says how a town of your own begins."
)


class TownsMixed(Refusal):
    """The data is of the sample and the settings name a town, or the other way round."""

    code = "towns-mixed"
    kind = "conflict"


def begin(diwan: "Diwan") -> bool:
    """Load the sample where it is what the settings name; whether it was loaded now.

    A town's own file gets nothing of it. Raises TownsMixed where people with public passwords could come into a
    town's folder, or where a town's folder would be shown as the sample.
    """
    folder = diwan.settings.assets / "samples" / "municipality"
    invented = {member["email"] for member in _read(folder, "staff")} if folder.is_dir() else set()
    with diwan.database.reading() as tx:
        on_file = {row.email: row.active for row in tx.execute(select(StaffRow.email, StaffRow.active))}
    if not diwan.settings.is_sample:
        if any(on_file.get(email) for email in invented):
            raise TownsMixed()
        return False
    if on_file and not invented & on_file.keys():
        raise TownsMixed()
    return load(diwan)


def load(diwan: "Diwan") -> bool:
    """Enter the sample municipality; True when it was done now, False when it was there already.

    Days are counted from today. Parcels, shops and licences go in one transaction, the last one:
    a load that was interrupted is taken up again.
    """
    with diwan.database.reading() as tx:
        if tx.scalar(select(Licence.id).limit(1)) is not None:
            return False
    folder = diwan.settings.assets / "samples" / "municipality"
    parties = {party["civil_id"]: _register_party(diwan, party) for party in _read(folder, "parties")}
    for member in _read(folder, "staff"):
        diwan.identity.register_staff(
            _LOADER,
            email=member["email"],
            name_ar=member["name"]["ar"],
            name_en=member["name"]["en"],
            password=member["password"],
            totp_secret=member["totp_secret"],
            roles=member["roles"],
        )
    today = diwan.municipality.local_day(diwan.clock.now())
    with diwan.database.transaction() as tx:
        for parcel in _read(folder, "parcels"):
            _register_parcel(diwan, tx, parcel, parties)
        for activity in _read(folder, "activities"):
            register_activity(
                tx,
                code=activity["code"],
                name=_both(activity["name"]),
                fee_class=activity["fee_class"],
                needs_inspection=activity["needs_inspection"],
            )
        premises = {
            shop["number"]: _register_premises(tx, shop, parties) for shop in _read(folder, "premises")
        }
        for licence in _read(folder, "licences"):
            _register_licence(tx, licence, premises, parties, today, diwan.municipality.currency)
    return True


def _read(folder: Path, name: str) -> Any:
    return json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))


def _both(text: dict[str, str]) -> tuple[str, str]:
    return text["ar"], text["en"]


def _register_party(diwan: "Diwan", party: dict[str, Any]) -> str:
    return diwan.identity.register_party(
        _LOADER,
        civil_id=party["civil_id"],
        name_ar=party["name"]["ar"],
        name_en=party["name"]["en"],
        phone=party["phone"],
        email=party["email"],
        language=party["language"],
    )


def _register_parcel(diwan: "Diwan", tx: Session, parcel: dict[str, Any], parties: dict[str, str]) -> None:
    diwan.parcels.register(
        tx,
        number=parcel["number"],
        area=_both(parcel["area"]),
        street=_both(parcel["street"]),
        area_m2=parcel["area_m2"],
        use=parcel["use"],
        owner=parties[parcel["owner"]],
        polygon=parcel["polygon"],
    )


def _register_premises(tx: Session, shop: dict[str, Any], parties: dict[str, str]) -> str:
    return register_premises(
        tx,
        number=shop["number"],
        name=_both(shop["trade_name"]),
        activity=shop["activity"],
        parcel=shop["parcel"],
        unit=shop["unit"],
        area_m2=shop["area_m2"],
        commercial_licence=shop["commercial_licence"],
        owner=parties[shop["owner"]],
    )


def _register_licence(
    tx: Session,
    licence: dict[str, Any],
    premises: dict[str, str],
    parties: dict[str, str],
    today: date,
    currency: str,
) -> None:
    def day(number: int) -> date:
        return today + timedelta(days=number)

    register_licence(
        tx,
        number=licence["number"],
        service=licence["service"],
        premises=premises[licence["premises"]],
        activity=licence["activity"],
        holder=parties[licence["holder"]],
        # That a term has ended is worked out from its days; the register only knows what people decided.
        state="active" if licence["state"] == "expired" else licence["state"],
        terms=[
            Term(number, day(term["starts_in_days"]), day(term["ends_in_days"]))
            for number, term in enumerate(licence["terms"], start=1)
        ],
        events=[
            PastEvent(event["kind"], day(event["in_days"]), _both(event["reason"]))
            for event in licence["events"]
        ],
        violations=[
            PastViolation(
                number=violation["number"],
                article=violation["article"],
                what=_both(violation["what"]),
                recorded_on=day(violation["recorded_in_days"]),
                amount=Money(violation["amount_minor"], currency),
                state=violation["state"],
            )
            for violation in licence["violations"]
        ],
    )


def sign_ins(settings: "Settings") -> str:
    """The sample people one can sign in as, for the terminal of whoever started the server."""
    folder = settings.assets / "samples" / "municipality"
    elsewhere = (
        "" if settings.data == Path("data").absolute() else f" --data {shlex.quote(str(settings.data))}"
    )
    holders = {licence["holder"] for licence in _read(folder, "licences")}
    parties = [party for party in _read(folder, "parties") if party["civil_id"] in holders]
    lines = [
        "",
        "The town is the invented sample and these passwords are public: for trying out only "
        "(docs/runbooks/begin-a-town.md).",
        f"Citizens sign in at {settings.base_url}/sign-in; the code arrives in {settings.data / 'outbox'}:",
    ]
    lines += [f"  {party['civil_id']}  {party['name']['en']}" for party in parties[:3]]
    lines.append(
        f"Staff sign in at {settings.base_url}/staff/sign-in (their one-time codes: ./diwan codes{elsewhere}):"
    )
    lines += [
        f"  {member['email']:32} {member['password']:26} {', '.join(member['roles'])}"
        for member in _read(folder, "staff")
    ]
    return "\n".join(lines) + "\n"


def staff_codes(settings: "Settings") -> int:
    """Print the present one-time code of each sample member of staff of this data, in place of their phones.

    2 when there is none. Secrets that are not the sample's are nobody's to see here.
    """
    from chalicelib.bootstrap import open_database

    public = [
        member["totp_secret"] for member in _read(settings.assets / "samples" / "municipality", "staff")
    ]
    theirs = select(StaffRow.email, StaffRow.totp_secret).where(
        StaffRow.active, StaffRow.totp_secret.in_(public)
    )
    found: list[tuple[str, str]] = []
    if settings.data.is_dir():
        database = open_database(settings)
        try:
            if is_current(database):
                with database.reading() as tx:
                    found = [(row.email, row.totp_secret) for row in tx.execute(theirs)]
        finally:
            database.close()
    for email, secret in found:
        print(f"{pyotp.TOTP(secret).now()}  {email}")
    if not found:
        print(
            f"diwan: nobody of the sample's staff in {settings.data}; name its folder with --data.",
            file=sys.stderr,
        )
    return 0 if found else 2


def main() -> None:
    """Load it into the stores that the environment names."""
    from chalicelib.bootstrap import build
    from chalicelib.settings import read_settings

    diwan = build(read_settings())
    try:
        load(diwan)
    finally:
        diwan.close()


if __name__ == "__main__":
    main()

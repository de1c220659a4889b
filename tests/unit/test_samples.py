"""The invented municipality agrees with itself."""

import json
import math
import re
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import pytest

from chalicelib.commands.sample_municipality import sign_ins
from chalicelib.kernel.civil_id import parse_civil_id
from chalicelib.settings import read_settings

SAMPLES = Path(__file__).resolve().parents[2] / "samples"


def read(name: str) -> Any:
    return json.loads((SAMPLES / "municipality" / f"{name}.json").read_text(encoding="utf-8"))


MUNICIPALITY, PARCELS, PARTIES = read("municipality"), read("parcels"), read("parties")
PREMISES, LICENCES, STAFF, ACTIVITIES = read("premises"), read("licences"), read("staff"), read("activities")

PARTY_IDS = {party["civil_id"] for party in PARTIES}
PARCEL_NUMBERS = {parcel["number"] for parcel in PARCELS}
PREMISES_BY_NUMBER = {shop["number"]: shop for shop in PREMISES}
ACTIVITY_CODES = {activity["code"] for activity in ACTIVITIES}


@pytest.mark.parametrize(
    ("rows", "key"),
    [
        (PARCELS, "number"),
        (PARTIES, "civil_id"),
        (PARTIES, "phone"),
        (PARTIES, "email"),
        (PREMISES, "number"),
        (PREMISES, "commercial_licence"),
        (LICENCES, "number"),
        (LICENCES, "premises"),
        (STAFF, "email"),
        (STAFF, "totp_secret"),
        (ACTIVITIES, "code"),
    ],
)
def test_no_two_rows_share_a_key(rows: list[dict[str, Any]], key: str) -> None:
    values = [row[key] for row in rows]
    assert len(values) == len(set(values))


def test_civil_ids_are_valid_and_stored_as_ascii() -> None:
    assert [parse_civil_id(party["civil_id"]) for party in PARTIES] == [p["civil_id"] for p in PARTIES]


def test_every_reference_resolves() -> None:
    assert {parcel["owner"] for parcel in PARCELS} <= PARTY_IDS
    assert {shop["owner"] for shop in PREMISES} <= PARTY_IDS
    assert {shop["parcel"] for shop in PREMISES} <= PARCEL_NUMBERS
    assert {shop["activity"] for shop in PREMISES} <= ACTIVITY_CODES
    for licence in LICENCES:
        shop = PREMISES_BY_NUMBER[licence["premises"]]
        assert (licence["activity"], licence["holder"]) == (shop["activity"], shop["owner"])


def test_parcel_numbers_spell_area_block_and_parcel() -> None:
    scheme = MUNICIPALITY["parcel_number"]
    for parcel in PARCELS:
        assert re.fullmatch(scheme["pattern"], parcel["number"])
        area, block, number = parcel["number"].split("-")
        assert (scheme["areas"][area], block, int(number)) == (
            parcel["area"],
            parcel["block"],
            int(parcel["parcel"]),
        )


def test_shops_stand_where_shops_may() -> None:
    uses = {parcel["number"]: parcel["use"] for parcel in PARCELS}
    assert {uses[shop["parcel"]] for shop in PREMISES} <= {"commercial", "mixed"}


def test_licence_terms_follow_each_other_and_end_at_expiry() -> None:
    for licence in LICENCES:
        terms = licence["terms"]
        assert [term["kind"] for term in terms] == ["new"] + ["renewal"] * (len(terms) - 1)
        assert all(
            later["starts_in_days"] == earlier["ends_in_days"] + 1 for earlier, later in pairwise(terms)
        )
        assert terms[-1]["ends_in_days"] == licence["expires_in_days"]


def test_licences_show_every_branch_of_renewal() -> None:
    for licence in LICENCES:
        assert (licence["state"] == "expired") == (licence["expires_in_days"] < 0)
        assert licence["shows"]["ar"] and licence["shows"]["en"]
        last_event = licence["events"][-1]["kind"] if licence["events"] else None
        assert last_event == (licence["state"] if licence["state"] in ("suspended", "cancelled") else None)
    inspected = {activity["code"] for activity in ACTIVITIES if activity["needs_inspection"]}
    active = [licence for licence in LICENCES if licence["state"] == "active"]
    clear = [li for li in active if not any(v["state"] == "unpaid" for v in li["violations"])]
    open_now = [li for li in clear if li["expires_in_days"] <= 90]
    assert any(li["activity"] in inspected for li in open_now)
    assert any(li["activity"] not in inspected for li in open_now)
    assert any(li["expires_in_days"] > 90 for li in clear)
    assert len(clear) < len(active)
    assert {li["state"] for li in LICENCES} == {"active", "expired", "suspended", "cancelled"}


def test_one_person_signs_in_for_each_staff_role() -> None:
    roles = ["clerk", "archivist", "reviewer", "inspector", "cashier", "manager", "auditor", "admin"]
    assert [person["roles"] for person in STAFF] == [[role] for role in roles]
    assert all(re.fullmatch(r"[A-Z2-7]{32}", person["totp_secret"]) for person in STAFF)
    assert all(len(person["password"]) >= 15 for person in STAFF)


def test_mail_goes_nowhere() -> None:
    addresses = [row["email"] for row in [*PARTIES, *STAFF, MUNICIPALITY["office"]]]
    assert all(address.rsplit(".", 1)[1] == "example" for address in addresses)


def test_parcels_have_the_area_they_state() -> None:
    for parcel in PARCELS:
        assert abs(_area(_metres(parcel)) - parcel["area_m2"]) <= 0.01 * parcel["area_m2"], parcel["number"]


def test_parcels_do_not_overlap() -> None:
    for one, other in combinations(PARCELS, 2):
        assert _apart(_metres(one), _metres(other)), (one["number"], other["number"])


Point = tuple[float, float]


def _metres(parcel: dict[str, Any]) -> list[Point]:
    """The polygon on a plane, metres from the municipality's south-west; good to a millimetre over a town."""
    east = 111_320 * math.cos(math.radians(29.042))
    return [((lon - 48.14) * east, (lat - 29.04) * 110_950) for lon, lat in parcel["polygon"]]


def _area(points: list[Point]) -> float:
    turns = zip(points, points[1:] + points[:1], strict=True)
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in turns)) / 2


def _apart(one: list[Point], other: list[Point], slack: float = 0.05) -> bool:
    """Whether a line parallel to some side separates two convex polygons (touching sides may share `slack` metres)."""
    for polygon in (one, other):
        for (x1, y1), (x2, y2) in zip(polygon, polygon[1:] + polygon[:1], strict=True):
            length = math.hypot(x2 - x1, y2 - y1)
            normal = ((y2 - y1) / length, (x1 - x2) / length)
            first, second = ([x * normal[0] + y * normal[1] for x, y in points] for points in (one, other))
            if max(first) <= min(second) + slack or max(second) <= min(first) + slack:
                return True
    return False


def test_the_citizens_told_of_at_the_start_hold_licences() -> None:
    told = re.findall(r"^  (\d{12})  ", sign_ins(read_settings({})), re.MULTILINE)
    assert len(told) == 3
    assert set(told) <= {licence["holder"] for licence in LICENCES}


def test_the_command_told_of_at_the_start_can_be_pasted_whatever_the_folder_is_called() -> None:
    told = sign_ins(read_settings({}, data=Path("/srv/my town")))
    assert "./diwan codes --data '/srv/my town')" in told

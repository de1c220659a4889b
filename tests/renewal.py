"""A renewal from start to signed licence, through the API and the practice gateway, for tests that need one done."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from tests.town import OWNER, Town, fresh_key

LICENCE_NUMBER = "HL-2024-00417"


@dataclass(frozen=True)
class Renewal:
    """What came of it: ids by kind of thing, and the number of the licence."""

    ids: dict[str, str]
    number: str


def renew(town: Town, civil_id: str = OWNER, number: str = LICENCE_NUMBER) -> Renewal:
    """Renew a licence that needs nobody's look; every step as a program makes it."""
    program, bearer = town.visitor(), town.bearer(civil_id)

    def post(path: str, body: dict[str, object], status: int) -> dict[str, object]:
        answer = program.call("POST", path, body, **bearer, **fresh_key())
        assert answer.status == status, answer.text
        told: dict[str, object] = answer.json
        return told

    licences = program.call("GET", "/api/v1/licences", **bearer).json["items"]
    licence = next(each["id"] for each in licences if each["number"] == number)
    application = post("/api/v1/renewals", {"licence": licence}, 201)["id"]
    where = f"/api/v1/renewals/{application}"
    post(f"{where}/confirmation", {"phone": "50001108", "unchanged": True}, 200)
    opened = post(f"{where}/payments", {"language": "ar"}, 201)
    gateway = urlsplit(str(opened["url"])).path
    browser = town.citizen(civil_id)
    chosen = browser.submit(gateway, gateway, {"choice": "pay"})
    assert chosen.status == 303, chosen.text
    back = browser.get(urlsplit(chosen.location).path)
    assert back.status == 303, back.text
    town.work()
    stands = program.call("GET", where, **bearer).json
    assert stands["state"] == "issued", stands
    receipt = town.diwan.payments.payment(town.actor(civil_id), stands["payment"]).demand.receipt
    ids = {
        "licence": licence,
        "application": str(application),
        "payment": stands["payment"],
        "receipt": receipt,
    }
    return Renewal(ids, number)

"""Renewal, payment and verification, for programs."""

from typing import Any

from sqlalchemy import select

from chalicelib.kernel.ids import new_id
from chalicelib.notifications.models import NotificationRow
from tests.town import Town, fresh_key
from tests.web_browser import Answer

INSPECTED = "282071314603"


def post(town: Town, path: str, body: Any, who: str = "citizen", **headers: str) -> Answer:
    return town.visitor().call("POST", path, body, **town.bearer(who), **(headers or fresh_key()))


def get(town: Town, path: str, who: str = "citizen") -> Answer:
    return town.visitor().call("GET", path, **town.bearer(who))


def started(town: Town, who: str = "citizen") -> dict[str, Any]:
    licence = get(town, "/api/v1/licences", who).json["items"][0]
    answer = post(town, "/api/v1/renewals", {"licence": licence["id"]}, who)
    assert answer.status == 201, answer.text
    renewal: dict[str, Any] = answer.json
    confirmed = post(
        town, f"/api/v1/renewals/{renewal['id']}/confirmation", {"phone": "٥٠٠٠١١٠٨", "unchanged": True}, who
    )
    assert confirmed.status == 200, confirmed.text
    return renewal


def test_a_program_renews_pays_and_downloads(town: Town) -> None:
    renewal = started(town)
    assert renewal["amount"] == {"minor": 10_000, "currency": "KWD", "text": "10.000"}
    assert renewal["charges"][0]["rule"] == "health-renewal-base"
    checkout = post(town, f"/api/v1/renewals/{renewal['id']}/payments", {"language": "en"})
    assert checkout.status == 201, checkout.text
    page = town.diwan.gateway.choose(checkout.json["url"].rsplit("/", 1)[1], "pay")
    town.visitor().get("/payments/return/" + page.return_url.rsplit("/", 1)[1])
    town.work()
    issued = get(town, f"/api/v1/renewals/{renewal['id']}").json
    assert (issued["state"], issued["receipt_number"]) == ("issued", "R-marsa-alnoor-2026-000001")
    payment = get(town, f"/api/v1/payments/{issued['payment']}").json
    assert (payment["state"], payment["amount"]["minor"]) == ("success", 10_000)
    assert get(town, f"/api/v1/licences/{issued['licence']['id']}/pdf").status == 303
    assert post(town, f"/api/v1/renewals/{renewal['id']}/payments", {}).status == 409


def test_the_same_key_starts_and_pays_once(town: Town) -> None:
    licence = get(town, "/api/v1/licences").json["items"][0]["id"]
    key = fresh_key()
    first, again = (post(town, "/api/v1/renewals", {"licence": licence}, **key) for _ in range(2))
    assert first.json == again.json
    assert post(town, "/api/v1/renewals", {"licence": licence}).json["id"] == first.json["id"]
    assert (
        town.visitor().call("POST", "/api/v1/renewals", {"licence": licence}, **town.bearer("citizen")).status
        == 422
    )


def test_an_application_to_be_looked_at_has_no_page_to_pay_on(town: Town) -> None:
    renewal = started(town, INSPECTED)
    sent = post(town, f"/api/v1/renewals/{renewal['id']}/payments", {}, INSPECTED)
    assert sent.json == {"state": "under_review", "url": None}
    assert get(town, f"/api/v1/renewals/{renewal['id']}", INSPECTED).json["reasons"] == [
        "activity-needs-inspection"
    ]


def test_another_ones_things_do_not_exist(town: Town) -> None:
    renewal = started(town)
    licence = renewal["licence"]["id"]
    assert get(town, f"/api/v1/renewals/{renewal['id']}", INSPECTED).status == 404
    assert get(town, f"/api/v1/licences/{licence}/pdf", INSPECTED).status == 404
    assert get(town, f"/api/v1/payments/{new_id()}", INSPECTED).status == 404
    assert post(town, "/api/v1/renewals", {"licence": licence}, INSPECTED).status == 404
    assert post(town, f"/api/v1/renewals/{renewal['id']}/payments", {}, INSPECTED).status == 404


def test_news_goes_to_the_phone_given_and_codes_to_the_one_on_file(town: Town) -> None:
    renewal = started(town, INSPECTED)
    path = f"/api/v1/renewals/{renewal['id']}"
    post(town, f"{path}/confirmation", {"phone": "55512345", "unchanged": True}, INSPECTED)
    post(town, f"{path}/payments", {}, INSPECTED)
    town.work()
    with town.diwan.database.reading() as tx:
        sent = {row.template: row.recipient for row in tx.scalars(select(NotificationRow))}
    assert sent == {"sign_in_code": "+96550001150", "application_received": "+96555512345"}


def test_refusals_are_problems_with_their_code(town: Town) -> None:
    offers = get(town, "/api/v1/licences", "275062415706").json["items"]
    assert (offers[0]["renewable"], offers[0]["refusal"]) == (False, "renewal-not-open")
    refused = post(town, "/api/v1/renewals", {"licence": offers[0]["id"]}, "275062415706")
    assert (refused.status, refused.json["code"]) == (409, "renewal-not-open")
    assert refused.headers["content-type"].startswith("application/problem+json")


def test_anyone_verifies_by_number_or_token(town: Town) -> None:
    def verify(**asked: str) -> Answer:
        return town.visitor().call("POST", "/api/v1/verifications", asked)

    assert verify(number="HL-2020-00149").json["outcome"] == "suspended"
    assert verify(number="HL-2020-00149").json["holder"] == ""
    assert verify(number="HL-1999-00001").status == 404
    assert verify(token="no token").status == 422
    assert verify().status == 404

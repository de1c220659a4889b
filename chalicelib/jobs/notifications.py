"""Telling people what happened to their applications, and handing the messages over."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from chalicelib.kernel.money import Money
from chalicelib.notifications.service import QUEUE
from chalicelib.web.localisation import Localisation

if TYPE_CHECKING:
    from chalicelib.bootstrap import Diwan

# Messages are bare text: phones draw a box for the marks and spaces that pages need.
_BARE = str.maketrans({"\u2066": None, "\u2068": None, "\u2069": None, "\u00a0": " "})


@dataclass(frozen=True)
class Told:
    """Which text to send, with what in it beside the link and the municipality's name."""

    template: str
    args: dict[str, str]
    by_email: bool = False


Teller = Callable[[Mapping[str, Any], Localisation], Told | None]


def _submitted(fact: Mapping[str, Any], texts: Localisation) -> Told:
    service = fact[f"service_{texts.language}"]
    return Told("application_received", {"number": fact["number"], "service": service})


def _stopped(fact: Mapping[str, Any], texts: Localisation) -> Told:
    return Told("application_stopped", {"number": fact["number"]})


def _paid(fact: Mapping[str, Any], texts: Localisation) -> Told:
    amount = texts.money(Money(fact["minor"], fact["currency"]))
    args = {"amount": amount.translate(_BARE), "receipt": fact["receipt_number"]}
    return Told("payment_received", args, by_email=True)


def _not_paid(fact: Mapping[str, Any], texts: Localisation) -> Told | None:
    # Who declined or cancelled saw it on the page a moment ago; a text is for those who have gone.
    if fact["reason"] in ("declined", "cancelled"):
        return None
    return Told("payment_failed", {})


def _issued(fact: Mapping[str, Any], texts: Localisation) -> Told:
    until = texts.date(date.fromisoformat(fact["expires_on"]))
    args = {"number": fact["number"], "until": until.translate(_BARE)}
    return Told("licence_issued", args, by_email=True)


TELLERS: dict[str, Teller] = {
    "licensing.application_submitted": _submitted,
    "licensing.application_stopped": _stopped,
    "licensing.licence_issued": _issued,
    "payments.payment_succeeded": _paid,
    "payments.payment_failed": _not_paid,
}


def tell_party(diwan: "Diwan", message: Mapping[str, Any]) -> None:
    """Write to the party an event is about, in their language: an SMS, and a letter when it is worth keeping."""
    fact = message["payload"]
    party = diwan.identity.party(fact["party"])
    told = TELLERS[message["name"]](fact, diwan.pages.localisation(party.language))
    if told is None:
        return
    municipality = diwan.municipality.name_ar if party.language == "ar" else diwan.municipality.name_en
    # Every one of these facts is about an application; licensing names it bare, payments with its kind.
    application = message["subject"].removeprefix("application:")
    link = f"{diwan.settings.base_url}/renew/{application}"
    args = {**told.args, "link": link, "municipality": municipality}
    # The number given with the application is for news of it; sign-in codes go only to the one on file.
    phone = diwan.licensing.phone_for(application) or party.phone
    recipients = {"sms": phone, "email": party.email if told.by_email else None}
    with diwan.database.transaction() as tx:
        for channel, recipient in recipients.items():
            if recipient:
                diwan.notifications.notify(
                    tx,
                    key=message["event"],
                    party=party.id,
                    recipient=recipient,
                    channel=channel,
                    template=told.template,
                    language=party.language,
                    args=args,
                )


def send_notification(diwan: "Diwan", message: Mapping[str, Any]) -> None:
    """Hand one message over to its carrier."""
    diwan.notifications.send(message["notification"])


HANDLERS = {"tell_party": tell_party, QUEUE: send_notification}
SUBSCRIPTIONS = dict.fromkeys(TELLERS, ("tell_party",))

"""From a payment to a signed licence."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from chalicelib.jobs.errors import Hopeless
from chalicelib.kernel.actor import system
from chalicelib.licensing.casework import ISSUE_QUEUE
from chalicelib.signing.errors import TemplateUnknown, TextUnprintable

if TYPE_CHECKING:
    from chalicelib.bootstrap import Diwan


def settle_application(diwan: "Diwan", message: Mapping[str, Any]) -> None:
    """Move an application on once its demand is paid; other things that are paid for are not its concern."""
    kind, _, application = message["subject"].partition(":")
    if kind == "application":
        diwan.licensing.paid(system("jobs.settle_application"), application)


def issue_licence(diwan: "Diwan", message: Mapping[str, Any]) -> None:
    """Sign and grant the licence of a paid application."""
    try:
        diwan.licensing.issue(system("jobs.issue_licence"), message["application"])
    except (TextUnprintable, TemplateUnknown) as refusal:
        # The same words and layout would fail again; a person has to mend them first.
        raise Hopeless(f"{refusal.code} {refusal.data}") from refusal


HANDLERS = {"settle_application": settle_application, ISSUE_QUEUE: issue_licence}
SUBSCRIPTIONS = {"payments.payment_succeeded": ("settle_application",)}

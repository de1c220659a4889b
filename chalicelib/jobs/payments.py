"""Asking the gateway about payments whose payer never came back."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chalicelib.bootstrap import Diwan


def reconcile_payments(diwan: "Diwan", message: Mapping[str, Any]) -> None:
    """Settle every open attempt that is due."""
    diwan.payments.reconcile()


HANDLERS = {"reconcile_payments": reconcile_payments}
EVERY_MINUTE = ("reconcile_payments",)

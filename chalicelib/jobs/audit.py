"""Every event becomes a leaf of the audit log."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chalicelib.bootstrap import Diwan


def append_audit(diwan: "Diwan", payload: Mapping[str, Any]) -> None:
    """Add the event to the log, once."""
    diwan.audit.append(payload)


HANDLERS = {"append_audit": append_audit}
SUBSCRIPTIONS = {"*": ("append_audit",)}

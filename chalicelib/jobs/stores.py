"""Each lane of workers says which stores it sees."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from chalicelib.stores.service import PROBE_QUEUES

if TYPE_CHECKING:
    from chalicelib.bootstrap import Diwan


def answer_probe(diwan: "Diwan", message: Mapping[str, Any]) -> None:
    """Say what this worker sees."""
    diwan.stores.answer(message["probe"], message["lane"])


def forget_probe(diwan: "Diwan", message: Mapping[str, Any]) -> None:
    """Remove the marks of a probe."""
    diwan.stores.forget(message["probe"])


HANDLERS = {**dict.fromkeys(PROBE_QUEUES.values(), answer_probe), "forget_probe": forget_probe}

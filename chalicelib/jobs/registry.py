"""Which function handles which queue, and which queues want which events: found by looking."""

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import TYPE_CHECKING, Any

import chalicelib.jobs

if TYPE_CHECKING:
    from chalicelib.bootstrap import Diwan

Handler = Callable[["Diwan", Mapping[str, Any]], None]


def _modules() -> list[ModuleType]:
    found = pkgutil.iter_modules(chalicelib.jobs.__path__, "chalicelib.jobs.")
    modules = [importlib.import_module(module.name) for module in found]
    return [module for module in modules if hasattr(module, "HANDLERS")]


def handlers() -> dict[str, Handler]:
    """Handler by queue name."""
    return {queue: handler for module in _modules() for queue, handler in module.HANDLERS.items()}


def subscriptions() -> dict[str, tuple[str, ...]]:
    """Queues by event name; "*" for those that want every event."""
    wanted: dict[str, tuple[str, ...]] = {}
    for module in _modules():
        for event, queues in getattr(module, "SUBSCRIPTIONS", {}).items():
            wanted[event] = (*wanted.get(event, ()), *queues)
    return wanted


def every_minute() -> tuple[str, ...]:
    """Queues that get a job each minute, keyed by the minute: `EVERY_MINUTE` of the jobs modules."""
    return tuple(queue for module in _modules() for queue in getattr(module, "EVERY_MINUTE", ()))

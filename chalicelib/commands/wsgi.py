"""What the embedded home's web server loads in its own process."""

import multiprocessing
from collections.abc import Callable
from typing import Any

from chalicelib.commands.processes import end_with_parent


def application() -> Callable[..., Any]:
    """The app of app.py as a WSGI application; this process ends when the server's does."""
    server = multiprocessing.parent_process()
    if server is None or server.pid is None:
        raise RuntimeError("granian starts this in a process of its own")
    end_with_parent(server.pid)
    import app  # built on import, as Lambda does it
    from chalicelib.web.serve import WsgiApp

    return WsgiApp(app.app, app.diwan)

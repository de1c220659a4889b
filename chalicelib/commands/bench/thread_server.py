"""The baseline of serving: the same app under Python's own WSGI server, a thread a connection."""

import os
import sys
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from chalicelib.commands.processes import end_with_parent
from chalicelib.web.serve import WsgiApp

SERVER = "the same app and data under Python's wsgiref, a thread a connection"


class ThreadServer(ThreadingMixIn, WSGIServer):
    """Answers connections side by side; a stopped server waits for none."""

    daemon_threads = True
    request_queue_size = 64


class Quiet(WSGIRequestHandler):
    """Writes no line for each request."""

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


def main() -> None:
    """Serve on the port that is the one argument, until stopped or left alone."""
    end_with_parent(os.getppid())
    import app  # built on import, from the environment

    wsgi = WsgiApp(app.app, app.diwan)
    with make_server("127.0.0.1", int(sys.argv[1]), wsgi, ThreadServer, Quiet) as served:
        served.serve_forever()


if __name__ == "__main__":
    main()

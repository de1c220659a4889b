"""A reading service of others, played by a small HTTP server on this machine."""

import itertools
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from ocr.engines.outside import Job

Answer = Callable[[bytes], Any]


class Service:
    """What was sent to it, and the jobs it gives. An answer is there only when it was asked for a second time."""

    def __init__(self, address: str) -> None:
        self.pictures: dict[str, bytes] = {}
        self.asked: list[str] = []
        self._address = address
        self._numbers = itertools.count(1)

    @property
    def desk(self) -> str:
        """Where jobs are asked for by POST."""
        return f"{self._address}/jobs"

    def job(self) -> Job:
        """A new job."""
        number = next(self._numbers)
        return Job(f"{self._address}/{number}/picture", f"{self._address}/{number}/answer")


@contextmanager
def reading_service(answer: Answer) -> Iterator[Service]:
    """Answers each picture with what `answer` makes of it: JSON of any shape, or bytes as they are."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self._say(200, json.dumps(vars(service.job())).encode())

        def do_PUT(self) -> None:
            number = self.path.split("/")[1]
            service.pictures[number] = self.rfile.read(int(self.headers["Content-Length"]))
            self._say(200, b"")

        def do_GET(self) -> None:
            number = self.path.split("/")[1]
            service.asked.append(number)
            if service.asked.count(number) < 2:
                self._say(404, b"not yet")
                return
            told = answer(service.pictures[number])
            self._say(200, told if isinstance(told, bytes) else json.dumps(told).encode())

        def _say(self, status: int, content: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        service = Service(f"http://127.0.0.1:{server.server_port}")
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        try:
            yield service
        finally:
            server.shutdown()

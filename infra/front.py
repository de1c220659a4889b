"""CloudFront in little, for one machine: static files from a folder, everything else from the API."""

import mimetypes
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "date", "server"}


class _Front(ThreadingHTTPServer):
    daemon_threads = True
    origin = ""  # the API's stage, once there is one
    files = Path()

    def handle_error(self, request: object, client_address: object) -> None:
        """Nothing: a client that hung up has no use for an answer."""


class _Request(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Front

    def answer(self) -> None:
        path = urlsplit(self.path).path
        if path.startswith("/static/"):
            self._file(self.server.files / path.removeprefix("/static/"))
        else:
            self._forward()

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = do_OPTIONS = answer  # noqa: N815

    def _file(self, file: Path) -> None:
        inside = file.resolve().is_relative_to(self.server.files.resolve()) and file.is_file()
        body = file.read_bytes() if inside else b""
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        self._send(200 if inside else 404, [("Content-Type", kind)], body)

    def _forward(self) -> None:
        origin = urlsplit(self.server.origin)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {
            name: value for name, value in self.headers.items() if name.lower() not in ("host", "connection")
        }
        connection = HTTPConnection(origin.netloc, timeout=60)
        try:
            connection.request(self.command, origin.path + self.path, body or None, headers)
            answer = connection.getresponse()
            self._send(answer.status, answer.getheaders(), answer.read())
        except OSError:
            self._send(502, [], b"")
        finally:
            connection.close()

    def _send(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers:
            if name.lower() not in _HOP:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the API logs what is asked of it."""


@contextmanager
def front(files: Path) -> Iterator[_Front]:
    """A server on a free port of this machine; set its `origin` when there is an API."""
    server = _Front(("127.0.0.1", 0), _Request)
    server.files = files
    thread = threading.Thread(target=server.serve_forever, name="front", daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()

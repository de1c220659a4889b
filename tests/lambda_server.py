"""A stand-in for Lambda's Invoke over real HTTP: runs a handler in this process, tells of its end as Lambda does."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Handler = Callable[[dict[str, Any], Any], Any]


class Ended(Exception):
    """The function's environment ends without an answer: told as Lambda tells it."""

    def __init__(self, kind: str, message: str) -> None:
        self.kind, self.message = kind, message


TIMED_OUT = Ended("Sandbox.Timedout", "RequestId: 1 Error: Task timed out after 900.00 seconds")
OUT_OF_MEMORY = Ended("Runtime.OutOfMemory", "RequestId: 1 Error: Runtime exited with error: signal: killed")
CRASHED = Ended(
    "Runtime.ExitError", "RequestId: 1 Error: Runtime exited with error: signal: segmentation fault"
)


class Context:
    """What a handler is told of its call."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def get_remaining_time_in_millis(self) -> int:
        return int(max(0.0, self._end - time.monotonic()) * 1000)


class LambdaServer:
    """`url` is its endpoint; `events` what was handed to the functions; `planned` ends calls that are still to come."""

    def __init__(self, url: str, seconds: float) -> None:
        self.url = url
        self.seconds = seconds
        self.events: list[dict[str, Any]] = []
        self.planned: list[Ended | None] = []

    def call(self, handler: Handler, event: dict[str, Any]) -> tuple[dict[str, Any], bool]:
        self.events.append(event)
        try:
            if self.planned and (ended := self.planned.pop(0)):
                raise ended
            return handler(event, Context(self.seconds)), False
        except Ended as ended:
            return {"errorType": ended.kind, "errorMessage": ended.message}, True
        except Exception as error:
            told = {"errorType": type(error).__name__, "errorMessage": str(error), "stackTrace": []}
            return told, True


@contextmanager
def lambda_server(functions: dict[str, Handler], seconds: float = 900.0) -> Iterator[LambdaServer]:
    """Serves the functions by name until the block ends."""

    class Invocations(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            name = self.path.split("/")[3]
            if name not in functions:
                said = {"Message": f"Function not found: {name}"}
                self._answer(404, said, {"x-amzn-errortype": "ResourceNotFoundException"})
                return
            said, failed = told.call(functions[name], json.loads(body))
            self._answer(200, said, {"X-Amz-Function-Error": "Unhandled"} if failed else {})

        def _answer(self, status: int, said: Any, headers: dict[str, str]) -> None:
            body = json.dumps(said).encode()
            self.send_response(status)
            for header, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(header, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Invocations) as server:
        told = LambdaServer(f"http://127.0.0.1:{server.server_port}", seconds)
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), name="lambda", daemon=True)
        thread.start()
        yield told
        server.shutdown()
        thread.join()

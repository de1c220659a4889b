"""A door in front of an OpenSearch node that lets tests spoil what passes: real HTTP on both sides.

    with FaultyOpenSearch(node) as door:
        door.faults = [busy, None]      # the first request is refused, the second passes, and so do all others
        OpenSearchSearch(f"opensearch+http://{door.address}/pages", writer=True)

A fault is told the request and a function that asks the node; it returns status and body, or None to hang up
without a word.
"""

import gzip
import json
import threading
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.opensearch_node import OpenSearchNode


@dataclass(frozen=True)
class Request:
    """What a client sent; `body` is unpacked, `sent` as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    sent: bytes = b""


Answer = tuple[int, bytes] | None
Pass = Callable[[Request], tuple[int, bytes]]
Fault = Callable[[Request, Pass], Answer]


class FaultyOpenSearch:
    """The door; `requests` are all that came, in order."""

    def __init__(self, node: OpenSearchNode) -> None:
        self._node = node
        self.requests: list[Request] = []
        self.faults: list[Fault | None] = []
        door = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _handle(self) -> None:
                sent = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                packed = self.headers.get("Content-Encoding") == "gzip"
                body = gzip.decompress(sent) if packed else sent
                answer = door._answer(Request(self.command, self.path, dict(self.headers), body, sent))
                if answer is None:
                    self.close_connection = True
                    return
                status, text = answer
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _handle  # noqa: N815

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.address = f"127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> "FaultyOpenSearch":
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _answer(self, request: Request) -> Answer:
        self.requests.append(request)
        fault = self.faults.pop(0) if self.faults else None
        return fault(request, self._ask) if fault else self._ask(request)

    def _ask(self, request: Request) -> tuple[int, bytes]:
        asked = urllib.request.Request(
            f"http://{self._node.address}{request.path}",
            data=request.body or None,
            method=request.method,
            headers={"Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(asked, timeout=30) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()


def _error(status: int, kind: str) -> Fault:
    told = json.dumps({"error": {"type": kind, "reason": "عبد الله"}, "status": status}).encode()
    return lambda _request, _ask: (status, told)


busy = _error(429, "es_rejected_execution_exception")
away = _error(503, "cluster_block_exception")
malformed = _error(400, "mapper_parsing_exception")


def denied(_request: Request, _ask: Pass) -> Answer:
    """As AWS says it, which is not as OpenSearch says it."""
    return 403, b'{"Message": "User is not authorized to perform: es:ESHttpPost"}'


def blocked(_request: Request, _ask: Pass) -> Answer:
    """OpenSearch Service writes nothing: a node's disk is nearly full."""
    why = {"type": "cluster_block_exception", "reason": "blocked by: [FORBIDDEN/8/index write (api)];"}
    return 403, json.dumps({"error": {"root_cause": [why], **why}, "status": 403}).encode()


def skewed(_request: Request, _ask: Pass) -> Answer:
    return 403, b'{"message": "Signature expired: 20261122T000000Z is now earlier than 20261122T080000Z"}'


def hung_up(_request: Request, _ask: Pass) -> Answer:
    return None


def done_but_not_said(request: Request, ask: Pass) -> Answer:
    """The node does it, and its answer is lost."""
    ask(request)
    return None


def shard_lost(request: Request, ask: Pass) -> Answer:
    """The node answers for some of its shards, or for some of several searches."""
    status, text = ask(request)
    answer: dict[str, Any] = json.loads(text)
    if "responses" in answer:
        answer["responses"][-1] = {"error": {"type": "es_rejected_execution_exception"}, "status": 429}
    else:
        answer["_shards"] = {"total": 2, "successful": 1, "failed": 1}
    return status, json.dumps(answer).encode()


def half_done(request: Request, ask: Pass) -> Answer:
    """Of a bulk the first half passes; the node has no room for the rest."""
    lines = request.body.splitlines(keepends=True)
    middle = len(lines) // 4 * 2
    status, text = ask(Request(request.method, request.path, request.headers, b"".join(lines[:middle])))
    answer: dict[str, Any] = json.loads(text)
    for action in lines[middle::2]:
        id = json.loads(action)["index"]["_id"]
        full = {"type": "es_rejected_execution_exception", "reason": "queue is full"}
        answer["items"].append({"index": {"_id": id, "status": 429, "error": full}})
    return status, json.dumps({**answer, "errors": True}).encode()

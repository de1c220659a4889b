"""Bedrock's Converse played by a small HTTP server, and the function that asks it woken by what a bucket tells.

The bucket is the stand-in's for AWS; it tells through a queue, because that stand-in starts functions in Docker only.
What it tells is the same.
"""

import base64
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from chalicelib.adapters.aws.bedrock_reader import handler
from chalicelib.ports.stores import StoreUnavailable
from tests.aws_server import AwsServer

MODEL = "town.sees-v1:0"
# What Lambda does for events: twice more (with a minute or two between, here without).
_TRIES = 3


class Refused(Exception):
    """Bedrock answers with an error: its status and code."""

    def __init__(self, status: int, code: str) -> None:
        self.status, self.code = status, code


Says = Callable[[bytes], str]


class Bedrock:
    """What was asked of it, and what it says: text, or Refused raised by `says`."""

    def __init__(self, says: Says) -> None:
        self.says = says
        self.stops = "end_turn"
        self.asked: list[dict[str, Any]] = []
        self.paths: list[str] = []
        self.url = ""

    def pictures(self) -> list[bytes]:
        """The pictures that were shown to it."""
        return [base64.b64decode(_picture(asked)["source"]["bytes"]) for asked in self.asked]

    def answer(self, path: str, body: bytes) -> dict[str, Any]:
        asked = json.loads(body)
        self.paths.append(path)
        self.asked.append(asked)
        said = self.says(base64.b64decode(_picture(asked)["source"]["bytes"]))
        return {
            "output": {"message": {"role": "assistant", "content": [{"text": said}]}},
            "stopReason": self.stops,
            "usage": {"inputTokens": 1, "outputTokens": 1, "totalTokens": 2},
            "metrics": {"latencyMs": 1},
        }


def _picture(asked: dict[str, Any]) -> Any:
    return asked["messages"][0]["content"][0]["image"]


@contextmanager
def bedrock_server(says: Says) -> Iterator[Bedrock]:
    """A model that says of each picture what `says` gives for it."""
    bedrock = Bedrock(says)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            try:
                status, headers, told = 200, {}, bedrock.answer(self.path, body)
            except Refused as refused:
                status, headers, told = refused.status, {"x-amzn-ErrorType": refused.code}, {"message": "no"}
            content = json.dumps(told).encode()
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(content))}.items():
                self.send_header(name, value)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        bedrock.url = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        try:
            yield bedrock
        finally:
            server.shutdown()


def reader_url(aws: AwsServer, bedrock: Bedrock, bucket: str) -> str:
    """As DIWAN_OUTSIDE_READER has it."""
    return f"bedrock://{MODEL}?{aws.options(bucket=bucket, **{'model-endpoint': bedrock.url})}"


@contextmanager
def function_woken_by(aws: AwsServer, bucket: str, url: str) -> Iterator[list[dict[str, Any]]]:
    """The function, called with what the bucket tells of pictures (infra/stack/buckets.yaml); its events so far."""
    sqs, name = aws.client("sqs"), aws.name("pictures")
    queue = sqs.create_queue(QueueName=name)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    rules = [{"Name": "prefix", "Value": "transient/outside/"}, {"Name": "suffix", "Value": "/picture"}]
    told = {"QueueArn": arn, "Events": ["s3:ObjectCreated:*"], "Filter": {"Key": {"FilterRules": rules}}}
    aws.client("s3").put_bucket_notification_configuration(
        Bucket=bucket, NotificationConfiguration={"QueueConfigurations": [told]}
    )
    ended, events = threading.Event(), []

    def listen() -> None:
        while not ended.is_set():
            heard = sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=1, MaxNumberOfMessages=1)
            for message in heard.get("Messages", ()):
                sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
                event = json.loads(message["Body"])
                if "Records" in event:  # not the test message of a new notification
                    events.append(event)
                    _call(event)

    # Where its lines go is for tests to say.
    with patch.dict("os.environ", {"DIWAN_OUTSIDE_READER": url}), patch(f"{handler.__module__}.log_lines"):
        thread = threading.Thread(target=listen, name="function", daemon=True)
        thread.start()
        try:
            yield events
        finally:
            ended.set()
            thread.join()


def _call(event: dict[str, Any]) -> None:
    for _ in range(_TRIES):
        try:
            handler(event, SimpleNamespace())
        except StoreUnavailable:
            continue
        return

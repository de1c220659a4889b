"""A stand-in for AWS over real HTTP (moto, with its signatures checked); where it is known wrong, a test says so.

Clients reach it by the option `endpoint` of a store's URL, so that programs and presigned links do, too.
"""

import itertools
import json
import logging
import os
import random
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import urlencode

import boto3
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.exceptions import EndpointConnectionError, ReadTimeoutError
from botocore.httpsession import URLLib3Session
from moto.backends import get_backend
from moto.core import DEFAULT_ACCOUNT_ID
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

from chalicelib.ports.keys import PURPOSES
from tests.aws_signatures import ChecksSignatures

REGION = "eu-central-1"
SECRET = "for-nobody-else"
_CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_DEFAULT_REGION": REGION,
}  # fmt: skip


def copy_of_environment() -> dict[str, str]:
    """What lets another process speak to the server."""
    return dict(_CREDENTIALS)


class AwsServer:
    """One server for a whole session of tests; each test has names of its own in it."""

    def __init__(self) -> None:
        os.environ.update(_CREDENTIALS)
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        self.door = ChecksSignatures(DomainDispatcherApplication(create_backend_app), SECRET)
        self._server = make_server("127.0.0.1", 0, self.door, threaded=True)
        self._thread = threading.Thread(target=self._server.serve_forever, name="aws", daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.port}"
        self._numbers = itertools.count(1)

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def client(self, service: str) -> Any:
        """A plain client, for what infrastructure sets up and for looking behind the adapters."""
        return boto3.client(service, region_name=REGION, endpoint_url=self.url)

    def options(self, **more: str) -> str:
        """The part after the `?` of a store's URL."""
        return urlencode({"endpoint": self.url, "region": REGION, **more})

    def name(self, of: str) -> str:
        """A name that no other test uses."""
        return f"{of}-{next(self._numbers)}"

    def bucket(self, lock: bool = False) -> str:
        """A new bucket, versioned as ours are; its name."""
        name = self.name("bucket")
        s3 = self.client("s3")
        s3.create_bucket(
            Bucket=name,
            CreateBucketConfiguration={"LocationConstraint": REGION},
            ObjectLockEnabledForBucket=lock,
        )
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
        return name

    def allow_pages(self, bucket: str) -> None:
        """Let pages of any site send to it, and see what it says: infra/stack/buckets.yaml names the one."""
        allowed = {"AllowedMethods": ["PUT", "GET", "HEAD"], "AllowedOrigins": ["*"], "AllowedHeaders": ["*"]}
        self.client("s3").put_bucket_cors(Bucket=bucket, CORSConfiguration={"CORSRules": [allowed]})

    def signing_keys(self) -> str:
        """Three new signing keys, as infrastructure makes them; the prefix of their aliases."""
        prefix = self.name("town")
        for purpose in PURPOSES:
            self.signing_key(f"alias/{prefix}-{purpose}")
        return prefix

    def signing_key(self, alias: str, **asked: str) -> None:
        """A new key behind an alias."""
        kms = self.client("kms")
        made = kms.create_key(**{"KeySpec": "ECC_NIST_P256", "KeyUsage": "SIGN_VERIFY", **asked})
        with suppress(kms.exceptions.NotFoundException):
            kms.delete_alias(AliasName=alias)
        kms.create_alias(AliasName=alias, TargetKeyId=made["KeyMetadata"]["KeyId"])

    def forget_messages(self) -> None:
        """No text or letter was ever sent."""
        self._backend("sns").sms_messages.clear()
        self._backend("ses").sent_messages.clear()

    def texts(self) -> list[tuple[str, str]]:
        """Number and text of every SMS."""
        return list(self._backend("sns").sms_messages.values())

    def letters(self) -> list[bytes]:
        """Every e-mail."""
        return [letter.raw_data.encode() for letter in self._backend("ses").sent_messages]

    def _backend(self, service: str) -> Any:
        return get_backend(service)[DEFAULT_ACCOUNT_ID][REGION]


Fault = Callable[[AWSPreparedRequest], AWSResponse | None]


class _Raw:
    """The body of an answer that was made up here."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def stream(self, **_: Any) -> Iterator[bytes]:
        yield self._content


def answer(status: int, code: str, said: str, request: AWSPreparedRequest) -> AWSResponse:
    """The error `code` as a service would tell it, in the protocol of the request."""
    kind = request.headers.get("Content-Type") or ""
    kind = kind.decode() if isinstance(kind, bytes) else kind
    body = f"<Error><Code>{code}</Code><Message>{said}</Message></Error>"
    if "json" in kind:
        body = json.dumps({"__type": code, "message": said})
    elif "form" in kind:
        body = f"<ErrorResponse>{body}<RequestId>1</RequestId></ErrorResponse>"
    headers = {"x-amzn-errortype": code, "content-length": str(len(body))}
    return AWSResponse(request.url, status, headers, _Raw(b"" if request.method == "HEAD" else body.encode()))


def refused(status: int, code: str, said: str = "made up") -> Fault:
    """The service answers with an error."""
    return lambda request: answer(status, code, said, request)


def unheard(error: Exception) -> Fault:
    """Nothing arrives, and nothing comes back."""

    def fault(_: AWSPreparedRequest) -> AWSResponse:
        raise error

    return fault


def half_done(error: Exception) -> Fault:
    """The service does what it was asked; its answer is lost."""

    def fault(request: AWSPreparedRequest) -> AWSResponse:
        URLLib3Session().send(request)
        if hasattr(request.body, "seek"):
            request.body.seek(0)
        raise error

    return fault


@contextmanager
def faults(client: Any, operation: str, *planned: Fault) -> Iterator[list[str]]:
    """The next calls of an operation ("PutObject", or "*") meet these, one each; the rest go through.

    Gives the list of faults that were met, to be looked at: a test of faults that never came is none.
    """
    waiting, met = list(planned), []

    def meet(request: AWSPreparedRequest, event_name: str, **_: Any) -> AWSResponse | None:
        if not waiting:
            return None
        met.append(event_name)
        return waiting.pop(0)(request)

    service = client.meta.service_model.service_id.hyphenize()
    event = f"before-send.{service}.{operation}"
    client.meta.events.register_first(event, meet)
    try:
        yield met
    finally:
        client.meta.events.unregister(event, meet)


TROUBLES: tuple[Fault, ...] = (
    refused(503, "SlowDown"),
    refused(500, "InternalError"),
    refused(403, "AccessDenied"),
    unheard(EndpointConnectionError(endpoint_url="there")),
    unheard(ReadTimeoutError(endpoint_url="there")),
    half_done(ReadTimeoutError(endpoint_url="there")),
)


@contextmanager
def trouble(clients: Iterable[Any], share: float, seed: int) -> Iterator[Counter[str]]:
    """Of all that these clients send, a share meets trouble of any kind. Gives how often, by operation."""
    chance, met = random.Random(seed), Counter[str]()

    def meet(request: AWSPreparedRequest, event_name: str, **_: Any) -> AWSResponse | None:
        if chance.random() > share:
            return None
        met[event_name.rpartition(".")[2]] += 1
        return chance.choice(TROUBLES)(request)

    clients = list(clients)
    for client in clients:
        client.meta.events.register_first("before-send", meet)
    try:
        yield met
    finally:
        for client in clients:
            client.meta.events.unregister("before-send", meet)

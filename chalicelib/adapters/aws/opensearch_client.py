"""What an OpenSearch cluster is asked, and what its silence and refusals become. Signed when the cluster is AWS's."""

import json
import random
import re
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit

from chalicelib.ports.stores import ClockWrong, StoreDenied, StoreUnavailable, StoreUnknown

if TYPE_CHECKING:
    from opensearchpy import TransportError

Json = dict[str, Any]

SCHEMES = {"opensearch+http": "http", "opensearch+https": "https"}
# Seconds before the second, third, … try. Somebody waits for a search, and API Gateway for 29 seconds only;
# what is written is a job's, and another function may be filling the cluster's queues just now.
_SEARCHES = frozenset({"_search", "_msearch", "_count"})
_SEARCHING, _WRITING = (0.2,), (0.2, 1.0, 3.0)
_PATIENCE = {_SEARCHING: 6, _WRITING: 30}
_LATER = frozenset({409, 429, 502, 503, 504})
# AWS's name for a full disk or memory, in an answer of 403: no right would help.
_BLOCKED = "cluster_block_exception"
# The smaller instances of AWS take bodies of 10 MB; a body of this size is a few hundred pages.
_BULK_BYTES = 4_000_000
_ALIAS = re.compile(r"[a-z][a-z0-9_-]*")
_AWS = ".es.amazonaws.com"


class OpenSearchClient:
    """A cluster and one alias in it: `opensearch+https://[USER:PASSWORD@]HOST[:PORT]/ALIAS[?region=…&shards=…]`.

    `region` signs every request with this process's AWS identity; an address of AWS's own tells it by itself.
    Raises StoreUnknown for an address that is none. Nothing is sent before the first request.
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        told = dict(parse_qsl(parts.query))
        self.alias = parts.path.strip("/")
        host = parts.hostname or ""
        usable = parts.scheme in SCHEMES and host and _ALIAS.fullmatch(self.alias)
        if not usable or told.keys() - {"region", "shards"}:
            raise StoreUnknown(url=parts._replace(netloc=host).geturl())
        self.shards = int(told.get("shards", "1"))
        self._region = told.get("region") or (
            host.removesuffix(_AWS).rpartition(".")[2] if host.endswith(_AWS) else ""
        )
        self._parts = parts

    def ask(self, method: str, path: str, body: Any = None, **params: str) -> Any:
        """The cluster's answer, None for what is not there.

        Tried again when the cluster is busy or silent, or answers for some of its shards only: every request here may
        be repeated. Raises StoreUnavailable, StoreDenied, ClockWrong; `reason` is the cluster's own name of the error.
        """
        from opensearchpy import TransportError

        operation = path.rpartition("/")[2]
        pauses = _SEARCHING if operation in _SEARCHES else _WRITING
        for pause in (*pauses, None):
            try:
                answer = self._transport.perform_request(
                    method, path, params=params or None, body=body, timeout=_PATIENCE[pauses]
                )
                if not _partial(answer):
                    return answer
                if pause is None:
                    raise StoreUnavailable(service="opensearch", operation=operation, reason="shards_failed")
            except TransportError as error:
                if error.status_code == 404:
                    return None
                if pause is None or not (isinstance(error.status_code, str) or error.status_code in _LATER):
                    # Not chained: the cluster's messages quote what was sent, and that is personal.
                    raise _refusal(error, operation) from None
            _wait(pause)
        raise AssertionError("the last try returns or raises")

    def create(self, index: str, body: Json) -> None:
        """Make an index unless it is there."""
        try:
            self.ask("PUT", f"/{index}", {**body, "aliases": {_door(index): {}}})
        except StoreUnavailable as refusal:
            if refusal.data["reason"] != "resource_already_exists_exception":
                raise

    def send(self, index: str, pages: Mapping[str, str]) -> None:
        """Put pages, JSON lines of action and source by id, into an index; what failed for now is sent again alone.

        Raises as `ask` when some page is still not in, or the index is gone; those that are in stay in.
        """
        waiting = dict(pages)
        for pause in (*_WRITING, None):
            failed = {}
            for chunk in _chunks(waiting.values()):
                # By an alias of its own: OpenSearch would make an index that is gone anew, and guess what is in it.
                answer = self.ask("POST", f"/{_door(index)}/_bulk", chunk, require_alias="true")
                for item in answer["items"]:
                    if item["index"]["status"] >= 300:
                        failed[item["index"]["_id"]] = item["index"]
            if not failed:
                return
            worst = max(failed.values(), key=lambda item: item["status"] not in _LATER)
            if pause is None or worst["status"] not in _LATER:
                reason = worst["error"]["type"]
                raise StoreUnavailable(
                    service="opensearch", operation="_bulk", reason=reason, pages=len(failed)
                )
            waiting = {id: waiting[id] for id in failed}
            _wait(pause)

    def show(self, indexes: Sequence[str]) -> None:
        """Let searches find what was sent. Raises as `ask`, also when an index is gone."""
        if self.ask("POST", f"/{','.join(indexes)}/_refresh") is None:
            raise StoreUnavailable(
                service="opensearch", operation="_refresh", reason="index_not_found_exception"
            )

    def close(self) -> None:
        """Let go of connections."""
        if "_transport" in vars(self):
            self._transport.close()

    @cached_property
    def _transport(self) -> Any:
        # Imported at the first request: half a second that a function which answers no search does not pay.
        from opensearchpy import Transport, Urllib3HttpConnection

        scheme = SCHEMES[self._parts.scheme]
        address = {
            "host": self._parts.hostname,
            "port": self._parts.port or (443 if scheme == "https" else 9200),
        }
        return Transport(
            [{**address, "use_ssl": scheme == "https"}],
            connection_class=Urllib3HttpConnection,
            http_auth=self._identity(),
            http_compress=True,
            pool_maxsize=8,
            max_retries=0,
        )

    def _identity(self) -> Any:
        if self._region:
            from botocore.session import Session
            from opensearchpy import Urllib3AWSV4SignerAuth

            credentials = Session().get_credentials()
            if credentials is None:
                raise StoreDenied(service="opensearch", operation="sign", reason="NoCredentialsError")
            return Urllib3AWSV4SignerAuth(credentials, self._region, "es")
        if self._parts.username:
            return unquote(self._parts.username), unquote(self._parts.password or "")
        return None


def _door(index: str) -> str:
    """The alias by which an index is written."""
    return f"{index}-write"


def _partial(answer: Any) -> bool:
    """Whether some shards did not answer, or some of several searches failed otherwise than for want of an index."""
    if not isinstance(answer, dict):
        return False
    parts = answer.get("responses", [answer])
    return any(
        part.get("_shards", {}).get("failed") or part.get("status", 404) not in (200, 404) for part in parts
    )


def _refusal(error: "TransportError", operation: str) -> StoreUnavailable | StoreDenied | ClockWrong:
    refused: dict[str, Any] = {"service": "opensearch", "operation": operation}
    if isinstance(error.status_code, str):
        return StoreUnavailable(**refused, reason=type(error).__name__)
    told = json.dumps(error.info, default=str)
    if error.status_code in (401, 403) and error.error != _BLOCKED:
        skewed = "Signature expired" in told or "Signature not yet current" in told
        return (ClockWrong if skewed else StoreDenied)(**refused, reason=f"status {error.status_code}")
    named = isinstance(error.error, str) and error.error.endswith("_exception")
    return StoreUnavailable(**refused, reason=error.error if named else f"status {error.status_code}")


def _chunks(lines: Collection[str]) -> Iterator[str]:
    chunk: list[str] = []
    size = 0
    for line in lines:
        length = len(line.encode())
        if chunk and size + length > _BULK_BYTES:
            yield "".join(chunk)
            chunk, size = [], 0
        chunk.append(line)
        size += length
    if chunk:
        yield "".join(chunk)


def line(value: Json) -> str:
    """One line of a body that is made of lines."""
    return json.dumps(value, ensure_ascii=False) + "\n"


def _wait(seconds: float) -> None:
    """Wait about so long: functions that were refused together should not come back together."""
    time.sleep(seconds * random.uniform(0.5, 1.5))  # noqa: S311 - not for secrecy

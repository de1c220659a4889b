"""Clients of AWS services: how long they wait, how often they try, and what their refusals become."""

from collections.abc import Mapping
from typing import Any, NoReturn
from urllib.parse import parse_qsl, urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError, NoCredentialsError, PartialCredentialsError

from chalicelib.kernel.errors import Refusal
from chalicelib.ports.stores import ClockWrong, StoreDenied, StoreUnavailable, StoreUnknown

# API Gateway gives up after 29 seconds: three tries of a silent service end before that.
_PATIENCE = Config(
    connect_timeout=2,
    read_timeout=6,
    retries={"mode": "standard", "total_max_attempts": 3},
    tcp_keepalive=True,
)
_SHARED = frozenset({"region", "endpoint"})

# Errors that say "later" with a status of 4xx. 5xx and 429 say it by themselves.
_BUSY = frozenset(
    {
        "LimitExceededException", "ModelTimeoutException", "PriorRequestNotComplete",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded", "RequestTimeout", "RequestTimeoutException", "SlowDown", "Throttled",
        "ThrottledException", "Throttling", "ThrottlingException", "TooManyRequests", "TooManyRequestsException",
    }
)  # fmt: skip
_CLOCK = frozenset({"RequestExpired", "RequestInTheFuture", "RequestTimeTooSkewed"})
_UNSIGNED = frozenset({"ExpiredToken", "ExpiredTokenException", "UnrecognizedClientException"})


def options(url: str, *known: str) -> dict[str, str]:
    """The options after the `?` of a store's URL; `region` and `endpoint` are known to all. Raises StoreUnknown."""
    told = dict(parse_qsl(urlsplit(url).query))
    if not set(told) <= {*known, *_SHARED}:
        # A misspelt option would silently leave out, say, the retention it asks for.
        raise StoreUnknown(url=url)
    return told


def client(service: str, told: Mapping[str, str], config: Config | None = None) -> Any:
    """A client of `service` whose errors are refusals of `ports.stores`, but for those its adapter has to know.

    `told` are options of a store's URL: an `endpoint` means somebody else's server that speaks the same protocol.
    """
    patience = _PATIENCE.merge(config) if config else _PATIENCE
    made = boto3.client(
        service, region_name=told.get("region"), endpoint_url=told.get("endpoint"), config=patience
    )
    made.meta.events.register_last("after-call", _refuse_answer)
    made.meta.events.register_last("after-call-error", _refuse_silence)
    return made


def code_of(error: ClientError) -> str:
    """The provider's code of an error."""
    return str(error.response.get("Error", {}).get("Code", ""))


def _refuse_answer(http_response: Any, parsed: Mapping[str, Any], model: Any, **_: Any) -> None:
    status = int(http_response.status_code)
    if status < 300:
        return
    error = parsed.get("Error", {})
    code, message = str(error.get("Code", status)), str(error.get("Message", ""))
    data: dict[str, Any] = {
        "service": model.service_model.service_name,
        "operation": model.name,
        "reason": code,
    }
    if code in _CLOCK or message.startswith(("Signature expired", "Signature not yet current")):
        raise ClockWrong(**data)
    if status >= 500 or status == 429 or code in _BUSY:
        raise StoreUnavailable(**data)
    if status in (401, 403) or code in _UNSIGNED or code.startswith("AccessDenied"):
        raise StoreDenied(**data)


def _refuse_silence(exception: BaseException, event_name: str, **_more: Any) -> None:
    if isinstance(exception, Refusal) or not isinstance(exception, Exception):
        return
    _, service, operation = event_name.split(".")
    refuse(exception, service, operation)


def refuse(error: Exception, service: str, operation: str) -> NoReturn:
    """Raise what a failure without an answer comes to."""
    data: dict[str, Any] = {"service": service, "operation": operation, "reason": type(error).__name__}
    if isinstance(error, (NoCredentialsError, PartialCredentialsError)):
        raise StoreDenied(**data) from error
    raise StoreUnavailable(**data) from error

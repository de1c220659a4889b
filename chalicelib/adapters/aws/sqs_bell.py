"""Waking functions by SQS: a message says which job is due, and the job stands in the database.

A lane of work is a queue, `PREFIX-LANE`, in front of a function of its own. What a queue could not get rid of in its
tries lies in the dead-letter queue that its redrive policy names.
"""

import json
import logging
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from chalicelib.adapters.aws.clients import client, options
from chalicelib.kernel.errors import Refusal
from chalicelib.ports.bell import Line, WakeUp
from chalicelib.ports.stores import StoreUnavailable, StoreUnknown

log = logging.getLogger("diwan.bell")
_AT_ONCE = 10  # messages a request may hold
_LATEST = 900  # seconds that SQS holds a message back; what is due later is rung when it is overdue
_SENT_BACK = 1000  # somebody waits for the answer, and may ask again


class SqsBell:
    """The `Bell` port over `sqs://PREFIX?region=…&endpoint=…`, with a queue for each of `lanes`.

    `lane_of` tells the lane of a queue of jobs. Raises StoreUnknown for a URL that is none.
    """

    def __init__(self, url: str, lanes: Sequence[str], lane_of: Callable[[str], str]) -> None:
        self._prefix = urlsplit(url).netloc
        if not self._prefix:
            raise StoreUnknown(url=url)
        self._sqs = client("sqs", options(url))
        self._lanes = lanes
        self._lane_of = lane_of
        self._address = cache(self._find)

    def ring(self, wake_ups: Sequence[WakeUp]) -> Sequence[WakeUp]:
        by_lane, rung = defaultdict(list), list[WakeUp]()
        for wake_up in wake_ups:
            if wake_up.seconds <= _LATEST:
                by_lane[self._lane_of(wake_up.queue)].append(wake_up)
        for lane, theirs in by_lane.items():
            for few in _by_ten(theirs):
                try:
                    self._send(lane, [_message(wake_up) for wake_up in few])
                except Refusal as refusal:
                    log.warning("not rung", extra={"lane": lane, "jobs": len(few), "reason": refusal.code})
                    break  # what does not answer now is not asked for the rest either
                except Exception:
                    log.exception("not rung", extra={"lane": lane, "jobs": len(few)})
                    break
                rung += few
        return rung

    def lines(self) -> list[Line]:
        return [
            Line(lane, self._waiting(self._address(lane)), self._waiting(self._aside(lane)))
            for lane in self._lanes
        ]

    def send_back(self, lane: str) -> int:
        # Not SQS's own redrive: that runs on unseen, and a person asked.
        aside, count = self._aside(lane), 0
        while count < _SENT_BACK:
            answer = self._sqs.receive_message(
                QueueUrl=aside, MaxNumberOfMessages=_AT_ONCE, VisibilityTimeout=60, WaitTimeSeconds=1
            )
            messages = answer.get("Messages", [])
            if not messages:
                break
            # Sent before deleted: whoever is stopped in between has sent some twice, which is harmless.
            self._send(lane, [{"MessageBody": message["Body"]} for message in messages])
            self._sqs.delete_message_batch(
                QueueUrl=aside,
                Entries=[
                    {"Id": str(number), "ReceiptHandle": message["ReceiptHandle"]}
                    for number, message in enumerate(messages)
                ],
            )
            count += len(messages)
        return count

    def _send(self, lane: str, messages: list[dict[str, Any]]) -> None:
        entries = [{"Id": str(number), **message} for number, message in enumerate(messages)]
        answer = self._sqs.send_message_batch(QueueUrl=self._address(lane), Entries=entries)
        if failed := answer.get("Failed"):
            reason = failed[0].get("Code", "")
            raise StoreUnavailable(service="sqs", operation="SendMessageBatch", reason=reason)

    def _find(self, lane: str) -> str:
        return str(self._sqs.get_queue_url(QueueName=f"{self._prefix}-{lane}")["QueueUrl"])

    def _aside(self, lane: str) -> str:
        """The dead-letter queue of a lane."""
        told = self._sqs.get_queue_attributes(QueueUrl=self._address(lane), AttributeNames=["RedrivePolicy"])
        policy = json.loads(told["Attributes"]["RedrivePolicy"])
        name = policy["deadLetterTargetArn"].rpartition(":")[2]
        return str(self._sqs.get_queue_url(QueueName=name)["QueueUrl"])

    def _waiting(self, queue: str) -> int:
        name = "ApproximateNumberOfMessages"
        told = self._sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=[name])
        return int(told["Attributes"][name])


def _message(wake_up: WakeUp) -> dict[str, Any]:
    body = json.dumps({"queue": wake_up.queue, "job": wake_up.job})
    return {"MessageBody": body, "DelaySeconds": wake_up.seconds}


def _by_ten(wake_ups: list[WakeUp]) -> Iterator[list[WakeUp]]:
    for first in range(0, len(wake_ups), _AT_ONCE):
        yield wake_ups[first : first + _AT_ONCE]

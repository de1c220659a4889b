"""What SNS and SES tell of a message after they took it."""

import base64
import gzip
import json
from collections.abc import Iterator, Mapping
from typing import Any

from chalicelib.ports.messages import Receipt

# Our own id of a message travels with an e-mail under this name.
MESSAGE_TAG = "diwan-message"

Told = Mapping[str, Any]


def receipts_in(event: Told) -> Iterator[Receipt]:
    """Every receipt in an event as Lambda gets it; nothing for what is none of ours.

    SMS: CloudWatch Logs of SNS, by a subscription of the log group. E-mail: SES events, by EventBridge or a topic.
    Either may have come by a queue.
    """
    if "awslogs" in event:
        for line in _log_lines(event["awslogs"]["data"]):
            yield from receipts_in(line)
    elif "Records" in event:
        for record in event["Records"]:
            yield from receipts_in(_json(record.get("body") or record.get("Sns", {}).get("Message")))
    elif event.get("source") == "aws.ses":
        yield from receipts_in(event.get("detail", {}))
    elif event.get("Type") == "Notification":  # a topic's envelope in a queue
        yield from receipts_in(_json(event.get("Message")))
    elif "delivery" in event and "notification" in event:
        yield _of_sms(event)
    elif "eventType" in event and "mail" in event:
        yield from _of_email(event)


def _of_sms(told: Told) -> Receipt:
    id = str(told["notification"]["messageId"])
    if told.get("status") == "SUCCESS":
        return Receipt(id, None, "delivered")
    return Receipt(id, None, "failed", str(told["delivery"].get("providerResponse") or "carrier-failed"))


def _of_email(told: Told) -> Iterator[Receipt]:
    mail = told["mail"]
    tags = mail.get("tags", {}).get(MESSAGE_TAG) or [None]
    id, ours = str(mail["messageId"]), tags[0]
    match told["eventType"]:
        case "Delivery":
            yield Receipt(id, ours, "delivered")
        case "Bounce":
            bounce = told.get("bounce", {})
            why = "-".join(str(bounce.get(name, "")) for name in ("bounceType", "bounceSubType"))
            yield Receipt(id, ours, "failed", f"bounced-{why.lower()}".rstrip("-"))
        case "Reject" | "Rendering Failure":
            yield Receipt(id, ours, "failed", "rejected")
        # A delay is no end, and a complaint is about what had arrived.


def _log_lines(packed: str) -> Iterator[Told]:
    for line in json.loads(gzip.decompress(base64.b64decode(packed))).get("logEvents", ()):
        yield _json(line.get("message"))


def _json(text: str | None) -> Told:
    try:
        told = json.loads(text or "{}")
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}

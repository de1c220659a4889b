"""What comes to us unasked: that the bytes of an announced upload have arrived, and what became of a message."""

import json
import logging
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_plus

from chalicelib.archive.errors import UploadIncomplete, UploadUnknown

if TYPE_CHECKING:
    from chalicelib.bootstrap import Diwan

log = logging.getLogger("diwan.arrivals")


def file_arrivals(diwan: "Diwan", event: Mapping[str, Any]) -> dict[str, Any]:
    """File what S3 says has come, for clerks whose browser was closed before it could say so itself.

    `event` is an SQS event of S3 notifications, and of what carriers tell of messages they took; or the log of SMS,
    which comes by no queue and is given again when this raises. The answer names the messages to be given again, as
    ReportBatchItemFailures asks; what was never announced, or came short, is told to the log and let go.
    """
    if "Records" not in event:
        diwan.notifications.take_receipts(event)
        return {}
    failed = []
    for message in event["Records"]:
        try:
            told = json.loads(message["body"])
            diwan.notifications.take_receipts(told)
            for key in _keys(told):
                _file(diwan, key)
        except Exception:
            log.exception("arrival failed", extra={"message_id": message["messageId"]})
            failed.append({"itemIdentifier": message["messageId"]})
    return {"batchItemFailures": failed}


def _keys(notification: Mapping[str, Any]) -> Iterator[str]:
    for record in notification.get("Records", ()):  # none: the test message of a new notification
        yield unquote_plus(record["s3"]["object"]["key"])


def _file(diwan: "Diwan", key: str) -> None:
    _, found, upload = key.rpartition("incoming/")
    if not found:
        return
    try:
        document = diwan.archive.intake.complete_arrived(upload).document
        log.info("filed on arrival", extra={"upload": upload, "document": document.id})
    except (UploadUnknown, UploadIncomplete) as refusal:
        log.warning("not filed on arrival", extra={"upload": upload, "reason": refusal.code})

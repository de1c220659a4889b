"""What SNS and SES refuse, and what they tell afterwards: in the shapes that their documentation gives."""

import base64
import gzip
import json
import logging
from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError, ReadTimeoutError

from chalicelib.adapters.aws.aws_messages import AwsMessages
from chalicelib.ports.messages import Message, MessageUndeliverable, Receipt
from chalicelib.ports.stores import ClockWrong, StoreDenied, StoreUnavailable
from tests.aws_server import AwsServer, Fault, faults, half_done, refused, unheard

SMS = Message("01jd", "sms", "+96550001101", "ar", None, "رمز دخولك: ١٢٣")
LETTER = Message("01je", "email", "a@post.example", "ar", "صدر ترخيصك", "السلام عليكم")


@pytest.fixture
def messages(aws: AwsServer) -> AwsMessages:
    aws.forget_messages()
    aws.client("sesv2").create_email_identity(EmailIdentity="marsa.example")
    options = aws.options(**{"sender-id": "MARSA", "configuration-set": "letters"})
    return AwsMessages(f"aws:?{options}", "service@marsa.example")


def client_of(messages: AwsMessages, message: Message) -> tuple[Any, str]:
    return (messages._sns, "Publish") if message.channel == "sms" else (messages._ses, "SendEmail")


@pytest.mark.parametrize(
    ("message", "status", "code", "reason"),
    [
        (SMS, 400, "InvalidParameter", "number-invalid"),
        (SMS, 400, "OptedOut", "opted-out"),
        (LETTER, 400, "BadRequestException", "address-invalid"),
        (LETTER, 400, "MessageRejected", "rejected"),
    ],
)
def test_what_will_never_be_taken_says_so(
    messages: AwsMessages,
    message: Message,
    status: int,
    code: str,
    reason: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    client, operation = client_of(messages, message)
    said = f"Invalid parameter: PhoneNumber Reason: {message.recipient} is not valid to publish to"
    with (
        faults(client, operation, refused(status, code, said)),
        pytest.raises(MessageUndeliverable) as refusal,
    ):
        messages.send(message)
    assert refusal.value.data == {"reason": reason}
    logging.getLogger("diwan").error("refused", exc_info=refusal.value)
    assert message.recipient not in caplog.text


@pytest.mark.parametrize("message", [SMS, LETTER])
@pytest.mark.parametrize(
    ("fault", "refusal"),
    [
        (refused(400, "Throttling"), StoreUnavailable),
        (refused(429, "TooManyRequestsException"), StoreUnavailable),
        (refused(500, "InternalError"), StoreUnavailable),
        (unheard(EndpointConnectionError(endpoint_url="there")), StoreUnavailable),
        (refused(403, "AuthorizationError"), StoreDenied),
        (refused(400, "AccountSuspendedException"), StoreDenied),
        (refused(400, "MailFromDomainNotVerifiedException"), StoreDenied),
        (refused(400, "MessageRejected", "Email address is not verified."), StoreDenied),
        (refused(403, "RequestTimeTooSkewed"), ClockWrong),
    ],
)
def test_anything_else_is_worth_another_try(
    aws: AwsServer,
    messages: AwsMessages,
    hurried: None,
    message: Message,
    fault: Fault,
    refusal: type[Exception],
) -> None:
    client, operation = client_of(messages, message)
    with faults(client, operation, *[fault] * 9) as met, pytest.raises(refusal):
        messages.send(message)
    assert met
    assert messages.send(message)
    assert len(aws.texts() if message.channel == "sms" else aws.letters()) == 1


@pytest.mark.parametrize("message", [SMS, LETTER])
def test_an_answer_that_was_lost_is_a_message_twice_and_not_before_its_job_is_tried_again(
    aws: AwsServer, messages: AwsMessages, message: Message
) -> None:
    """Neither service knows a message again: told here, so that nobody promises otherwise."""
    client, operation = client_of(messages, message)
    lost = half_done(ReadTimeoutError(endpoint_url="there"))
    with faults(client, operation, *[lost] * 9) as met, pytest.raises(StoreUnavailable):
        messages.send(message)
    assert len(met) == 1
    assert messages.send(message)
    assert len(aws.texts() if message.channel == "sms" else aws.letters()) == 2


def test_our_own_id_and_the_senders_name_travel_along(messages: AwsMessages) -> None:
    asked: list[bytes] = []
    for client in (messages._sns, messages._ses):
        client.meta.events.register("before-send", lambda request, **_: asked.append(request.body))
    messages.send(SMS)
    messages.send(replace(LETTER, id="01jq"))
    assert "MARSA" in str(asked[0]) and "Transactional" in str(asked[0])
    told = json.loads(asked[1])
    assert told["EmailTags"] == [{"Name": "diwan-message", "Value": "01jq"}]
    assert told["ConfigurationSetName"] == "letters"


def sms_told(status: str, response: str) -> dict[str, Any]:
    return {
        "notification": {"messageId": "34d9b400", "timestamp": "2026-11-22 09:00:00.000"},
        "delivery": {
            "phoneCarrier": "Zain", "mnc": 2, "mcc": 419, "destination": "+96550001101", "priceInUSD": 0.05,
            "smsType": "Transactional", "providerResponse": response, "dwellTimeMs": 1000,
        },
        "status": status,
    }  # fmt: skip


def in_logs(*told: dict[str, Any]) -> dict[str, Any]:
    lines = [{"id": str(n), "timestamp": 1, "message": json.dumps(one)} for n, one in enumerate(told)]
    held = {"messageType": "DATA_MESSAGE", "logGroup": "sns/…/DirectPublishToPhoneNumber", "logEvents": lines}
    return {"awslogs": {"data": base64.b64encode(gzip.compress(json.dumps(held).encode())).decode()}}


def email_told(kind: str, **more: Any) -> dict[str, Any]:
    mail = {"messageId": "0107", "destination": ["a@post.example"], "tags": {"diwan-message": ["01je"]}}
    return {"eventType": kind, "mail": mail, **more}


PERMANENT = {"bounce": {"bounceType": "Permanent", "bounceSubType": "General", "bouncedRecipients": []}}


@pytest.mark.parametrize(
    ("event", "receipts"),
    [
        (
            in_logs(sms_told("SUCCESS", "Message has been accepted by phone"), sms_told("FAILURE", "Unknown error")),
            [Receipt("34d9b400", None, "delivered"), Receipt("34d9b400", None, "failed", "Unknown error")],
        ),
        (email_told("Delivery"), [Receipt("0107", "01je", "delivered")]),
        (email_told("Bounce", **PERMANENT), [Receipt("0107", "01je", "failed", "bounced-permanent-general")]),
        (email_told("Reject"), [Receipt("0107", "01je", "failed", "rejected")]),
        (email_told("DeliveryDelay"), []),
        (email_told("Complaint"), []),
    ],
)  # fmt: skip
def test_receipts_are_found_however_they_come(
    messages: AwsMessages, event: dict[str, Any], receipts: list[Receipt]
) -> None:
    assert list(messages.receipts(event)) == receipts
    if "awslogs" in event:
        return
    by_bus = {"source": "aws.ses", "detail-type": "Email", "detail": event}
    by_topic = {"Records": [{"Sns": {"Message": json.dumps(event)}}]}
    by_queue = {"Records": [{"body": json.dumps(by_bus)}, {"body": json.dumps(
        {"Type": "Notification", "Message": json.dumps(event)}
    )}]}  # fmt: skip
    assert list(messages.receipts(by_bus)) == list(messages.receipts(by_topic)) == receipts
    assert list(messages.receipts(by_queue)) == receipts * 2

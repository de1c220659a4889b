"""SMS by SNS and e-mail by SES, and what both tell afterwards of what became of them."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, NoReturn

from botocore.config import Config
from botocore.exceptions import ClientError

from chalicelib.adapters.aws.clients import client, code_of, options
from chalicelib.adapters.aws.receipts import MESSAGE_TAG, receipts_in
from chalicelib.adapters.letters import letter
from chalicelib.ports.messages import Message, MessageUndeliverable, Receipt
from chalicelib.ports.stores import StoreDenied

# One try: after a lost answer the next is a second message, so that is for its job, after its pause and counted.
_ONCE = Config(retries={"mode": "standard", "total_max_attempts": 1})
# Errors that are about the recipient, and stay so: the code, and the reason people see.
_NEVER = {
    "InvalidParameter": "number-invalid",
    "InvalidParameterValue": "number-invalid",
    "OptedOut": "opted-out",
    "OptedOutException": "opted-out",
    "BadRequestException": "address-invalid",
    "MessageRejected": "rejected",
}


class AwsMessages:
    """The `Messages` port at `aws:?…`. Options:

    sender-id          the name that phones show for the sender, where the country allows it
    configuration-set  of SES; it names where SES tells what became of an e-mail

    Neither service knows a message again that it is handed twice: one whose answer was lost, or whose sender was killed
    before it could write it down, is handed over again and carried twice, but for an e-mail of which SES has told in
    the meantime that it arrived. A text that comes twice is better than one that does not come.
    """

    def __init__(self, url: str, sender: str) -> None:
        self._told = options(url, "sender-id", "configuration-set")
        self._sender = sender

    @cached_property
    def _sns(self) -> Any:
        return client("sns", self._told, _ONCE)

    @cached_property
    def _ses(self) -> Any:
        return client("sesv2", self._told, _ONCE)

    def send(self, message: Message) -> str:
        """See Messages.send. Raises StoreUnavailable and StoreDenied, too."""
        try:
            sent: str = self._letter(message) if message.channel == "email" else self._sms(message)
        except ClientError as error:
            # Not chained: what the services say quotes the recipient, and errors are logged.
            _refuse(error)
        return sent

    def receipts(self, event: Mapping[str, Any]) -> Iterator[Receipt]:
        """See Messages.receipts; events of CloudWatch Logs, EventBridge and SNS, by a queue or straight."""
        return receipts_in(event)

    def _sms(self, message: Message) -> str:
        told = {"AWS.SNS.SMS.SMSType": "Transactional"}
        if "sender-id" in self._told:
            told["AWS.SNS.SMS.SenderID"] = self._told["sender-id"]
        sent: str = self._sns.publish(
            PhoneNumber=message.recipient,
            Message=message.text,
            MessageAttributes={
                name: {"DataType": "String", "StringValue": value} for name, value in told.items()
            },
        )["MessageId"]
        return sent

    def _letter(self, message: Message) -> str:
        named = self._told.get("configuration-set")
        sent: str = self._ses.send_email(
            FromEmailAddress=self._sender,
            Destination={"ToAddresses": [message.recipient]},
            Content={"Raw": {"Data": letter(message, self._sender)}},
            EmailTags=[{"Name": MESSAGE_TAG, "Value": message.id}],
            **({"ConfigurationSetName": named} if named else {}),
        )["MessageId"]
        return sent


def _refuse(error: ClientError) -> NoReturn:
    code = code_of(error)
    # SES also says "rejected" of a sender whose address nobody has verified: that is for us to mend, not the end.
    ours = "not verified" in str(error.response.get("Error", {}).get("Message", ""))
    if code in _NEVER and not ours:
        raise MessageUndeliverable(reason=_NEVER[code]) from None
    service = "sesv2" if error.operation_name == "SendEmail" else "sns"
    raise StoreDenied(service=service, operation=error.operation_name, reason=code) from None

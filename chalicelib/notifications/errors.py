"""What notifications says no to."""

from chalicelib.kernel.errors import Refusal


class MessageUnknown(Refusal):
    """There is no such text in this language: `data["template"]`, `data["language"]`."""

    code = "message-unknown"
    kind = "not_found"


class ReceiptEarly(Refusal):
    """A carrier tells of a message whose hand-over may not be written down yet: it should tell again."""

    code = "receipt-early"
    kind = "conflict"

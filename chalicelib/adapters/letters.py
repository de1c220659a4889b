"""A message as a letter any mail program opens (RFC 5322)."""

from email.message import EmailMessage

from chalicelib.ports.messages import Message, MessageUndeliverable


def letter(message: Message, sender: str) -> bytes:
    """The e-mail from `sender`. Raises MessageUndeliverable for an address that would be more than one header."""
    made = EmailMessage()
    try:
        made["From"], made["To"], made["Subject"] = sender, message.recipient, message.subject
    except ValueError:
        raise MessageUndeliverable(reason="address-invalid") from None
    made["Message-ID"] = f"<{message.id}@{sender.rpartition('@')[2]}>"
    # Not every server on the way takes eight bits; the language last, for setting the content clears its headers.
    made.set_content(message.text, cte="base64")
    made["Content-Language"] = message.language
    return made.as_bytes()

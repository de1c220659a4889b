"""Messages as files of a folder: nothing leaves the machine, and everything can be read."""

import json
import os
from dataclasses import asdict
from email.message import EmailMessage
from pathlib import Path

from chalicelib.ports.messages import Message, MessageUndeliverable


class OutboxFolder:
    """The `Messages` port of the embedded home.

    Each message is `<id>.json` and, to look at, `<id>.txt` (SMS) or `<id>.eml` (e-mail). Files appear whole
    or not at all, and the same id writes the same files: a hand-over repeated after a crash changes nothing.
    `sender` is the address e-mails come from.
    """

    def __init__(self, folder: Path, sender: str) -> None:
        self._folder = folder
        self._sender = sender
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def send(self, message: Message) -> str:
        if message.channel == "email":
            self._write(f"{message.id}.eml", self._letter(message))
        else:
            self._write(f"{message.id}.txt", message.text.encode())
        # Last: whoever waits for the JSON file finds the other one beside it.
        self._write(f"{message.id}.json", json.dumps(asdict(message), ensure_ascii=False, indent=1).encode())
        return f"folder:{message.id}"

    def _letter(self, message: Message) -> bytes:
        letter = EmailMessage()
        try:
            letter["From"], letter["To"], letter["Subject"] = self._sender, message.recipient, message.subject
        except ValueError as error:  # a line break in a header would be a second header
            raise MessageUndeliverable(reason=str(error)) from error
        letter["Content-Language"] = message.language
        letter["Message-ID"] = f"<{message.id}@{self._sender.rpartition('@')[2]}>"
        letter.set_content(message.text)
        return letter.as_bytes()

    def _write(self, name: str, content: bytes) -> None:
        partial = self._folder / f".{name}.{os.getpid()}"
        with partial.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(self._folder / name)

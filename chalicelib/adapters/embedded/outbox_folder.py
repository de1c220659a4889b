"""Messages as files of a folder: nothing leaves the machine, and everything can be read."""

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from chalicelib.adapters.letters import letter
from chalicelib.ports.messages import Message, Receipt


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
            self._write(f"{message.id}.eml", letter(message, self._sender))
        else:
            self._write(f"{message.id}.txt", message.text.encode())
        # Last: whoever waits for the JSON file finds the other one beside it.
        self._write(f"{message.id}.json", json.dumps(asdict(message), ensure_ascii=False, indent=1).encode())
        return f"folder:{message.id}"

    def receipts(self, event: Mapping[str, Any]) -> Iterable[Receipt]:
        return ()

    def _write(self, name: str, content: bytes) -> None:
        partial = self._folder / f".{name}.{os.getpid()}"
        with partial.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(self._folder / name)

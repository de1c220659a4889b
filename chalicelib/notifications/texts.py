"""Messages from their templates: templates/messages/<language>/<template>.<channel>.txt."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from string import Template

from chalicelib.notifications.errors import MessageUnknown

_NAME = re.compile(r"[a-z_]+")
_SUBJECT = "Subject: "


@dataclass(frozen=True)
class Text:
    """A finished message; only an e-mail has a subject."""

    subject: str | None
    body: str


class Texts:
    """Writes messages. Placeholders are `$name`; one without a value is an error, never left in the text."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def write(self, template: str, channel: str, language: str, args: Mapping[str, str]) -> Text:
        """The message. Raises MessageUnknown, and KeyError for a missing value.

        Spaces and line breaks inside values become one space: what people typed makes no new lines or headers.
        """
        source = self._source(template, channel, language)
        values = {name: " ".join(value.split()) for name, value in args.items()}
        head, _, body = source.partition("\n") if source.startswith(_SUBJECT) else ("", "", source)
        subject = Template(head.removeprefix(_SUBJECT)).substitute(values) if head else None
        return Text(subject, Template(body).substitute(values).strip())

    def _source(self, template: str, channel: str, language: str) -> str:
        if not all(_NAME.fullmatch(part) for part in (template, channel, language)):
            raise MessageUnknown(template=template, language=language)
        try:
            return _read(self._folder / language / f"{template}.{channel}.txt")
        except FileNotFoundError:
            raise MessageUnknown(template=template, language=language) from None


@lru_cache(maxsize=200)
def _read(file: Path) -> str:
    return file.read_text(encoding="utf-8")

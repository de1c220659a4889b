"""A whole document: its pages one by one, as a confined child reads them."""

from collections import deque
from collections.abc import Iterator
from pathlib import Path

from ocr.messages import Message, page_of
from ocr.shapes import Limits, Page, Profile, SourceRefused
from ocr.supervisor import Request, Supervisor


def read(
    source: Path, profile: Profile, limits: Limits, first_page: int = 1, password: str | None = None
) -> Iterator[Page]:
    """Every page from `first_page` in order, each as soon as it is done, whatever becomes of it.

    Raises SourceRefused where the file as a whole cannot be read, also after some pages. To be called in a process
    without other threads, for it forks.
    """
    heard: deque[tuple[Message, bytes]] = deque()
    supervisor = Supervisor(profile, limits, lambda _, *message: heard.append(message))
    try:
        supervisor.begin(Request(1, source, source.name, first_page, password))
        while True:
            while not heard:
                supervisor.turn()
            message, picture = heard.popleft()
            if message["event"] == "page":
                yield page_of(message, picture)
            elif message["event"] == "refused":
                raise SourceRefused(message["reason"], message["data"])
            elif message["event"] == "done":
                return
    finally:
        supervisor.close()

"""A whole document: read page by page, written as a searchable PDF or as tiles, each by a confined child."""

import json
import tempfile
from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path

from ocr.messages import Message, page_of, told
from ocr.shapes import Limits, Page, Profile, SourceRefused
from ocr.supervisor import Request, Supervisor
from ocr.tiles import Pyramid


def read(
    source: Path, profile: Profile, limits: Limits, first_page: int = 1, password: str | None = None
) -> Iterator[Page]:
    """Every page from `first_page` in order, each as soon as it is done, whatever becomes of it.

    Raises SourceRefused where the file as a whole cannot be read, also after some pages. To be called in a process
    without other threads, for it forks.
    """
    for message, picture in _answers(Request(1, source, source.name, first_page, password), profile, limits):
        if message["event"] == "page":
            yield page_of(message, picture)


def write_searchable(
    source: Path,
    pages: Iterable[Page],
    target: Path,
    profile: Profile,
    limits: Limits,
    password: str | None = None,
) -> None:
    """Writes the file as a searchable PDF to `target`, given its pages as they were read. Whole, or not at all.

    Raises SourceRefused where it cannot be made one.
    """
    partial = target.with_name(target.name + ".part")
    with tempfile.NamedTemporaryFile() as kept:
        for page in pages:
            kept.write(json.dumps(told(page), ensure_ascii=False).encode() + b"\n")
        kept.flush()
        request = Request(1, source, source.name, 1, password, Path(kept.name))
        try:
            with partial.open("wb") as file:
                for _, part in _answers(request, profile, limits):
                    file.write(part)
            partial.replace(target)
        finally:
            partial.unlink(missing_ok=True)


def write_tiles(
    source: Path, page: Page, folder: Path, profile: Profile, limits: Limits, password: str | None = None
) -> Path:
    """Writes a page, upright, as deep-zoom tiles into `folder`; returns the DZI file, which is written last.

    Raises SourceRefused where it cannot be shown.
    """
    request = Request(1, source, source.name, page.number, password, tiles=(page.number, page.rotation))
    pyramid = Pyramid(folder, page.number)
    for message, content in _answers(request, profile, limits):
        pyramid.take(message, content)
    return pyramid.finish()


def _answers(request: Request, profile: Profile, limits: Limits) -> Iterator[tuple[Message, bytes]]:
    """What a child says until it is done. Raises SourceRefused when that is a refusal."""
    heard: deque[tuple[Message, bytes]] = deque()
    supervisor = Supervisor(profile, limits, lambda _, *message: heard.append(message))
    try:
        supervisor.begin(request)
        while True:
            while not heard:
                supervisor.turn()
            message, content = heard.popleft()
            if message["event"] == "refused":
                raise SourceRefused(message["reason"], message["data"])
            if message["event"] == "done":
                return
            yield message, content
    finally:
        supervisor.close()

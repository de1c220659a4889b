"""A process that serves readings: it speaks lines of JSON, and ends when its input ends.

Asked: `{"id", "source", "results"}`, with `name`, `first_page` and `password` where they matter, or
`{"id", "cancel": true}`. Answers, each with its `id`: `opened`, `page` (with `preview`, the name of a file in
`results`), and last `done` or `refused`. Asked with `pages` too (a file of them as they were answered, a line each),
it writes `searchable.pdf` in `results`. Asked with `tiles` (`[number, rotation]` of a page), it writes that page's
deep-zoom tiles there, and last `page-0001.dzi`.
"""

import json
import os
import signal
import sys
from pathlib import Path
from typing import Any, BinaryIO

from ocr.confinement import die_with_parent
from ocr.messages import Message
from ocr.reading import read_confined
from ocr.shapes import Limits, Profile
from ocr.supervisor import Read, Request, Supervisor
from ocr.tiles import Pyramid

_CHUNK = 1 << 18
_PART = "searchable.pdf.part"


class Zygote:
    """Serves requests from one stream and answers on another until the first ends."""

    def __init__(
        self, requests: int, answers: BinaryIO, profile: Profile, limits: Limits, read: Read
    ) -> None:
        self._requests = requests
        self._answers = answers
        self._supervisor = Supervisor(profile, limits, self._answer, read)
        self._asked = bytearray()
        self._results: dict[int, Path] = {}
        self._pyramids: dict[int, Pyramid] = {}

    def serve(self) -> None:
        """Runs until the requests end; then ends every child."""
        self._supervisor.watch(self._requests)
        try:
            while True:
                if self._supervisor.turn() and not self._hear():
                    return
        finally:
            self._supervisor.close()

    def _hear(self) -> bool:
        data = os.read(self._requests, _CHUNK)
        self._asked += data
        while b"\n" in self._asked:
            line, _, self._asked = self._asked.partition(b"\n")
            self._take(json.loads(line))
        return bool(data)

    def _take(self, request: dict[str, Any]) -> None:
        number = request["id"]
        if request.get("cancel"):
            self._supervisor.cancel(number)
            self._results.pop(number, None)
            self._pyramids.pop(number, None)
            return
        source = Path(request["source"])
        self._results[number] = Path(request["results"])
        pages, tiles = request.get("pages"), request.get("tiles")
        if tiles:
            self._pyramids[number] = Pyramid(self._results[number], int(tiles[0]))
        self._supervisor.begin(Request(
            number, source, Path(request.get("name") or source).name, request.get("first_page", 1),
            request.get("password"), Path(pages) if pages else None,
            (int(tiles[0]), int(tiles[1])) if tiles else None,
        ))  # fmt: skip

    def _answer(self, number: int, message: Message, picture: bytes) -> None:
        if message["event"] == "page":
            name = f"page-{message['number']:04d}.webp" if picture else None
            if name:
                _write_whole(self._results[number] / name, picture)
            message = {**message, "preview": name}
        elif message["event"] == "part":
            with (self._results[number] / _PART).open("ab") as written:
                written.write(picture)
            return
        elif message["event"] in ("tiled", "tile"):
            self._pyramids[number].take(message, picture)
            return
        elif message["event"] in ("done", "refused"):
            pyramid = self._pyramids.pop(number, None)
            if pyramid and message["event"] == "done":
                pyramid.finish()
            part = self._results.pop(number) / _PART
            if message["event"] == "done" and part.is_file():
                part.replace(part.with_suffix(""))
            part.unlink(missing_ok=True)
        self._answers.write(json.dumps({"id": number, **message}, ensure_ascii=False).encode() + b"\n")
        self._answers.flush()


def _write_whole(path: Path, content: bytes) -> None:
    partial = path.with_name(path.name + ".part")
    partial.write_bytes(content)
    partial.replace(path)


def serve(profile: Profile, limits: Limits, read: Read = read_confined) -> None:
    """Serves on this process's standard input and output. What libraries print goes to standard error instead."""
    die_with_parent()
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Zygote(sys.stdin.fileno(), answers, profile, limits, read).serve()

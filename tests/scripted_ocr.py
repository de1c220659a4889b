"""A reader that reads what it is told to: for what happens around reading, not for reading."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from chalicelib.ports.ocr import Opened, ReadPage, SourceRefused, Word


class Killed(BaseException):
    """Stands for a kill -9 of the worker: no handler catches it."""


class ScriptedOcr:
    """The `Ocr` port over the file's own text: one page a line, `!reason` refuses a page, `!!reason` the file."""

    def __init__(self) -> None:
        self.dies_before_page: int | None = None
        self.dies_writing = False
        self.refuses_writing: str | None = None
        self.before_page: Callable[[int], None] = lambda number: None
        self.pages_read: list[int] = []

    def read(self, source: Path, results: Path, first_page: int = 1) -> Iterator[Opened | ReadPage]:
        lines = source.read_text("utf-8").splitlines()
        if lines and lines[0].startswith("!!"):
            raise SourceRefused(lines[0][2:])
        yield Opened(len(lines), "application/pdf")
        for number, line in enumerate(lines, 1):
            if number < first_page:
                continue
            if number == self.dies_before_page:
                self.dies_before_page = None
                raise Killed
            self.before_page(number)
            self.pages_read.append(number)
            if line.startswith("!"):
                yield ReadPage(number, "refused", line[1:], 0, 0, 0, 0, (), None)
                continue
            preview = results / f"{number}.webp"
            preview.write_bytes(b"RIFF" + line.encode())
            words = tuple(
                Word(text, 10 * place, 20, 9, 12, 95.0, 0) for place, text in enumerate(line.split())
            )
            yield ReadPage(number, "read", None, 1000, 1400, 300, 0, words, preview)

    def write_searchable(self, source: Path, pages: Iterable[ReadPage], results: Path) -> Path:
        """What is known of each page, a line each."""
        lines = [
            f"{page.number} {page.dpi} {page.skew} " + " ".join(word.text for word in page.words)
            for page in pages
        ]
        if self.dies_writing:
            self.dies_writing = False
            raise Killed
        if self.refuses_writing:
            raise SourceRefused(self.refuses_writing)
        (results / "searchable.pdf").write_text("\n".join(lines), "utf-8")
        return results / "searchable.pdf"

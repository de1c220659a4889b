"""`diwan search`: find pages from the terminal, the words found marked."""

import json

from rich.console import Console
from rich.text import Text

from chalicelib.bootstrap import build
from chalicelib.commands.import_files import TERMINAL
from chalicelib.database.migrate import is_current
from chalicelib.kernel.errors import Refusal
from chalicelib.kernel.search_marks import Snippet
from chalicelib.settings import Settings


def search(settings: Settings, words: str, *, as_json: bool) -> int:
    """0 when something was found, 1 when nothing was, 2 when there is nothing to search in."""
    console = Console()
    nothing_yet = f"No archive in {settings.data} yet: `./diwan import PATH` or `./diwan run` makes one."
    if not settings.data.is_dir():
        Console(stderr=True, soft_wrap=True).print(nothing_yet)
        return 2
    diwan = build(settings)
    try:
        if not is_current(diwan.database):
            Console(stderr=True, soft_wrap=True).print(nothing_yet)
            return 2
        found = diwan.archive.search(TERMINAL, words)
    except Refusal as refusal:
        Console(stderr=True, soft_wrap=True).print(diwan.pages.localisation("en").refusal(refusal))
        return 2
    finally:
        diwan.close()
    if as_json:
        for hit in found.hits:
            for page in hit.pages:
                said = {
                    "document": hit.document.id,
                    "file": hit.document.filename,
                    "title": hit.document.title,
                    "parcel": hit.document.parcel,
                    "page": page.number,
                    "marks": page.marks,
                    "snippet": " ".join(word.text for word in page.snippet.words),
                }
                print(json.dumps(said, ensure_ascii=False))
    else:
        console.print(f"{_count(found.documents, 'document')}, {_count(found.pages, 'page')}", style="dim")
        if not found.hits:
            console.print(diwan.pages.localisation("en").text("archive-nothing-found-text"))
        for hit in found.hits:
            title = hit.document.title or hit.document.filename
            console.print(
                f"\n{title}  [dim]{hit.document.parcel or ''} {hit.document.id}[/]",
                style="bold",
                highlight=False,
            )
            for page in hit.pages:
                console.print(Text(f"  {page.number}: ") + _marked(page.snippet))
    return 0 if found.hits else 1


def _count(number: int, of_what: str) -> str:
    return f"{number} {of_what}" if number == 1 else f"{number} {of_what}s"


def _marked(snippet: Snippet) -> Text:
    text = Text("… " if snippet.before else "")
    for word in snippet.words:
        text.append(word.text, style="reverse" if word.marked else "")
        text.append(" ")
    return text + Text("…" if snippet.after else "")

"""`diwan search`: find pages from the terminal, the words found marked."""

import json

from rich.console import Console
from rich.text import Text

from chalicelib.bootstrap import Diwan, build
from chalicelib.commands.import_files import INDEXING, TERMINAL
from chalicelib.database.migrate import is_current
from chalicelib.kernel.errors import Refusal
from chalicelib.kernel.search_marks import Snippet
from chalicelib.settings import Settings


def search(settings: Settings, words: str, *, as_json: bool) -> int:
    """0 when something was found, 1 when nothing was, 2 when there is nothing to search in.

    That the index is not whole, or behind what was read, is said on standard error.
    """
    console = Console()
    complain = Console(stderr=True, soft_wrap=True, markup=False, highlight=False)
    nothing_yet = f"No archive in {settings.data} yet: `./diwan import PATH` or `./diwan run` makes one."
    if not settings.data.is_dir():
        complain.print(nothing_yet)
        return 2
    diwan = build(settings)
    try:
        if not is_current(diwan.database):
            complain.print(nothing_yet)
            return 2
        found = diwan.archive.search(TERMINAL, words)
        whole = not diwan.search.needs_rebuild
        if lack := _lack(diwan, whole):
            complain.print(lack)
        if not (whole or found.hits):
            return 2
    except Refusal as refusal:
        complain.print(diwan.pages.localisation("en").refusal(refusal))
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


def _lack(diwan: Diwan, whole: bool) -> str:
    """What the index lacks and how it comes by it; empty when it has all that was read."""
    data = diwan.settings.data
    if not whole:
        return (
            f"The search index of {data} is not there, or not whole: pages are missing from it. "
            "`./diwan run` on this folder makes it anew from what was read; search again when it is up."
        )
    if waiting := diwan.jobs.pending(INDEXING):
        return (
            f"The search index of {data} is behind: {_count(waiting, 'lot')} of pages not in it yet. "
            "While `./diwan run` serves this folder they are put in; search again then."
        )
    return ""


def _count(number: int, of_what: str) -> str:
    return f"{number} {of_what}" if number == 1 else f"{number} {of_what}s"


def _marked(snippet: Snippet) -> Text:
    text = Text("… " if snippet.before else "")
    for word in snippet.words:
        text.append(word.text, style="reverse" if word.marked else "")
        text.append(" ")
    return text + Text("…" if snippet.after else "")

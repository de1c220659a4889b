"""The archive for staff: bring scans in, follow their reading, search, and open the page with what was found."""

from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

from chalicelib.archive.errors import DocumentUnread, ReadBeforeSearchable
from chalicelib.archive.rules import ENDINGS, KINDS, UNREAD
from chalicelib.archive.searchable import ASKED, MADE
from chalicelib.identity.permissions import Permission
from chalicelib.kernel.errors import FieldMissing, Refusal
from chalicelib.web.api.archive import on_file_text, page_number, reason_text, year_of
from chalicelib.web.document_rows import document_rows
from chalicelib.web.request import Request
from chalicelib.web.responses import Response, field_errors, page, redirect
from chalicelib.web.routing import Routes

routes = Routes("archive")
_FILING = ("kind", "title", "owner", "parcel", "year")


@routes.get("/staff/upload", Permission.UPLOAD_DOCUMENT)
def upload(request: Request) -> Response:
    """Where a clerk files scans; scripts send them one by one with progress."""
    return _upload_page(request)


@routes.post("/staff/upload", Permission.UPLOAD_DOCUMENT)
def upload_plainly(request: Request) -> Response:
    """The same without scripts: one file in the form itself, up to what a request carries."""
    intake = request.diwan.archive.intake
    try:
        filing = intake.check(
            **{name: request.form.get(name, "") for name in _FILING},
            confidential=request.form.get("confidential") == "yes",
        )
        sent = request.files.get("files")
        if sent is None:
            raise FieldMissing(field="files")
        with TemporaryDirectory(prefix="diwan-upload-") as folder:
            path = Path(folder) / "sent"
            path.write_bytes(sent.content)
            filed = intake.file(request.actor, path, filing, filename=sent.filename)
    except Refusal as refusal:
        return _upload_page(request, status=422, errors=field_errors(refusal))
    return redirect(f"/staff/documents/{filed.document.id}{'' if filed.is_new else '?filed=before'}")


@routes.get("/staff/documents", Permission.READ_DOCUMENT)
def documents(request: Request) -> Response:
    """Newest first; refreshes itself while something is being read."""
    only_stopped = request.query.get("state") == "stopped"
    shown = request.diwan.archive.recent(request.actor, 31, request.query.get("before"), stopped=only_stopped)
    kept = {"state": "stopped"} if only_stopped else {}
    return page(
        request,
        "documents.html",
        only_stopped=only_stopped,
        next_href=f"/staff/documents?{urlencode({**kept, 'before': shown[29].id})}"
        if len(shown) > 30
        else None,
        **document_rows(request, shown[:30]),
    )


@routes.get("/staff/documents/{document}", Permission.READ_DOCUMENT)
def document(request: Request, document: str) -> Response:
    """One document: what it is, how its reading goes page by page, and its pages."""
    return _document_page(request, document)


def _document_page(request: Request, document: str, refusal: Refusal | None = None) -> Response:
    archive = request.diwan.archive
    found = archive.document(request.actor, document)
    stopped, unmade = bool(archive.reading.stopped_among([document])), archive.searchable.is_given_up(found)
    reading = found.state in UNREAD and not stopped
    asked = found.searchable == ASKED and not unmade
    return page(
        request,
        "document.html",
        status=409 if refusal else 200,
        refusal=refusal,
        document=found,
        on_file=on_file_text(request, found) if request.query.get("filed") == "before" else None,
        filing=request.query.get("filing"),
        pages=archive.pages(request.actor, document),
        reading=reading,
        stopped=stopped,
        asked=asked,
        unmade=unmade,
        may_be_searchable=not asked
        and found.state in ("read", "read with doubts")
        and found.media_type != ENDINGS[".dxf"],
        searchable_reason=None
        if found.searchable in (None, ASKED, MADE)
        else reason_text(request, found.searchable, {}),
        waiting=reading or asked,
        reason=reason_text(request, found.reason, found.reason_data),
        page_reason=lambda row: reason_text(request, row.reason, {}),
    )


@routes.get("/staff/documents/{document}/pages/{number}", Permission.READ_DOCUMENT)
def document_page(request: Request, document: str, number: str) -> Response:
    """One page: the scan with the words found marked on it, and its text beside it."""
    words = request.query.get("q", "")
    shown = request.diwan.archive.page(request.actor, document, page_number(number), words)
    hits = [
        {"x": word.x, "y": word.y, "w": word.width, "h": word.height, "text": word.text}
        for index, word in enumerate(shown.words.words)
        if index in shown.marked
    ]
    lines: dict[int, list[dict[str, object]]] = {}
    for index, word in enumerate(shown.words.words):
        lines.setdefault(word.line, []).append({**asdict(word), "marked": index in shown.marked})
    return page(
        request,
        "document_page.html",
        document=shown.document,
        shown=shown.page,
        hits=hits,
        lines=list(lines.values()),
        arabic=_is_arabic(shown.words.text),
        q=words,
        page_count=shown.document.page_count or shown.document.pages_read,
        reason=reason_text(request, shown.page.reason, {}),
        carry=f"?{urlencode({'q': words})}" if words else "",
    )


@routes.get("/staff/documents/{document}/pages/{number}/preview", Permission.READ_DOCUMENT)
def preview(request: Request, document: str, number: str) -> Response:
    """The picture of a page."""
    return redirect(request.diwan.archive.preview_url(request.actor, document, page_number(number)))


@routes.get("/staff/documents/{document}/original", Permission.READ_DOCUMENT)
def original(request: Request, document: str) -> Response:
    """The file as it came, as a download."""
    return redirect(request.diwan.archive.original_url(request.actor, document))


@routes.post("/staff/documents/{document}/searchable", Permission.READ_DOCUMENT)
def ask_searchable(request: Request, document: str) -> Response:
    """Have the document made into a PDF that can be searched."""
    try:
        request.diwan.archive.ask_searchable(request.actor, document)
    except (DocumentUnread, ReadBeforeSearchable) as refusal:
        return _document_page(request, document, refusal)
    return redirect(f"/staff/documents/{document}")


@routes.get("/staff/documents/{document}/searchable", Permission.READ_DOCUMENT)
def searchable(request: Request, document: str) -> Response:
    """That PDF, as a download."""
    return redirect(request.diwan.archive.searchable_url(request.actor, document))


@routes.post("/staff/documents/{document}/read-again", Permission.UPLOAD_DOCUMENT)
def read_again(request: Request, document: str) -> Response:
    """Read a document once more from its original."""
    request.diwan.archive.read_again(request.actor, document)
    return redirect(f"/staff/documents/{document}")


@routes.get("/staff/search", Permission.SEARCH_ARCHIVE)
def search(request: Request) -> Response:
    """Type what is known; see the passages, and each leads to the word on the scan."""
    given = {name: request.query.get(name, "") for name in ("q", "kind", "parcel", "year")}
    if given["kind"] not in KINDS:
        given["kind"] = ""  # an address somebody changed: there is no such shelf to look on
    year = year_of(given["year"])
    found, errors = None, {}
    if any(given.values()):
        try:
            found = request.diwan.archive.search(
                request.actor,
                given["q"],
                parcel=given["parcel"],
                kind=given["kind"],
                year_from=year,
                year_to=year,
                cursor=request.query.get("cursor"),
            )
        except Refusal as refusal:
            errors = field_errors(refusal)
    kept = {name: value for name, value in given.items() if value}
    return page(
        request,
        "search.html",
        given=given,
        found=found,
        errors=errors,
        narrow=lambda name, value: f"/staff/search?{urlencode({**kept, name: value})}",
        widen=lambda name: f"/staff/search?{urlencode({k: v for k, v in kept.items() if k != name})}",
        carry=f"?{urlencode({'q': given['q']})}" if given["q"] else "",
        is_arabic=lambda snippet: _is_arabic("".join(word.text for word in snippet.words)),
        next_href=f"/staff/search?{urlencode({**kept, 'cursor': found.cursor})}"
        if found and found.cursor
        else None,
    )


def _is_arabic(text: str) -> bool:
    """Whether a page is one of Arabic, with words of other scripts in it or not."""
    arabic = sum("\u0621" <= character <= "\u064a" for character in text)
    return arabic >= sum(character.isascii() and character.isalpha() for character in text)


def _upload_page(request: Request, status: int = 200, errors: dict[str, Refusal] | None = None) -> Response:
    say = request.diwan.pages.localisation(request.language).text
    return page(
        request,
        "upload.html",
        status=status,
        errors=errors or {},
        form=request.form,
        kinds=[(kind, say(f"kind-{kind}")) for kind in KINDS],
        endings=ENDINGS,
        **document_rows(request, request.diwan.archive.recent(request.actor, 10)),
    )

"""The archive for programs: announce and send files, follow their reading, search, open pages."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from chalicelib.archive.correcting import filing_of
from chalicelib.archive.finding import FoundDocument
from chalicelib.archive.models import Document, PageRow
from chalicelib.archive.rules import OWNER_LIMIT, TITLE_LIMIT, filing_etag
from chalicelib.archive.service import OpenPage
from chalicelib.identity.permissions import Permission
from chalicelib.kernel.arabic import clean_number
from chalicelib.web.pagination import Page, limit_of
from chalicelib.web.request import Request
from chalicelib.web.routing import ApiRoutes

routes = ApiRoutes("archive")


class UploadRequest(BaseModel):
    """A file to come, and where it is filed. Numbers may be in any script, as typed."""

    model_config = ConfigDict(extra="forbid")

    filename: str = Field(min_length=1, max_length=255)
    size: int = Field(ge=0, lt=2**53, description="bytes")
    kind: str = Field(default="other", max_length=40)
    title: str = Field(default="", max_length=TITLE_LIMIT)
    owner: str = Field(default="", max_length=OWNER_LIMIT)
    parcel: str = Field(default="", max_length=60)
    year: str = Field(default="", max_length=20)
    confidential: bool = False


class FilingCorrection(BaseModel):
    """As what a document is filed from now on: all of it, as typed; empty is what is not known.

    `filing_etag` is what the document's had when it was looked at.
    """

    model_config = ConfigDict(extra="forbid")

    kind: str = Field(max_length=40)
    title: str = Field(max_length=TITLE_LIMIT)
    owner: str = Field(max_length=OWNER_LIMIT)
    year: str = Field(max_length=20)
    filing_etag: str = Field(max_length=64)


class UploadTargetModel(BaseModel):
    """Where to PUT the bytes, with which headers, within how many seconds; then complete the upload."""

    id: str
    url: str
    headers: dict[str, str]
    expires_in: int


class Completed(BaseModel):
    """The document, and whether the same bytes had been filed before: for another parcel, or for this one.

    For one parcel they are one document, whose kind and title stay as they were first filed: `new` is false then.
    """

    document: str
    duplicate: bool
    new: bool = Field(description="whether this upload made the document")
    detail: str | None = Field(description="where it is on file, as a sentence, when it is not new")


class DocumentModel(BaseModel):
    """A filed document; `state` is received, reading, read, read with doubts or refused.

    While it is received or reading, `stopped` says that its reading was given up: nobody goes on unless asked.
    """

    id: str
    filename: str
    kind: str
    title: str
    owner: str
    parcel: str | None
    year: int | None
    confidential: bool
    filing_etag: str = Field(
        description="stands for kind, title, owner and year: send it back to correct them"
    )
    state: str
    stopped: bool
    reason: str | None
    detail: str | None = Field(description="the reason as a sentence")
    pages: int | None = Field(description="how many, once known")
    pages_read: int
    duplicate_of: str | None
    filed_at: datetime


class PageSummary(BaseModel):
    """One page as read."""

    number: int
    state: str
    reason: str | None
    width: int
    height: int
    words: int
    doubts: int


class WordModel(BaseModel):
    """A word with its box in pixels of the upright page; `marked` when it answers the search asked."""

    text: str
    x: int
    y: int
    width: int
    height: int
    confidence: float
    doubt: bool
    marked: bool


class PageModel(PageSummary):
    """A page with every word."""

    preview: str | None
    text: str
    content: list[WordModel]


class DocumentWithPages(DocumentModel):
    """A document and its pages read so far."""

    content: list[PageSummary]


class FoundPageModel(BaseModel):
    """A page that answers: its passage, the words that answer wrapped in no markup but listed by index."""

    number: int
    passage: list[str]
    marked: list[int]


class FoundModel(BaseModel):
    """A document that answers, best pages first."""

    document: DocumentModel
    pages: list[FoundPageModel]
    page_count: int


class SearchAnswer(Page[FoundModel]):
    """The answers, how many in all, and what narrows them."""

    documents: int
    facets: dict[str, dict[str, int]]


@routes.post(
    "/api/v1/uploads",
    Permission.UPLOAD_DOCUMENT,
    body=UploadRequest,
    returns=UploadTargetModel,
    summary="Announce a file",
)
def open_upload(request: Request, wanted: UploadRequest) -> UploadTargetModel:
    """Announce a file and get the place to send it to."""
    intake = request.diwan.archive.intake
    filing = intake.check(**wanted.model_dump(exclude={"filename", "size"}))
    upload, target = intake.open_upload(request.actor, wanted.filename, wanted.size, filing)
    return UploadTargetModel(id=upload, url=target.url, headers=target.headers, expires_in=target.expires_in)


@routes.post(
    "/api/v1/uploads/{upload}/complete",
    Permission.UPLOAD_DOCUMENT,
    returns=Completed,
    makes=False,
    status=200,
    summary="File the bytes that were sent; again gives the same document",
)
def complete_upload(request: Request, upload: str) -> Completed:
    """The upload's own id is its idempotency key."""
    filed = request.diwan.archive.intake.complete_upload(request.actor, upload)
    document = filed.document
    return Completed(
        document=document.id,
        duplicate=not filed.is_new or document.duplicate_of is not None,
        new=filed.is_new,
        detail=None if filed.is_new else on_file_text(request, document),
    )


@routes.get(
    "/api/v1/documents",
    Permission.READ_DOCUMENT,
    returns=Page[DocumentModel],
    summary="Documents, newest first",
    query=("limit", "cursor"),
)
def documents(request: Request) -> Page[DocumentModel]:
    """Documents, newest first."""
    limit = limit_of(request)
    found = request.diwan.archive.recent(request.actor, limit + 1, request.query.get("cursor"))
    more = found[limit - 1].id if len(found) > limit else None
    return Page(items=document_models(request, found[:limit]), next=more)


@routes.get(
    "/api/v1/documents/{document}",
    Permission.READ_DOCUMENT,
    returns=DocumentWithPages,
    summary="A document, its state and its pages so far",
)
def document(request: Request, document: str) -> DocumentWithPages:
    """A document and its pages."""
    archive = request.diwan.archive
    found = archive.document(request.actor, document)
    pages = archive.pages(request.actor, document)
    [model] = document_models(request, [found])
    return DocumentWithPages(**model.model_dump(), content=[_summary(page) for page in pages])


@routes.post(
    "/api/v1/documents/{document}/filing",
    Permission.UPLOAD_DOCUMENT,
    body=FilingCorrection,
    returns=DocumentModel,
    makes=False,
    status=200,
    summary="Correct the kind, title, owner and year of a document",
)
def correct_filing(request: Request, wanted: FilingCorrection, document: str) -> DocumentModel:
    """What is filed as something else by now is 409 `filing-changed`; the same again changes nothing."""
    archive = request.diwan.archive
    typed = wanted.model_dump(exclude={"filing_etag"})
    archive.correct_filing(request.actor, document, wanted.filing_etag, **typed)
    [model] = document_models(request, [archive.document(request.actor, document)])
    return model


@routes.get(
    "/api/v1/documents/{document}/pages/{number}",
    Permission.READ_DOCUMENT,
    returns=PageModel,
    summary="A page with its words; ?q= marks those that answer",
    query=("q",),
)
def page(request: Request, document: str, number: str) -> PageModel:
    """A page and its words with boxes."""
    archive = request.diwan.archive
    shown = archive.page(request.actor, document, page_number(number), request.query.get("q", ""))
    preview = (
        archive.preview_url(request.actor, document, shown.page.number) if shown.page.preview_key else None
    )
    return PageModel(
        **_summary(shown.page).model_dump(), preview=preview, text=shown.words.text, content=_words(shown)
    )


@routes.get(
    "/api/v1/search",
    Permission.SEARCH_ARCHIVE,
    returns=SearchAnswer,
    summary="Find documents by what stands on their pages",
    query=("q", "parcel", "kind", "owner", "year_from", "year_to", "limit", "cursor"),
)
def search(request: Request) -> SearchAnswer:
    """Documents that answer `q`, narrowed by parcel, kind, owner, year_from and year_to."""
    given = request.query
    found = request.diwan.archive.search(
        request.actor,
        given.get("q", ""),
        parcel=given.get("parcel"),
        kind=given.get("kind"),
        owner=given.get("owner"),
        year_from=year_of(given.get("year_from")),
        year_to=year_of(given.get("year_to")),
        limit=limit_of(request),
        cursor=given.get("cursor"),
    )
    models = document_models(request, [hit.document for hit in found.hits])
    return SearchAnswer(
        items=[_found(hit, model) for hit, model in zip(found.hits, models, strict=True)],
        next=found.cursor,
        documents=found.documents,
        facets={name: {one.value: one.pages for one in values} for name, values in found.facets.items()},
    )


def document_models(request: Request, documents: Sequence[Document]) -> list[DocumentModel]:
    """Documents, each with its reason as a sentence in the caller's language."""
    stopped = request.diwan.archive.reading.stopped_among([document.id for document in documents])
    return [_model(request, document, document.id in stopped) for document in documents]


def _model(request: Request, document: Document, stopped: bool) -> DocumentModel:
    return DocumentModel(
        id=document.id,
        filename=document.filename,
        kind=document.kind,
        title=document.title,
        owner=document.owner,
        parcel=document.parcel,
        year=document.year,
        confidential=document.confidential,
        filing_etag=filing_etag(filing_of(document)),
        state=document.state,
        stopped=stopped,
        reason=document.reason,
        detail=reason_text(request, document.reason, document.reason_data),
        pages=document.page_count,
        pages_read=document.pages_read,
        duplicate_of=document.duplicate_of,
        filed_at=document.filed_at,
    )


def reason_text(request: Request, reason: str | None, facts: dict[str, Any]) -> str | None:
    """Why a file or page was refused or is in doubt, in the reader's language."""
    if reason is None:
        return None
    return request.diwan.pages.localisation(request.language).text(f"reading-{reason}", **facts)


def on_file_text(request: Request, document: Document) -> str:
    """That bytes are on file already, and as what, in the reader's language."""
    words = request.diwan.pages.localisation(request.language)
    if document.confidential:  # of what kind is not for everybody who has its bytes
        return words.text("archive-on-file-there")
    return words.text("archive-on-file", kind=words.text(f"kind-{document.kind}"))


def page_number(text: str) -> int:
    """A page number from a path; 0, which no page has, for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0


def year_of(text: str | None) -> int | None:
    """A year as typed in a filter, in any digits; None when it is none."""
    number = clean_number(text or "")
    return int(number) if number.isascii() and number.isdigit() and len(number) == 4 else None


def _summary(page: PageRow) -> PageSummary:
    return PageSummary(
        number=page.number,
        state=page.state,
        reason=page.reason,
        width=page.width,
        height=page.height,
        words=page.word_count,
        doubts=page.doubt_count,
    )


def _words(shown: OpenPage) -> list[WordModel]:
    return [
        WordModel(
            text=word.text,
            x=word.x,
            y=word.y,
            width=word.width,
            height=word.height,
            confidence=word.confidence,
            doubt=word.doubt,
            marked=index in shown.marked,
        )
        for index, word in enumerate(shown.words.words)
    ]


def _found(hit: FoundDocument, document: DocumentModel) -> FoundModel:
    return FoundModel(
        document=document,
        pages=[
            FoundPageModel(
                number=page.number,
                passage=[word.text for word in page.snippet.words],
                marked=[index for index, word in enumerate(page.snippet.words) if word.marked],
            )
            for page in hit.pages
        ],
        page_count=hit.page_count,
    )

"""Correcting as what a document is filed, by staff who may file one."""

from collections.abc import Mapping

from chalicelib.archive.correcting import filing_of
from chalicelib.archive.errors import FilingChanged
from chalicelib.archive.rules import CORRECTABLE, KINDS, filing_etag
from chalicelib.identity.permissions import Permission
from chalicelib.kernel.arabic import clean_number
from chalicelib.kernel.errors import FieldsInvalid, Refusal
from chalicelib.web.problems import status_of
from chalicelib.web.request import Request
from chalicelib.web.responses import Response, field_errors, page, redirect
from chalicelib.web.routing import Routes

routes = Routes("archive")


@routes.get("/staff/documents/{document}/filing", Permission.UPLOAD_DOCUMENT)
def filing(request: Request, document: str) -> Response:
    """As what a document is filed, to be corrected."""
    return _filing_page(request, document)


@routes.post("/staff/documents/{document}/filing", Permission.UPLOAD_DOCUMENT)
def correct_filing(request: Request, document: str) -> Response:
    """File it as what was typed. What is refused keeps that; where somebody else was quicker both are shown."""
    typed = {name: request.form.get(name, "") for name in CORRECTABLE}
    etag = request.form.get("etag", "")
    try:
        changed = request.diwan.archive.correct_filing(request.actor, document, etag, **typed)
    except FieldsInvalid as invalid:
        return _filing_page(request, document, {**typed, "etag": etag}, invalid)
    except FilingChanged as refusal:
        return _filing_page(request, document, typed, refusal)
    return redirect(f"/staff/documents/{document}?filing={'corrected' if changed else 'unchanged'}")


def _filing_page(
    request: Request, document: str, typed: Mapping[str, str] | None = None, refusal: Refusal | None = None
) -> Response:
    found = request.diwan.archive.document(request.actor, document)
    say = request.diwan.pages.localisation(request.language).text
    stands = {name: str(getattr(found, name) or "") for name in CORRECTABLE}
    return page(
        request,
        "filing.html",
        status=status_of(refusal) if refusal else 200,
        errors=field_errors(refusal) if refusal else {},
        document=found,
        kinds={kind: say(f"kind-{kind}") for kind in KINDS},
        compared=[name for name in CORRECTABLE if typed and _cleaned(name, typed[name]) != stands[name]],
        # After somebody else's correction the etag is that of what now stands beside what was typed.
        form={"etag": filing_etag(filing_of(found)), **(typed or stands)},
        stands=stands if isinstance(refusal, FilingChanged) else None,
    )


def _cleaned(name: str, typed: str) -> str:
    return clean_number(typed) if name == "year" else " ".join(typed.split())

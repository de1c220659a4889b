"""Anyone checks a licence: by its number, with its file, or by the code printed on it."""

from chalicelib.identity.permissions import Permission
from chalicelib.kernel.errors import FieldMissing, Refusal
from chalicelib.web.problems import STATUS
from chalicelib.web.request import Request
from chalicelib.web.responses import Response, field_errors, page
from chalicelib.web.routing import Routes

routes = Routes("licensing")


@routes.get("/verify", Permission.PUBLIC)
def verify(request: Request) -> Response:
    """The three ways, and the answer for a number."""
    number = request.query.get("number", "")
    if not number.strip():
        return page(request, "verify.html", number="")
    try:
        verdict = request.diwan.licensing.verifying.by_number(number)
    except Refusal as refusal:
        return _again(request, refusal, number=number)
    return page(request, "verdict.html", verdict=verdict, by="number")


@routes.post("/verify/file", Permission.PUBLIC)
def verify_file(request: Request) -> Response:
    """The answer for a PDF; it is opened in a limited process, and not kept."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return _again(request, FieldMissing(field="file"))
    return page(
        request, "verdict.html", verdict=request.diwan.licensing.verifying.by_file(sent.content), by="file"
    )


@routes.post("/verify/token", Permission.PUBLIC)
def verify_token(request: Request) -> Response:
    """The answer for the code of a QR."""
    text = request.form.get("token", "").strip()
    if not text:
        return _again(request, FieldMissing(field="token"))
    try:
        verdict = request.diwan.licensing.verifying.by_token(text)
    except Refusal as refusal:
        refusal.data.setdefault("field", "token")
        return _again(request, refusal)
    return page(request, "verdict.html", verdict=verdict, by="token")


@routes.get("/l", Permission.PUBLIC)
def scanned(request: Request) -> Response:
    """Where a QR code leads. Its token follows `#`, which a browser keeps to itself until the page sends it on."""
    return page(request, "verify_scanned.html")


def _again(request: Request, refusal: Refusal, number: str = "") -> Response:
    return page(
        request,
        "verify.html",
        status=STATUS[refusal.kind],
        number=number,
        errors=field_errors(refusal),
        form={"token": request.form.get("token", "")[:8000]},
    )

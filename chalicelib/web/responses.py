"""What handlers give back."""

import json
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

from chalicelib.kernel.errors import FieldsInvalid, Refusal
from chalicelib.web.request import Request

SESSION_COOKIE = "diwan_session"


@dataclass
class Response:
    """Status, headers and a text body; cookies apart, since there may be several."""

    body: str = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cookies: list[str] = field(default_factory=list)


def page(request: Request, template: str, *, status: int = 200, **context: Any) -> Response:
    """An HTML page from templates/pages in the reader's language."""
    html = request.diwan.pages.render(request, template, context)
    return Response(html, status, {"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store"})


def as_path(request: Request, url: str) -> str:
    """An address of ours without the name before it; any other as it is.

    People may have come by another name (localhost, say): their session is there, and there alone our
    policy lets their forms lead.
    """
    base = request.diwan.settings.base_url
    return url.removeprefix(base) if url.startswith(f"{base}/") else url


def redirect(url: str, *, session: str | None = "") -> Response:
    """303 to `url`. With `session` a token the browser is signed in, with None signed out."""
    response = Response("", 303, {"Location": url, "Cache-Control": "no-store"})
    if session is None:
        response.cookies.append(f"{SESSION_COOKIE}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax")
    elif session:
        response.cookies.append(f"{SESSION_COOKIE}={session}; Path=/; HttpOnly; SameSite=Lax")
    return response


def file_response(request: Request, key: str, media_type: str, *, filename: str | None = None) -> Response:
    """Sends the browser to the stored bytes, for a few minutes, with exactly this type."""
    return redirect(request.diwan.blobs.download_url(key, media_type, filename))


def json_response(value: Any, status: int = 200) -> Response:
    """A pydantic model or plain JSON value."""
    text = (
        value.model_dump_json(by_alias=True)
        if isinstance(value, BaseModel)
        else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    )
    return Response(text, status, {"Content-Type": "application/json", "Cache-Control": "no-store"})


def field_errors(refusal: Refusal) -> dict[str, Refusal]:
    """Refusals by form field, for the summary on top and the message beside the field."""
    if isinstance(refusal, FieldsInvalid):
        return refusal.fields
    return {refusal.field or "": refusal}

"""Signing in and out."""

from typing import Any
from urllib.parse import quote

from chalicelib.identity.directory import DirectorySignIn
from chalicelib.identity.permissions import Permission
from chalicelib.identity.rules import DIRECTORY_PATIENCE, return_path
from chalicelib.kernel.civil_id import parse_civil_id
from chalicelib.kernel.errors import NotFound, Refusal
from chalicelib.web.problems import STATUS
from chalicelib.web.request import Request
from chalicelib.web.responses import SESSION_COOKIE, Response, field_errors, page, redirect
from chalicelib.web.routing import Routes

routes = Routes("identity")
# Who asked for a code, between the two pages: kept by their own browser, so that no address or log holds it.
_ASKED = "diwan_asked"
_ASKED_SECONDS = 15 * 60
# What lets a browser back in from the town's directory. Lax: it is that other site that sends it back.
_TICKET = "diwan_directory"
_LONGEST_BACK = 1000  # a ticket has to fit into a cookie


@routes.get("/sign-in", Permission.PUBLIC)
def sign_in(request: Request) -> Response:
    """Asks for the civil ID; sends people who are signed in on their way."""
    back = return_path(request.query.get("next", ""), "/renew")
    if request.actor.kind == "citizen":
        return redirect(back)
    return page(request, "sign_in.html", next=back)


@routes.post("/sign-in", Permission.PUBLIC)
def ask_for_code(request: Request) -> Response:
    """Sends the code, and says the same whoever it was asked for."""
    back = return_path(request.form.get("next", ""), "/renew")
    typed = request.form.get("civil_id", "")
    try:
        request.diwan.identity.request_code(typed, request.source_ip)
    except Refusal as refusal:
        return _again(request, "sign_in.html", refusal, next=back)
    request.set_cookies.append(_asked_cookie(parse_civil_id(typed), _ASKED_SECONDS))
    return redirect(f"/sign-in/code?next={quote(back)}")


@routes.get("/sign-in/code", Permission.PUBLIC)
def code(request: Request) -> Response:
    """Asks for the code that was sent."""
    back = return_path(request.query.get("next", ""), "/renew")
    civil_id = _asked(request)
    if civil_id is None:
        return redirect("/sign-in")
    return page(request, "sign_in_code.html", next=back, civil_id=civil_id)


@routes.post("/sign-in/code", Permission.PUBLIC)
def sign_in_with_code(request: Request) -> Response:
    """Opens the session, and takes people back to where they were."""
    back = return_path(request.form.get("next", ""), "/renew")
    civil_id = _asked(request)
    if civil_id is None:
        return redirect("/sign-in")
    typed = request.form.get("code", "")
    try:
        token = request.diwan.identity.sign_in_citizen(
            civil_id, typed, request.source_ip, replaces=request.cookies.get(SESSION_COOKIE)
        )
    except Refusal as refusal:
        return _again(request, "sign_in_code.html", refusal, next=back, civil_id=civil_id)
    request.set_cookies.append(_asked_cookie("", 0))
    return redirect(back, session=token)


@routes.get("/staff/sign-in", Permission.PUBLIC)
def staff_sign_in(request: Request) -> Response:
    """Leads staff to the town's directory, or asks for e-mail, password and authenticator code on one page."""
    back = return_path(request.query.get("next", ""), "/staff")
    if request.actor.kind == "staff":
        return redirect(back)
    return _staff_door(request, back)


@routes.post("/staff/sign-in", Permission.PUBLIC)
def staff_sign_in_with_all(request: Request) -> Response:
    """Opens the session, or says no without saying which part was wrong."""
    back = return_path(request.form.get("next", ""), "/staff")
    email, password, totp = (request.form.get(name, "") for name in ("email", "password", "totp"))
    try:
        token = request.diwan.identity.sign_in_staff(
            email, password, totp, request.source_ip, replaces=request.cookies.get(SESSION_COOKIE)
        )
    except Refusal as refusal:
        return _staff_door(request, back, refusal)
    return redirect(back, session=token)


@routes.get("/staff/sign-in/directory", Permission.PUBLIC)
def to_directory(request: Request) -> Response:
    """Sends staff to the town's directory. By a link: our policy lets no form lead to another site."""
    directory, back = _directory(request), return_path(request.query.get("next", ""), "/staff")
    if request.actor.kind == "staff":
        return redirect(back)
    try:
        kept = back if len(back) <= _LONGEST_BACK else "/staff"
        departure = directory.begin(kept, request.language, request.source_ip)
    except Refusal as refusal:
        return _staff_door(request, back, refusal)
    request.set_cookies.append(_ticket_cookie(departure.ticket, int(DIRECTORY_PATIENCE.total_seconds())))
    return redirect(departure.url)


@routes.get("/staff/sign-in/return", Permission.PUBLIC)
def from_directory(request: Request) -> Response:
    """Opens the session of whom the directory sends back, or says why not and what to do."""
    if request.headers.get("sec-fetch-dest", "document") != "document":
        raise NotFound()  # a picture on some other site's page: twenty would make a whole town hall rest
    directory, ticket = _directory(request), request.cookies.get(_TICKET, "")
    back = return_path(directory.back(ticket), "/staff")
    request.set_cookies.append(_ticket_cookie("", 0))
    try:
        token = directory.finish(
            ticket, request.query, request.source_ip, replaces=request.cookies.get(SESSION_COOKIE)
        )
    except Refusal as refusal:
        # No link of the page may lead to this answer again, the one to the other language included.
        request.path, request.query = "/staff/sign-in", {"next": back}
        return _staff_door(request, back, refusal)
    return redirect(back, session=token)


@routes.post("/sign-out", Permission.SIGN_OUT)
def sign_out(request: Request) -> Response:
    """Ends the session here and in the database."""
    request.diwan.identity.sign_out(request.cookies.get(SESSION_COOKIE, ""))
    door = "/staff/sign-in" if request.actor.kind == "staff" else "/sign-in"
    return redirect(f"{door}?out=1", session=None)


def _directory(request: Request) -> DirectorySignIn:
    if request.diwan.directory is None:
        raise NotFound()
    return request.diwan.directory


def _staff_door(request: Request, back: str, refusal: Refusal | None = None) -> Response:
    """The page of the ways in for staff, and what went wrong on one of them."""
    directory = request.diwan.directory
    # Who left us, or may not come in, is still known there: the next at this desk would be taken for them.
    known_there = bool(refusal.kind == "forbidden" if refusal else request.query.get("out"))
    context: dict[str, Any] = {
        "next": back,
        "directory": directory is not None,
        "own_accounts": request.diwan.identity.own_accounts,
        "leave": directory.sign_out_url() if directory and known_there else None,
    }
    if refusal is not None:
        return _again(request, "staff_sign_in.html", refusal, **context)
    return page(request, "staff_sign_in.html", **context)


def _again(request: Request, template: str, refusal: Refusal, **context: Any) -> Response:
    """The page again, with what was typed (never a secret) and what to do."""
    kept = {name: request.form.get(name, "") for name in ("civil_id", "email")}
    return page(
        request,
        template,
        status=STATUS[refusal.kind],
        errors=field_errors(refusal),
        form=kept,
        **context,
    )


def _asked(request: Request) -> str | None:
    try:
        return parse_civil_id(request.cookies.get(_ASKED, ""))
    except Refusal:
        return None


def _asked_cookie(civil_id: str, seconds: int) -> str:
    return f"{_ASKED}={civil_id}; Path=/sign-in; Max-Age={seconds}; HttpOnly; SameSite=Strict"


def _ticket_cookie(ticket: str, seconds: int) -> str:
    return f"{_TICKET}={ticket}; Path=/staff/sign-in; Max-Age={seconds}; HttpOnly; SameSite=Lax"

"""Signing in and out, for programs."""

from datetime import datetime
from typing import Literal, cast

from pydantic import BaseModel, ConfigDict, Field, RootModel

from chalicelib.identity.errors import Unauthenticated
from chalicelib.identity.permissions import Permission
from chalicelib.identity.sessions import SessionView
from chalicelib.web.request import Request
from chalicelib.web.responses import SESSION_COOKIE
from chalicelib.web.routing import ApiRoutes

routes = ApiRoutes("identity")
_EXAMPLE_CIVIL_ID = "263091412004"


class CodeWanted(BaseModel):
    """Whose phone a one-time code goes to. Digits of any script, spaces allowed."""

    model_config = ConfigDict(extra="forbid")
    civil_id: str = Field(max_length=40, examples=[_EXAMPLE_CIVIL_ID])


class CodeSent(BaseModel):
    """When the code ends; the answer is the same for a civil ID that is not on file."""

    expires_at: datetime


class CitizenSignIn(BaseModel):
    """A citizen: civil ID and the code from the phone."""

    model_config = ConfigDict(extra="forbid")
    civil_id: str = Field(max_length=40, examples=[_EXAMPLE_CIVIL_ID])
    code: str = Field(max_length=20, examples=["123456"])


class StaffSignIn(BaseModel):
    """A member of staff: e-mail, password and the authenticator's code."""

    model_config = ConfigDict(extra="forbid")
    email: str = Field(max_length=254, examples=["clerk@marsa-alnoor.example"])
    password: str = Field(max_length=256)
    totp: str = Field(max_length=20, examples=["123456"])


class SignIn(RootModel[CitizenSignIn | StaffSignIn]):
    """Either a citizen's civil ID and code, or a staff member's e-mail, password and authenticator code."""


class Me(BaseModel):
    """Who is signed in, what they are, and until when at most."""

    id: str
    kind: Literal["citizen", "staff"]
    roles: list[str]
    name_ar: str
    name_en: str
    expires_at: datetime


class SignedIn(BaseModel):
    """The bearer token (shown once; send it as `Authorization: Bearer …`) and whose it is."""

    token: str
    me: Me


@routes.post(
    "/api/v1/codes",
    Permission.PUBLIC,
    body=CodeWanted,
    returns=CodeSent,
    status=202,
    summary="Send a one-time code to the phone on file",
)
def request_code(request: Request, body: CodeWanted) -> CodeSent:
    """Same answer for civil IDs that are and are not on file; three codes a quarter of an hour."""
    sent = request.diwan.identity.request_code(body.civil_id, request.source_ip)
    return CodeSent(expires_at=sent.expires_at)


@routes.post(
    "/api/v1/sessions",
    Permission.PUBLIC,
    body=SignIn,
    returns=SignedIn,
    # No Idempotency-Key: kept answers would keep tokens. A repeated sign-in needs a fresh code anyway.
    makes=False,
    status=201,
    summary="Sign in and get a bearer token",
)
def sign_in(request: Request, body: SignIn) -> SignedIn:
    """The token is for the Authorization header; it sets no cookie."""
    identity, given = request.diwan.identity, body.root
    if isinstance(given, CitizenSignIn):
        token = identity.sign_in_citizen(given.civil_id, given.code, request.source_ip)
    else:
        token = identity.sign_in_staff(given.email, given.password, given.totp, request.source_ip)
    session = identity.session(token, request.diwan.clock.now())
    if session is None:
        raise Unauthenticated()
    return SignedIn(token=token, me=_me(session))


@routes.delete("/api/v1/sessions/current", Permission.SIGN_OUT, summary="Sign out")
def sign_out(request: Request) -> None:
    """The token is of no use from now on."""
    bearer = request.headers.get("authorization", "").partition(" ")[2].strip()
    request.diwan.identity.sign_out(bearer if request.by_bearer else request.cookies[SESSION_COOKIE])


@routes.get("/api/v1/me", Permission.SIGN_OUT, returns=Me, summary="Who is signed in")
def me(request: Request) -> Me:
    """The session's owner."""
    return _me(cast(SessionView, request.session))


def _me(session: SessionView) -> Me:
    return Me(
        id=session.actor.id,
        kind=cast(Literal["citizen", "staff"], session.actor.kind),
        roles=sorted(session.actor.roles),
        name_ar=session.name_ar,
        name_en=session.name_en,
        expires_at=session.expires_at,
    )

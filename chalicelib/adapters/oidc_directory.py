"""The StaffDirectory port over OpenID Connect, as Cognito, Entra ID, Keycloak and Google speak it."""

import base64
import hashlib
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from chalicelib.adapters.id_token import SignatureUnknown, claims_of, judge
from chalicelib.adapters.oidc_provider import OidcProvider
from chalicelib.kernel.errors import Refusal
from chalicelib.ports.clock import Clock
from chalicelib.ports.staff_directory import (
    AuthenticationRequest,
    DirectoryAccount,
    DirectoryAnswerFalse,
    DirectoryAnswerVoid,
    DirectoryCancelled,
    DirectoryUnavailable,
)
from chalicelib.ports.stores import StoreIncomplete, StoreUnknown

_OPTIONS = {"client", "secret", "acr"}
# What a provider says to the browser when it is not the person's doing (RFC 6749, 4.1.2.1): fit for a log.
_TROUBLES = (
    "invalid_request",
    "invalid_scope",
    "server_error",
    "temporarily_unavailable",
    "unauthorized_client",
)


class OidcDirectory:
    """The authorization code flow with PKCE (S256), a nonce, and a secret that is read for each sign-in.

    `oidc+https://ISSUER?client=ID&secret=URL`: the issuer's own address behind `oidc+`, the name it knows us by, and
    where our secret is, read by `secret_at`. `acr=CLASS` demands that class of each sign-in. People come back to
    `home`/return, and to `home` after signing out there.
    """

    def __init__(self, url: str, home: str, secret_at: Callable[[str], str], clock: Clock) -> None:
        parts = urlsplit(url)
        told = dict(parse_qsl(parts.query))
        if missing := [name for name in ("client", "secret") if name not in told]:
            raise StoreIncomplete(url=url.partition("?")[0], missing=", ".join(missing))
        if not told.keys() <= _OPTIONS or not parts.netloc:
            raise StoreUnknown(url=url.partition("?")[0])
        self._provider = OidcProvider(url.removeprefix("oidc+").partition("?")[0], clock)
        self._client, self._secret, self._acr = told["client"], told["secret"], told.get("acr")
        self._secret_at = secret_at
        self._home, self._back = home, f"{home}/return"
        self._clock = clock

    def sign_in_url(self, request: AuthenticationRequest, language: str) -> str:
        """See StaffDirectory.sign_in_url."""
        digest = hashlib.sha256(request.verifier.encode()).digest()
        asked = {
            "response_type": "code",
            "client_id": self._client,
            "redirect_uri": self._back,
            "scope": "openid email",
            "state": request.state,
            "nonce": request.nonce,
            "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
            "code_challenge_method": "S256",
            "ui_locales": language,
            **({"acr_values": self._acr} if self._acr else {}),
        }
        return _with(self._provider.description().authorization, asked)

    def account(self, request: AuthenticationRequest, answer: Mapping[str, str]) -> DirectoryAccount:
        """See StaffDirectory.account."""
        if answer.get("iss", self._provider.issuer) != self._provider.issuer:
            raise DirectoryAnswerFalse(reason="iss")  # RFC 9207
        if error := answer.get("error"):
            if error == "access_denied":
                raise DirectoryCancelled()
            raise DirectoryUnavailable(reason=error if error in _TROUBLES else "error")
        if not (code := answer.get("code")):
            raise DirectoryAnswerVoid()
        token = self._provider.id_token(
            self._client,
            self._read_secret(),
            {
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": self._back,
                "code_verifier": request.verifier,
            },
        )
        claims = self._verified(token)
        judge(
            claims,
            issuer=self._provider.issuer,
            client=self._client,
            nonce=request.nonce,
            acr=self._acr,
            now=self._clock.now(),
        )
        return DirectoryAccount(self._provider.issuer, _subject(claims), _verified_email(claims))

    def sign_out_url(self) -> str | None:
        """See StaffDirectory.sign_out_url."""
        page = self._provider.description().end_session
        # OpenID Connect RP-Initiated Logout 1.0; Cognito has a name of its own for the way back.
        back = {"client_id": self._client, "post_logout_redirect_uri": self._home, "logout_uri": self._home}
        return _with(page, back) if page else None

    def reach(self) -> None:
        """See StaffDirectory.reach; the secret is looked for, too."""
        self._provider.description()
        self._provider.keys()
        self._read_secret()

    def _read_secret(self) -> str:
        try:
            return self._secret_at(self._secret)
        except Refusal as refusal:
            raise DirectoryUnavailable(reason=refusal.code) from refusal

    def _verified(self, token: str) -> Mapping[str, Any]:
        keys, fresh = self._provider.keys()
        try:
            return claims_of(token, keys)
        except SignatureUnknown:
            if fresh:
                raise DirectoryAnswerFalse(reason="signature") from None
        try:
            return claims_of(token, self._provider.fresh_keys())
        except SignatureUnknown:
            raise DirectoryAnswerFalse(reason="signature") from None


def _with(url: str, asked: Mapping[str, str]) -> str:
    return f"{url}{'&' if '?' in url else '?'}{urlencode(asked)}"


def _subject(claims: Mapping[str, Any]) -> str:
    """OpenID Connect Core 1.0, section 2: at most 255 ASCII characters."""
    subject = claims["sub"]
    if (
        not isinstance(subject, str)
        or len(subject) > 255
        or not (subject.isascii() and subject.isprintable())
    ):
        raise DirectoryAnswerFalse(reason="sub")
    return subject


def _verified_email(claims: Mapping[str, Any]) -> str | None:
    """The address, where the provider says that it is the person's: Entra ID has a claim of its own for that."""
    email = claims.get("email")
    vouched = claims.get("email_verified") is True or claims.get("xms_edov") in (True, "1", "true")
    if not vouched or not isinstance(email, str) or len(email) > 254 or not email.isprintable():
        return None
    return email

"""An OpenID provider over real HTTP, as strict as a town's own: one client, its secret, PKCE, codes good once.

Those on PyPI check no PKCE and sign no token that is wrong; what a test is to see refused is spoilt here.
"""

import base64
import hashlib
import hmac
import json
import logging
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from html import escape
from typing import Any
from urllib.parse import parse_qs, parse_qsl, unquote_plus, urlencode, urlsplit

import httpx
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey
from werkzeug import Request, Response
from werkzeug.serving import make_server

CLIENT, SECRET = "diwan", "a secret: of signs & spaces"
_FORM = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>The town's directory</title><h1>The town's directory</h1><form method="post">{}</form></html>"""
_BUTTON = '<p><button name="who" value="{0}">{0}</button></p>'
Fault = Callable[[Request], Response | None]


class OidcServer:
    """One server for a session of tests; `forget` makes it as it was. `people` are claims by e-mail."""

    def __init__(self) -> None:
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        self._server = make_server("127.0.0.1", 0, Request.application(self._answer), threaded=True)
        self.url = self.issuer = f"http://127.0.0.1:{self._server.port}/town"
        self._thread = threading.Thread(target=self._server.serve_forever, name="oidc", daemon=True)
        self._thread.start()
        self._first_key = RSAKey.generate_key(2048, auto_kid=True)
        self.forget()

    def forget(self) -> None:
        """Nobody has an account, everything is in order."""
        self.people: dict[str, dict[str, Any]] = {}
        self.homes: set[str] = set()
        self.now: Callable[[], float] = time.time
        self.asked: list[str] = []
        self.faults: dict[str, Fault] = {}
        # What the next tokens state instead; None for a claim that is left out.
        self.claims: dict[str, Any] = {}
        self.description: dict[str, Any] = {}
        self.sign: Callable[[dict[str, Any]], str] = self._sign
        self.refused = ""
        self._codes: dict[str, dict[str, str]] = {}
        self.turn_key(self._first_key)

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def url_of_directory(self, secret_file: object, **more: str) -> str:
        """What DIWAN_STAFF_DIRECTORY is."""
        told = {"client": CLIENT, "secret": f"file://{secret_file}", **more}
        return f"oidc+{self.issuer}?{urlencode(told)}"

    def employ(self, email: str, **claims: Any) -> dict[str, Any]:
        """An account of this address; its claims, which may be changed."""
        account = {"sub": secrets.token_hex(8), "email": email, "email_verified": True, **claims}
        self.people[email] = account
        return account

    def turn_key(self, key: RSAKey | ECKey | None = None) -> None:
        """Sign with another key from now on; the old one is published no more."""
        self.key: RSAKey | ECKey = key or RSAKey.generate_key(2048, auto_kid=True)
        self.published: list[RSAKey | ECKey] = [self.key]

    def sign_in(self, url: str, who: str = "") -> dict[str, str]:
        """Do what a person does at `url`, in a browser of their own: choose an account, or nobody's and turn back.

        What the address they are sent back to says.
        """
        with httpx.Client() as browser:
            shown = browser.get(url)
            assert shown.status_code == 200, shown.text
            sent = browser.post(url, data={"who": who})
        assert sent.status_code == 302, sent.text
        return dict(parse_qsl(urlsplit(sent.headers["location"]).query))

    def _answer(self, request: Request) -> Response:
        path = request.path.removeprefix("/town")
        self.asked.append(path)
        if (fault := self.faults.get(path)) and (instead := fault(request)) is not None:
            return instead
        pages = {
            "/.well-known/openid-configuration": self._describe,
            "/authorize": self._authorize,
            "/token": self._token,
            "/keys": lambda _: as_json(KeySet(list(self.published)).as_dict()),
            "/logout": self._logout,
        }
        return pages[path](request) if path in pages else Response(status=404)

    def _describe(self, _: Request) -> Response:
        told = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.url}/authorize?p=staff",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            "end_session_endpoint": f"{self.url}/logout",
        } | self.description
        return as_json({name: value for name, value in told.items() if value is not None})

    def _authorize(self, request: Request) -> Response:
        asked = request.args.to_dict()
        wrong = [
            name
            for name, right in {
                "client_id": asked.get("client_id") == CLIENT,
                "redirect_uri": asked.get("redirect_uri", "").removesuffix("/return") in self.homes,
                "response_type": asked.get("response_type") == "code",
                "scope": "openid" in asked.get("scope", "").split(),
                "code_challenge": len(asked.get("code_challenge", "")) == 43,
                "code_challenge_method": asked.get("code_challenge_method") == "S256",
                "state": len(asked.get("state", "")) >= 32,
                "nonce": len(asked.get("nonce", "")) >= 32,
            }.items()
            if not right
        ]
        if wrong:
            return Response(f"wrong: {wrong}", 400)
        if request.method == "GET":
            buttons = "".join(_BUTTON.format(escape(email)) for email in self.people)
            cancel = '<p><button name="who" value="">Cancel</button></p>'
            return Response(_FORM.format(buttons + cancel), mimetype="text/html")
        answer = {"state": asked["state"], "iss": self.issuer}
        if who := request.form["who"]:
            answer["code"] = secrets.token_urlsafe(16)
            self._codes[answer["code"]] = {**asked, "who": who}
        else:
            answer["error"] = self.refused or "access_denied"
        return Response(status=302, headers={"Location": f"{asked['redirect_uri']}?{urlencode(answer)}"})

    def _token(self, request: Request) -> Response:
        given = request.form.to_dict()
        client, secret = given.get("client_id"), given.get("client_secret")
        if request.authorization is not None:
            client = unquote_plus(request.authorization.username or "")
            secret = unquote_plus(request.authorization.password or "")
        if (client, secret) != (CLIENT, SECRET):
            return as_json({"error": "invalid_client"}, 401)
        asked = self._codes.pop(given.get("code", ""), None)
        digest = hashlib.sha256(given.get("code_verifier", "").encode()).digest()
        if (
            asked is None
            or given.get("redirect_uri") != asked["redirect_uri"]
            or base64.urlsafe_b64encode(digest).decode().rstrip("=") != asked["code_challenge"]
        ):
            return as_json({"error": "invalid_grant"}, 400)
        now = int(self.now())
        told = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": asked["nonce"]}
        told |= {"acr": asked["acr_values"]} if "acr_values" in asked else {}
        told |= self.people[asked["who"]] | self.claims
        claims = {name: value for name, value in told.items() if value is not None}
        return as_json({"access_token": "a", "token_type": "Bearer", "id_token": self.sign(claims)})

    def _sign(self, claims: dict[str, Any]) -> str:
        algorithm = "ES256" if isinstance(self.key, ECKey) else "RS256"
        return jwt.encode({"alg": algorithm, "kid": self.key.kid}, claims, self.key, algorithms=[algorithm])

    def _logout(self, request: Request) -> Response:
        home = request.args.get("post_logout_redirect_uri", "")
        if request.args.get("client_id") != CLIENT or home not in self.homes:
            return Response("wrong", 400)
        return Response(status=302, headers={"Location": home})


def as_json(told: Mapping[str, Any], status: int = 200) -> Response:
    """An answer of a service."""
    return Response(json.dumps(told), status, mimetype="application/json")


def unsigned(claims: dict[str, Any]) -> str:
    """A token that says it needs no signature."""
    return b".".join((_encoded({"alg": "none"}), _encoded(claims), b"")).decode()


def signed_with_public_key(server: OidcServer) -> Callable[[dict[str, Any]], str]:
    """Tokens by HS256 whose shared secret is what everybody can read: the published key."""

    def sign(claims: dict[str, Any]) -> str:
        body = b".".join(_encoded(part) for part in ({"alg": "HS256", "kid": server.key.kid}, claims))
        mark = hmac.digest(server.key.as_pem(private=False), body, "sha256")
        return b".".join((body, base64.urlsafe_b64encode(mark).rstrip(b"="))).decode()

    return sign


def _encoded(part: dict[str, Any]) -> bytes:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=")


def signed_by_another(server: OidcServer) -> Callable[[dict[str, Any]], str]:
    """Tokens by a key that is not theirs, under the name of theirs."""
    other = RSAKey.generate_key(2048)

    def sign(claims: dict[str, Any]) -> str:
        return jwt.encode({"alg": "RS256", "kid": server.key.kid}, claims, other, algorithms=["RS256"])

    return sign


def query(url: str) -> dict[str, str]:
    """The parameters of an address."""
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}

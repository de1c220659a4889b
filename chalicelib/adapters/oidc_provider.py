"""What an OpenID provider publishes and hands out: its description, its keys, an ID token for a code."""

import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote_plus, urlencode

import urllib3
from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, Key, KeySet
from urllib3.util import Timeout, make_headers

from chalicelib.ports.clock import Clock
from chalicelib.ports.staff_directory import DirectoryAnswerVoid, DirectoryUnavailable

# Description, token, keys and newer keys one after another end within the 29 seconds of API Gateway.
_PATIENCE, _LONGEST = Timeout(connect=3, read=4), 6.0
_MOST_BYTES = 500_000
_FRESH = timedelta(hours=1)
_URL = re.compile(r"https?://[!-~]+")
# RFC 6749, section 5.2: only these words of theirs go into a log.
_REFUSALS = ("invalid_client", "invalid_grant", "invalid_request", "invalid_scope", "unauthorized_client")


@dataclass(frozen=True)
class Description:
    """OpenID Connect Discovery 1.0, section 3: what we use of it. `posts_secret`: it takes secrets in forms only."""

    authorization: str
    token: str
    keys: str
    end_session: str | None
    posts_secret: bool


class OidcProvider:
    """The provider at `issuer`; what it publishes is kept for an hour. Its every fault is DirectoryUnavailable."""

    def __init__(self, issuer: str, clock: Clock) -> None:
        self.issuer = issuer
        self._clock = clock
        # Nothing is asked twice and nobody sends us elsewhere: a code is good once.
        self._http = urllib3.PoolManager(timeout=_PATIENCE, retries=False)
        self._description: tuple[datetime, Description] | None = None
        self._keys: tuple[datetime, KeySet] | None = None

    def description(self) -> Description:
        """Where its pages and services are."""
        kept = self._description
        if kept is None or self._clock.now() - kept[0] > _FRESH:
            told = self._get(f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
            kept = self._description = self._clock.now(), self._described(told)
        return kept[1]

    def keys(self) -> tuple[KeySet, bool]:
        """What its tokens are verified with, and whether that was fetched just now."""
        kept = self._keys
        if kept is None or self._clock.now() - kept[0] > _FRESH:
            return self.fresh_keys(), True
        return kept[1], False

    def fresh_keys(self) -> KeySet:
        """The keys as they are published now."""
        told = self._get(self.description().keys).get("keys")
        keys = [key for each in told if (key := _key(each))] if isinstance(told, list) else []
        if not keys:
            raise DirectoryUnavailable(reason="no-keys")
        self._keys = self._clock.now(), KeySet(keys)
        return self._keys[1]

    def id_token(self, client: str, secret: str, form: Mapping[str, str]) -> str:
        """The ID token for an authorization code. Raises DirectoryAnswerVoid for one that is not good (any more)."""
        described = self.description()
        fields = dict(form)
        headers = {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"}
        if described.posts_secret:
            fields |= {"client_id": client, "client_secret": secret}
        else:
            # RFC 6749, section 2.3.1: both are form-encoded first.
            pair = ":".join(quote_plus(part) for part in (client, secret))
            headers |= make_headers(basic_auth=pair)
        status, told = self._ask("POST", described.token, headers, urlencode(fields))
        if status != 200:
            error = told.get("error")
            if error == "invalid_grant":
                raise DirectoryAnswerVoid()
            raise DirectoryUnavailable(reason=error if error in _REFUSALS else f"status-{status}")
        token = told.get("id_token")
        if not isinstance(token, str) or not token.isascii():
            raise DirectoryUnavailable(reason="no-id-token")
        return token

    def _described(self, told: Mapping[str, Any]) -> Description:
        if told.get("issuer") != self.issuer:
            raise DirectoryUnavailable(reason="other-issuer")
        methods = told.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        return Description(
            authorization=self._url(told, "authorization_endpoint"),
            token=self._url(told, "token_endpoint"),
            keys=self._url(told, "jwks_uri"),
            end_session=self._url(told, "end_session_endpoint") if "end_session_endpoint" in told else None,
            posts_secret="client_secret_basic" not in methods,
        )

    def _url(self, told: Mapping[str, Any], name: str) -> str:
        url = told.get(name)
        plain = self.issuer.startswith("http:")
        if not isinstance(url, str) or not _URL.fullmatch(url) or not (plain or url.startswith("https:")):
            raise DirectoryUnavailable(reason=name.replace("_", "-"))
        return url

    def _get(self, url: str) -> Mapping[str, Any]:
        status, told = self._ask("GET", url, {"Accept": "application/json"})
        if status != 200:
            raise DirectoryUnavailable(reason=f"status-{status}")
        return told

    def _ask(
        self, method: str, url: str, headers: Mapping[str, str], body: str | None = None
    ) -> tuple[int, Mapping[str, Any]]:
        until, said = time.monotonic() + _LONGEST, b""
        try:
            answer = self._http.request(
                method, url, headers=headers, body=body, redirect=False, preload_content=False
            )
            try:
                while part := answer.read1(65_536):
                    said += part
                    if len(said) > _MOST_BYTES or time.monotonic() > until:
                        raise DirectoryUnavailable(reason="endless")
            finally:
                answer.close()  # not kept: one that has died meanwhile would fail the next sign-in
            told = json.loads(said)
        except urllib3.exceptions.HTTPError as error:
            raise DirectoryUnavailable(reason=type(error).__name__) from None
        except (ValueError, RecursionError):
            told = None
        if not isinstance(told, dict):
            reason = "not-json" if answer.status == 200 else f"status-{answer.status}"
            raise DirectoryUnavailable(reason=reason)
        return answer.status, told


def _key(told: Any) -> Key | None:
    """A public key that signs; None for any other. One that cannot be understood does not spoil the rest."""
    try:
        if told["kty"] in ("RSA", "EC") and told.get("use", "sig") == "sig":
            return JWKRegistry.import_key(told)
    except (JoseError, ValueError, TypeError, KeyError, AttributeError):
        pass
    return None

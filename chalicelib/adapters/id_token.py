"""Whether an ID token is to be believed: OpenID Connect Core 1.0, section 3.1.3.7."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from joserfc import jwt
from joserfc.errors import BadSignatureError, ClaimError, InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jwt import JWTClaimsRegistry

from chalicelib.ports.staff_directory import DirectoryAnswerFalse, DirectoryClockWrong, SecondFactorMissing

# Asymmetric ones only: `none` proves nothing, and with HS… a public key would be taken for a shared secret.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
_LEEWAY = 120  # seconds that two clocks may differ
_TIMES = frozenset({"exp", "iat", "nbf"})


class SignatureUnknown(Exception):
    """No key at hand verifies it; the provider may have taken a new one."""


def claims_of(token: str, keys: KeySet) -> Mapping[str, Any]:
    """What stands in a token that one of the keys signed. Raises SignatureUnknown, DirectoryAnswerFalse."""
    try:
        return jwt.decode(token, keys, algorithms=ALGORITHMS).claims
    except (BadSignatureError, InvalidKeyIdError):
        raise SignatureUnknown() from None
    except (JoseError, ValueError, TypeError, RecursionError):
        raise DirectoryAnswerFalse(reason="token") from None


def judge(
    claims: Mapping[str, Any], *, issuer: str, client: str, nonce: str, acr: str | None, now: datetime
) -> None:
    """Return when they were told by `issuer`, to us, now, and for this sign-in; else what is wrong with them.

    Raises DirectoryAnswerFalse, DirectoryClockWrong; SecondFactorMissing where `acr` is demanded and not stated.
    """
    registry = JWTClaimsRegistry(
        int(now.timestamp()),
        _LEEWAY,
        iss={"essential": True, "value": issuer},
        aud={"essential": True, "value": client},
        azp={"value": client},
        sub={"essential": True},
        nonce={"essential": True, "value": nonce},
        exp={"essential": True},
        iat={"essential": True},
    )
    try:
        registry.validate(dict(claims))
    except ClaimError as error:
        if error.claim in _TIMES and isinstance(claims.get(error.claim), (int, float)):
            raise DirectoryClockWrong() from None
        raise DirectoryAnswerFalse(reason=error.claim) from None
    # A token for several needs to say for whom it was made.
    if isinstance(claims["aud"], list) and len(claims["aud"]) > 1 and "azp" not in claims:
        raise DirectoryAnswerFalse(reason="azp")
    if acr is not None and claims.get("acr") != acr:
        raise SecondFactorMissing()

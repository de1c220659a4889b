"""What a database in AWS takes for a password, asked for at each new connection: so it is never out of date."""

import json
from collections.abc import Callable, Mapping
from functools import cache

from sqlalchemy import URL

from chalicelib.adapters.aws.clients import client
from chalicelib.adapters.aws.secrets_manager import read_secret

_POSTGRES = 5432


def password_of(address: URL, told: Mapping[str, str]) -> Callable[[], str]:
    """What gives the password for `address`: by `iam` a token that holds for 15 minutes, else by the `secret` named.

    A secret is the password itself, or JSON with a `password` in it, as RDS keeps its own.
    """
    if "iam" in told:

        @cache
        def rds() -> object:
            return client("rds", told)

        def token() -> str:
            # Signed here; nothing is sent for it.
            made: str = rds().generate_db_auth_token(  # type: ignore[attr-defined]
                DBHostname=address.host, Port=address.port or _POSTGRES, DBUsername=address.username
            )
            return made

        return token
    return lambda: _password(read_secret(told["secret"], told))


def _password(secret: str) -> str:
    try:
        held = json.loads(secret)
    except ValueError:
        return secret
    return str(held["password"]) if isinstance(held, dict) else secret

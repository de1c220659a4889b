"""Secrets from AWS Secrets Manager, which infrastructure makes and rotates: we may read them and nothing else."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from botocore.exceptions import ClientError

from chalicelib.adapters.aws.clients import client, code_of, options
from chalicelib.ports.stores import SecretMissing, StoreDenied

_SHORTEST = 32


def secret_bytes(url: str) -> bytes:
    """The secret at `secretsmanager://NAME`, at least 32 bytes of it. Raises SecretMissing."""
    secret = secret_text(url).encode()
    if len(secret) < _SHORTEST:
        raise SecretMissing(name=_name(url))
    return secret


def secret_text(url: str) -> str:
    """The text of the secret at `secretsmanager://NAME` as it is now. Raises SecretMissing."""
    return read_secret(_name(url), options(url))


def read_secret(name: str, told: Mapping[str, str]) -> str:
    """The text of a secret as it is now. Raises SecretMissing."""
    try:
        held = client("secretsmanager", told).get_secret_value(SecretId=name)
    except ClientError as error:
        if code_of(error) in ("ResourceNotFoundException", "InvalidRequestException"):
            raise SecretMissing(name=name) from None
        # Its key is disabled, or not ours to use: a person has to see to it.
        raise StoreDenied(
            service="secretsmanager", operation=error.operation_name, reason=code_of(error)
        ) from error
    text: str = held.get("SecretString", "")
    return text


def _name(url: str) -> str:
    parts = urlsplit(url)
    return parts.netloc + parts.path

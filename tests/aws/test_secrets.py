"""Secrets from Secrets Manager, and databases that are signed in to with one or with a token."""

import json
import time
from collections.abc import Iterator
from contextlib import nullcontext
from typing import Any
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest
from botocore.exceptions import ReadTimeoutError
from sqlalchemy import event, text
from sqlalchemy.engine import make_url

from chalicelib.adapters.aws import secrets_manager
from chalicelib.adapters.aws.database_password import password_of
from chalicelib.adapters.by_url import database_at, given_secret_at, secret_at
from chalicelib.database.engine import Database
from chalicelib.ports.stores import SecretMissing, StoreDenied, StoreUnavailable, StoreUnknown
from tests.aws_server import REGION, AwsServer, Fault, faults, half_done, refused
from tests.postgres_server import PostgresServer


def keep(aws: AwsServer, secret: str) -> str:
    name = aws.name("diwan/web")
    aws.client("secretsmanager").create_secret(Name=name, SecretString=secret)
    return name


def test_every_function_has_the_same_secret(aws: AwsServer) -> None:
    name = keep(aws, "s" * 32)
    url = f"secretsmanager://{name}?{aws.options()}"
    assert secret_at(url) == secret_at(url) == b"s" * 32


def test_no_secret_and_one_that_keeps_none(aws: AwsServer) -> None:
    for name in (keep(aws, "short"), "diwan/nothing"):
        with pytest.raises(SecretMissing):
            secret_at(f"secretsmanager://{name}?{aws.options()}")


def test_a_secret_of_others_is_told_as_it_is_now(aws: AwsServer) -> None:
    url = f"secretsmanager://{(name := keep(aws, 'short'))}?{aws.options()}"
    assert given_secret_at(url) == "short"
    aws.client("secretsmanager").put_secret_value(SecretId=name, SecretString="turned")
    assert given_secret_at(url) == "turned"
    with pytest.raises(SecretMissing):
        given_secret_at(f"secretsmanager://diwan/nothing?{aws.options()}")
    with pytest.raises(StoreUnknown):
        given_secret_at("https://town.example/secret")


@pytest.fixture
def reader(aws: AwsServer, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The client that secrets are read with, for faults to be put in its way."""
    made = secrets_manager.client("secretsmanager", {"endpoint": aws.url, "region": REGION})
    monkeypatch.setattr(secrets_manager, "client", lambda *_: made)
    return made


@pytest.mark.parametrize(
    ("fault", "times", "refusal"),
    [
        (refused(400, "ThrottlingException"), 1, None),
        (half_done(ReadTimeoutError(endpoint_url="there")), 1, None),
        (refused(500, "InternalServiceError"), 9, StoreUnavailable),
        (refused(400, "AccessDeniedException"), 1, StoreDenied),
        (refused(400, "DecryptionFailure"), 1, StoreDenied),
    ],
)
def test_a_start_that_is_hindered_waits_or_says_why(
    aws: AwsServer, reader: Any, hurried: None, fault: Fault, times: int, refusal: type[Exception] | None
) -> None:
    url = f"secretsmanager://{keep(aws, 's' * 32)}"
    with (
        faults(reader, "GetSecretValue", *[fault] * times) as met,
        pytest.raises(refusal) if refusal else nullcontext(),
    ):
        assert secret_at(url) == b"s" * 32
    assert met


@pytest.fixture
def locked(postgres: PostgresServer) -> Iterator[str]:
    """The URL of a database that asks its user for a password; no password in it."""
    name = postgres.create_database()
    with postgres.passwords_asked_of("town"):
        yield postgres.url(name).replace("postgres@", "town@")
    postgres.drop_database(name)


def one(database: Database) -> object:
    with database.reading() as tx:
        return tx.scalar(text("select 1"))


def set_password(postgres: PostgresServer, password: str) -> None:
    with psycopg.connect(postgres.url("postgres").replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(f"alter role town password '{password}'")


@pytest.mark.parametrize(
    "wrap", [str, lambda password: json.dumps({"username": "town", "password": password})]
)
def test_a_database_is_opened_with_its_secret_also_after_a_change(
    aws: AwsServer, postgres: PostgresServer, locked: str, wrap: type[str]
) -> None:
    name = keep(aws, wrap("first"))
    set_password(postgres, "first")
    database = database_at(f"{locked}?secret={name}&pool=1&sslmode=disable&{aws.options()}")
    assert one(database) == 1
    database.close()
    set_password(postgres, "second")
    with pytest.raises(StoreUnavailable):
        one(database)
    aws.client("secretsmanager").put_secret_value(SecretId=name, SecretString=wrap("second"))
    assert one(database) == 1
    database.close()


def test_a_token_is_made_for_each_connection(aws: AwsServer) -> None:
    address = make_url("postgresql+psycopg://town@db.example:5433/diwan")
    token = password_of(address, {"iam": "1", "region": REGION})()
    asked = parse_qs(urlsplit(f"https://{token}").query)
    assert token.startswith("db.example:5433/?")
    assert (asked["Action"], asked["DBUser"], asked["X-Amz-Expires"]) == (["connect"], ["town"], ["900"])
    assert f"/{REGION}/rds-db/aws4_request" in asked["X-Amz-Credential"][0]


def test_the_token_is_what_the_database_is_given(
    aws: AwsServer, postgres: PostgresServer, locked: str
) -> None:
    given: list[str] = []
    set_password(postgres, "first")
    database = database_at(f"{locked}?iam=1&pool=1&sslmode=disable&region={REGION}")

    @event.listens_for(database.engine, "do_connect")
    def stand_in_for_rds(
        _dialect: object, _record: object, _arguments: object, options: dict[str, str]
    ) -> None:
        given.append(options["password"])
        options["password"] = "first"

    assert one(database) == 1
    assert "Action=connect" in given[0] and "X-Amz-Signature" in given[0]
    database.close()


def test_a_password_never_crosses_the_network_in_the_clear_by_default() -> None:
    database = database_at("postgresql+psycopg://town@db.example/diwan?iam=1&region=eu-central-1")
    assert database.url.query["sslmode"] == "require"
    assert set(database.url.query) == {"sslmode"}


def test_a_database_with_a_password_of_its_own_is_asked_for_no_other() -> None:
    database = database_at("postgresql+psycopg://town:anchor@db.example/diwan?pool=2&region=eu-central-1")
    assert (database.url.password, dict(database.url.query)) == ("anchor", {})


def test_one_connection_is_kept_and_one_more_lent(postgres_url: str) -> None:
    """A function does one thing at a time; a lease is renewed beside it, and that must not wait for its end."""
    database = database_at(f"{postgres_url}?pool=1")
    with database.transaction() as tx:
        assert tx.scalar(text("select 1")) == one(database)
    with database.reading() as tx:
        wanted = text("select count(*) from pg_stat_activity where datname = current_database()")
        end = time.monotonic() + 10  # the server takes a moment to see that a connection was closed
        while tx.scalar(wanted) != 1:
            assert time.monotonic() < end
            tx.rollback()
            time.sleep(0.02)
    database.close()

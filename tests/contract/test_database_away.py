"""A PostgreSQL that is not there, says nothing or breaks off is a store that is away, and nobody waits for ever."""

import socket
from collections.abc import Iterator

import pytest
from sqlalchemy import text

from chalicelib.database.engine import Database
from chalicelib.ports.stores import StoreUnavailable


def ask(database: Database) -> int | None:
    with database.reading() as tx:
        return tx.scalar(text("select pg_backend_pid()"))


@pytest.fixture
def silent_port() -> Iterator[int]:
    """Takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture
def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
    return port


def test_one_that_says_nothing_is_given_up(silent_port: int) -> None:
    database = Database(f"postgresql+psycopg://town@127.0.0.1:{silent_port}/diwan?connect_timeout=2")
    with pytest.raises(StoreUnavailable) as told:
        ask(database)
    assert told.value.data == {
        "service": "postgresql", "operation": "connect", "reason": "ConnectionTimeout",
    }  # fmt: skip


def test_one_that_is_not_there_is_away(closed_port: int) -> None:
    database = Database(f"postgresql+psycopg://town@127.0.0.1:{closed_port}/diwan")
    with pytest.raises(StoreUnavailable) as told, database.transaction() as tx:
        tx.execute(text("select 1"))
    assert told.value.data["operation"] == "connect"


def test_one_that_breaks_off_is_away_and_comes_back(postgres_database: Database) -> None:
    with pytest.raises(StoreUnavailable) as told, postgres_database.transaction() as tx:
        tx.execute(text("select pg_terminate_backend(pg_backend_pid())"))
    assert told.value.data["operation"] == "query"
    assert ask(postgres_database)


def test_a_kept_connection_that_was_cut_off_is_nobodys_trouble(postgres_database: Database) -> None:
    cut = ask(postgres_database)
    other = Database(postgres_database.url)
    with other.reading() as tx:
        tx.execute(text(f"select pg_terminate_backend({cut})"))
    other.close()
    assert ask(postgres_database) not in (None, cut)


def test_a_silence_ends_by_itself_also_later(postgres_database: Database) -> None:
    with postgres_database.engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver
        with socket.socket(fileno=socket.dup(driver.fileno())) as wire:  # what the kernel was told
            assert wire.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 15000
            assert wire.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
            assert wire.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) == 5
        assert driver.info.get_parameters()["connect_timeout"] == "10"


def test_what_the_url_says_holds(postgres_database: Database) -> None:
    told = {"connect_timeout": "3", "tcp_user_timeout": "4000"}
    database = Database(postgres_database.url.update_query_dict(told))
    with database.engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver
        assert told.items() <= driver.info.get_parameters().items()
    database.close()

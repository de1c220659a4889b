"""What every kind of test may ask for: databases of both makes, a browser, independent files.

What is absent is skipped, and said; a name in DIWAN_REQUIRE (comma separated) makes its absence
a failure instead.
"""

import os
import pkgutil
import shutil
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest
from hypothesis import settings

import chalicelib
from chalicelib.database.base import Base
from chalicelib.database.engine import Database
from tests import opensearch_node, postgres_server

if TYPE_CHECKING:
    from tests.aws_server import AwsServer
    from tests.oidc_server import OidcServer

# No test tells time: how long an example takes is the machine's affair.
settings.register_profile("diwan", deadline=None)
settings.load_profile("diwan")

REQUIRED = frozenset(os.environ.get("DIWAN_REQUIRE", "").replace(",", " ").split())


def absent(name: str, how_to_get_it: str) -> NoReturn:
    """Skip this test, or fail it when `name` is required."""
    if name in REQUIRED:
        pytest.fail(f"{name} is required and absent: {how_to_get_it}", pytrace=False)
    pytest.skip(f"{name} is absent: {how_to_get_it}")


@pytest.fixture(scope="session")
def postgres() -> Iterator[postgres_server.PostgresServer]:
    """A running server of our own; one for each xdist worker."""
    bin_folder = postgres_server.binaries()
    if bin_folder is None:
        absent("postgres", postgres_server.HOW_TO_GET_IT)
    server = postgres_server.PostgresServer(bin_folder)
    yield server
    server.stop()


@pytest.fixture
def postgres_url(postgres: postgres_server.PostgresServer) -> Iterator[str]:
    """The URL of an empty PostgreSQL database of this test's own."""
    name = postgres.create_database()
    yield postgres.url(name)
    postgres.drop_database(name)


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database of this test's own: once SQLite, once PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.sqlite3'}"
    return request.getfixturevalue("postgres_url")


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> Database:
    """A database of this test's own with every table in it: once SQLite, once PostgreSQL."""
    return request.getfixturevalue(f"{request.param}_database")


@pytest.fixture
def sqlite_database(sqlite_with_tables: Path, tmp_path: Path) -> Iterator[Database]:
    """A SQLite database of this test's own with every table in it."""
    file = tmp_path / "test.sqlite3"
    shutil.copy(sqlite_with_tables, file)
    database = Database(f"sqlite:///{file}")
    yield database
    database.close()


@pytest.fixture
def postgres_database(
    postgres: postgres_server.PostgresServer, postgres_with_tables: str
) -> Iterator[Database]:
    """A PostgreSQL database of this test's own with every table in it."""
    name = postgres.create_database(template=postgres_with_tables)
    database = Database(postgres.url(name))
    yield database
    database.close()
    postgres.drop_database(name)


@pytest.fixture(scope="session")
def sqlite_with_tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file that each test's SQLite database is copied from."""
    file = tmp_path_factory.mktemp("sqlite") / "tables.sqlite3"
    _create_tables(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def postgres_with_tables(postgres: postgres_server.PostgresServer) -> str:
    """The database that each test's PostgreSQL database is copied from."""
    name = postgres.create_database(name="tables")
    _create_tables(postgres.url(name))
    return name


def _create_tables(url: str) -> None:
    for package in pkgutil.iter_modules(chalicelib.__path__, "chalicelib."):
        if package.ispkg and find_spec(f"{package.name}.models"):
            import_module(f"{package.name}.models")
    database = Database(url)
    Base.metadata.create_all(database.engine)
    database.close()


@pytest.fixture(scope="session")
def opensearch() -> Iterator[opensearch_node.OpenSearchNode]:
    """A running OpenSearch node of our own; one for each xdist worker."""
    java, jars = opensearch_node.java(), opensearch_node.jars()
    if java is None or jars is None:
        absent("opensearch", opensearch_node.HOW_TO_GET_IT)
    node = opensearch_node.OpenSearchNode(java, jars)
    yield node
    node.stop()


@pytest.fixture(scope="session")
def aws() -> Iterator["AwsServer"]:
    """A stand-in for AWS; one for each xdist worker."""
    from tests.aws_server import AwsServer  # slow to load, and few tests ask for it

    server = AwsServer()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def oidc_for_all() -> Iterator["OidcServer"]:
    """An OpenID provider; one for each xdist worker."""
    from tests.oidc_server import OidcServer

    server = OidcServer()
    yield server
    server.stop()


@pytest.fixture
def oidc(oidc_for_all: "OidcServer") -> "OidcServer":
    """The same, as if it had been made for this test."""
    oidc_for_all.forget()
    return oidc_for_all


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium that Playwright can drive."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return path
    absent("chromium", "install Chromium (Debian: apt-get install chromium)")


@pytest.fixture(scope="session")
def independent_files() -> Path:
    """The folder of real files that others made, named by DIWAN_INDEPENDENT_FILES."""
    folder = os.environ.get("DIWAN_INDEPENDENT_FILES")
    if not folder:
        absent("independent-files", "name a folder of them in DIWAN_INDEPENDENT_FILES")
    return Path(folder)

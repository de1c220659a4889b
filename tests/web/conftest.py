"""A whole Diwan for each test, with people in it, behind a browser without a screen.

- `town`: the sample municipality with every role able to sign in (see tests/town.py). Use this one for
  journeys, permissions and anything that needs licences, parcels or staff.
- `shared_town`: the same, one for all tests of a session that change nothing.
- `diwan`, `browser`, `signed_in_citizen`, `staff_browser`: the same program with one citizen on file.
- `live_server`: a real `diwan run` on a free port, one a session (see tests/live_server.py).
"""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pyotp
import pytest
from chalice import Chalice
from sqlalchemy import select

from chalicelib.bootstrap import Diwan, build
from chalicelib.commands import sample_municipality
from chalicelib.database.base import Base
from chalicelib.database.engine import Database
from chalicelib.database.migrate import migrate
from chalicelib.kernel.actor import system
from chalicelib.notifications.models import NotificationRow
from chalicelib.settings import read_settings
from chalicelib.web.application import register
from chalicelib.web.serve import WsgiApp
from tests.live_server import LiveServer
from tests.moving_clock import MovingClock
from tests.town import Town
from tests.web_browser import Browser

CIVIL_ID, PASSWORD, SECRET = "263091412004", "anchor-lantern-clerk", "3SO3RZIKI5G53CTYOZEUOJXRAQR4A3K7"


@pytest.fixture
def clock() -> MovingClock:
    return MovingClock()


@pytest.fixture(scope="session")
def empty_town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database file that each test's Diwan starts with: every table, those of the web too."""
    file = tmp_path_factory.mktemp("town") / "diwan.sqlite3"
    database = Database(f"sqlite:///{file}")
    Base.metadata.create_all(database.engine)
    database.close()
    return file


@pytest.fixture
def diwan(tmp_path: Path, clock: MovingClock, empty_town: Path) -> Iterator[Diwan]:
    """Everything, on SQLite, with one citizen on file."""
    (tmp_path / "data").mkdir()
    shutil.copy(empty_town, tmp_path / "data" / "diwan.sqlite3")
    built = build(read_settings({}, data=tmp_path / "data"), clock=clock)
    built.identity.register_party(
        system("tests"),
        civil_id=CIVIL_ID,
        name_ar="عبد الرحمن الساحلي",
        name_en="Abdulrahman Al-Saheli",
        phone="50001101",
    )
    yield built
    built.close()


@pytest.fixture
def app(diwan: Diwan) -> WsgiApp:
    chalice = Chalice(app_name="diwan", configure_logs=False)
    register(chalice, diwan)
    return WsgiApp(chalice, diwan)


@pytest.fixture
def browser(app: WsgiApp) -> Browser:
    return Browser(app)


@pytest.fixture
def last_code(diwan: Diwan) -> Callable[[], str]:
    """The code of the latest message, as the citizen's phone shows it."""

    def read() -> str:
        latest = select(NotificationRow.text).order_by(NotificationRow.id.desc()).limit(1)
        with diwan.database.reading() as tx:
            return (tx.scalar(latest) or "").split("\n")[0][-6:]

    return read


@pytest.fixture
def signed_in_citizen(browser: Browser, last_code: Callable[[], str]) -> Browser:
    """The browser of the citizen on file, signed in."""
    browser.submit("/sign-in", "/sign-in", {"civil_id": CIVIL_ID})
    signed_in = browser.submit("/sign-in/code", "/sign-in/code", {"code": last_code()})
    assert signed_in.status == 303
    return browser


@pytest.fixture
def staff_browser(app: WsgiApp, diwan: Diwan, clock: MovingClock) -> Callable[[str], Browser]:
    """A signed-in browser of a member of staff with this one role."""

    def sign_in(role: str) -> Browser:
        email = f"{role}@marsa-alnoor.example"
        diwan.identity.register_staff(
            system("tests"),
            email=email,
            name_ar="أمل حمود السدرة",
            name_en="Amal Al-Sidra",
            password=PASSWORD,
            totp_secret=SECRET,
            roles=[role],
        )
        token = diwan.identity.sign_in_staff(email, PASSWORD, pyotp.TOTP(SECRET).at(clock.now()), "192.0.2.1")
        return Browser(app, cookies={"diwan_session": token})

    return sign_in


@pytest.fixture(scope="session")
def prepared_town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder, migrated and with the sample municipality in it, that each `town` is copied from."""
    data = tmp_path_factory.mktemp("prepared") / "data"
    built = build(read_settings({}, data=data), clock=MovingClock())
    migrate(built.database)
    sample_municipality.load(built)
    built.close()
    return data


def open_town(data: Path, **environment: str) -> Town:
    """A town over a data folder; close its `diwan` afterwards."""
    clock = MovingClock()
    built = build(read_settings(environment, data=data), clock=clock)
    chalice = Chalice(app_name="diwan", configure_logs=False)
    register(chalice, built)
    return Town(built, WsgiApp(chalice, built), clock)


@pytest.fixture
def town(prepared_town: Path, tmp_path: Path) -> Iterator[Town]:
    """The sample municipality, of this test's own."""
    shutil.copytree(prepared_town, tmp_path / "town")
    opened = open_town(tmp_path / "town")
    yield opened
    opened.diwan.close()


@pytest.fixture(scope="session")
def shared_town(prepared_town: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """One town for the many tests that ask and change nothing."""
    data = tmp_path_factory.mktemp("shared") / "data"
    shutil.copytree(prepared_town, data)
    opened = open_town(data)
    yield opened
    opened.diwan.close()


@pytest.fixture(scope="session")
def live_server(prepared_town: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """A running server with the sample municipality; shared, so leave it as you found it."""
    data = tmp_path_factory.mktemp("live") / "data"
    shutil.copytree(prepared_town, data)
    server = LiveServer(data)
    server.start()
    yield server
    server.stop()

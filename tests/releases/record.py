"""Records what this release says to its database:  python -m tests.releases.record RELEASE

Done once, when a release is made; the files it writes beside itself are committed with it and never changed.
"""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from chalice import Chalice
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session

from chalicelib.bootstrap import build
from chalicelib.commands import sample_municipality
from chalicelib.database.base import Base
from chalicelib.database.migrate import migrate
from chalicelib.settings import read_settings
from chalicelib.web.application import register
from chalicelib.web.serve import WsgiApp
from tests.moving_clock import MovingClock
from tests.oidc_server import SECRET, OidcServer
from tests.postgres_server import PostgresServer, binaries
from tests.releases import Recording
from tests.renewal import renew
from tests.scripted_ocr import ScriptedOcr
from tests.town import STAFF, Town, fresh_key

_PAGES = "عقد إيجار قسيمة\n!page-damaged\nرخصة صحية رقم ١٢٣٤\n"
_STAFF_PAGES = ("", "/upload", "/documents", "/search?q=قسيمة", "/audit", "/outbox")


@contextmanager
def heard() -> Iterator[list[tuple[str, Any]]]:
    """Every statement that any database of this process is given meanwhile."""
    runs: list[tuple[str, Any]] = []
    read: set[str] = set()

    def hear(_connection: Any, _cursor: Any, statement: str, bound: Any, _context: Any, _many: bool) -> None:
        if statement.startswith(("SELECT", "WITH")) and "alembic_version" not in statement:
            if statement not in read:
                read.add(statement)
                runs.append((statement, bound))
        elif statement.startswith(("INSERT", "UPDATE", "DELETE")):
            runs.append((statement, bound))

    event.listen(Engine, "before_cursor_execute", hear)
    try:
        yield runs
    finally:
        event.remove(Engine, "before_cursor_execute", hear)


def record(release: str, make: str, url: str, data: Path) -> Recording:
    """What is said while the sample municipality is loaded, a scan filed and read, a licence renewed, all looked at."""
    oidc = OidcServer()
    try:
        return _record(release, make, url, data, oidc)
    finally:
        oidc.stop()


def _record(release: str, make: str, url: str, data: Path, oidc: OidcServer) -> Recording:
    data.mkdir(parents=True, exist_ok=True)
    (data / "directory").write_text(SECRET)
    chosen = {"DIWAN_DATABASE": url, "DIWAN_STAFF_DIRECTORY": oidc.url_of_directory(data / "directory")}
    diwan = build(read_settings(chosen, data=data), index_writer=True, clock=MovingClock())
    object.__setattr__(diwan.archive.reading, "_ocr", ScriptedOcr())
    migrate(diwan.database)
    with diwan.database.reading() as tx:
        revision = tx.connection().exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one()
    app = Chalice(app_name="diwan", configure_logs=False)
    register(app, diwan)
    with heard() as runs:
        sample_municipality.load(diwan)
        town = Town(diwan, WsgiApp(app, diwan), diwan.clock)
        intake(town)
        renewal = renew(town)
        look_around(town, renewal.ids)
        come_by_the_directory(town, oidc)
        town.visitor().get("/sign-out")
        with Session(diwan.database.engine) as session:
            for table in Base.metadata.sorted_tables:
                session.execute(select(table).limit(1)).all()
    diwan.close()
    return Recording(release, revision, make, runs)


def intake(town: Town) -> None:
    """File a scan, read it, read it again."""
    scan, bearer, clerk = _PAGES.encode(), town.bearer("clerk"), town.visitor()
    filing = {
        "filename": "scan.pdf",
        "size": len(scan),
        "kind": "other",
        "title": "عقد",
        "owner": "",
        "parcel": "",
    }
    target = clerk.call("POST", "/api/v1/uploads", filing, **bearer, **fresh_key()).json
    assert clerk.send("PUT", target["url"], scan, target["headers"]).status < 300
    done = clerk.call("POST", f"/api/v1/uploads/{target['id']}/complete", {}, **bearer)
    assert done.status == 200, done.text
    town.work()
    document = done.json["document"]
    page = f"/staff/documents/{document}"
    again = town.staff("clerk").submit(page, f"{page}/read-again", {})
    assert again.status == 303, again.status
    town.work()


def look_around(town: Town, ids: dict[str, str]) -> None:
    """Open what staff and the citizen open."""
    for role in STAFF:
        browser = town.staff(role)
        for path in _STAFF_PAGES:
            browser.get(f"/staff{path}")
    citizen = town.citizen()
    for path in ("/", "/licences", f"/renew/{ids['application']}/done", f"/receipts/{ids['receipt']}"):
        citizen.get(path)


def come_by_the_directory(town: Town, oidc: OidcServer) -> None:
    """The clerk signs in with the town's directory."""
    email, browser = STAFF["clerk"]["email"], town.visitor()
    oidc.homes = {f"{town.diwan.settings.base_url}/staff/sign-in"}
    oidc.now = lambda: town.clock.now().timestamp()
    oidc.employ(email)
    answer = oidc.sign_in(browser.get("/staff/sign-in/directory").location, email)
    assert browser.get(f"/staff/sign-in/return?{urlencode(answer)}").location == "/staff"


def main() -> None:
    """Record on both makes of database."""
    release = sys.argv[1]
    server = PostgresServer(binaries() or sys.exit("PostgreSQL is not here"))
    try:
        with tempfile.TemporaryDirectory() as folder:
            sqlite, postgresql = Path(folder) / "sqlite", Path(folder) / "postgresql"
            record(release, "sqlite", f"sqlite:///{sqlite / 'diwan.sqlite3'}", sqlite).write()
            record(release, "postgresql", server.url(server.create_database()), postgresql).write()
    finally:
        server.stop()


if __name__ == "__main__":
    main()

"""`./diwan doctor`: what this machine has of what Diwan needs, and how to get the rest."""

import json as json_text
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from rich.console import Console
from rich.table import Table
from sqlalchemy import text
from sqlalchemy.engine import make_url

from chalicelib.bootstrap import open_database
from chalicelib.commands.findings import Finding, needed, optional
from chalicelib.commands.processes import trouble_with_port
from chalicelib.commands.staged_home import RestoreUnfinished, refuse_unfinished
from chalicelib.commands.store_findings import reached, round_trip
from chalicelib.database.migrate import is_current
from chalicelib.settings import Settings, ignored

SET_UP_AGAIN = "remove the file .venv/ready-run, then run ./diwan again"
_LEAST_FREE = 2 * 1024**3


def doctor(settings: Settings, json: bool) -> int:
    """Print every finding, as a table or (with `json`) one object a line; 1 when something needed is missing."""
    findings = [finding for check in _CHECKS for finding in check(settings)]
    if json:
        for finding in findings:
            _print_line(finding)
    else:
        _print_table(findings)
    return int(any(finding.state == "missing" for finding in findings))


def tell_unusable_settings(sentence: str) -> None:
    """Print as the one finding, an object in a line, that the settings name no home that could be looked at."""
    _print_line(Finding("settings", "missing", sentence, "mend the setting, then ask again"))


def _print_line(finding: Finding) -> None:
    print(json_text.dumps(asdict(finding), ensure_ascii=False))


def _print_table(findings: list[Finding]) -> None:
    looks = {"ok": "[green]ok[/]", "optional": "[yellow]absent[/]", "missing": "[bold red]MISSING[/]"}
    table = Table(box=None, pad_edge=False)
    for title in ("", "what", "found", "what to do"):
        table.add_column(title, overflow="fold")
    for finding in findings:
        table.add_row(looks[finding.state], finding.name, finding.found, finding.remedy)
    Console().print(table)


def _python(_settings: Settings) -> Iterator[Finding]:
    found = ".".join(map(str, sys.version_info[:3]))
    yield needed("Python", sys.version_info >= (3, 11), found, "install Python 3.11 or newer, remove .venv")


def _packages(settings: Settings) -> Iterator[Finding]:
    pinned = settings.assets / "requirements-home.txt"
    if not pinned.is_file():
        yield Finding("Python packages", "missing", "no requirements-home.txt", "use a whole checkout")
        return
    wrong = []
    lines = [line for line in pinned.read_text("utf-8").splitlines() if "==" in line]
    for line in lines:
        name, _, wanted = line.partition("==")
        try:
            installed = version(name)
        except PackageNotFoundError:
            installed = "absent"
        if installed != wanted:
            wrong.append(f"{name} {installed}, not {wanted}")
    found = f"{len(lines)} as pinned" if not wrong else "; ".join(wrong)
    yield needed("Python packages", not wrong, found, SET_UP_AGAIN)


def _assets(settings: Settings) -> Iterator[Finding]:
    modules = settings.assets / "node_modules"
    wanted = json_text.loads((settings.assets / "package.json").read_text("utf-8"))["dependencies"]
    absent = [name for name in wanted if not (modules / name / "package.json").is_file()]
    found = f"{len(wanted)} packages" if not absent else "without " + ", ".join(absent)
    yield needed("page assets", not absent, found, SET_UP_AGAIN)
    typefaces = sorted({file.stem for file in modules.glob("@expo-google-fonts/*/*/*.ttf")})
    yield needed("typefaces", bool(typefaces), f"{len(typefaces)} font files", SET_UP_AGAIN)


def _reader(settings: Settings) -> Iterator[Finding]:
    """What the reader of scans says of itself; it is asked as it is used, in a process of its own."""
    languages = sorted(file.stem for file in settings.tessdata.glob("*.traineddata"))
    whole = {"ara", "eng", "osd"} <= set(languages)
    yield needed("language data", whole, ", ".join(languages) or "none", SET_UP_AGAIN)
    asked = subprocess.run(
        [sys.executable, "-m", "ocr", "--tessdata", str(settings.tessdata), "doctor"],
        capture_output=True,
        text=True,
        cwd=settings.assets,
        timeout=60,
    )
    try:
        told: dict[str, Any] = json_text.loads(asked.stdout)
    except ValueError:
        last_line = asked.stderr.strip().splitlines()[-1:] or ["it said nothing"]
        yield Finding("reader of scans", "missing", last_line[0], SET_UP_AGAIN)
        return
    yield needed("reader of Arabic lines", told["line_reader"], told["machine"], "use a whole checkout")
    yield optional(
        "second reader", bool(told["second_reader"]), told["second_reader"] or "none", SET_UP_AGAIN
    )
    refused = [layer for layer, granted in told["confinement"].items() if not granted]
    yield optional(
        "reader's confinement",
        not refused,
        f"{len(told['confinement']) - len(refused)} of {len(told['confinement'])} layers",
        f"this kernel or container refuses: {', '.join(refused)}; docs/security.md says what that means",
    )


def _settings(settings: Settings) -> Iterator[Finding]:
    # What stands in those that are known was looked at before any command began (cli.py).
    names = list(ignored(settings, os.environ))
    for name, nearest in names:
        remedy = (
            f"write {nearest}, if that is meant"
            if nearest
            else "take it away, unless another version needs it"
        )
        yield Finding(
            "settings", "optional", f"{name} is ignored: this version knows no such setting", remedy
        )
    if not names:
        yield Finding("settings", "ok", "every DIWAN_… is known")


def _data_folder(settings: Settings) -> Iterator[Finding]:
    # That it can be written to was looked at before any command began (cli.py).
    nearest = next(place for place in (settings.data, *settings.data.parents) if place.exists())
    there = str(settings.data) if nearest == settings.data else f"{settings.data}, made on first run"
    try:
        refuse_unfinished(settings)
    except RestoreUnfinished:
        remedy = "wait for it, or give the same restore again"
        yield Finding("data folder", "missing", f"{settings.data}: a restore has not ended", remedy)
    else:
        yield Finding("data folder", "ok", there)
    free = shutil.disk_usage(nearest).free
    yield needed("disk space", free >= _LEAST_FREE, f"{free / 1024**3:.1f} GiB free", "free 2 GiB or more")


def _database(settings: Settings) -> Iterator[Finding]:
    address = make_url(settings.database_url)
    if address.get_backend_name() == "sqlite" and not Path(address.database or "").is_file():
        yield Finding("database", "ok", "none yet, made on first run")
        return
    database = open_database(settings)
    try:
        with database.reading() as tx:
            tx.execute(text("select 1"))
        current = is_current(database)
    except Exception as error:
        reason = str(error.__cause__ or error).strip().splitlines()[0]
        yield Finding("database", "missing", reason, "check DIWAN_DATABASE and that its server runs")
        return
    finally:
        database.close()
    kind = address.get_backend_name()
    found = f"{kind}, up to date" if current else f"{kind}, older than this version"
    yield Finding("database", "ok", found, "" if current else "./diwan run brings it up to date")


def _keys(settings: Settings) -> Iterator[Finding]:
    if not settings.keys_url.startswith("file:"):
        return
    folder = Path(urlsplit(settings.keys_url).path)
    if not folder.exists():
        yield Finding("signing keys", "ok", "none here yet, made on first run")
        return
    exposed = [path for path in (folder, *folder.glob("*.pem")) if stat.S_IMODE(path.stat().st_mode) & 0o077]
    names = ", ".join(sorted(path.stem for path in folder.glob("*.pem")))
    remedy = "chmod 700 the folder and 600 its files: " + ", ".join(map(str, exposed))
    yield needed(
        "signing keys", not exposed, f"{names}; {'owner only' if not exposed else 'EXPOSED'}", remedy
    )


def _staff_sign_in(settings: Settings) -> Iterator[Finding]:
    doors = ["accounts of Diwan's own"] if settings.staff_accounts else []
    doors += ["the directory"] if settings.staff_directory else []
    remedy = "name one in DIWAN_STAFF_DIRECTORY, or take DIWAN_STAFF_ACCOUNTS=no away"
    yield needed(
        "staff sign-in", bool(doors), " and ".join(doors) or "accounts closed, and no directory", remedy
    )


def _port(settings: Settings) -> Iterator[Finding]:
    place = f"{settings.host}:{settings.port}"
    if trouble := trouble_with_port(settings.host, settings.port):
        remedy = "a Diwan already runs there, or choose another with --port or DIWAN_PORT"
        yield Finding("port", "optional", f"{place}: {trouble}", remedy)
    else:
        yield Finding("port", "ok", f"{place} is free")


def _tests(_settings: Settings) -> Iterator[Finding]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    postgres = next(iter(sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))), None) or shutil.which(
        "initdb"
    )
    yield optional("Chromium, for tests", bool(chromium), chromium or "none", "apt-get install chromium")
    yield optional(
        "PostgreSQL, for tests", bool(postgres), str(postgres or "none"), "apt-get install postgresql"
    )


_CHECKS: tuple[Callable[[Settings], Iterator[Finding]], ...] = (
    _python,
    _packages,
    _assets,
    _reader,
    _settings,
    _data_folder,
    _database,
    _keys,
    _staff_sign_in,
    reached,
    round_trip,
    _port,
    _tests,
)

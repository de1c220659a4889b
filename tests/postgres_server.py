"""A private PostgreSQL server for tests, started from Debian's package and thrown away at the end.

Fast and unsafe on purpose (no fsync): it holds test data only. PostgreSQL refuses to run as
root, so as root it runs as the user the package made.
"""

import itertools
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

HOW_TO_GET_IT = "install PostgreSQL (Debian: apt-get install postgresql)"


def binaries() -> Path | None:
    """The folder that holds `initdb` and `postgres`, or None; Debian keeps them off PATH."""
    packaged = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]))
    if packaged:
        return packaged[-1].parent
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


class PostgresServer:
    """One server in a temporary folder on a free port; databases are made by copying a template."""

    def __init__(self, bin_folder: Path) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="diwan-postgres-"))
        self._numbers = itertools.count(1)
        self._as_user: dict[str, Any] = {}
        if os.geteuid() == 0:
            account = pwd.getpwnam("postgres")
            os.chown(self._folder, account.pw_uid, account.pw_gid)
            self._as_user = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
        data = self._folder / "data"
        subprocess.run(
            [bin_folder / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8",
             "--locale=C.UTF-8", "--no-sync"],
            check=True, stdout=subprocess.DEVNULL, cwd=self._folder, **self._as_user,
        )  # fmt: skip
        self.port = _free_port()
        settings = {
            "port": self.port, "listen_addresses": "127.0.0.1", "unix_socket_directories": self._folder,
            "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": 200,
        }  # fmt: skip
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        self._log = (self._folder / "log").open("w")
        self._process = subprocess.Popen(
            [bin_folder / "postgres", "-D", data, *options],
            stdout=self._log, stderr=subprocess.STDOUT, cwd=self._folder, **self._as_user,
        )  # fmt: skip
        self._wait_until_it_answers()

    def url(self, database: str) -> str:
        """The SQLAlchemy URL of one of its databases."""
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{database}"

    def create_database(self, template: str = "template1", name: str | None = None) -> str:
        """A new database like `template`; returns its name."""
        name = name or f"test_{next(self._numbers)}"
        self._execute(f'create database "{name}" template "{template}"')
        return name

    def drop_database(self, name: str) -> None:
        self._execute(f'drop database "{name}" with (force)')

    @contextmanager
    def passwords_asked_of(self, role: str) -> Iterator[None]:
        """Make a role that signs in by password only, for as long as the block lasts."""
        rules = self._folder / "data" / "pg_hba.conf"
        before = rules.read_text()
        self._execute(f'create role "{role}" login superuser')
        rules.write_text(f"host all {role} 127.0.0.1/32 scram-sha-256\n{before}")
        self._execute("select pg_reload_conf()")
        try:
            yield
        finally:
            rules.write_text(before)
            self._execute("select pg_reload_conf()")
            self._execute(f'drop role "{role}"')

    def stop(self) -> None:
        # SIGINT is PostgreSQL's fast shutdown: clients are cut off, not waited for.
        self._process.send_signal(2)
        self._process.wait(timeout=30)
        self._log.close()
        shutil.rmtree(self._folder)

    def _execute(self, statement: str) -> None:
        with psycopg.connect(self._address(), autocommit=True) as connection:
            connection.execute(statement)

    def _address(self) -> str:
        return f"host=127.0.0.1 port={self.port} user=postgres dbname=postgres connect_timeout=5"

    def _wait_until_it_answers(self) -> None:
        until = time.monotonic() + 60
        while True:
            try:
                psycopg.connect(self._address()).close()
                return
            except psycopg.OperationalError:
                if self._process.poll() is not None or time.monotonic() > until:
                    raise RuntimeError((self._folder / "log").read_text()) from None
                time.sleep(0.05)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]

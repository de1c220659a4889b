"""`diwan demo`: the whole job on an empty data folder, through HTTP, each step timed."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.live import Live
from rich.markup import escape
from rich.table import Table

from chalicelib.commands.memory import PeakMemory
from chalicelib.commands.townspeople import DidNotHappen, Texts, Townspeople, outbox_texts
from chalicelib.settings import CHECKOUT

# The sample licence whose renewal needs nobody: open, nothing owed, no inspection.
LICENCE, HOLDER, PHONE = "HL-2024-00417", "271032212379", "٥٠٠٠ ٠٢٠٢"
SAMPLES = CHECKOUT / "samples"
_LOOKS = {True: "[green]✓[/]", False: "[red]✗[/]", None: "…"}


@contextmanager
def server(data: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """A server of its own process group on `data`; stopped, its children with it, at the end."""
    command = [sys.executable, "-m", "chalicelib.cli", "run", "--data", str(data), "--port", str(port)]
    with (data / "server.log").open("ab") as log:
        process = subprocess.Popen(command, cwd=CHECKOUT, stdout=log, stderr=log, start_new_session=True)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@dataclass(frozen=True)
class Home:
    """Where the job is done: its address, its citizens' phones, processes, log, and the settings of its stores."""

    base_url: str
    texts: Texts
    processes: tuple[int, ...]
    log: Path
    environ: dict[str, str]


@contextmanager
def embedded_home(data: Path) -> Iterator[Home]:
    """One command on one machine, everything in `data`."""
    port = free_port()
    with server(data, port) as process:
        yield Home(
            f"http://127.0.0.1:{port}",
            outbox_texts(data),
            (process.pid,),
            data / "server.log",
            {"DIWAN_DATA": str(data)},
        )


@contextmanager
def emulated_aws_home(data: Path) -> Iterator[Home]:
    """The package for AWS, built now, deployed to an emulator beside a real PostgreSQL and OpenSearch."""
    from infra.emulator import CannotEmulate, aws_home

    try:
        with aws_home(data) as home:
            environ = {**os.environ, **home.environ}
            subprocess.run(
                [sys.executable, "-m", "chalicelib.commands.sample_municipality"],
                cwd=CHECKOUT,
                env=environ,
                check=True,
            )
            yield Home(home.base_url, home.texts, home.processes, data / "ministack.log", home.environ)
    except CannotEmulate as missing:
        raise DidNotHappen(f"the AWS home cannot be emulated here: {missing}") from missing


HOMES = {"embedded": embedded_home, "aws": emulated_aws_home}
# Seconds to wait for one thing; the emulator unpacks and starts each function anew, and its reader has no zygote.
_PATIENCE = {"embedded": 120.0, "aws": 600.0}


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Demo:
    """The steps, in order; each says what it did. Any step may be repeated without doing anything twice.

    `scans` are the samples that are filed; those that the step of searching asks for are among them. What comes out
    is written to `data`, and verified against the stores that `environ` names.
    """

    def __init__(
        self,
        people: Townspeople,
        data: Path,
        scans: Sequence[Path] | None = None,
        environ: Mapping[str, str] | None = None,
    ) -> None:
        self._people = people
        self._data = data
        self._environ = {**os.environ, "DIWAN_DATA": str(data), **(environ or {})}
        self._scans = sample_scans() if scans is None else scans
        self._documents: dict[str, str] = {}
        self.pages = 0
        self._licence: dict[str, Any] = {}
        self._renewal: dict[str, Any] = {}
        self._pdf = b""

    def steps(self) -> list[tuple[str, Callable[[], str]]]:
        """Name and work of each step."""
        return [
            ("server answers", self._wait_for_server),
            ("staff sign in", self._sign_in),
            ("scans are filed", self._file),
            ("every page is read", self._read),
            ("search finds them", self._search),
            ("citizen signs in", self._sign_in_citizen),
            ("renewal is confirmed", self._renew),
            ("fee is paid", self._pay),
            ("licence is issued", self._issue),
            ("signed PDF is fetched", self._download),
            ("signature and QR verify", self._verify),
        ]

    def _wait_for_server(self) -> str:
        self._people.ask("", "GET", "/healthz")
        return "ready"

    def _sign_in(self) -> str:
        return ", ".join(self._people.sign_in_staff(role) for role in ("clerk", "archivist"))

    def _file(self) -> str:
        for scan in self._scans:
            self._documents[scan.name] = self._people.upload(scan, filing_of(scan))
        return f"{len(self._documents)} documents"

    def _read(self) -> str:
        ended = [self._people.read(document) for document in self._documents.values()]
        refused = [document["filename"] for document in ended if document["state"] == "refused"]
        if refused:
            raise DidNotHappen(f"refused: {', '.join(refused)}")
        doubts = sum(document["state"] == "read with doubts" for document in ended)
        self.pages = sum(document["pages"] for document in ended)
        return f"{self.pages} pages, {doubts} documents with doubts"

    def _search(self) -> str:
        asked = [
            ("رخصة بناء", "building-permit-MN-3-0127.pdf"),
            ("عبدالله المرساوى", "fee-receipt-MN-3-0125.png"),
            ("MN-3-0127", "ground-floor-plan-MN-3-0127.pdf"),
        ]
        marks = []
        for words, scan in asked:
            answer = self._people.find(words, self._documents[scan])
            marks.append(self._people.marked(answer, words))
        if not marks[0]:
            raise DidNotHappen("nothing is marked on the scan")
        return f"{len(asked)} searches, {sum(marks)} words marked"

    def _sign_in_citizen(self) -> str:
        self._people.sign_in_citizen(HOLDER)
        return "by one-time code"

    def _renew(self) -> str:
        self._licence = self._people.renewable(LICENCE)
        self._renewal = self._people.confirm_renewal(self._licence, PHONE)
        amount = self._renewal["amount"]
        return f"{self._renewal['number']}: {amount['text']} {amount['currency']}"

    def _pay(self) -> str:
        self._people.pay(self._renewal)
        return "on the sandbox gateway, button pressed twice"

    def _issue(self) -> str:
        self._renewal = self._people.issued(self._renewal)
        return f"receipt {self._renewal['receipt_number']}"

    def _download(self) -> str:
        self._pdf = self._people.download(self._licence["id"])
        (self._data / "licence.pdf").write_bytes(self._pdf)
        return f"{len(self._pdf) // 1024} kB"

    def _verify(self) -> str:
        command = [sys.executable, "-m", "chalicelib.cli", "verify", "--json"]
        ran = subprocess.run(
            [*command, str(self._data / "licence.pdf")],
            cwd=CHECKOUT,
            env=self._environ,
            capture_output=True,
            check=False,
        )
        if ran.returncode:
            said = (ran.stdout or ran.stderr).decode()[-300:]
            raise DidNotHappen(f"verify ended with {ran.returncode}: {said}")
        verdict = json.loads(ran.stdout)
        answer = self._people.ask("", "POST", "/api/v1/verifications", {"number": verdict["number"]})
        if answer["outcome"] != "valid":
            raise DidNotHappen(f"the register says {answer['outcome']}")
        return f"{verdict['number']}, until {verdict['expires_on']}"


def demo(as_json: bool, home: str = "embedded") -> int:
    """0 when every step held, 1 when one failed. Nothing is left behind."""
    complaints = Console(
        stderr=True, soft_wrap=True, markup=False
    )  # what failed may itself stand in brackets
    # Told to stop, it stops as at its end: with everything that it started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with tempfile.TemporaryDirectory(prefix="diwan-demo-") as folder:
        data = Path(folder)
        try:
            with HOMES[home](data) as place, PeakMemory(*place.processes) as memory:
                people = Townspeople(place.base_url, place.texts, SAMPLES, patience=_PATIENCE[home])
                run = Demo(people, data, environ=place.environ)
                done = _carry_out(run, as_json)
                people.close()
        except DidNotHappen as error:
            complaints.print(str(error), highlight=False)
            return 1
        failed = [f"{name}: {says}" for name, ok, _, says in done if not ok]
        _print_figures(done, run.pages, memory.megabytes, as_json)
        for what in failed:
            log = place.log.read_text(encoding="utf-8", errors="replace")
            complaints.print(f"{what}\nThe end of the server's log:\n{log[-3000:]}", highlight=False)
    return 1 if failed else 0


def _carry_out(run: Demo, as_json: bool) -> list[tuple[str, bool, float, str]]:
    done: list[tuple[str, bool, float, str]] = []
    console = Console(quiet=as_json)
    with Live(_table(done, None), console=console, refresh_per_second=4) as live:
        for name, work in run.steps():
            live.update(_table(done, name))
            began = time.perf_counter()
            try:
                says, ok = work(), True
            except (DidNotHappen, OSError, LookupError, ValueError) as error:
                says, ok = str(error) or type(error).__name__, False
            done.append((name, ok, round(time.perf_counter() - began, 2), says))
            live.update(_table(done, None))
            if as_json:
                said = dict(zip(("step", "ok", "seconds", "detail"), done[-1], strict=True))
                print(json.dumps(said, ensure_ascii=False), flush=True)
            if not ok:
                break
    return done


def _print_figures(
    done: list[tuple[str, bool, float, str]], pages: int, megabytes: int, as_json: bool
) -> None:
    seconds = {name: took for name, _, took, _ in done}
    reading = seconds.get("scans are filed", 0.0) + seconds.get("every page is read", 0.0)
    figures = {
        "ok": all(ok for _, ok, _, _ in done),
        "seconds": round(sum(seconds.values()), 2),
        "pages": pages,
        "pages_per_second": round(pages / reading, 2) if pages else None,
        "peak_memory_mb": megabytes,
    }
    if as_json:
        print(json.dumps(figures))
    else:
        Console().print(
            f"\n{figures['pages_per_second']} pages a second from the first file sent to the last page read; "
            f"{megabytes} MB at the peak, all processes together; {figures['seconds']} s in all",
            highlight=False,
        )


def _table(done: list[tuple[str, bool, float, str]], under_way: str | None) -> Table:
    table = Table("", "step", "seconds", "what came of it", title="ديوان · Diwan demo")
    for name, ok, seconds, says in done:
        table.add_row(_LOOKS[ok], name, f"{seconds:.2f}", escape(says))
    if under_way:
        table.add_row(_LOOKS[None], under_way, "", "")
    return table


def sample_scans() -> list[Path]:
    """The sample scans: every file that has its truth beside it."""
    folder = SAMPLES / "scans"
    return sorted(path for path in folder.iterdir() if path.suffix in (".pdf", ".tif", ".jpg", ".png"))


def filing_of(scan: Path) -> dict[str, str]:
    """Under what a clerk files a sample scan."""
    truth = scan.with_name(f"{scan.stem}.truth.json")
    described = json.loads(truth.read_text(encoding="utf-8"))["document"]
    return {
        "kind": described["kind"],
        "title": described["title_ar"],
        "owner": described["owner"],
        "parcel": described["parcel"],
        "year": str(described["year"]),
    }

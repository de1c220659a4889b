"""A private OpenSearch node for tests: real, on the loopback interface, thrown away at the end.

Its jars come from Maven Central once, into the folder of this Python environment. It holds at most half a
gigabyte of heap and ends with the process that started it, however that ends.
"""

import fcntl
import hashlib
import itertools
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).parent
HOW_TO_GET_IT = (
    "install a JDK of version 21 or newer (found by JAVA_HOME, PATH or /usr/lib/jvm) "
    "and Maven (Debian: apt-get install maven), which needs Maven Central once"
)
OLDEST_JAVA = 21
COPY_JARS = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies"


def java() -> Path | None:
    """A Java that can run the node, or None."""
    homes = [Path(os.environ["JAVA_HOME"])] if "JAVA_HOME" in os.environ else []
    on_path = [Path(found)] if (found := shutil.which("java")) else []
    installed = sorted(Path("/usr/lib/jvm").glob("*/bin/java"))
    candidates = [*(home / "bin" / "java" for home in homes), *on_path, *installed]
    return next((path for path in candidates if path.is_file() and _version(path) >= OLDEST_JAVA), None)


def jars() -> Path | None:
    """The folder of the node's jars, fetched when it is not there; None without Maven or its registry."""
    pom = HERE / "pom.xml"
    folder = Path(sys.prefix) / "opensearch" / hashlib.sha256(pom.read_bytes()).hexdigest()[:12]
    folder.parent.mkdir(exist_ok=True)
    with (folder.parent / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if folder.is_dir():
            return folder
        maven, home = shutil.which("mvn"), java()
        if maven is None or home is None:
            return None
        fetched = folder.with_suffix(".part")
        done = subprocess.run(
            [maven, "-B", "-q", "-ntp", "-f", pom, COPY_JARS, "-DincludeScope=runtime",
             f"-DoutputDirectory={fetched}"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=600, check=False,
            env={**os.environ, "JAVA_HOME": str(home.resolve().parents[1])},
        )  # fmt: skip
        if done.returncode:
            shutil.rmtree(fetched, ignore_errors=True)
            return None
        fetched.rename(folder)
        return folder


class OpenSearchNode:
    """One node in a temporary folder, on free ports."""

    def __init__(self, java: Path, jars: Path) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="diwan-opensearch-"))
        self._numbers = itertools.count(1)
        self.port, transport = _free_ports(2)
        self._log = (self._folder / "log").open("w")
        self._process = subprocess.Popen(
            [java, "-Xms256m", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
             "--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED",
             "-Dio.netty.noUnsafe=true", "-Dlog4j2.disableJmx=true",
             "-cp", f"{jars}/*", HERE / "Node.java", self._folder / "home", str(self.port), str(transport)],
            stdin=subprocess.PIPE, stdout=self._log, stderr=subprocess.STDOUT, cwd=self._folder,
        )  # fmt: skip
        self._wait_until_it_answers()

    @property
    def address(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self.port}"

    @contextmanager
    def alias(self) -> Iterator[str]:
        """The name of an alias nobody used before; its indexes are removed after the block."""
        alias = f"pages{next(self._numbers)}"
        yield alias
        request = urllib.request.Request(f"http://{self.address}/{alias}-v*", method="DELETE")
        urllib.request.urlopen(request, timeout=30).close()

    def memory(self) -> int:
        """The most memory its process has held so far, in bytes."""
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        found = re.search(r"VmHWM:\s+(\d+) kB", status)
        return int(found[1]) * 1024 if found else 0

    def stop(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()  # the node ends when its standard input does
        self._process.wait(timeout=30)
        self._log.close()
        shutil.rmtree(self._folder)

    def _wait_until_it_answers(self) -> None:
        until = time.monotonic() + 120
        while True:
            try:
                # The runner opens the port early; only a cluster with a manager answers this.
                urllib.request.urlopen(f"http://{self.address}/_cluster/health?timeout=1s", timeout=5).close()
                return
            except OSError:
                if self._process.poll() is not None or time.monotonic() > until:
                    raise RuntimeError((self._folder / "log").read_text()[-4000:]) from None
                time.sleep(0.1)


def _version(java: Path) -> int:
    told = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
    found = re.search(r'version "(\d+)', told)
    return int(found[1]) if found else 0


def _free_ports(count: int) -> list[int]:
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]
    finally:
        for probe in probes:
            probe.close()

"""The built package on an emulator of AWS does the whole job, as the command does it for people."""

import json
import subprocess
import sys

import pytest

from infra.package import CHECKOUT
from tests import opensearch_node, postgres_server
from tests.conftest import absent

STEPS = [
    "server answers", "staff sign in", "scans are filed", "every page is read", "search finds them",
    "citizen signs in", "renewal is confirmed", "fee is paid", "licence is issued", "signed PDF is fetched",
    "signature and QR verify",
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_the_whole_job_is_done_there() -> None:
    if postgres_server.binaries() is None:
        absent("postgres", postgres_server.HOW_TO_GET_IT)
    if opensearch_node.java() is None or opensearch_node.jars() is None:
        absent("opensearch", opensearch_node.HOW_TO_GET_IT)
    command = [sys.executable, "-P", "-m", "chalicelib.cli", "demo", "--home", "aws", "--json"]
    ran = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=False)
    told = [json.loads(line) for line in ran.stdout.splitlines() if line.startswith("{")]
    steps = [line for line in told if "step" in line]
    assert [step["step"] for step in steps if step["ok"]] == STEPS, (steps[-1:], ran.stderr[-2000:])
    assert ran.returncode == 0
    assert told[-1]["pages"] == 30

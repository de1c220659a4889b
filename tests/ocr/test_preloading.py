"""What a reading child needs is there before it is forked: loading it anew would cost every document its time."""

import os
import subprocess
import sys
from pathlib import Path

from tests.ocr.drawing import page

CHILD = """
import os, sys
from ocr.formats import open_source
from ocr.pages import read_page
from ocr.shapes import Limits, Profile
from ocr.supervisor import Supervisor

supervisor = Supervisor(Profile(), Limits(), lambda *_: None)
print("threads:", len(os.listdir("/proc/self/task")))
sys.stdout.flush()
for name in sys.argv[1:]:
    child = os.fork()
    if not child:
        before = set(sys.modules)
        with open(name, "rb") as stream:
            read_page(open_source(stream, name, Limits()), 1, supervisor._recogniser, Limits())
        print(name.rpartition(".")[2], *sorted(set(sys.modules) - before))
        sys.stdout.flush()
        os._exit(0)
    os.waitpid(child, 0)
"""


def test_a_child_loads_nothing_and_its_parent_has_one_thread(tmp_path: Path) -> None:
    drawn = page(["بلدية مرسى النور", "رقم القسيمة 4715"], width=1200, height=700)
    kinds = ["png", "tif", "jpg", "webp", "pdf"]
    for kind in kinds:
        drawn.save(tmp_path / f"a.{kind}")
    told = subprocess.run(
        [sys.executable, "-c", CHILD, *(str(tmp_path / f"a.{kind}") for kind in kinds)],
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"}, capture_output=True, text=True, check=True,
    ).stdout.splitlines()  # fmt: skip
    assert told == ["threads: 1", *kinds]

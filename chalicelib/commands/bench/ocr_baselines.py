"""What scans are read with elsewhere: OCRmyPDF as a command, Tesseract on whole pictures."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

from chalicelib.commands.bench.harness import BenchUnready
from chalicelib.commands.bench.ocr_reading import EVERY
from chalicelib.commands.memory import PeakMemory


class OcrMyPdf:
    """`ocrmypdf -l ara+eng --output-type pdf -O0`, its text taken from the sidecar: Tesseract's own with PSM 3."""

    def __init__(self, folder: Path, tessdata: Path) -> None:
        self._folder = folder
        # Tesseract looks for its output settings beside its language data.
        data = folder / "tessdata"
        (data / "configs").mkdir(parents=True)
        for file in tessdata.glob("*.traineddata"):
            (data / file.name).symlink_to(file)
        (data / "configs" / "hocr").write_text("tessedit_create_hocr 1\n")
        (data / "configs" / "txt").write_text("tessedit_create_txt 1\n")
        self._environment = {**os.environ, "TESSDATA_PREFIX": str(data)}
        self.name = f"OCRmyPDF {version('ocrmypdf')}, ara+eng, --output-type pdf -O0"

    def read(self, file: bytes, pages: int, jobs: int) -> list[str]:
        """The text of each page."""
        text = self._folder / "out.txt"
        with self._started(file, jobs, text) as process:
            _, told = process.communicate()
        if process.returncode:
            raise BenchUnready(f"OCRmyPDF failed: {told.decode(errors='replace')[-400:]}")
        return (text.read_text("utf-8").split("\f") + [""] * pages)[:pages]

    def weighed(self, file: bytes) -> int:
        """The most megabytes it took with one page at a time."""
        with (
            self._started(file, 1, self._folder / "out.txt") as process,
            PeakMemory(process.pid, every=EVERY) as peak,
        ):
            process.communicate()
        return peak.megabytes

    def _started(self, file: bytes, jobs: int, text: Path) -> "subprocess.Popen[bytes]":
        (source := self._folder / "in.pdf").write_bytes(file)
        command = [
            sys.executable, "-m", "ocrmypdf", "-l", "ara+eng", "--output-type", "pdf", "-O0", "--jobs", str(jobs),
            "--quiet", "--sidecar", str(text), str(source), str(self._folder / "out.pdf"),
        ]  # fmt: skip
        return subprocess.Popen(command, env=self._environment, stderr=subprocess.PIPE)


def tesseract(tessdata: Path, languages: str, mode: int) -> tuple[str, Callable[[Any], str]]:
    """Its name, and Tesseract on one picture: the library, which favours it, as no process is started for a page."""
    import tesserocr

    # One thread a page, as ours.
    os.environ["OMP_THREAD_LIMIT"] = "1"

    def read(picture: Any) -> str:
        with tesserocr.PyTessBaseAPI(path=str(tessdata), lang=languages, psm=mode) as api:
            api.SetImage(picture)
            return str(api.GetUTF8Text())

    return f"Tesseract {tesserocr.tesseract_version().split()[1]}, {languages}, PSM {mode}", read


def tesseract_program(tessdata: Path, languages: str, mode: int, picture: Path) -> tuple[str, float, int]:
    """Text, processor seconds and peak megabytes of the system's Tesseract on one file: a process can be weighed."""
    options = ["-l", languages, "--psm", str(mode), "--tessdata-dir", str(tessdata)]
    environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            ["tesseract", str(picture), "stdout", *options],
            env=environment, stdout=output, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        with PeakMemory(process.pid, every=EVERY) as peak:
            # Its own seconds, whatever else runs beside it.
            _, process.returncode, used = os.wait4(process.pid, 0)
        output.seek(0)
        text = output.read().decode("utf-8", "replace")
    return text, used.ru_utime + used.ru_stime, peak.megabytes

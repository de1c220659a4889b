"""The reader as a Lambda function: it is given plain URLs and needs no rights of its own.

Event: `source` (where to GET the file), `name`, `first_page`, `last_page` (none: read to the end), and `previews`
(page number to where its WebP is PUT).
Answer: `opened` (pages, media_type) and `pages` as they were read, or `refused` (reason, data); `next_page` when
the time or the size of an answer did not suffice, or more was not asked for: the next invocation begins with it.
With `pages` (where to GET them as they were read, a line of JSON each) and `searchable`, the file is PUT there as a
searchable PDF instead. Answer: `refused` (reason, data), or nothing.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from ocr import presigned

_MOST_BYTES = 5_000_000
# For one page, tried twice.
_ENOUGH_MS = 150_000
_ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "OMP_THREAD_LIMIT": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
}
_TESSDATA = "/opt/tessdata"

Answers = Callable[[dict[str, Any]], Iterator[dict[str, Any]]]


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """What Lambda calls."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "source")
        presigned.download(event["source"], source)
        if "searchable" in event:
            presigned.download(event["pages"], Path(folder, "pages"))
            return write(event, source, _answers)
        return read(event, source, context.get_remaining_time_in_millis, _answers, _put)


def read(
    event: dict[str, Any],
    source: Path,
    remaining_ms: Callable[[], int],
    answers: Answers,
    put: Callable[[str, bytes], None],
) -> dict[str, Any]:
    """Reads pages until the file, the time or the room in the answer ends."""
    previews = event.get("previews", {})
    told: dict[str, Any] = {"pages": [], "next_page": None}
    request = {
        "id": 1, "source": str(source), "name": event.get("name", ""), "results": str(source.parent),
        "first_page": event.get("first_page", 1),
    }  # fmt: skip
    size = 0
    for answer in answers(request):
        if answer["event"] == "opened":
            told["opened"] = {"pages": answer["pages"], "media_type": answer["media_type"]}
        elif answer["event"] == "refused":
            told["refused"] = {"reason": answer["reason"], "data": answer["data"]}
        elif answer["event"] == "page":
            page = {key: value for key, value in answer.items() if key not in ("id", "event")}
            room = len(json.dumps(page, ensure_ascii=False).encode())
            if told["pages"] and (size + room > _MOST_BYTES or remaining_ms() < _ENOUGH_MS):
                told["next_page"] = page["number"]
                break
            address = previews.get(str(page["number"]))
            if page["preview"] and address:
                put(address, (source.parent / page["preview"]).read_bytes())
            told["pages"].append(page)
            size += room
            if page["number"] == event.get("last_page") and page["number"] < told["opened"]["pages"]:
                told["next_page"] = page["number"] + 1
                break
    return told


def write(event: dict[str, Any], source: Path, answers: Answers) -> dict[str, Any]:
    """Writes the PDF, given the pages in the file `pages` beside the source, and sends it."""
    request = {
        "id": 1, "source": str(source), "name": event.get("name", ""), "results": str(source.parent),
        "pages": str(source.with_name("pages")),
    }  # fmt: skip
    for answer in answers(request):
        if answer["event"] == "refused":
            return {"refused": {"reason": answer["reason"], "data": answer["data"]}}
    presigned.put(event["searchable"], source.with_name("searchable.pdf"), "application/pdf")
    return {}


def _answers(request: dict[str, Any]) -> Iterator[dict[str, Any]]:
    tessdata = ["--tessdata", _TESSDATA] if Path(_TESSDATA).is_dir() else []
    with subprocess.Popen(
        [sys.executable, "-m", "ocr", *tessdata, "serve"], cwd=Path(__file__).parent.parent,
        env=_ENVIRONMENT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        try:
            if process.stdin and process.stdout:
                process.stdin.write(json.dumps(request).encode() + b"\n")
                process.stdin.flush()
                for line in process.stdout:
                    answer = json.loads(line)
                    yield answer
                    if answer["event"] in ("done", "refused"):
                        return
            yield {"event": "refused", "reason": "reader-crashed", "data": {}}
        finally:
            process.kill()


def _put(address: str, content: bytes) -> None:
    presigned.put(address, content, "image/webp")

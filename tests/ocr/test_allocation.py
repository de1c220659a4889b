"""Memory that a reading process frees is there for its next step: the kernel is not asked for it again."""

import os
import platform
import resource

import numpy as np
import pytest

from ocr.allocation import keep_freed_memory

_PICTURE = 8_000_000


def faults_of_pictures() -> int:
    """How many pages of memory the kernel had to find for twenty pictures, one after the other, in a new process."""
    out, into = os.pipe()
    pid = os.fork()
    if not pid:
        try:
            keep_freed_memory()
            np.ones(_PICTURE, np.uint8)
            before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
            for _ in range(20):
                np.ones(_PICTURE, np.uint8)
            after = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
            os.write(into, str(after - before).encode())
        finally:
            os._exit(0)  # or this process would go on with the other tests as well
    os.close(into)
    with os.fdopen(out, "rb") as told:
        faults = int(told.read())
    os.waitpid(pid, 0)
    return faults


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc can be asked to keep it")
def test_the_memory_of_one_picture_serves_the_next() -> None:
    pages = _PICTURE // resource.getpagesize()
    assert faults_of_pictures() < pages // 10

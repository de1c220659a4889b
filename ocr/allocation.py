"""How the C library of a reading process deals with memory: what one step has freed is kept for the next one.

Left alone it gives pictures of a page back to the kernel and is given them anew, each time page by page and cleared:
twelve thousand faults for every page that is read.
"""

import contextlib
import ctypes

# The parameters of mallopt(3) and what they become. A page's pictures come from the heap, those of large sheets from
# the kernel as before; of freed memory so much stays, beyond which its end is given back.
_MMAP_THRESHOLD, _FROM_THE_KERNEL = -3, 16 << 20
_TRIM_THRESHOLD, _KEPT = -1, 128 << 20


def keep_freed_memory() -> None:
    """Asks this of glibc, for this process and its children; other C libraries stay as they are."""
    with contextlib.suppress(AttributeError):
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(_MMAP_THRESHOLD, _FROM_THE_KERNEL)
        mallopt(_TRIM_THRESHOLD, _KEPT)

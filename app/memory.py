"""How much memory this machine or container lets us use, and giving back what is not needed."""

import ctypes
import gc
import os
from contextlib import suppress
from pathlib import Path

_CONTAINER_LIMITS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")


def usable_memory() -> int:
    """Bytes: the machine's memory, or the container's limit where that is lower."""
    limits = [os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")]
    for path in _CONTAINER_LIMITS:
        with suppress(OSError, ValueError):
            limits.append(int(Path(path).read_text(encoding="ascii")))
    return min(limits)


def usable_cores() -> int:
    """CPU cores this process may run on."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1


def leave_out_of_collections() -> None:
    """Tell the garbage collector to look no more at what there is now: modules, routes, models, rooms.

    Walking over it stopped requests for 60 ms at a time.
    """
    gc.collect()
    gc.freeze()


def give_back_unused() -> None:
    """Return freed memory to the system: the C library keeps what indexing and imports took and freed."""
    with suppress(OSError, AttributeError):  # another C library than glibc
        ctypes.CDLL(None).malloc_trim(0)

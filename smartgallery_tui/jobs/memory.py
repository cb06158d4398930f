"""Let the memory of pictures go back to the system when they are gone."""

from __future__ import annotations

import ctypes
from typing import Final

_TRIM_THRESHOLD: Final = -1
_MMAP_THRESHOLD: Final = -3
_ARENA_MAX: Final = -8
LARGE_BYTES: Final = 128 << 10
"""Larger blocks come from the system, and go back to it, one by one."""
_ARENAS: Final = 2


def return_large_blocks() -> bool:
    """Have freed pixels given back at once, from now on; return whether the system can do that.

    By itself glibc raises its limit with the first large block that is freed, and keeps a heap
    for each thread: after a few hundred pictures the holes between those that are kept took
    three times their size.

    Source: mallopt(3), M_MMAP_THRESHOLD, M_TRIM_THRESHOLD and M_ARENA_MAX.
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError):
        return False  # no glibc
    settings = (
        (_MMAP_THRESHOLD, LARGE_BYTES), (_TRIM_THRESHOLD, LARGE_BYTES), (_ARENA_MAX, _ARENAS),
    )  # fmt: skip
    taken = [mallopt(name, value) for name, value in settings]
    return all(one == 1 for one in taken)

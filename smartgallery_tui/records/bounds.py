"""Numbers of `stat` within what a database column holds: 64 bits with a sign."""

from __future__ import annotations

_LARGEST = 2**63 - 1


def storable_ns(time_ns: int) -> int:
    """Return a file time; one before 1677 or after 2262 becomes the nearest that fits."""
    if -_LARGEST <= time_ns <= _LARGEST:  # so it is with nearly all, of which there are millions
        return time_ns
    return -_LARGEST if time_ns < 0 else _LARGEST


def storable_inode(inode: int) -> int:
    """Return an inode number without its highest bit, which some network file systems use."""
    return inode & _LARGEST

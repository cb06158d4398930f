"""What a reader is told of a file that it is to read.

Imports nothing of ours, so a spawned worker starts quickly.
"""

from __future__ import annotations

from typing import NamedTuple


class Task(NamedTuple):
    """A file to read."""

    file_id: int
    path: bytes
    is_fresh: bool
    kind: str
    format: str
    size_bytes: int
    mtime_ns: int
    companions: tuple[bytes, ...] = ()
    """Paths whose metadata stands in where the file has none."""

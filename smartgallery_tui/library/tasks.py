"""What a reader is told of a file that it is to read.

Imports nothing of ours, so a spawned worker starts quickly.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from smartgallery_tui.index.found import UnreadRow


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


def task_of(row: UnreadRow) -> Task:
    """Return the task to read a file that is unread."""
    return Task(row[0], row[1], row[2] == 0, *row[3:])

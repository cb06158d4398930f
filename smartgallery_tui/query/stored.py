"""Columns kept in a file between runs, so that the first search of a kind need not read the index.

The file is a cache: it says which state of the index it was made from, and counts for nothing when
the index is in another. A damaged part is as good as none.
"""

from __future__ import annotations

import json
import os
import sys
import zlib
from contextlib import suppress
from typing import TYPE_CHECKING, BinaryIO

from smartgallery_tui.query.packing import Reader, pack

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_MAGIC = b"SGQCACHE"
_FORMAT = 3
_ABANDONED_S = 3600
KEPT_FILES = 8
"""Views of one library that have a file."""
_TAIL_BYTES = len(_MAGIC) + 16


class StoredColumns:
    """The parts of one file, read when they are asked for.

    Args:
        path: The file.
        state: What describes the index and the view; JSON must be able to write it.

    Raises:
        ValueError: There is no such file, or it was made from another state.
    """

    def __init__(self, path: Path, state: object) -> None:
        self._path = path
        try:
            with path.open("rb") as file:
                self._parts, self.serial = _table(file, state)
                """The parts, and which transaction on the index was the last that they know."""
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ValueError(str(error)) from error

    def get(self, name: str) -> Reader | None:
        """Return a part, or None where the file has no such part or it is damaged.

        A file that was replaced since counts as damaged: its checksums are others.
        """
        if name not in self._parts:
            return None
        at, size, checksum = self._parts[name]
        try:
            with self._path.open("rb") as file:
                file.seek(at)
                packed = file.read(size)
            return Reader(packed) if zlib.crc32(packed) == checksum else None
        except (OSError, ValueError):
            return None


def _table(file: BinaryIO, state: object) -> tuple[dict[str, list[int]], int]:
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - _TAIL_BYTES))
    tail = file.read(_TAIL_BYTES)
    if tail[16:] != _MAGIC:
        raise ValueError("no file of ours")
    at, length = (int.from_bytes(tail[i : i + 8], "little") for i in (0, 8))
    file.seek(at)
    head = Reader(file.read(length)).meta
    if head["state"] != _comparable(state):
        raise ValueError("made from another state of the index")
    parts: dict[str, list[int]] = head["parts"]
    return parts, int(head["serial"])


def write(path: Path, state: object, serial: int, parts: Iterable[tuple[str, bytes]]) -> None:
    """Replace the file by one with these parts, each made by `packing.pack`.

    Raises:
        OSError: It cannot be written; an older file stays.
    """
    fresh = path.with_name(f".{path.name}-{os.getpid()}")
    table: dict[str, tuple[int, int, int]] = {}
    try:
        with fresh.open("wb") as file:
            fresh.chmod(0o600)
            for name, packed in parts:
                table[name] = (file.tell(), len(packed), zlib.crc32(packed))
                file.write(packed)
            at = file.tell()
            head = pack({"state": _comparable(state), "serial": serial, "parts": table})
            file.write(head)
            file.write(at.to_bytes(8, "little") + len(head).to_bytes(8, "little") + _MAGIC)
        fresh.replace(path)
        _prune(path)
    finally:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)


def _prune(path: Path) -> None:
    """Remove the oldest files of other views, and what interrupted runs left behind."""
    others = sorted(path.parent.glob(f"*{path.suffix}"), key=lambda each: -each.stat().st_mtime)
    for old in others[KEPT_FILES:]:
        old.unlink(missing_ok=True)
    for left in path.parent.glob(f".*{path.suffix}-*"):
        if left.stat().st_mtime < path.stat().st_mtime - _ABANDONED_S:
            left.unlink(missing_ok=True)


def _comparable(state: object) -> object:
    """Return a state as JSON gives it back, with what the meaning of the bytes depends on."""
    return json.loads(json.dumps([_FORMAT, sys.byteorder, state]))

"""Requests to the process that scans: a second `scan` asks it to look at more folders.

A request is a small file in the data folder. The scanner takes it by removing it, so the asking
process sees that it was heard; a scanner that ends first leaves it, and the lock is free.
"""

from __future__ import annotations

import json
import os
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from smartgallery_tui.errors import DatabaseError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_FOLDER: Final = "scan.requests"
_MAX_BYTES: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class Request:
    """What another process wants to be scanned."""

    root_ids: tuple[int, ...]
    is_reparse: bool


def post(data_dir: Path, request: Request) -> Path:
    """Leave a request for the scanner and return its file.

    Raises:
        DatabaseError: The data folder cannot be written.
    """
    folder = data_dir / _FOLDER
    path = folder / f"{os.getpid()}-{time.monotonic_ns()}.json"
    part = path.with_suffix(".part")
    text = json.dumps({"roots": request.root_ids, "reparse": request.is_reparse})
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        part.write_text(text, "utf-8")
        part.rename(path)
    except OSError as error:
        raise DatabaseError(f"cannot write {path}: {error.strerror}") from error
    return path


def take(data_dir: Path) -> list[Request]:
    """Return the waiting requests and remove them; one that cannot be read is dropped."""
    folder = data_dir / _FOLDER
    try:
        paths = sorted(folder.iterdir())
    except OSError:
        return []
    found = [_take_one(path) for path in paths if path.suffix == ".json"]
    return [request for request in found if request is not None]


def withdraw(path: Path) -> bool:
    """Take back a request; return whether it was still waiting."""
    try:
        path.unlink()
    except OSError:
        return False
    return True


def _take_one(path: Path) -> Request | None:
    request = None
    with suppress(OSError, ValueError, KeyError, TypeError):
        with path.open(encoding="utf-8") as file:
            data = json.loads(file.read(_MAX_BYTES))
        request = Request(tuple([int(number) for number in data["roots"]]), bool(data["reparse"]))
    return request if withdraw(path) else None


def merged(requests: Sequence[Request]) -> Request | None:
    """Return one request for all of them, or None where there is none."""
    if not requests:
        return None
    ids = dict.fromkeys(number for request in requests for number in request.root_ids)
    return Request(tuple(ids), any(request.is_reparse for request in requests))

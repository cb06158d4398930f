"""Copies of user data in `ROOT/.smartgallery/`: the volume outlives the box.

Each user.db has a file of its own there, so that a new box or a colleague never replaces what
another one wrote.
"""

from __future__ import annotations

import json
import os
import stat
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

FOLDER: Final = ".smartgallery"
_PATTERN: Final = "userdata-*.jsonl"


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy that lies on a volume."""

    path: Path
    library: str
    """Id of the user.db that wrote it."""
    updated_ns: int
    """When its data was last changed."""


def copies(root: str) -> list[Copy]:
    """Return the copies in a root; files that are not ours are left out."""
    found = [_read_head(path) for path in sorted((Path(root) / FOLDER).glob(_PATTERN))]
    return [copy for copy in found if copy is not None]


def _read_head(path: Path) -> Copy | None:
    try:
        with path.open(encoding="utf-8") as file:
            head = json.loads(file.readline(1000))
        return Copy(path, str(head["library"]), int(head["updated_ns"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def can_write(root: str) -> bool:
    """Whether a copy could be written into a root."""
    folder = Path(root) / FOLDER
    return os.access(folder if folder.exists() else root, os.W_OK)


def write_copy(root: str, library: str, lines: Iterable[str]) -> bool:
    """Replace this user.db's copy in a root, whole or not at all; return whether it worked."""
    target = Path(root) / FOLDER / f"userdata-{library}.jsonl"
    part = target.with_name(f"{target.name}.part-{os.getpid()}")
    try:
        target.parent.mkdir(mode=0o700, exist_ok=True)
        if not stat.S_ISDIR(target.parent.lstat().st_mode):
            return False
        with part.open("x", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in lines)
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    except OSError:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        return False
    return True

"""The copy of user data in `ROOT/.smartgallery/`: the volume outlives the box."""

from __future__ import annotations

import json
import os
import stat
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

FOLDER: Final = ".smartgallery"
FILE_NAME: Final = "userdata.jsonl"


def copy_path(root: str) -> Path:
    """Return where the copy of a root lies."""
    return Path(root) / FOLDER / FILE_NAME


def updated_ns(root: str) -> int:
    """Return when the data of a root's copy was last changed; 0 where there is no copy."""
    try:
        with copy_path(root).open(encoding="utf-8") as file:
            head = json.loads(file.readline(1000))
        return int(head["updated_ns"])
    except (OSError, ValueError, KeyError, TypeError):
        return 0


def write_copy(root: str, lines: Iterable[str]) -> bool:
    """Replace a root's copy, whole or not at all; return whether it could be written."""
    target = copy_path(root)
    part = target.with_name(f"{FILE_NAME}.part-{os.getpid()}")
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

"""Copies of user data and node rules in `ROOT/.smartgallery/`: the volume outlives the box.

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
_MAX_RULES_BYTES: Final = 1 << 20


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
    text = "".join([f"{line}\n" for line in lines])
    return _replace(root, f"userdata-{library}.jsonl", text.encode())


def rules_beside(copy: Path) -> bytes | None:
    """Return the node rules that lie beside a copy, or None."""
    name = copy.name.replace("userdata-", "nodes-", 1).removesuffix(".jsonl") + ".toml"
    return read_rules(copy.with_name(name))


def read_rules(file: Path) -> bytes | None:
    """Return what a file of node rules holds; None where there is none or it is too long."""
    try:
        with file.open("rb") as stream:
            data = stream.read(_MAX_RULES_BYTES + 1)
    except OSError:
        return None
    return data if len(data) <= _MAX_RULES_BYTES else None


def write_rules(root: str, library: str, data: bytes) -> bool:
    """Replace this library's node rules in a root where they differ; return whether it wrote."""
    name = f"nodes-{library}.toml"
    if read_rules(Path(root) / FOLDER / name) == data:
        return False
    return _replace(root, name, data)


def _replace(root: str, name: str, data: bytes) -> bool:
    target = Path(root) / FOLDER / name
    part = target.with_name(f"{name}.part-{os.getpid()}")
    try:
        target.parent.mkdir(mode=0o700, exist_ok=True)
        if not stat.S_ISDIR(target.parent.lstat().st_mode):
            return False
        with part.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    except OSError:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        return False
    return True

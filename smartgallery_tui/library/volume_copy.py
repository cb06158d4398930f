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

from smartgallery_tui.containers import open_source
from smartgallery_tui.errors import ContainerError
from smartgallery_tui.records.bounds import storable_ns

if TYPE_CHECKING:
    from collections.abc import Iterable

FOLDER: Final = ".smartgallery"
_PATTERN: Final = "userdata-*.jsonl"
_MAX_HEAD_BYTES: Final = 1000
_MAX_RULES_BYTES: Final = 1 << 20
_MAX_COPY_BYTES: Final = 1 << 28
"""Half a million marked files with notes."""


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
        with open_source(str(path)) as source:
            head = json.loads(source.read_at(0, _MAX_HEAD_BYTES).partition(b"\n")[0])
        found = Copy(path, str(head["library"]), storable_ns(int(head["updated_ns"])))
    except (OSError, ContainerError, ValueError, KeyError, TypeError, ArithmeticError,
            RecursionError):  # fmt: skip
        return None
    return found if f"0{found.library}".isalnum() and found.library.isascii() else None


def read_lines(copy: Path) -> list[str]:
    """Return the lines of a copy, none where it is too long for one.

    Raises:
        ContainerError: It is no file that can be read.
        UnicodeDecodeError: It is no text.
    """
    with open_source(str(copy)) as source:
        if source.size_bytes > _MAX_COPY_BYTES:
            return []
        return source.read_at(0, source.size_bytes).decode("utf-8").splitlines()


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
        # A pipe in its place must not be waited for.
        fd = os.open(file, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(fd, "rb") as stream:
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

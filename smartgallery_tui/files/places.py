"""Parts of absolute paths as text; names of any bytes pass through unchanged."""

from __future__ import annotations

import os


def join(folder: str, name: str) -> str:
    """Return the path of an entry of a folder."""
    return f"{folder.rstrip('/')}/{name}"


def folder_of(path: str) -> str:
    """Return the path of the folder that an entry is in."""
    return path.rpartition("/")[0] or "/"


def name_of(path: str) -> str:
    """Return the last part of a path."""
    return path.rpartition("/")[2]


def stem_and_extension(name: str) -> tuple[str, str]:
    """Return a name without its extension, and the extension with its dot."""
    dot = name.rfind(".")
    return (name[:dot], name[dot:]) if dot > 0 else (name, "")


def names_in(folder_fd: int) -> list[str]:
    """Return the sorted names of an open folder."""
    with os.scandir(folder_fd) as entries:
        return sorted(entry.name for entry in entries)

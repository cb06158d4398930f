"""What this machine and the databases can do: the facts behind `doctor`."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from smartgallery_tui import __version__
from smartgallery_tui.media.ffmpeg import Ffmpeg

if TYPE_CHECKING:
    from smartgallery_tui.records import Settings

_PACKAGES = ("textual", "textual-image", "pillow", "peewee")
_DATABASES = ("index.db", "user.db")


def versions() -> dict[str, str]:
    """Return name and version of the program and of what it stands on."""
    found = {
        "smartgallery": __version__,
        "Python": platform.python_version(),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
    }
    for name in _PACKAGES:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            found[name] = "missing"
    return found


def sqlite_facts() -> dict[str, str]:
    """Return SQLite's version and whether it has the full-text search that we need."""
    return {
        "SQLite": sqlite3.sqlite_version,
        "FTS5": "yes" if _has_tokenizer("unicode61") else "no: search needs it",
        "trigram": "yes" if _has_tokenizer("trigram") else "no: parts of names are not found",
    }


def tool_facts(settings: Settings) -> dict[str, str]:
    """Return version and decoders of ffmpeg, or what to do without it. Runs it twice."""
    status = Ffmpeg(settings.tools.ffmpeg, settings.tools.ffprobe).status()
    version = f"{status.version} ({status.ffmpeg})" if status.ffmpeg else "missing"
    return {
        "ffmpeg": version,
        "ffprobe": status.ffprobe or "missing",
        "decodes": ", ".join(status.decodes) or "no video",
        "problem": status.problem,
    }


def file_sizes(data_dir: Path, cache_dir: Path) -> dict[str, int | None]:
    """Return the size of each database in bytes, None where there is none yet."""
    found: dict[str, int | None] = {name: _size(data_dir / name) for name in _DATABASES}
    found["thumbs.db"] = _size(cache_dir / "thumbs.db")
    return found


def file_system(folder: Path) -> str:
    """Return the type of the file system below a folder that may not exist yet, or ""."""
    existing = _existing(folder)
    best, kind = "", ""
    try:
        mounts = Path("/proc/self/mounts").read_text("utf-8", "surrogateescape").splitlines()
    except OSError:
        return ""
    real = str(existing.resolve())
    for line in mounts:
        _, point, name, *_ = line.split(" ")
        inside = real == point or real.startswith(point.rstrip("/") + "/")
        if inside and len(point) >= len(best):
            best, kind = point, name
    return kind


def is_writable(folder: Path) -> bool:
    """Whether files can be made in a folder, or the folder itself where it is not there yet."""
    return os.access(_existing(folder), os.W_OK | os.X_OK)


def _existing(folder: Path) -> Path:
    """Return the folder, or the nearest one above it that is there."""
    return next((path for path in (folder, *folder.parents) if path.exists()), Path("/"))


def _has_tokenizer(name: str) -> bool:
    with closing(sqlite3.connect(":memory:")) as db:
        try:
            db.execute(f"CREATE VIRTUAL TABLE t USING fts5(x, tokenize='{name}')")
        except sqlite3.OperationalError:
            return False
    return True


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except OSError:
        return None

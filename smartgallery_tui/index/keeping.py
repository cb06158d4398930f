"""Keep user.db safe: rolling backups, a whole backup and its restore, integrity checks.

Copies are made with SQLite's own backup, which is right in the middle of writes too; a copy of the
file alone would miss the write-ahead log.
"""

from __future__ import annotations

import os
import sqlite3
import time
from contextlib import ExitStack, closing, suppress
from typing import TYPE_CHECKING, Final

from smartgallery_tui.errors import DatabaseError, IndexForeignError, IndexNewerError
from smartgallery_tui.index.connection import connect
from smartgallery_tui.index.versions import CATALOG, USER, DatabaseKind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

BACKUP_FOLDER: Final = "backups"
KEPT: Final = 7
"""Rolling backups that are kept: one a day at most."""
_DAY_S: Final = 24 * 3600
_PATTERN: Final = "user-*.db"


def copy_database(source: Path, target: Path) -> None:
    """Copy a live database to a new file, whole or not at all.

    Raises:
        DatabaseError: It cannot be read or written, or the target exists.
    """
    partial = target.with_name(f"{target.name}.part-{os.getpid()}")
    try:
        if target.exists():
            raise DatabaseError(f"{target} exists already")
        with closing(connect(source)) as live, closing(sqlite3.connect(partial)) as copy:
            live.backup(copy)
            # One file that needs no companions.
            copy.execute("PRAGMA journal_mode=DELETE")
        _sync_file(partial)
        _name(partial, target)
    except (OSError, sqlite3.Error) as error:
        raise DatabaseError(f"cannot copy {source} to {target}: {error}") from error
    finally:
        partial.unlink(missing_ok=True)


def backup_user(data_dir: Path, *, now_s: float | None = None) -> Path | None:
    """Make a rolling backup of user.db if the newest is a day old; return it, or None.

    Raises:
        DatabaseError: It cannot be made.
    """
    now = time.time() if now_s is None else now_s
    folder = data_dir / BACKUP_FOLDER
    known = backups(data_dir)
    try:
        # One from the future, which a clock set wrong has left, does not count.
        if known and 0 <= now - known[-1].stat().st_mtime < _DAY_S:
            return None
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise DatabaseError(f"cannot make {folder}: {error.strerror}") from error
    stamp = time.strftime("%Y%m%d-%H%M%S", time.localtime(now))
    target = folder / f"user-{stamp}.db"
    if target.exists():
        return None
    copy_database(data_dir / USER.file_name, target)
    for old in backups(data_dir)[:-KEPT]:
        with suppress(OSError):  # the next one tries again
            old.unlink()
    return target


def backups(data_dir: Path) -> list[Path]:
    """Return the rolling backups, oldest first."""
    return sorted((data_dir / BACKUP_FOLDER).glob(_PATTERN))


def check(path: Path) -> str | None:
    """Return what is wrong with a database file, or None where it is whole. Reads all of it."""
    try:
        with closing(connect(path)) as db:
            rows: Sequence[tuple[str]] = db.execute("PRAGMA quick_check(3)").fetchall()
    except sqlite3.Error as error:
        return str(error)
    problems = [row[0] for row in rows if row[0] != "ok"]
    return "; ".join(problems) or None


def require_kind(path: Path, kind: DatabaseKind) -> None:
    """Raise unless `path` is a whole database of this kind that this program can use.

    Raises:
        IndexForeignError: It is something else, or damaged.
        IndexNewerError: A newer version made it.
    """
    if path.is_dir():
        raise IndexForeignError(f"{path} is a folder, not a database")
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as db:
            (application_id,) = db.execute("PRAGMA application_id").fetchone()
            (version,) = db.execute("PRAGMA user_version").fetchone()
    except sqlite3.Error as error:
        raise IndexForeignError(f"{path} is not a database: {error}") from error
    if application_id != kind.application_id:
        raise IndexForeignError(f"{path} is not a {kind.file_name} of smartgallery-tui")
    if version > kind.version:
        raise IndexNewerError(f"{path} was made by a newer version; update smartgallery-tui")
    problem = check(path)
    if problem is not None:
        raise IndexForeignError(f"{path} is damaged: {problem}")


def restore_user(backup: Path, data_dir: Path) -> Path | None:
    """Put a backup in the place of user.db; what was there is kept beside it.

    The pages are written in one transaction into the living file, so programs that have it open
    see the restored data. A user.db that cannot be read is moved aside instead.

    Returns:
        Where the user.db that was there is kept now, or None if there was none.

    Raises:
        IndexForeignError: The backup is not a whole user.db.
        DatabaseError: Files cannot be written.
    """
    require_kind(backup, USER)
    current = data_dir / USER.file_name
    kept: Path | None = None
    try:
        data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        if current.exists():
            kept = _free_name(current, "replaced")
            if check(current) is None:
                copy_database(current, kept)
            else:
                _move_aside(current, kept)
        with closing(connect(backup)) as source, closing(connect(current)) as target:
            source.backup(target)
    except (OSError, sqlite3.Error) as error:
        raise DatabaseError(f"cannot restore {backup}: {error}") from error
    forget_mirror(data_dir)
    return kept


def _name(partial: Path, target: Path) -> None:
    """Give a complete file its name; never replaces a file that appeared meanwhile."""
    try:
        os.link(partial, target)
    except FileExistsError:
        raise
    except OSError:  # a file system without links: the name is reserved first
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
        with ExitStack() as failing:
            failing.callback(target.unlink, missing_ok=True)
            partial.replace(target)
            failing.pop_all()


def _move_aside(database: Path, kept: Path) -> None:
    """Rename a database with its companions: the next one would take a log for its own."""
    for suffix in ("-wal", "-shm", "-journal", ""):
        part = database.with_name(database.name + suffix)
        if part.exists():
            part.rename(kept.with_name(kept.name + suffix))


def _free_name(path: Path, what: str) -> Path:
    stamp = time.strftime("%Y%m%d-%H%M%S")
    for number in range(100):
        found = path.with_name(f"{path.name}.{what}-{stamp}{f'-{number}' if number else ''}")
        if not found.exists():
            return found
    raise DatabaseError(f"too many copies of {path}")


def forget_mirror(data_dir: Path) -> None:
    """Have index.db take all marks anew from user.db."""
    path = data_dir / CATALOG.file_name
    if not path.exists():
        return
    with closing(connect(path)) as db:
        db.execute("BEGIN IMMEDIATE")
        db.execute("UPDATE files SET is_favorite=0, rating=0, status=''")
        db.execute("DELETE FROM meta WHERE key='mirrored_serial'")
        db.execute("COMMIT")


def _sync_file(path: Path) -> None:
    fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)

"""A database that may be lost: what cannot be read is a miss, what cannot be written is not kept.

A damaged file starts anew, and a place that cannot be written is replaced by memory.
"""

from __future__ import annotations

import contextlib
import sqlite3
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path


class CacheFile:
    """One connection to such a database. Used by one thread at a time.

    Args:
        path: The file; its folder is made. None keeps everything in memory.
        schema: Statements that make the tables, the pragma `user_version` among them.
        version: Which `user_version` they set; a file of another is emptied.
        on_opened: Called with this object whenever a file was opened, a new one too.
    """

    def __init__(
        self,
        path: Path | None,
        schema: str,
        version: int,
        on_opened: Callable[[CacheFile], None],
    ) -> None:
        self._path = path
        self._schema = schema
        self._version = version
        self._on_opened = on_opened
        self._is_closed = False
        self._connection = self._open()
        on_opened(self)

    @property
    def is_in_memory(self) -> bool:
        """Tell whether nothing reaches a disk."""
        return self._path is None

    @property
    def is_closed(self) -> bool:
        """Tell whether it was closed."""
        return self._is_closed

    def rows(self, sql: str, parameters: tuple[object, ...] = ()) -> list[tuple[Any, ...]]:
        """Return what a query finds; nothing where it cannot be asked."""
        if self._is_closed:
            return []
        try:
            return self._connection.execute(sql, parameters).fetchall()
        except sqlite3.OperationalError:
            return []
        except sqlite3.DatabaseError:
            self._start_anew()
            return []

    def write(self, sql: str, rows: Sequence[tuple[object, ...]]) -> bool:
        """Run a statement for each row in one transaction; return whether it was done."""
        if self._is_closed:
            return False
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                self._connection.executemany(sql, rows)
                self._connection.execute("COMMIT")
            except sqlite3.Error:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise
        except sqlite3.OperationalError:
            return False
        except sqlite3.DatabaseError:
            self._start_anew()
            return False
        return True

    def give_back_space(self, pages: int = 0) -> bool:
        """Cut unused pages off the file, 0: all of them; return whether more are left."""
        if self._is_closed:
            return False
        # As a script, because `execute` stops after the first page of this pragma.
        with contextlib.suppress(sqlite3.Error):
            self._connection.executescript(f"PRAGMA incremental_vacuum({pages})")
        left = self.rows("PRAGMA freelist_count")
        return bool(left and left[0][0])

    def close(self) -> None:
        """Close it; further calls find and write nothing."""
        if not self._is_closed:
            self._is_closed = True
            self._connection.close()

    def _open(self) -> sqlite3.Connection:
        for attempt in range(2):
            try:
                return self._connect(self._path)
            except sqlite3.OperationalError:
                break
            except sqlite3.DatabaseError:
                if attempt == 0:
                    self._discard_file()
            except OSError:
                break
        self._path = None
        return self._connect(None)

    def _connect(self, path: Path | None) -> sqlite3.Connection:
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            path.touch(mode=0o600)
        connection = sqlite3.connect(
            path or ":memory:", timeout=2.0, isolation_level=None, check_same_thread=False
        )
        try:
            self._prepare(connection)
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    def _prepare(self, connection: sqlite3.Connection) -> None:
        connection.execute("PRAGMA auto_vacuum=INCREMENTAL")
        connection.execute("PRAGMA journal_mode=WAL").fetchone()
        # A crash of the machine may cost the cache, which then starts anew.
        connection.execute("PRAGMA synchronous=OFF")
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version == self._version:
            return
        connection.execute("BEGIN IMMEDIATE")
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version != self._version:  # no other process was quicker
            for statement in self._schema.split(";"):
                connection.execute(statement)
        connection.execute("COMMIT")

    def _start_anew(self) -> None:
        self._connection.close()
        self._discard_file()
        self._connection = self._open()
        self._on_opened(self)

    def _discard_file(self) -> None:
        if self._path is None:
            return
        for suffix in ("", "-wal", "-shm", "-journal"):
            with contextlib.suppress(OSError):  # it stays, and memory takes its place
                self._path.with_name(self._path.name + suffix).unlink()

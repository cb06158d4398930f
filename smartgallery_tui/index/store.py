"""The two database files: opened, created, checked; connections for readers.

`Store.read()` lends a connection with `index.db` as `main` and `user.db` attached as `user`.
Writing is the writer's alone (`index.writer`).
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from smartgallery_tui.errors import (
    DatabaseError,
    IndexForeignError,
    IndexNewerError,
    ReadOnlyError,
)
from smartgallery_tui.index.change_lock import preparing
from smartgallery_tui.index.connection import connect, primary_code, reason
from smartgallery_tui.index.versions import CATALOG, USER, DatabaseKind

if TYPE_CHECKING:
    from collections.abc import Iterator

_READER_PRAGMAS = (
    "PRAGMA query_only=1",
    # A few connections are open at once; the system keeps the pages of the file for all of them.
    # A mapped file would count as memory of ours once for each connection.
    "PRAGMA cache_size=-4000",
    "PRAGMA mmap_size=0",
    "PRAGMA temp_store=MEMORY",
)


class Store:
    """The data folder's databases.

    Args:
        data_dir: Folder of `index.db` and `user.db`; made when it is missing.

    Raises:
        IndexForeignError: `user.db` is not ours or is damaged; it is left untouched.
        DatabaseError: The folder or a database cannot be used.
    """

    def __init__(self, data_dir: str | Path) -> None:
        self.data_dir = Path(data_dir)
        self.index_path = self.data_dir / CATALOG.file_name
        self.user_path = self.data_dir / USER.file_name
        self.notices: list[str] = []
        self.newer: str = ""
        """Which newer version's schema forbids writing, or ""."""
        self.sealed: str = ""
        """Why the files themselves cannot be written, or ""."""
        self._lock = threading.Lock()
        self._free: list[sqlite3.Connection] = []
        self._lent: set[sqlite3.Connection] = set()
        self._is_closed = False
        try:
            self.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            message = f"cannot make the data folder {self.data_dir}: {error.strerror}"
            raise DatabaseError(message) from error
        self._is_sealed = self._is_unwritable()
        with preparing(self.data_dir):
            self._prepare(USER, self.user_path)
            self._prepare(CATALOG, self.index_path)

    def _is_unwritable(self) -> bool:
        """Whether the folder can be read and not written: everything is then read-only."""
        paths = [self.data_dir, *[p for p in (self.index_path, self.user_path) if p.exists()]]
        if all(os.access(path, os.W_OK) for path in paths):
            return False
        if not (self.index_path.exists() and self.user_path.exists()):
            raise DatabaseError(f"the data folder {self.data_dir} cannot be written")
        self.sealed = f"the data folder {self.data_dir} cannot be written"
        return True

    def _prepare(self, kind: DatabaseKind, path: Path) -> None:
        try:
            version = self._version(kind, path)
        except IndexForeignError as error:
            if kind is USER:
                raise IndexForeignError(f"{error}; {self._backup_hint()}") from error
            version = self._set_aside(path)
        if self._is_sealed:
            return
        if kind is CATALOG and version and self._is_damaged(path):
            version = self._set_aside(path)
        if version == kind.version:
            return
        if version > kind.version:
            self.newer = (
                f"{path.name} was made by a newer version (schema {version}, this program knows "
                f"{kind.version}): update smartgallery-tui; until then nothing is written"
            )
            return
        # Imported here: peewee costs 50 ms and is needed only to create or change tables.
        from smartgallery_tui.index.migrations import create_or_migrate

        try:
            create_or_migrate(kind, path)
        except sqlite3.Error as error:
            raise DatabaseError(f"cannot prepare {path.name}: {reason(error, path)}") from error

    def _options(self, path: Path) -> str:
        """Return the URI parameters for opening a database."""
        if not self._is_sealed:
            return ""
        log = path.with_name(f"{path.name}-wal")
        has_log = log.exists() and log.stat().st_size > 0
        # Without a log SQLite would want to make one, which it cannot here.
        return "?mode=ro" if has_log else "?mode=ro&immutable=1"

    def _backup_hint(self) -> str:
        """Return what to do about a user.db that cannot be used."""
        backups = sorted((self.data_dir / "backups").glob("user-*.db"))
        if not backups:
            return "move it away to start anew"
        return f"move it away and copy the newest backup in its place: {backups[-1]}"

    def _is_damaged(self, path: Path) -> bool:
        """Whether the index was found damaged, now or by an earlier run."""
        marker = self._damage_marker
        if marker.exists():
            return True
        try:
            with closing(connect(path)) as db:
                db.execute("SELECT max(id) FROM roots").fetchone()
                db.execute("SELECT max(id) FROM files").fetchone()
        except sqlite3.OperationalError:
            return False
        except sqlite3.DatabaseError:
            return True
        return False

    @property
    def _damage_marker(self) -> Path:
        return self.index_path.with_name(f"{self.index_path.name}.damaged")

    def note_damage(self) -> None:
        """Have the index set aside and rebuilt when the library is opened next."""
        with suppress(OSError):
            self._damage_marker.touch()

    def _version(self, kind: DatabaseKind, path: Path) -> int:
        """Return the schema version of the file, 0 where it has none yet."""
        if not path.exists() or path.stat().st_size == 0:
            return 0
        try:
            connection = connect(path, self._options(path))
            try:
                # One view of the file: another process may be making its tables right here.
                connection.execute("BEGIN")
                (application_id,) = connection.execute("PRAGMA application_id").fetchone()
                (version,) = connection.execute("PRAGMA user_version").fetchone()
                (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            finally:
                connection.close()
        except sqlite3.OperationalError as error:
            raise DatabaseError(f"cannot open {path}: {reason(error, path)}") from error
        except sqlite3.DatabaseError as error:
            raise IndexForeignError(_foreign(path)) from error
        if application_id == kind.application_id:
            return int(version)
        if tables == 0:
            return 0
        raise IndexForeignError(_foreign(path))

    def _set_aside(self, path: Path) -> int:
        aside = path.with_name(f"{path.name}.set-aside-{time.strftime('%Y%m%d-%H%M%S')}")
        try:
            path.rename(aside)
            for suffix in ("-wal", "-shm", "-journal"):
                path.with_name(path.name + suffix).unlink(missing_ok=True)
            self._damage_marker.unlink(missing_ok=True)
        except OSError as error:
            raise DatabaseError(f"cannot set {path} aside: {error.strerror}") from error
        self.notices.append(
            f"{path.name} could not be used; it is kept as {aside.name} and rebuilt by a scan"
        )
        return 0

    def require_writable(self) -> None:
        """Raise if nothing can be written.

        Raises:
            IndexNewerError: A database belongs to a newer version.
            ReadOnlyError: The folder cannot be written.
        """
        if self.newer:
            raise IndexNewerError(self.newer)
        if self.sealed:
            raise ReadOnlyError(self.sealed)

    @property
    def is_writable(self) -> bool:
        """Whether databases may be written."""
        return not self.newer and not self.sealed

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """Lend a read-only connection (`main` = index.db, `user` = user.db) from any thread."""
        connection = self._take()
        try:
            yield connection
        except sqlite3.Error as error:
            if primary_code(error) in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}:
                raise DatabaseError(self._blame()) from error
            raise DatabaseError(f"cannot read the index: {error}") from error
        finally:
            self._give_back(connection)

    def _blame(self) -> str:
        """Say which database is damaged; the index is rebuilt then, user.db is left alone."""
        try:
            with closing(connect(self.user_path, self._options(self.user_path))) as db:
                is_whole = db.execute("PRAGMA quick_check(1)").fetchone() == ("ok",)
        except sqlite3.Error:
            is_whole = False
        if not is_whole:
            return f"{self.user_path} is damaged; {self._backup_hint()}"
        self.note_damage()
        return "the index is damaged; close the program and start it again to rebuild it"

    def _take(self) -> sqlite3.Connection:
        with self._lock:
            if self._is_closed:
                raise DatabaseError("the library is closed")
            connection = self._free.pop() if self._free else None
            if connection is not None:
                self._lent.add(connection)
                return connection
        connection = self._connect_reader()
        with self._lock:
            self._lent.add(connection)
        return connection

    def _give_back(self, connection: sqlite3.Connection) -> None:
        if connection.in_transaction:
            connection.rollback()
        with self._lock:
            self._lent.discard(connection)
            if not self._is_closed and len(self._free) < 8:
                self._free.append(connection)
                return
        connection.close()

    def _connect_reader(self) -> sqlite3.Connection:
        path = self.index_path
        try:
            with ExitStack() as failing:
                connection = connect(path, self._options(path))
                failing.callback(connection.close)
                user = f"{self.user_path.absolute().as_uri()}{self._options(self.user_path)}"
                connection.execute("ATTACH DATABASE ? AS user", (user,))
                for pragma in _READER_PRAGMAS:
                    connection.execute(pragma)
                failing.pop_all()
        except sqlite3.Error as error:
            raise DatabaseError(f"cannot open {path}: {reason(error, path)}") from error
        return connection

    def change_token(self) -> int:
        """Return a number that changes when this or another process has committed anything."""
        return hash(self.change_tokens())

    def change_tokens(self) -> tuple[int, int]:
        """Return the same for index.db and for user.db alone."""
        return hash(_stamp(self.index_path)), hash(_stamp(self.user_path))

    def close(self) -> None:
        """Close every idle connection; lent ones close when they come back. Idempotent."""
        with self._lock:
            self._is_closed = True
            free, self._free = self._free, []
        for connection in free:
            connection.close()


def _stamp(path: Path) -> tuple[int, ...]:
    """Return size and time of a database and of its write-ahead log."""
    out: list[int] = []
    for suffix in ("", "-wal"):
        try:
            found = path.with_name(path.name + suffix).stat()
        except OSError:
            out.append(-1)
        else:
            out += (found.st_size, found.st_mtime_ns)
    return tuple(out)


def _foreign(path: Path) -> str:
    return f"{path} is not a database of smartgallery-tui, or it is damaged"

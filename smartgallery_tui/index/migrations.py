"""Schema steps: each database is created or brought up to date in one transaction.

`PRAGMA user_version` is the ledger. Before a step the file is copied beside itself, so an
unwanted change can be undone by hand; a step that is interrupted leaves the old schema.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from smartgallery_tui.index import schema
from smartgallery_tui.index.connection import connect
from smartgallery_tui.index.versions import CATALOG, DatabaseKind
from smartgallery_tui.records.text_digest import number_of

if TYPE_CHECKING:
    from collections.abc import Mapping

_NODE_SETS = (
    'CREATE TABLE "node_sets" ("id" INTEGER NOT NULL PRIMARY KEY, "classes" TEXT NOT NULL)',
    'CREATE UNIQUE INDEX "nodeset_classes" ON "node_sets" ("classes")',
    'CREATE TABLE "node_set_names" ("set_id" INTEGER NOT NULL, "name_id" INTEGER NOT NULL, '
    'PRIMARY KEY ("set_id", "name_id")) WITHOUT ROWID',
    "ALTER TABLE files ADD COLUMN node_set_id INTEGER",
    "CREATE TABLE old_sets AS SELECT file_id, group_concat(name, char(10)) AS classes FROM "
    "(SELECT u.file_id, n.name FROM file_names u JOIN names n ON n.id = u.name_id "
    "WHERE n.role = 'node' ORDER BY u.file_id, n.name) GROUP BY file_id",
    "INSERT INTO node_sets (classes) SELECT DISTINCT classes FROM old_sets",
    "INSERT INTO node_set_names SELECT DISTINCT s.id, u.name_id FROM "
    "(SELECT min(file_id) AS file_id, classes FROM old_sets GROUP BY classes) o "
    "JOIN node_sets s ON s.classes = o.classes JOIN file_names u ON u.file_id = o.file_id "
    "JOIN names n ON n.id = u.name_id AND n.role = 'node'",
    "UPDATE files SET node_set_id = (SELECT s.id FROM old_sets o "
    "JOIN node_sets s ON s.classes = o.classes WHERE o.file_id = files.id) "
    "WHERE id IN (SELECT file_id FROM old_sets)",
    "DELETE FROM file_names WHERE name_id IN (SELECT id FROM names WHERE role = 'node')",
    "DROP TABLE old_sets",
    "CREATE INDEX file_node_set ON files (node_set_id) WHERE node_set_id IS NOT NULL",
    "INSERT INTO texts_fts (texts_fts, rank) VALUES ('automerge', 16)",
)
"""Node classes: from a row for each file to sets that files share."""
_ROW_NEWS = 'CREATE TABLE "row_news" ("serial" INTEGER NOT NULL PRIMARY KEY, "ids" TEXT)'
_READ_NS = "ALTER TABLE files ADD COLUMN read_ns BIGINT"
_FASTER_SCANS = (
    'CREATE TABLE "new_texts" ("id" INTEGER NOT NULL PRIMARY KEY, "digest" INTEGER NOT NULL, '
    '"body" TEXT NOT NULL)',
    "INSERT INTO new_texts SELECT id, number_of(digest), body FROM texts ORDER BY id",
    "DROP TABLE texts",
    "ALTER TABLE new_texts RENAME TO texts",
    'CREATE INDEX "text_digest" ON "texts" ("digest")',
    "INSERT INTO texts_fts (texts_fts, rank) VALUES ('automerge', 64)",
    "INSERT INTO texts_fts (texts_fts, rank) VALUES ('crisismerge', 128)",
)
"""Prompts are known by a number in the place of 16 bytes; the full-text index merges later."""
STEPS: Mapping[str, Mapping[int, tuple[str, ...]]] = {
    "index.db": {1: _NODE_SETS, 2: (_ROW_NEWS,), 3: (_READ_NS,), 4: _FASTER_SCANS},
    "user.db": {1: ("ALTER TABLE albums ADD COLUMN note TEXT",)},
}
"""For each file: version -> the statements that lead from it to the next one."""


def create_or_migrate(kind: DatabaseKind, path: Path) -> None:
    """Bring the database at `path` to `kind.version`; safe when two processes do it at once.

    Raises:
        sqlite3.Error: The file cannot be written.
    """
    is_new = not path.exists() or path.stat().st_size == 0
    with closing(connect(path)) as connection:
        if is_new:
            connection.execute(f"PRAGMA journal_mode={journal_mode_for(path.parent)}")
        version = _version(connection)
        if 0 < version < kind.version:
            _back_up(connection, path, version)
        connection.execute("BEGIN IMMEDIATE")
        with connection:
            _bring_up(connection, kind)


def _bring_up(connection: sqlite3.Connection, kind: DatabaseKind) -> None:
    version = _version(connection)
    if version >= kind.version:
        return
    if version == 0:
        for statement in creation(kind):
            connection.execute(statement)
    connection.create_function("number_of", 1, number_of, deterministic=True)
    for step in range(version, kind.version) if version else ():
        for statement in STEPS[kind.file_name][step]:
            connection.execute(statement)
    connection.execute(f"PRAGMA application_id={kind.application_id}")
    connection.execute(f"PRAGMA user_version={kind.version}")


def creation(kind: DatabaseKind) -> list[str]:
    """Return the statements that make an empty database of this kind."""
    if kind is CATALOG:
        return [*schema.statements(schema.CATALOG_MODELS), *schema.CATALOG_EXTRAS]
    return schema.statements(schema.USER_MODELS)


def journal_mode_for(folder: Path) -> str:
    """Return `wal` where a scratch database in `folder` survives a write in that mode.

    Some network file systems answer "wal" to the pragma and fail the first write.
    """
    try:
        # A folder of its own: several processes may try this at once.
        with TemporaryDirectory(prefix=".probe-", dir=folder, ignore_cleanup_errors=True) as place:
            probe = Path(place, "probe.db")
            with closing(sqlite3.connect(probe, isolation_level=None)) as connection:
                (mode,) = connection.execute("PRAGMA journal_mode=WAL").fetchone()
                connection.execute("CREATE TABLE t (x)")
                connection.execute("INSERT INTO t VALUES (1)")
    except (OSError, sqlite3.Error):
        mode = "delete"
    return "wal" if mode == "wal" else "delete"


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _back_up(connection: sqlite3.Connection, path: Path, version: int) -> None:
    copy = path.with_name(f"{path.name}.before-schema-{version + 1}")
    with closing(sqlite3.connect(copy)) as target:
        connection.backup(target)

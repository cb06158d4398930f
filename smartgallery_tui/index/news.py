"""Which rows of files each transaction changed: whoever keeps rows in memory catches up by it.

Triggers of the writer's connection collect the ids, and the end of a transaction writes them beside
its serial: searches of this process, of others and of later runs read again only what is new.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final, NamedTuple

from smartgallery_tui.index.facts import ROWS_SERIAL, count_change, fact

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Iterable, Iterator, Sequence

MOST: Final = 10_000
"""Rows of one transaction that are listed; where more have changed everything is read anew."""
KEPT: Final = 2_000
"""Transactions that are remembered."""
_AT_ONCE: Final = 500
"""Rows that one statement notes: every SQLite takes so many values."""
_MIRRORED: Final = frozenset({"is_favorite", "rating", "status"})
"""Columns that follow user.db, which is looked at by itself."""
_ALONE: Final = "missing_since_ns"
_TABLES: Final = ("changed_rows", "hidden_rows")
_TABLE: Final = "CREATE TEMP TABLE {} (id INTEGER PRIMARY KEY)"
_TRIGGER: Final = (
    "CREATE TEMP TRIGGER {} AFTER {} ON main.files "
    "BEGIN INSERT OR IGNORE INTO {} VALUES ({}.id); END"
)


class Changed(NamedTuple):
    """Ids of rows that changed."""

    deep: set[int]
    """Any of their values may be another; the row may be new or gone."""
    shallow: set[int]
    """They are missing now, or are back; nothing else."""

    def __bool__(self) -> bool:
        return bool(self.deep or self.shallow)


def collect(db: sqlite3.Connection, quiet: Collection[str] = ()) -> None:
    """Have a writing connection note each row of files that it changes.

    Args:
        db: The connection.
        quiet: Columns whose writers call `note`: a trigger would cost them more than the change.
    """
    columns = [row[1] for row in db.execute("PRAGMA main.table_info(files)")]
    others = {*_MIRRORED, *quiet, _ALONE, "id"}
    deep = ", ".join(column for column in columns if column not in others)
    for table in _TABLES:
        db.execute(_TABLE.format(table))
    for trigger in (
        ("row_removed", "DELETE", _TABLES[0], "old"),
        ("row_changed", f"UPDATE OF {deep}", _TABLES[0], "new"),
        ("row_hidden", f"UPDATE OF {_ALONE}", _TABLES[1], "new"),
    ):
        db.execute(_TRIGGER.format(*trigger))


def note(db: sqlite3.Connection, ids: Iterable[int]) -> None:
    """Note rows that this transaction changes in quiet columns."""
    listed = list(ids)
    for start in range(0, len(listed), _AT_ONCE):
        some = listed[start : start + _AT_ONCE]
        values = ", ".join(["(?)"] * len(some))
        db.execute(f"INSERT OR IGNORE INTO temp.changed_rows VALUES {values}", some)  # noqa: S608 - question marks only


def last_id(db: sqlite3.Connection) -> int:
    """Return the highest id of any file: rows above it are new at the end of a transaction."""
    (last,) = db.execute("SELECT coalesce(max(id), 0) FROM files").fetchone()
    return int(last)


def publish(db: sqlite3.Connection, last: int) -> None:
    """Write down which rows this transaction has changed; on a connection that collects.

    Args:
        db: The connection.
        last: `last_id` at the beginning.
    """
    new = range(last + 1, last_id(db) + 1)
    changed, hidden = (_taken(db, table) for table in _TABLES)
    is_listed = len(new) + len(changed) + len(hidden) <= MOST
    tell(db, sorted({*changed, *new}) if is_listed else None, hidden)


def _taken(db: sqlite3.Connection, table: str) -> list[int]:
    """Return the ids that a table has collected, in order, and empty it."""
    rows = db.execute(f"SELECT id FROM temp.{table} ORDER BY id LIMIT ?", (MOST + 1,)).fetchall()  # noqa: S608 - our own names
    if rows:
        db.execute(f"DELETE FROM temp.{table}")  # noqa: S608 - our own names
    return [row[0] for row in rows]


def tell(db: sqlite3.Connection, deep: Sequence[int] | None, shallow: Sequence[int] = ()) -> None:
    """Write down that rows change in this transaction, by their rising ids.

    Args:
        db: The connection.
        deep: Rows with other values, or that are new or gone; None: any may be.
        shallow: Rows that are missing now, or are back.
    """
    serial = count_change(db)
    text = None
    if deep is not None:
        runs = [list(_runs(ids)) for ids in (deep, shallow)]
        text = json.dumps(runs, separators=(",", ":"))
    db.execute("INSERT OR REPLACE INTO row_news (serial, ids) VALUES (?, ?)", (serial, text))
    db.execute("DELETE FROM row_news WHERE serial <= ?", (serial - KEPT,))


def serial_of(db: sqlite3.Connection) -> int:
    """Return the serial of the last transaction that changed rows."""
    return int(fact(db, ROWS_SERIAL) or 0)


def between(db: sqlite3.Connection, since: int, until: int) -> Changed | None:
    """Return what changed after one serial up to another; None where that is not known."""
    if since == until:
        return Changed(set(), set())
    if not 0 < until - since <= KEPT:
        return None
    rows = db.execute(
        "SELECT ids FROM row_news WHERE serial > ? AND serial <= ?", (since, until)
    ).fetchall()
    if len(rows) != until - since or any(text is None for (text,) in rows):
        return None
    deep: set[int] = set()
    shallow: set[int] = set()
    for (text,) in rows:
        for found, runs in zip((deep, shallow), json.loads(text), strict=True):
            for first, last in runs:
                found.update(range(first, last + 1))
    return Changed(deep, shallow - deep)


def _runs(ids: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Yield first and last of each run of rising ids without a gap: a scan makes few of them."""
    first = last = -1
    for each in ids:
        if each == last + 1 and first >= 0:
            last = each
            continue
        if first >= 0:
            yield first, last
        first = last = each
    if first >= 0:
        yield first, last

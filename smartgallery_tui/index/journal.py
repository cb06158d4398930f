"""The journal in user.db: what was done, by whom, and how to take it back.

A row is one change of one content or file; rows of one action share a group. A mark is `done` at
once. A file operation is `intent` before it touches the disk and `done` or `failed` after. Undo
takes the newest `done` group, redo the one undone last; a new action drops what could be redone.
"""

from __future__ import annotations

import json
from itertools import groupby, starmap
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from smartgallery_tui.index import lists
from smartgallery_tui.index.marks import Change, action_of, differing, write

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence

MARKS: Final = frozenset({"mark", "tag", "album", "search"})
"""Actions that change user data alone."""


class Entry(NamedTuple):
    """A row of the journal."""

    id: int
    group_id: int
    at_ns: int
    actor: str
    action: str
    content_id: bytes | None
    before: Any
    """What undo writes back, from JSON."""
    after: Any
    """What redo writes again, from JSON."""
    state: str


_COLUMNS: Final = "id, group_id, at_ns, actor, action, content_id, before, after, state"


def add(
    db: sqlite3.Connection,
    entries: Sequence[tuple[str, bytes | None, object, object]],
    *,
    who: str,
    now_ns: int,
    state: str = "done",
    group_id: int = 0,
) -> tuple[int, ...]:
    """Add rows of one group and return their ids.

    Args:
        db: A transaction on user.db.
        entries: (action, content_id, before, after) of each row.
        who: The actor.
        now_ns: When.
        state: `done` or `intent`.
        group_id: An earlier group that they belong to; 0: a new one.
    """
    if not entries:
        return ()
    if not group_id:
        db.execute("UPDATE journal SET state='dropped' WHERE state='undone'")
    (last,) = db.execute("SELECT coalesce(max(id), 0) FROM journal").fetchone()
    ids = range(last + 1, last + 1 + len(entries))
    befores, afters = (_as_json([entry[place] for entry in entries]) for place in (2, 3))
    db.executemany(
        f"INSERT INTO journal ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608 - our own names
        [
            (row_id, group_id or ids[0], now_ns, who, *entry[:2], before, after, state)
            for row_id, entry, before, after in zip(ids, entries, befores, afters, strict=True)
        ],
    )
    return tuple(ids)


def _as_json(values: Iterable[object]) -> list[str]:
    """Return the JSON of each value: thousands are marked at once, and most are alike."""
    known: dict[str, str] = {}
    found = []
    for value in values:
        key = repr(value)
        if key not in known:
            known[key] = json.dumps(value)
        found.append(known[key])
    return found


def set_state(db: sqlite3.Connection, ids: Sequence[int], state: str) -> None:
    """Set the state of rows: `done`, `undone`, `failed`."""
    db.executemany("UPDATE journal SET state=? WHERE id=?", [(state, row_id) for row_id in ids])


def last_done(db: sqlite3.Connection, schema: str = "user") -> list[Entry]:
    """Return the newest group that can be undone, newest row first; [] if there is none."""
    return _group(db, schema, "done", "DESC")


def next_undone(db: sqlite3.Connection, schema: str = "user") -> list[Entry]:
    """Return the group that was undone last, oldest row first; [] if there is none."""
    return _group(db, schema, "undone", "ASC")


def unfinished(db: sqlite3.Connection, schema: str = "user") -> list[Entry]:
    """Return the rows of operations that a crash interrupted, oldest first."""
    rows = db.execute(
        f"SELECT {_COLUMNS} FROM {schema}.journal WHERE state='intent' ORDER BY id"  # noqa: S608 - our own names
    )
    return _entries(rows)


def _group(db: sqlite3.Connection, schema: str, state: str, order: str) -> list[Entry]:
    row = db.execute(
        f"SELECT group_id FROM {schema}.journal WHERE state=? ORDER BY id {order} LIMIT 1",  # noqa: S608 - our own names
        (state,),
    ).fetchone()
    if row is None:
        return []
    rows = db.execute(
        f"SELECT {_COLUMNS} FROM {schema}.journal WHERE group_id=? AND state=? ORDER BY id {order}",  # noqa: S608 - our own names
        (row[0], state),
    )
    return _entries(rows)


def _entries(rows: Iterable[Sequence[Any]]) -> list[Entry]:
    known: dict[str, Any] = {}
    found = []
    for row in rows:
        for text in row[6:8]:
            if text not in known:
                known[text] = json.loads(text)
        found.append(Entry._make([*row[:6], known[row[6]], known[row[7]], row[8]]))
    return found


def change_marks(
    db: sqlite3.Connection, changes: Sequence[Change], who: str, now_ns: int
) -> tuple[int, ...]:
    """Write changes of user data as one group; return the journal ids of what really changed.

    Runs in a transaction on user.db.
    """
    found = differing(db, changes)
    write(db, [item for item, _before in found], now_ns)
    rows = [
        (action_of(item.field), item.content_id, (item.field, before), (item.field, item.value))
        for item, before in found
    ]
    return add(db, rows, who=who, now_ns=now_ns)


def change_lists(
    db: sqlite3.Connection,
    changes: Sequence[lists.ListChange],
    *,
    who: str,
    now_ns: int,
    group_id: int = 0,
) -> None:
    """Write changes of albums or saved searches as wholes.

    Runs in a transaction on user.db.
    """
    found = [change for change in changes if not lists.is_same(change)]
    for field, _before, after in found:
        lists.write(db, field, after, now_ns)
    rows = [
        (lists.action_of(field), None, [field, before], [field, after])
        for field, before, after in found
    ]
    add(db, rows, who=who, now_ns=now_ns, group_id=group_id)


def step_marks(
    db: sqlite3.Connection, entries: Sequence[Entry], *, is_undo: bool, now_ns: int
) -> None:
    """Write a group of marks back, or again, and note it.

    Runs in a transaction on user.db.
    """
    values = [(entry.content_id, *(entry.before if is_undo else entry.after)) for entry in entries]
    for is_list, run in groupby(values, lambda value: value[0] is None):
        if is_list:
            for _, field, value in run:
                lists.write(db, field, value, now_ns)
        else:
            write(db, starmap(Change, run), now_ns)
    set_state(db, [entry.id for entry in entries], "undone" if is_undo else "done")

"""File operations in the journal of user.db: an intent before the disk is touched, an end after.

`after` holds the change; `before` holds the row that it takes back, where it is an undo. Such
rows end as `dropped`: what they took back is `undone`, and can be done again.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from smartgallery_tui.index import journal

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

    from smartgallery_tui.index.journal import Entry

UNDOES: Final = "undoes"
"""Key of `before`: id of the row that this one takes back or does again."""
_ENDS: Final = "ends"
_HELPER: Final = "helper"


def intend(
    db: sqlite3.Connection,
    change: Mapping[str, Any],
    content_id: bytes | None,
    *,
    who: str,
    now_ns: int,
    group_id: int,
    undoes: Entry | None = None,
    is_helper: bool = False,
) -> int:
    """Note an intended change and return its row.

    Args:
        db: A transaction on user.db.
        change: The change as JSON.
        content_id: Of the file, where it is known.
        who: The actor.
        now_ns: When.
        group_id: An earlier group that it belongs to; 0: a new one.
        undoes: The row that is undone or done again.
        is_helper: It only prepares another change and is never undone by itself.
    """
    before: dict[str, Any] | None = {_HELPER: True} if is_helper else None
    if undoes is not None and not is_helper:
        before = {UNDOES: undoes.id, _ENDS: "undone" if undoes.state == "done" else "done"}
        group_id = undoes.group_id
    rows = [(str(change["action"]), content_id, before, dict(change))]
    return journal.add(db, rows, who=who, now_ns=now_ns, state="intent", group_id=group_id)[0]


def amend(db: sqlite3.Connection, row_id: int, change: Mapping[str, Any]) -> None:
    """Note that an intended change goes elsewhere."""
    db.execute("UPDATE journal SET after=? WHERE id=?", (json.dumps(dict(change)), row_id))


def finish(db: sqlite3.Connection, row_id: int, change: Mapping[str, Any]) -> None:
    """Note a change as done; of an undo, turn the row that it takes back.

    What is deleted for ever cannot be undone, nor can the way of its file into the trash.
    """
    amend(db, row_id, change)
    if change["action"] == "delete":
        journal.set_state(db, [row_id], "dropped")
        db.execute(
            "UPDATE journal SET state='dropped' WHERE action='trash' AND state='done' "
            "AND json_extract(after, '$.trash_id')=?",
            (change["trash_id"],),
        )
        return
    (text,) = db.execute("SELECT before FROM journal WHERE id=?", (row_id,)).fetchone()
    before = json.loads(text)
    if not isinstance(before, dict) or UNDOES not in before:
        is_helper = isinstance(before, dict) and _HELPER in before
        journal.set_state(db, [row_id], "dropped" if is_helper else "done")
        return
    amend(db, before[UNDOES], change)
    journal.set_state(db, [before[UNDOES]], before[_ENDS])
    journal.set_state(db, [row_id], "dropped")


def fail(db: sqlite3.Connection, row_id: int) -> None:
    """Note that a change did not happen; what it should have taken back cannot be any more."""
    (text,) = db.execute("SELECT before FROM journal WHERE id=?", (row_id,)).fetchone()
    before = json.loads(text)
    journal.set_state(db, [row_id], "failed")
    if isinstance(before, dict) and UNDOES in before:
        journal.set_state(db, [before[UNDOES]], "dropped")

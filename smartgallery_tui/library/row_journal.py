"""The journal of user.db as the files room needs it."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING

from smartgallery_tui.files import Change, from_row, inverse, to_row
from smartgallery_tui.index import file_journal
from smartgallery_tui.library.actor import actor

if TYPE_CHECKING:
    from smartgallery_tui.index import journal
    from smartgallery_tui.index.writer import Writer


class RowJournal:
    """One group of rows for one action.

    Args:
        writer: Writes user.db; a call returns when its row is on the disk.
        undoes: The row that is undone or done again.
    """

    def __init__(self, writer: Writer, undoes: journal.Entry | None = None) -> None:
        self._writer = writer
        self._undoes = undoes
        self._group_id = undoes.group_id if undoes else 0
        self._expected = inverse(from_row(undoes.after)) if undoes else None
        self.content_id: bytes | None = undoes.content_id if undoes else None
        """Of the file whose change is noted next."""

    def intend(self, change: Change) -> int:
        """Note a change that is about to happen; return its row."""
        # A folder that an undo makes for its file is not what the undo takes back.
        is_helper = self._expected is not None and self._expected.action != change.action
        note = partial(
            file_journal.intend,
            change=to_row(change),
            content_id=self.content_id,
            who=actor(),
            now_ns=time.time_ns(),
            group_id=self._group_id,
            undoes=self._undoes,
            is_helper=is_helper,
        )
        entry = self._writer.run("user", note)
        self._group_id = self._group_id or entry
        return entry

    def amend(self, entry: int, change: Change) -> None:
        """Note that an intended change goes elsewhere."""
        self._writer.run("user", partial(file_journal.amend, row_id=entry, change=to_row(change)))

    def finish(self, entry: int, change: Change) -> None:
        """Note a change as done."""
        self._writer.run("user", partial(file_journal.finish, row_id=entry, change=to_row(change)))

    def fail(self, entry: int, reason: str) -> None:
        """Note that a change did not happen; the reason goes to the caller."""
        del reason
        self._writer.run("user", partial(file_journal.fail, row_id=entry))

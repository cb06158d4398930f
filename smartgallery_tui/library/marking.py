"""Marks, tags, albums and their undo: the library's part for what the user says of pictures."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING

from smartgallery_tui.errors import SmartGalleryError, UsageError
from smartgallery_tui.index import catalog, journal, marks
from smartgallery_tui.index.marks import Change
from smartgallery_tui.library.base import LibraryBase, actor
from smartgallery_tui.records import Outcome, UserData

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Sequence

    from smartgallery_tui.records import Status

_STATUSES = ("", "approved", "rejected", "review", "select", "to_edit")
_UNREAD = "has not been read yet; try again when the scan has reached it"


class Marking(LibraryBase):
    """User data, keyed by content: it outlives renames, moves and a lost index."""

    def user_data(self, file_id: int) -> UserData:
        """Return what the user said of a file.

        Raises:
            SmartGalleryError: There is no such file.
        """
        with self._store.read() as db:
            content = catalog.content_ids(db, [file_id]).get(file_id)
            if content is not None:
                return marks.user_data(db, content)
            if not catalog.items(db, [file_id]):
                raise SmartGalleryError(f"there is no item {file_id}")
        return UserData()

    def set_favorite(self, ids: Sequence[int], on: bool) -> list[Outcome]:
        """Make files favourites, or ordinary again."""
        return self._change(ids, "is_favorite", int(on))

    def set_rating(self, ids: Sequence[int], rating: int) -> list[Outcome]:
        """Give files 1 to 5 stars, or 0 for none."""
        if rating not in range(6):
            raise UsageError(f"a rating is a number from 0 to 5, not {rating}")
        return self._change(ids, "rating", rating)

    def set_status(self, ids: Sequence[int], status: Status) -> list[Outcome]:
        """Set the review status of files; "" for none."""
        if status not in _STATUSES:
            raise UsageError(f"unknown status {status!r}; one of {', '.join(_STATUSES[1:])}")
        return self._change(ids, "status", status)

    def set_note(self, ids: Sequence[int] | int, text: str) -> list[Outcome]:
        """Write a note to files; "" removes it."""
        listed = [ids] if isinstance(ids, int) else ids
        return self._change(listed, "note", _storable(text))

    def tag(self, ids: Sequence[int], name: str) -> list[Outcome]:
        """Give files a tag."""
        return self._change(ids, "tag", [_name(name), 1])

    def untag(self, ids: Sequence[int], name: str) -> list[Outcome]:
        """Take a tag from files."""
        return self._change(ids, "tag", [_name(name), 0])

    def album_add(self, ids: Sequence[int], name: str) -> list[Outcome]:
        """Put files into an album; it is made when it does not exist."""
        return self._change(ids, "album", [_name(name), 1])

    def album_remove(self, ids: Sequence[int], name: str) -> list[Outcome]:
        """Take files out of an album."""
        return self._change(ids, "album", [_name(name), 0])

    def _change(self, ids: Sequence[int], field: str, value: object) -> list[Outcome]:
        self._require_changes_allowed()
        with self._store.read() as db:
            contents = catalog.content_ids(db, ids)
            paths = {item.id: item.path for item in catalog.items(db, list(ids))}
        wanted = dict.fromkeys(contents.values())
        changes = [Change(content, field, value) for content in wanted]
        if changes:
            self._write_marks(
                partial(journal.change_marks, changes=changes, who=actor(), now_ns=time.time_ns())
            )
        return [
            Outcome(
                file_id,
                file_id in contents,
                "" if file_id in contents else (_UNREAD if file_id in paths else "is gone"),
                paths.get(file_id, ""),
            )
            for file_id in ids
        ]

    def undo(self) -> list[Outcome]:
        """Take the last action back, a mark or a file operation; [] where there is none."""
        return self._step(is_undo=True)

    def redo(self) -> list[Outcome]:
        """Do again what was undone last; [] where there is nothing."""
        return self._step(is_undo=False)

    def _step(self, *, is_undo: bool) -> list[Outcome]:
        self._require_changes_allowed()
        with self._store.read() as db:
            entries = journal.last_done(db) if is_undo else journal.next_undone(db)
        if not entries:
            return []
        if entries[0].action not in journal.MARKS:
            return self._step_files(entries, is_undo=is_undo)
        self._write_marks(
            partial(journal.step_marks, entries=entries, is_undo=is_undo, now_ns=time.time_ns())
        )
        with self._store.read() as db:
            contents = {entry.content_id for entry in entries if entry.content_id is not None}
            ids = catalog.ids_of_contents(db, contents)
            what = str(entries[0].before[0]).removeprefix("is_")
            return [
                Outcome(item.id, ok=True, path=item.path, what=what)
                for item in catalog.items(db, ids)
            ]

    def _step_files(self, entries: list[journal.Entry], *, is_undo: bool) -> list[Outcome]:
        """Undo or redo a file operation."""
        what = "undone" if is_undo else "done again"
        raise SmartGalleryError(f"a {entries[0].action} cannot be {what} here")

    def _write_marks(self, work: Callable[[sqlite3.Connection], object]) -> None:
        """Write user.db, then its mirror; returns when both are committed."""
        self._has_marked = True
        self._writer.run("user", work)
        self._writer.run("index", marks.mirror, changes_rows=False)
        self._marks_changed()

    def _marks_changed(self) -> None:
        """Tell whoever keeps a copy of marks in memory."""


def _name(text: str) -> str:
    name = " ".join(_storable(text).split())
    if not name:
        raise UsageError("a tag or album needs a name")
    return name


def _storable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")

"""Marks, tags and albums: the library's part for what the user says of pictures."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING

from smartgallery_tui.errors import SmartGalleryError, UsageError
from smartgallery_tui.index import catalog, journal, marks
from smartgallery_tui.index.marks import Change
from smartgallery_tui.library.actor import actor
from smartgallery_tui.records import Outcome, SharedData, UserData

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smartgallery_tui.library.context import Context
    from smartgallery_tui.records import Status

_STATUSES = ("", "approved", "rejected", "review", "select", "to_edit")
_UNREAD = "has not been read yet; try again when the scan has reached it"


class Marking:
    """User data, keyed by content: it outlives renames, moves and a lost index.

    Args:
        context: The open library.
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        self._store = context.store
        self._writer = context.writer

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

    def users_data(self, ids: Sequence[int]) -> dict[int, UserData]:
        """Return the same of many files at once, by id; files without a word are left out."""
        with self._store.read() as db:
            contents = catalog.content_ids(db, ids)
            said = marks.many(db, list(dict.fromkeys(contents.values())))
        return {i: said[content] for i, content in contents.items() if content in said}

    def shared_data(self, ids: Sequence[int]) -> SharedData:
        """Return what the user said of several files together."""
        with self._store.read() as db:
            return marks.shared_data(db, catalog.content_ids(db, ids).values())

    def mark(
        self,
        ids: Sequence[int],
        *,
        favorite: bool | None = None,
        rating: int | None = None,
        status: Status | None = None,
        note: str | None = None,
        tags: Sequence[str] = (),
        without_tags: Sequence[str] = (),
        albums: Sequence[str] = (),
        without_albums: Sequence[str] = (),
    ) -> list[Outcome]:
        """Say several things of files; all of it is one action for undo.

        Args:
            ids: Which files.
            favorite: Make them favourites, or ordinary again.
            rating: 1 to 5 stars, or 0 for none.
            status: The review status; "" for none.
            note: A text; "" removes the one that is there.
            tags: Names that they get.
            without_tags: Names that they lose.
            albums: Albums that they go into, `a/b` for one below `a`; new ones are made.
            without_albums: Albums that they leave.

        Raises:
            UsageError: A value is none of these.
        """
        if rating is not None and rating not in range(6):
            raise UsageError(f"a rating is a number from 0 to 5, not {rating}")
        if status is not None and status not in _STATUSES:
            raise UsageError(f"unknown status {status!r}; one of {', '.join(_STATUSES[1:])}")
        found: dict[str, object] = {
            "is_favorite": None if favorite is None else int(favorite),
            "rating": rating,
            "status": status,
            "note": None if note is None else _storable(note),
        }
        changes = [(field, value) for field, value in found.items() if value is not None]
        changes += _names("tag", tags, 1) + _names("tag", without_tags, 0)
        changes += _names("album", albums, 1) + _names("album", without_albums, 0)
        return self._change(ids, *changes)

    def set_favorite(self, ids: Sequence[int], on: bool) -> list[Outcome]:
        """Make files favourites, or ordinary again."""
        return self.mark(ids, favorite=on)

    def set_rating(self, ids: Sequence[int], rating: int) -> list[Outcome]:
        """Give files 1 to 5 stars, or 0 for none."""
        return self.mark(ids, rating=rating)

    def set_status(self, ids: Sequence[int], status: Status) -> list[Outcome]:
        """Set the review status of files; "" for none."""
        return self.mark(ids, status=status)

    def set_note(self, ids: Sequence[int] | int, text: str) -> list[Outcome]:
        """Write a note to files; "" removes it."""
        return self.mark([ids] if isinstance(ids, int) else ids, note=text)

    def tag(self, ids: Sequence[int], *names: str) -> list[Outcome]:
        """Give files one tag or several."""
        return self.mark(ids, tags=names)

    def untag(self, ids: Sequence[int], *names: str) -> list[Outcome]:
        """Take one tag or several from files."""
        return self.mark(ids, without_tags=names)

    def album_add(self, ids: Sequence[int], *names: str) -> list[Outcome]:
        """Put files into albums; those are made that do not exist."""
        return self.put_into_albums(ids, names)

    def album_remove(self, ids: Sequence[int], *names: str) -> list[Outcome]:
        """Take files out of albums."""
        return self.put_into_albums(ids, (), names)

    def put_into_albums(
        self, ids: Sequence[int], names: Sequence[str], others: Sequence[str] = ()
    ) -> list[Outcome]:
        """Put files into some albums and take them out of others, as one action for undo."""
        return self.mark(ids, albums=names, without_albums=others)

    def _change(self, ids: Sequence[int], *changes: tuple[str, object]) -> list[Outcome]:
        """Write values of fields to files; all of it is one action for undo."""
        self._context.require_changes_allowed()
        with self._writer.precedence.taken():
            return self._change_now(ids, changes)

    def _change_now(
        self, ids: Sequence[int], changes: Sequence[tuple[str, object]]
    ) -> list[Outcome]:
        with self._store.read() as db:
            places = catalog.places(db, ids)
        contents = {file_id: content for file_id, (content, _) in places.items() if content}
        wanted = dict.fromkeys(contents[file_id] for file_id in ids if file_id in contents)
        rows = [Change(content, *change) for change in changes for content in wanted]
        if rows:
            self._context.marks.write(
                partial(journal.change_marks, changes=rows, who=actor(), now_ns=time.time_ns())
            )
        return [
            Outcome(
                file_id,
                file_id in contents,
                "" if file_id in contents else (_UNREAD if file_id in places else "is gone"),
                places[file_id][1] if file_id in places else "",
            )
            for file_id in ids
        ]


def _names(field: str, names: Sequence[str], is_in: int) -> list[tuple[str, object]]:
    read = album_name if field == "album" else _name
    return [(field, [read(name), is_in]) for name in names]


def _name(text: str) -> str:
    name = " ".join(_storable(text).split())
    if not name:
        raise UsageError("a tag or album needs a name")
    return name


def album_name(text: str) -> str:
    """Return the name of an album as it is kept: no blanks around its parts, none empty.

    Raises:
        UsageError: Nothing is left.
    """
    return _name("/".join(part for part in map(str.strip, text.split("/")) if part))


def _storable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")

"""Saved and recent searches, albums as wholes, the state of the screens: kept in user.db."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Any

from smartgallery_tui.errors import UsageError
from smartgallery_tui.index import albums, journal, lists, remembered
from smartgallery_tui.library.actor import actor
from smartgallery_tui.library.marking import album_name

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Mapping

    from smartgallery_tui.index.lists import ListChange
    from smartgallery_tui.library.context import Context
    from smartgallery_tui.records.albums import AlbumInfo
    from smartgallery_tui.records.searches import SavedSearch

_LONGEST = 4_000


class Remembering:
    """What comes back the next time. Nothing is written in read-only mode.

    Args:
        context: The open library.
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        self._store = context.store
        self._writer = context.writer

    def saved_searches(self) -> list[SavedSearch]:
        """Return the saved searches by name."""
        with self._store.read() as db:
            return remembered.saved_searches(db)

    def save_search(self, search: SavedSearch) -> None:
        """Keep a search under its name; one of that name is replaced.

        Raises:
            UsageError: It has no name, or holds what cannot be kept.
        """
        if not _can_be_kept(search.text):
            raise UsageError("the search names a folder or file whose name is no text; it works, "
                             "but cannot be kept")  # fmt: skip
        data = remembered.data_of(search, time.time_ns())
        name = _search_name(search.name)
        self._change_lists(partial(lists.kept_search, name=name, data=data))

    def rename_saved(self, old: str, new: str) -> None:
        """Give a saved search another name; `undo` takes it back.

        Raises:
            UsageError: There is no such search, or the name is taken.
        """
        self._change_lists(partial(lists.renamed_search, old=old, new=_search_name(new)))

    def delete_saved(self, name: str) -> None:
        """Forget a saved search; `undo` brings it back.

        Raises:
            UsageError: There is no such search.
        """
        self._change_lists(partial(lists.deleted_search, name=name))

    def recent_searches(self) -> list[str]:
        """Return the queries used last, newest first."""
        with self._store.read() as db:
            return remembered.recent_searches(db)

    def note_search(self, text: str) -> None:
        """Note a query that was used; one that cannot be kept is left out."""
        is_fit = text.strip() and len(text) < _LONGEST and _can_be_kept(text)
        if is_fit and not self._context.read_only:
            self._writer.run(
                "user",
                partial(remembered.note_search, text=text.strip(), now_ns=time.time_ns()),
            )

    def forget_recent_searches(self) -> None:
        """Forget the queries used last."""
        self._context.require_changes_allowed()
        self._writer.run("user", remembered.forget_recent)

    def albums(self) -> list[AlbumInfo]:
        """Return all albums by name, those below others behind them, counted in the view."""
        with self._store.read() as db:
            return albums.listed(db, self._context.view)

    def rename_album(self, old: str, new: str) -> None:
        """Give an album, and all below it, another name; `undo` takes it back.

        Raises:
            UsageError: There is no such album, or the name is taken.
        """
        self._change_lists(partial(lists.renamed_album, old=old, new=album_name(new)))

    def delete_album(self, name: str) -> None:
        """Remove an album and all below it; no file is touched and `undo` brings them back.

        Raises:
            UsageError: There is no such album.
        """
        self._change_lists(partial(lists.deleted_album, name=name))

    def album_note(self, name: str) -> str:
        """Return the note of an album, "" where it has none."""
        with self._store.read() as db:
            return albums.note(db, name) or ""

    def set_album_note(self, name: str, text: str) -> None:
        """Write the note of an album, Markdown or plain; "" removes it.

        An album that is new is made.
        """
        text = text.encode("utf-8", "replace").decode("utf-8")
        self._change_lists(partial(lists.noted_album, name=album_name(name), text=text))

    def _change_lists(self, find: Callable[[sqlite3.Connection], ListChange]) -> None:
        """Make a change of albums or saved searches that can be undone."""
        self._context.require_changes_allowed()
        change = partial(journal.change_lists, who=actor(), now_ns=time.time_ns())
        self._context.marks.write(lambda db: change(db, [find(db)]))

    def ui_state(self) -> dict[str, Any]:
        """Return what the screens remember from earlier runs."""
        with self._store.read() as db:
            return remembered.ui_state(db)

    def remember(self, values: Mapping[str, Any]) -> None:
        """Keep what the screens want back the next time; JSON values only."""
        if not self._context.read_only:
            self._writer.run("user", partial(remembered.remember, values=dict(values)))


def _can_be_kept(text: str) -> bool:
    """Whether a query can be a row: undecodable bytes of a folder's name cannot."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _search_name(text: str) -> str:
    name = " ".join(text.encode("utf-8", "replace").decode("utf-8").split())
    if not name:
        raise UsageError("a saved search needs a name")
    return name

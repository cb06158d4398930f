"""Saved and recent searches and the state of the screens: kept in user.db."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Any

from smartgallery_tui.errors import UsageError
from smartgallery_tui.index import remembered
from smartgallery_tui.library.base import LibraryBase

if TYPE_CHECKING:
    from collections.abc import Mapping

    from smartgallery_tui.records.searches import SavedSearch

_LONGEST = 4_000


class Remembering(LibraryBase):
    """What comes back the next time. Nothing is written in read-only mode."""

    def saved_searches(self) -> list[SavedSearch]:
        """Return the saved searches by name."""
        with self._store.read() as db:
            return remembered.saved_searches(db)

    def save_search(self, search: SavedSearch) -> None:
        """Keep a search under its name; one of that name is replaced.

        Raises:
            UsageError: It has no name.
        """
        self._require_changes_allowed()
        if not search.name.strip():
            raise UsageError("a saved search needs a name")
        self._writer.run(
            "user", partial(remembered.save_search, search=search, now_ns=time.time_ns())
        )

    def remove_search(self, name: str) -> None:
        """Forget a saved search."""
        self._require_changes_allowed()
        self._writer.run("user", partial(remembered.remove_search, name=name))

    def recent_searches(self) -> list[str]:
        """Return the queries used last, newest first."""
        with self._store.read() as db:
            return remembered.recent_searches(db)

    def note_search(self, text: str) -> None:
        """Note a query that was used."""
        if not self.read_only and text.strip() and len(text) < _LONGEST:
            self._writer.run(
                "user",
                partial(remembered.note_search, text=text.strip(), now_ns=time.time_ns()),
            )

    def ui_state(self) -> dict[str, Any]:
        """Return what the screens remember from earlier runs."""
        with self._store.read() as db:
            return remembered.ui_state(db)

    def remember(self, values: Mapping[str, Any]) -> None:
        """Keep what the screens want back the next time; JSON values only."""
        if not self.read_only:
            self._writer.run("user", partial(remembered.remember, values=dict(values)))

    def view_key(self) -> str:
        """Return a text that is the same whenever the same folders are looked at."""
        return repr((self._view.root_ids, self._view.prefixes))

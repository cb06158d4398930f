"""Search: the library's part for queries. The query room's engine does the work."""

from __future__ import annotations

import hashlib
import sqlite3
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from smartgallery_tui.errors import DatabaseError
from smartgallery_tui.library.base import LibraryBase
from smartgallery_tui.query.engine import SearchEngine
from smartgallery_tui.query.facets import FACET_FIELDS
from smartgallery_tui.query.fields import BY_ALIAS
from smartgallery_tui.query.result import Result

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from smartgallery_tui.index.roots import View
    from smartgallery_tui.records import Facets, SortKey
    from smartgallery_tui.records.suggestions import Completion, Suggestions

__all__ = ["Result", "Searching"]


class Searching(LibraryBase):
    """Queries."""

    _sync_lock: threading.Lock
    _engine: SearchEngine | None = None
    _engine_lock = threading.Lock()

    def search(
        self,
        text: str = "",
        *,
        sort: SortKey = "date",
        descending: bool = True,
        cancelled: threading.Event | None = None,
        include_missing: bool = False,
        typing: bool = False,
        seed: int = 0,
    ) -> Result:
        """Return the answer to a query.

        Args:
            text: In the query language; "" finds everything.
            sort: Ties stand by date; files without the key stand last.
            descending: Greatest, newest or best first.
            cancelled: Gives the search up when it is set.
            include_missing: Also find files that are gone from their place.
            typing: The last word of `text` is still being typed: it is a prefix, and what is
                incomplete there is no error.
            seed: Decides the order of `random`.

        Raises:
            QuerySyntaxError: The query cannot be read; it knows the column.
            QueryCancelledError: `cancelled` was set.
            QueryTimeoutError: A regular expression takes too long.
        """
        return self._searcher().search(
            text,
            sort=sort,
            descending=descending,
            cancelled=cancelled,
            include_missing=include_missing,
            typing=typing,
            seed=seed,
        )

    def facets(
        self,
        text: str = "",
        *,
        fields: Sequence[str] = FACET_FIELDS,
        cancelled: threading.Event | None = None,
        include_missing: bool = False,
        typing: bool = False,
    ) -> Facets:
        """Return the counts of each value under a query; raises what `search` raises."""
        return self._searcher().facets(
            text,
            fields=fields,
            cancelled=cancelled,
            include_missing=include_missing,
            typing=typing,
        )

    def warm_up(self, cancelled: threading.Event | None = None) -> None:
        """Read ahead what searches ask for; blocks, so call it from a worker thread.

        Without it the first search of a kind takes longer: some 0.3 s for 100,000 files. What was
        read is kept in the cache folder, so that the next start reads it at once.
        """
        self._searcher().warm_up(cancelled)

    def suggest(self, text: str) -> Suggestions:
        """Return what each part of a query finds alone, and spellings if it finds nothing."""
        return self._searcher().suggest(text)

    def complete(self, text: str, cursor: int | None = None) -> list[Completion]:
        """Return ways to go on typing at `cursor` (None: the end): fields and values."""
        return self._searcher().complete(text, cursor)

    @staticmethod
    def query_aliases() -> Mapping[str, str]:
        """Return the other names of fields: alias to name."""
        return {alias: field.name for alias, field in BY_ALIAS.items() if alias != field.name}

    def _marks_changed(self) -> None:
        if self._engine is not None:
            self._engine.marks_changed()

    def _is_writing_rows(self) -> bool:
        """Whether a scan of this process runs."""
        return self._sync_lock.locked()

    def _close_down(self) -> None:
        super()._close_down()
        if self._engine is not None:
            with suppress(DatabaseError, sqlite3.Error):
                # Leaving must always work; a start without the cache reads the index.
                self._engine.close()

    def _searcher(self) -> SearchEngine:
        with self._engine_lock:
            if self._engine is None:
                self._engine = SearchEngine(
                    self._store.read,
                    lambda: self._view,
                    lambda: self._store.change_tokens()[1],
                    self._is_writing_rows,
                    cache=self.cache_dir / _cache_name(self._view),
                )
            return self._engine


def _cache_name(view: View) -> str:
    """Return the file for the columns of a view: several views of one library are common."""
    digest = hashlib.blake2b(repr((view.root_ids, view.prefixes)).encode(), digest_size=6)
    return f"search-{digest.hexdigest()}.cache"

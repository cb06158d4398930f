"""`SearchEngine`: what the library asks. Keeps columns in memory and in step with the index."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from smartgallery_tui.query.ast import mentions
from smartgallery_tui.query.evaluate import Columns, Evaluator
from smartgallery_tui.query.facets import FACET_FIELDS, count_facets
from smartgallery_tui.query.parser import parse
from smartgallery_tui.query.positions import Positions
from smartgallery_tui.query.result import ByDate, ByList, Order, Result
from smartgallery_tui.query.sorts import by_relevance, shuffled

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Sequence
    from contextlib import AbstractContextManager

    from smartgallery_tui.index.roots import View
    from smartgallery_tui.query.ast import Node
    from smartgallery_tui.query.bitmaps import Bits
    from smartgallery_tui.records import Facets, SortKey

REREAD_SHARE = 4
"""When more than one file in so many has changed, all columns are read anew."""


class SearchEngine:
    """Searches of one library and view. Every method may be called from any thread.

    Args:
        read: Lends a connection with index.db as `main` and user.db as `user`.
        view: Which files there are.
        change_token: Gives a number that differs after any process has written.
    """

    def __init__(
        self,
        read: Callable[[], AbstractContextManager[sqlite3.Connection]],
        view: Callable[[], View],
        change_token: Callable[[], int],
    ) -> None:
        self._read = read
        self._view = view
        self._change_token = change_token
        self._lock = threading.Lock()
        self._evaluator: Evaluator | None = None
        self._loaded: tuple[int, View] | None = None
        self._pending_lock = threading.Lock()
        self._pending_ids: set[int] = set()
        self._are_marks_pending = False
        self._is_stale = True

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
            text: In the query language.
            sort: Ties stand by date; files without the key stand last.
            descending: Greatest, newest or best first.
            cancelled: Gives the search up when it is set.
            include_missing: Also find files that are gone from their place.
            typing: The last word of `text` is still being typed: it is a prefix.
            seed: Decides the order of `random`.

        Raises:
            QuerySyntaxError: The query cannot be read.
            QueryCancelledError: `cancelled` was set.
            QueryTimeoutError: A regular expression takes too long.
        """
        node = parse(text, typing=typing)
        with self._read() as db, self._lock:
            evaluator = self._refreshed(db)
            bits = _hits(evaluator, node, db, include_missing, cancelled)
            order = _ordered(evaluator, node, db, bits, sort, descending, seed)
            (unread,) = db.execute("SELECT count(*) FROM files WHERE state = 'unread'").fetchone()
        return Result(text, order, unread, self._read)

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
        node = parse(text, typing=typing)
        with self._read() as db, self._lock:
            evaluator = self._refreshed(db)
            bits = _hits(evaluator, node, db, include_missing, cancelled)
            return count_facets(db, evaluator.columns, bits, fields)

    def rows_changed(self, ids: Iterable[int] | None = None) -> None:
        """Take note that this process has written rows.

        Args:
            ids: Files whose metadata was read; their paths and times are what they were. None:
                anything may have changed.
        """
        with self._pending_lock:
            if ids is None:
                self._is_stale = True
            else:
                self._pending_ids.update(ids)

    def marks_changed(self) -> None:
        """Take note that this process has written user data."""
        with self._pending_lock:
            self._are_marks_pending = True

    def _refreshed(self, db: sqlite3.Connection) -> Evaluator:
        """Return an evaluator that knows all that is committed."""
        token, view = self._change_token(), self._view()
        with self._pending_lock:
            ids, self._pending_ids = self._pending_ids, set()
            are_marks, self._are_marks_pending = self._are_marks_pending, False
            is_stale, self._is_stale = self._is_stale, False
        evaluator = self._evaluator
        is_foreign = self._loaded != (token, view) and not (ids or are_marks)
        if evaluator is None or is_stale or is_foreign or self._is_other_view(view):
            evaluator = Evaluator(Columns(Positions.load(db, view)))
        elif len(ids) * REREAD_SHARE > evaluator.positions.count:
            evaluator = Evaluator(Columns(evaluator.positions))
        elif ids and not evaluator.positions.are_placed(db, ids):
            evaluator = Evaluator(Columns(Positions.load(db, view)))
        elif ids:
            evaluator.columns.reread(db, list(ids))
            evaluator.forget()
        elif are_marks:
            evaluator.columns.forget_marks()
            evaluator.forget()
        self._evaluator = evaluator
        self._loaded = (token, view)
        return evaluator

    def _is_other_view(self, view: View) -> bool:
        return self._loaded is None or self._loaded[1] != view


def _hits(
    evaluator: Evaluator,
    node: Node,
    db: sqlite3.Connection,
    include_missing: bool,
    cancelled: threading.Event | None,
) -> Bits:
    bits = evaluator.evaluate(node, db, cancelled)
    if include_missing or mentions(node, "missing"):
        return bits
    return bits & ~evaluator.positions.missing


def _ordered(
    evaluator: Evaluator,
    node: Node,
    db: sqlite3.Connection,
    bits: Bits,
    sort: SortKey,
    descending: bool,
    seed: int,
) -> Order:
    positions = evaluator.positions
    if sort == "date":
        return ByDate(bits, positions, descending=descending)
    if sort == "random":
        return ByList(shuffled(bits, positions, seed), positions)
    if sort == "relevance":
        listed = by_relevance(db, node, bits, evaluator.columns, descending=descending)
        return ByList(listed, positions)
    permutation = evaluator.columns.permutation(db, sort)
    return ByList(permutation.pick(bits, positions.count, descending=descending), positions)

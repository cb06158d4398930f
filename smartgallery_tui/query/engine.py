"""`SearchEngine`: what the library asks. Keeps columns in memory and in step with the index."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from smartgallery_tui.errors import QueryCancelledError
from smartgallery_tui.query import suggest
from smartgallery_tui.query.ast import Everything, Pattern, leaves, mentions
from smartgallery_tui.query.facets import FACET_FIELDS, FacetCounter
from smartgallery_tui.query.first_page import ByDateSoon
from smartgallery_tui.query.memory import Memory
from smartgallery_tui.query.parser import parse
from smartgallery_tui.query.relevance import by_relevance
from smartgallery_tui.query.result import ByDate, ByList, Order, Result
from smartgallery_tui.records import Facets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from smartgallery_tui.index.roots import View
    from smartgallery_tui.query.ast import Node
    from smartgallery_tui.query.bitmaps import Bits
    from smartgallery_tui.query.evaluate import Evaluator
    from smartgallery_tui.query.positions import Positions
    from smartgallery_tui.records import FacetValue, SortKey
    from smartgallery_tui.records.suggestions import Completion, Suggestions

WARM_TERMS = ("prompt:a", "name:a", "a", "steps:0", "cfg:0", "neg:a")
"""Queries that make the columns be read which most searches need."""

_GIVEN_UP = "the search was given up"
_PATIENCE_S = 0.05
_STEPS = 50_000
"""Steps of SQLite between two looks at whether a search is still wanted."""


class SearchEngine:
    """Searches of one library and view. Every method may be called from any thread.

    Args:
        read: Lends a connection with index.db as `main` and user.db as `user`.
        view: Which files there are.
        marks_token: Gives a number that differs after any process has written user.db.
        is_writing: Whether this process writes many rows: columns are then not kept in the file.
        cache: File that keeps columns between runs; None keeps none.
    """

    def __init__(
        self,
        read: Callable[[], AbstractContextManager[sqlite3.Connection]],
        view: Callable[[], View],
        marks_token: Callable[[], int],
        is_writing: Callable[[], bool] = lambda: False,
        *,
        cache: Path | None = None,
    ) -> None:
        self._read = read
        self._lock = threading.Lock()
        self._memory = Memory(view, marks_token, is_writing, cache)
        self._is_warm = False

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
        node = parse(text, typing=typing)
        if isinstance(node, Everything) and sort == "date" and not include_missing:
            soon = self._first_page(text, descending=descending)
            if soon is not None:
                return soon
        with self._read() as db, self._searching(db, node, cancelled) as evaluator:
            bits = _hits(evaluator, node, db, include_missing, cancelled)
            order = _ordered(evaluator, node, db, bits, sort, descending, seed)
            unread = _unread(db)
        return Result(text, order, unread, self._read)

    def _first_page(self, text: str, *, descending: bool) -> Result | None:
        """Return all files of a large library whose order is not in memory, else None.

        Their first pages come at once, though the order is loaded by whoever asks for more.
        """
        with self._read() as db:
            if not self._memory.may_promise(db):
                return None
            order = ByDateSoon(db, self._read, self._positions, descending=descending)
            return Result(text, order, _unread(db), self._read)

    def _positions(self) -> Positions:
        with self._read() as db, self._lock:
            return self._memory.refreshed(db).positions

    def facets(
        self,
        text: str = "",
        *,
        fields: Sequence[str] = FACET_FIELDS,
        cancelled: threading.Event | None = None,
        include_missing: bool = False,
        typing: bool = False,
    ) -> Facets:
        """Return the counts of each value under a query; raises what `search` raises.

        Searches of other threads may run between two fields.
        """
        node = parse(text, typing=typing)
        found: dict[str, tuple[FacetValue, ...]] = {}
        with self._read() as db:
            counter: FacetCounter | None = None
            generation = -1
            for field in fields:
                with self._searching(db, node, cancelled) as evaluator:
                    if counter is None or generation != self._memory.generation:
                        generation = self._memory.generation
                        bits = _hits(evaluator, node, db, include_missing, cancelled)
                        counter = FacetCounter(evaluator.columns, bits)
                    found[field] = counter.count(db, field)
                if cancelled is not None and cancelled.is_set():
                    raise QueryCancelledError(_GIVEN_UP)
            if counter is None:
                return Facets()
        return Facets(counter.total, found)

    @contextmanager
    def _searching(
        self, db: sqlite3.Connection, node: Node, cancelled: threading.Event | None
    ) -> Iterator[Evaluator]:
        """Lend the evaluator, with the regular expressions of the query answered.

        They are looked for before the lock is taken: other searches need not wait for them.
        """
        self._find_patterns(db, node, cancelled)
        with self._locked(cancelled):
            evaluator = self._memory.refreshed(db)
            with _cancellable(db, cancelled):
                yield evaluator

    def _find_patterns(
        self, db: sqlite3.Connection, node: Node, cancelled: threading.Event | None
    ) -> None:
        for leaf in leaves(node):
            if not isinstance(leaf, Pattern):
                continue
            with self._locked(cancelled):
                evaluator = self._memory.refreshed(db)
                generation = self._memory.generation
                if evaluator.knows(leaf):
                    continue
                evaluator.prepare(leaf, db)
            bits = evaluator.pattern(leaf, db, cancelled)
            with self._locked(cancelled):
                self._memory.refreshed(db)
                # Else files have changed meanwhile: the search looks again.
                if self._memory.generation == generation:
                    evaluator.remember(leaf, bits)

    @contextmanager
    def _locked(self, cancelled: threading.Event | None) -> Iterator[None]:
        """Hold the lock; give up waiting for it when `cancelled` is set."""
        while not self._lock.acquire(timeout=_PATIENCE_S):
            if cancelled is not None and cancelled.is_set():
                raise QueryCancelledError(_GIVEN_UP)
        try:
            yield
        finally:
            self._lock.release()

    def suggest(self, text: str) -> Suggestions:
        """Return what each part of a query finds alone, and spellings if it finds nothing.

        Raises:
            QuerySyntaxError: The query cannot be read.
        """
        with self._read() as db, self._lock:
            evaluator = self._memory.refreshed(db)
            return suggest.suggest(
                text,
                evaluator,
                db,
                lambda node: _hits(evaluator, node, db, False, None).bit_count(),
            )

    def complete(self, text: str, cursor: int | None = None) -> list[Completion]:
        """Return ways to go on typing at `cursor` (None: the end): fields and values."""
        with self._read() as db, self._lock:
            evaluator = self._memory.refreshed(db)
            at = len(text) if cursor is None else cursor
            return suggest.complete(text, at, evaluator, db)

    def warm_up(self, cancelled: threading.Event | None = None) -> None:
        """Read ahead what searches usually ask for, one column after another, and keep it.

        Call it from a worker thread behind the first page; searches pass in between. Without it
        the first search of a kind takes longer: some 0.3 s for 100,000 files.
        """
        try:
            for text in WARM_TERMS:
                self.search(text, cancelled=cancelled)
            for field in FACET_FIELDS:
                self.facets(fields=(field,), cancelled=cancelled)
            with self._read() as db:
                with self._lock:
                    prompts = self._memory.refreshed(db).columns.prompts(db, 0)
                prompts.prime(db, cancelled)
                self._is_warm = True
                with self._lock:
                    self._memory.save(db)
        except QueryCancelledError:
            return

    def marks_changed(self) -> None:
        """Take note that this process has written user data."""
        self._memory.marks_changed()

    def close(self) -> None:
        """Keep what was read for the next run, if it differs from what is kept."""
        if self._is_warm:
            with self._read() as db, self._lock:
                self._memory.save(db, is_closing=True)


@contextmanager
def _cancellable(db: sqlite3.Connection, cancelled: threading.Event | None) -> Iterator[None]:
    """Interrupt whatever a connection does when `cancelled` is set."""
    if cancelled is None:
        yield
        return
    db.set_progress_handler(cancelled.is_set, _STEPS)
    try:
        yield
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
            raise QueryCancelledError(_GIVEN_UP) from error
        raise
    finally:
        db.set_progress_handler(None, 0)


def _unread(db: sqlite3.Connection) -> int:
    (count,) = db.execute("SELECT count(*) FROM files WHERE state = 'unread'").fetchone()
    return int(count)


def _hits(
    evaluator: Evaluator,
    node: Node,
    db: sqlite3.Connection,
    include_missing: bool,
    cancelled: threading.Event | None,
) -> Bits:
    bits = evaluator.evaluate(node, db, cancelled) & ~evaluator.positions.gone
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
        permutation = evaluator.columns.shuffled(seed)
        return ByList(permutation.pick(bits, positions.count, descending=False), positions)
    if sort == "relevance":
        listed = by_relevance(db, node, bits, evaluator.columns, descending=descending)
        return ByList(listed, positions)
    permutation = evaluator.columns.permutation(db, sort)
    return ByList(permutation.pick(bits, positions.count, descending=descending), positions)

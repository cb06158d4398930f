"""A query tree to a set of positions, on columns that are loaded when a query first asks."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

from smartgallery_tui.errors import QueryCancelledError
from smartgallery_tui.query import loading
from smartgallery_tui.query.ast import And, Everything, Has, Name, Not, Or, Pattern, Range, Words
from smartgallery_tui.query.bitmaps import bits_of, union
from smartgallery_tui.query.compare import (
    REGEX_TEXT_LIMIT,
    begins_part,
    comparison,
    in_range,
    regex,
    words_in,
)
from smartgallery_tui.query.fields import BOX_ROLES
from smartgallery_tui.query.texts import deadline_guard

if TYPE_CHECKING:
    import sqlite3
    import threading

    from smartgallery_tui.query.ast import Leaf, Node
    from smartgallery_tui.query.bitmaps import Bits
    from smartgallery_tui.query.loaded import Columns

CACHE_BYTES = 32 << 20
"""Room for the answers of single terms."""
_ROLE = {"prompt": 0, "neg": 1}


class Evaluator:
    """Answers terms from columns; remembers the answers until the columns change."""

    def __init__(self, columns: Columns) -> None:
        self.columns = columns
        self.positions = columns.positions
        self._answers: OrderedDict[Leaf, Bits] = OrderedDict()

    def forget(self) -> None:
        """Drop the remembered answers."""
        self._answers.clear()

    def evaluate(
        self, node: Node, db: sqlite3.Connection, cancelled: threading.Event | None = None
    ) -> Bits:
        """Return the files that a query matches; missing ones included.

        Raises:
            QueryCancelledError: `cancelled` was set.
            QueryTimeoutError: A regular expression takes too long.
        """
        match node:
            case Everything():
                return self.positions.all
            case And(parts):
                return self._all_of(parts, db, cancelled)
            case Or(parts):
                return union([self.evaluate(part, db, cancelled) for part in parts])
            case Not(part):
                return self.positions.all & ~self.evaluate(part, db, cancelled)
            case _:
                if cancelled is not None and cancelled.is_set():
                    raise QueryCancelledError("the search was given up")
                return self._remembered(node, db, cancelled)

    def _all_of(
        self,
        parts: tuple[Node, ...],
        db: sqlite3.Connection,
        cancelled: threading.Event | None,
    ) -> Bits:
        found = self.positions.all
        for part in parts:
            found &= self.evaluate(part, db, cancelled)
            if not found:
                return 0
        return found

    def knows(self, leaf: Leaf) -> bool:
        """Return whether the answer to a term is remembered."""
        return leaf in self._answers

    def remember(self, leaf: Leaf, bits: Bits) -> None:
        """Keep the answer to a term; the ones used longest ago make room."""
        self._answers[leaf] = bits
        room = max(CACHE_BYTES // max(self.positions.count // 8, 1), 8)
        while len(self._answers) > room:
            self._answers.popitem(last=False)

    def prepare(self, leaf: Pattern, db: sqlite3.Connection) -> None:
        """Load the columns that `pattern` looks at."""
        if leaf.field in {"", "prompt", "neg"}:
            self.columns.prompts(db, _ROLE[leaf.field or "prompt"])
        elif leaf.field != "name":
            self.columns.text(db, leaf.field)

    def pattern(
        self, leaf: Pattern, db: sqlite3.Connection, cancelled: threading.Event | None = None
    ) -> Bits:
        """Return the files in which a regular expression is found.

        After `prepare` it changes nothing and may run while others search; the answer is right if
        the columns have not changed meanwhile.

        Raises:
            QueryCancelledError: `cancelled` was set.
            QueryTimeoutError: It takes too long.
        """
        if leaf.field in _ROLE:
            prompts = self.columns.prompts(db, _ROLE[leaf.field])
            return prompts.pattern(db, leaf.pattern, cancelled)
        if leaf.field in {"", "name"}:
            found = self._names_by_pattern(leaf.pattern, db, cancelled)
            if leaf.field == "":
                found |= self.columns.prompts(db, 0).pattern(db, leaf.pattern, cancelled)
            return found
        search = regex(leaf.pattern).search
        check = deadline_guard(cancelled)

        def test(value: str) -> bool:
            check()
            return search(value, 0, REGEX_TEXT_LIMIT) is not None

        return self.columns.text(db, leaf.field).where(test)

    def _remembered(
        self, leaf: Leaf, db: sqlite3.Connection, cancelled: threading.Event | None
    ) -> Bits:
        if leaf in self._answers:
            self._answers.move_to_end(leaf)
            return self._answers[leaf]
        bits = self._leaf(leaf, db, cancelled)
        self.remember(leaf, bits)
        return bits

    def _leaf(self, leaf: Leaf, db: sqlite3.Connection, cancelled: threading.Event | None) -> Bits:
        match leaf:
            case Words():
                return self._words(leaf, db)
            case Name():
                return self._name(leaf, db)
            case Range():
                return self._range(leaf, db)
            case Has():
                return self._has(leaf.field, db)
            case Pattern():
                return self.pattern(leaf, db, cancelled)

    def _words(self, leaf: Words, db: sqlite3.Connection) -> Bits:
        columns = self.columns
        if leaf.field in _ROLE:
            return columns.prompts(db, _ROLE[leaf.field]).words(db, leaf)

        def holds(text: str) -> bool:
            return words_in(text, leaf.words, leaf.is_prefix)

        if leaf.field:
            return columns.text(db, leaf.field).where(holds)
        found = columns.prompts(db, 0).words(db, leaf) | columns.names(db).words(leaf)
        for role in BOX_ROLES:
            found |= columns.text(db, role).where(lambda name: begins_part(name, leaf.words))
        return found | columns.text(db, "tag").where(holds) | columns.text(db, "note").where(holds)

    def _name(self, leaf: Name, db: sqlite3.Connection) -> Bits:
        test = comparison(leaf.field, leaf.value, leaf.mode)
        if leaf.field == "name":
            names = self.columns.names(db)
            return names.part(leaf.value) if leaf.mode == "part" else names.where(test)
        if leaf.field == "path":
            rows = db.execute("SELECT id, path FROM files")
            found = [position for position, path in self._paths(rows) if test(path)]
            return bits_of(found, self.positions.count)
        return self.columns.text(db, leaf.field).where(test)

    def _paths(self, rows: sqlite3.Cursor) -> list[tuple[int, str]]:
        decode = loading.decode_path
        return [(position, decode(path)) for position, path in self.positions.pairs(rows)]

    def _range(self, leaf: Range, db: sqlite3.Connection) -> Bits:
        if leaf.field == "date":
            return self.positions.in_time(leaf)
        column = self.columns.number(db, leaf.field)
        found = column.where(leaf)
        if leaf.field == "rating" and in_range(leaf, 0):
            found |= self.positions.all & ~column.any()
        return found

    def _has(self, field: str, db: sqlite3.Connection) -> Bits:
        if field == "missing":
            return self.positions.missing
        if field in loading.FLAG_SOURCES:
            return self.columns.flag(db, field)
        if field in loading.TEXT_SOURCES:
            return self.columns.text(db, field).any()
        if field in loading.NUMBER_SOURCES:
            return self.columns.number(db, field).any()
        return self.positions.all

    def _names_by_pattern(
        self, pattern: str, db: sqlite3.Connection, cancelled: threading.Event | None
    ) -> Bits:
        search = regex(pattern).search
        check = deadline_guard(cancelled)
        found: list[int] = []
        for position, name in self.positions.pairs(db.execute("SELECT id, name FROM files")):
            check()
            if search(name, 0, REGEX_TEXT_LIMIT):
                found.append(position)
        return bits_of(found, self.positions.count)

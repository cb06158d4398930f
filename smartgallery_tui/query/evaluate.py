"""A query tree to a set of positions, on columns that are loaded when a query first asks."""

from __future__ import annotations

import json
from collections import OrderedDict
from typing import TYPE_CHECKING

from smartgallery_tui.errors import QueryCancelledError
from smartgallery_tui.query import loading
from smartgallery_tui.query.ast import And, Everything, Has, Name, Not, Or, Pattern, Range, Words
from smartgallery_tui.query.bitmaps import bits_of, flags_of, union
from smartgallery_tui.query.compare import (
    REGEX_TEXT_LIMIT,
    begins_part,
    comparison,
    in_range,
    regex,
    words_in,
)
from smartgallery_tui.query.match import BOX_ROLES
from smartgallery_tui.query.sorts import permutation, shuffled
from smartgallery_tui.query.texts import NameIndex, PromptIndex, deadline_guard

if TYPE_CHECKING:
    import sqlite3
    import threading
    from collections.abc import Sequence

    from smartgallery_tui.query.ast import Leaf, Node
    from smartgallery_tui.query.bitmaps import Bits
    from smartgallery_tui.query.columns import NumberColumn, TextColumn
    from smartgallery_tui.query.positions import Positions
    from smartgallery_tui.query.sorts import Permutation
    from smartgallery_tui.records import SortKey

CACHE_BYTES = 32 << 20
"""Room for the answers of single terms."""
_ROLE = {"prompt": 0, "neg": 1}


class Columns:
    """Everything known in memory of the files of one order; columns come when asked for."""

    def __init__(self, positions: Positions) -> None:
        self.positions = positions
        self._texts: dict[str, TextColumn] = {}
        self._numbers: dict[str, NumberColumn] = {}
        self._flags: dict[str, Bits] = {}
        self._prompts: dict[int, PromptIndex] = {}
        self._names: NameIndex | None = None
        self._months: list[tuple[str, Bits]] | None = None
        self._permutations: dict[SortKey, Permutation] = {}
        self._shuffled: tuple[int, Permutation] | None = None

    def text(self, db: sqlite3.Connection, field: str) -> TextColumn:
        """Return the column of a text field."""
        if field not in self._texts:
            self._texts[field] = loading.text_column(db, field, self.positions)
        return self._texts[field]

    def number(self, db: sqlite3.Connection, field: str) -> NumberColumn:
        """Return the column of a number field."""
        if field not in self._numbers:
            self._numbers[field] = loading.number_column(db, field, self.positions)
        return self._numbers[field]

    def flag(self, db: sqlite3.Connection, field: str) -> Bits:
        """Return the files for which a yes-or-no question is answered yes."""
        if field not in self._flags:
            rows = loading.FLAG_SOURCES[field].rows(db)
            found = self.positions.of(row[0] for row in rows)
            self._flags[field] = bits_of(found, self.positions.count)
        return self._flags[field]

    def prompts(self, db: sqlite3.Connection, role: int) -> PromptIndex:
        """Return the texts of a role: 0 positive, 1 negative."""
        if role not in self._prompts:
            self._prompts[role] = PromptIndex(db, role, self.positions)
        return self._prompts[role]

    def names(self, db: sqlite3.Connection) -> NameIndex:
        """Return the file names."""
        if self._names is None:
            by_position = [""] * self.positions.count
            rows = db.execute("SELECT id, name FROM files")
            for position, name in self.positions.pairs(rows):
                by_position[position] = name
            self._names = NameIndex(by_position)
        return self._names

    def present(self, bits: Bits) -> bytes:
        """Return a set as one byte for each position."""
        return flags_of(bits, self.positions.count)

    def months(self) -> list[tuple[str, Bits]]:
        """Return each month that has files, with its files."""
        if self._months is None:
            self._months = self.positions.months()
        return self._months

    def stars(self, db: sqlite3.Connection, stars: int) -> Bits:
        """Return the files with just so many stars."""
        return self.number(db, "rating").where(Range("rating", stars, stars))

    def permutation(self, db: sqlite3.Connection, sort: SortKey) -> Permutation:
        """Return the order of all files by a sort key."""
        if sort not in self._permutations:
            self._permutations[sort] = permutation(db, sort, self.positions)
        return self._permutations[sort]

    def shuffled(self, seed: int) -> Permutation:
        """Return all files in the random order of a seed; the last one is remembered."""
        if self._shuffled is None or self._shuffled[0] != seed:
            self._shuffled = seed, shuffled(self.positions, seed)
        return self._shuffled[1]

    def forget_marks(self) -> None:
        """Drop what lies in user.db; it is read again when asked for."""
        for field in loading.MARK_FIELDS:
            self._texts.pop(field, None)
            self._numbers.pop(field, None)
            self._flags.pop(field, None)
        self._permutations.pop("rating", None)

    def reread(self, db: sqlite3.Connection, ids: Sequence[int]) -> None:
        """Take the values of some files anew, in the columns that are loaded."""
        known = [file_id for file_id in ids if self.positions.at(file_id) is not None]
        changed = bits_of(self.positions.of(known), self.positions.count)
        self.forget_marks()
        self._permutations.clear()
        for field, texts in self._texts.items():
            sources = loading.TEXT_SOURCES[field]
            texts.replace(changed, loading.changed_values(db, sources, self.positions, known))
        for field, numbers in self._numbers.items():
            sources = loading.NUMBER_SOURCES[field]
            numbers.replace(changed, loading.changed_values(db, sources, self.positions, known))
        self._flags.pop("dup", None)
        for field in self._flags:
            rows = loading.FLAG_SOURCES[field].rows(db, known)
            found = self.positions.of(row[0] for row in rows)
            self._flags[field] &= ~changed
            self._flags[field] |= bits_of(found, self.positions.count)
        for prompts in self._prompts.values():
            prompts.replace(db, changed, json.dumps(known), self.positions)


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
                return self._remembered(node, db)

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

    def _remembered(self, leaf: Leaf, db: sqlite3.Connection) -> Bits:
        if leaf in self._answers:
            self._answers.move_to_end(leaf)
            return self._answers[leaf]
        bits = self._leaf(leaf, db)
        self._answers[leaf] = bits
        room = max(CACHE_BYTES // max(self.positions.count // 8, 1), 8)
        while len(self._answers) > room:
            self._answers.popitem(last=False)
        return bits

    def _leaf(self, leaf: Leaf, db: sqlite3.Connection) -> Bits:
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
                return self._pattern(leaf, db)

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

    def _pattern(self, leaf: Pattern, db: sqlite3.Connection) -> Bits:
        if leaf.field in _ROLE:
            return self.columns.prompts(db, _ROLE[leaf.field]).pattern(db, leaf.pattern)
        if leaf.field in {"", "name"}:
            found = self._names_by_pattern(leaf.pattern, db)
            if leaf.field == "":
                found |= self.columns.prompts(db, 0).pattern(db, leaf.pattern)
            return found
        search = regex(leaf.pattern).search
        check = deadline_guard()

        def test(value: str) -> bool:
            check()
            return search(value, 0, REGEX_TEXT_LIMIT) is not None

        return self.columns.text(db, leaf.field).where(test)

    def _names_by_pattern(self, pattern: str, db: sqlite3.Connection) -> Bits:
        search = regex(pattern).search
        check = deadline_guard()
        found: list[int] = []
        for position, name in self.positions.pairs(db.execute("SELECT id, name FROM files")):
            check()
            if search(name, 0, REGEX_TEXT_LIMIT):
                found.append(position)
        return bits_of(found, self.positions.count)

"""The columns of one order of files, each read from the index when a query first asks for it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from smartgallery_tui.query import loading
from smartgallery_tui.query.ast import Range
from smartgallery_tui.query.bitmaps import bits_of, flags_of
from smartgallery_tui.query.sorts import permutation, shuffled
from smartgallery_tui.query.texts import NameIndex, PromptIndex

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from smartgallery_tui.query.bitmaps import Bits
    from smartgallery_tui.query.columns import NumberColumn, TextColumn
    from smartgallery_tui.query.positions import Positions
    from smartgallery_tui.query.sorts import Permutation
    from smartgallery_tui.records import SortKey


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

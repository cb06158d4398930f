"""The columns of one order of files, each read from the index when a query first asks for it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from smartgallery_tui.query import loading
from smartgallery_tui.query.ast import Range
from smartgallery_tui.query.bitmaps import bits_from, bits_of, bytes_of, flags_of
from smartgallery_tui.query.columns import NumberColumn, TextColumn
from smartgallery_tui.query.packing import pack
from smartgallery_tui.query.prompts import PromptIndex
from smartgallery_tui.query.sorts import patched, permutation, shuffled
from smartgallery_tui.query.texts import NameIndex

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Set

    from smartgallery_tui.query.bitmaps import Bits
    from smartgallery_tui.query.packing import Reader
    from smartgallery_tui.query.positions import Positions
    from smartgallery_tui.query.sorts import Permutation
    from smartgallery_tui.query.stored import StoredColumns
    from smartgallery_tui.records import SortKey


FEW = 8
"""Changed files up to which an order is patched instead of made anew."""


class Columns:
    """Everything known in memory of the files of one order; columns come when asked for.

    Args:
        positions: The order.
        stored: Columns that an earlier run kept, of the very same state of the index.
    """

    def __init__(self, positions: Positions, stored: StoredColumns | None = None) -> None:
        self.positions = positions
        self.has_news = stored is None
        """Whether a column was read that the file of stored columns does not have."""
        self.since: set[int] = set()
        """Ids of files that changed since the columns were stored, or made."""
        self._stored = stored
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
            data = self._kept("text", field)
            if data is None:
                self._texts[field] = loading.text_column(db, field, self.positions)
            else:
                self._texts[field] = TextColumn.unpack(data, self.positions.count)
                self._reread_text(db, field, self.since)
        return self._texts[field]

    def number(self, db: sqlite3.Connection, field: str) -> NumberColumn:
        """Return the column of a number field."""
        if field not in self._numbers:
            data = self._kept("number", field)
            if data is None:
                self._numbers[field] = loading.number_column(db, field, self.positions)
            else:
                self._numbers[field] = NumberColumn.unpack(data, self.positions.count)
                self._reread_number(db, field, self.since)
        return self._numbers[field]

    def flag(self, db: sqlite3.Connection, field: str) -> Bits:
        """Return the files for which a yes-or-no question is answered yes."""
        if field not in self._flags:
            data = self._kept("flag", field)
            if data is None:
                rows = loading.FLAG_SOURCES[field].rows(db)
                found = self.positions.of(row[0] for row in rows)
                self._flags[field] = bits_of(found, self.positions.count)
            else:
                self._flags[field] = bits_from(data.raw(data.meta))
                self._reread_flag(db, field, self.since)
        return self._flags[field]

    def prompts(self, db: sqlite3.Connection, role: int) -> PromptIndex:
        """Return the texts of a role: 0 positive, 1 negative."""
        if role not in self._prompts:
            data = self._kept("prompts", str(role))
            if data is None:
                self._prompts[role] = PromptIndex.load(db, role, self.positions)
            else:
                self._prompts[role] = PromptIndex.unpack(role, data, self.positions)
                self._reread_prompts(db, role, self.since)
        return self._prompts[role]

    def names(self, db: sqlite3.Connection) -> NameIndex:
        """Return the file names."""
        if self._names is None and (data := self._kept("names", "")) is not None:
            self._names = NameIndex.unpack(data)
            self._grow_names(db, self._names.count)
            self._reread_names(db, self.since)
        if self._names is None:
            by_position = [""] * self.positions.count
            rows = db.execute("SELECT id, name FROM files")
            for position, name in self.positions.pairs(rows):
                by_position[position] = name
            self._names = NameIndex(by_position)
        return self._names

    def _kept(self, sort: str, field: str) -> Reader | None:
        if field in loading.MARK_FIELDS:
            return None
        data = None if self._stored is None else self._stored.get(f"{sort} {field}")
        self.has_news = self.has_news or data is None
        return data

    def packed(self, db: sqlite3.Connection) -> Iterator[tuple[str, bytes]]:
        """Yield each column that is loaded, as a name and bytes for a file; never marks."""
        yield "positions", self.positions.pack()
        for sort, columns in (("text", self._texts), ("number", self._numbers)):
            for field, column in columns.items():
                if field not in loading.MARK_FIELDS:
                    yield f"{sort} {field}", column.pack()
        for field, bits in self._flags.items():
            if field not in loading.MARK_FIELDS:
                raw = bytes_of(bits)
                yield f"flag {field}", pack(len(raw), raw)
        for role, prompts in self._prompts.items():
            yield f"prompts {role}", prompts.folded(db).pack()
        if self._names is not None:
            yield "names ", self._names.pack()

    def grow(self, db: sqlite3.Connection, start: int) -> None:
        """Make room for the positions from `start` on, which were appended; `reread` fills it."""
        count = self.positions.count
        self._months = self._shuffled = None
        columns: list[TextColumn | NumberColumn | PromptIndex] = [
            *self._texts.values(), *self._numbers.values(), *self._prompts.values(),
        ]  # fmt: skip
        for each in columns:
            each.grow(count)
        if self._names is not None:
            self._grow_names(db, start)

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

    def reread(self, db: sqlite3.Connection, ids: Set[int]) -> None:
        """Take the values of some files anew, in the columns that are loaded."""
        self.since |= ids
        self.forget_marks()
        self._patch_orders(db, ids)
        for field in self._texts:
            self._reread_text(db, field, ids)
        for field in self._numbers:
            self._reread_number(db, field, ids)
        self.forget_duplicates()
        for field in self._flags:
            self._reread_flag(db, field, ids)
        for role in self._prompts:
            self._reread_prompts(db, role, ids)
        self._reread_names(db, ids)

    def _patch_orders(self, db: sqlite3.Connection, ids: Set[int]) -> None:
        """Have a few files change their places in the orders that are loaded."""
        orders, self._permutations = self._permutations, {}
        for sort, order in orders.items() if len(ids) <= FEW else ():
            found = patched(db, sort, order, self.positions, ids)
            if found is not None:
                self._permutations[sort] = found

    def forget_duplicates(self) -> None:
        """Drop which files have the same content: any file may change it for others."""
        self._flags.pop("dup", None)

    def saved(self) -> None:
        """Take note that a file has all columns that are loaded."""
        self._stored, self.has_news = None, False
        self.since = set()

    def _places(self, ids: Set[int]) -> Bits:
        return bits_of(self.positions.of(ids), self.positions.count)

    def _reread_text(self, db: sqlite3.Connection, field: str, ids: Set[int]) -> None:
        if ids:
            sources = loading.TEXT_SOURCES[field]
            values = loading.changed_values(db, sources, self.positions, list(ids))
            self._texts[field].replace(self._places(ids), values)

    def _reread_number(self, db: sqlite3.Connection, field: str, ids: Set[int]) -> None:
        if ids:
            sources = loading.NUMBER_SOURCES[field]
            values = loading.changed_values(db, sources, self.positions, list(ids))
            self._numbers[field].replace(self._places(ids), values)

    def _reread_flag(self, db: sqlite3.Connection, field: str, ids: Set[int]) -> None:
        if ids:
            rows = loading.FLAG_SOURCES[field].rows(db, list(ids))
            found = self.positions.of(row[0] for row in rows)
            self._flags[field] &= ~self._places(ids)
            self._flags[field] |= bits_of(found, self.positions.count)

    def _reread_prompts(self, db: sqlite3.Connection, role: int, ids: Set[int]) -> None:
        if ids:
            listed = json.dumps(list(ids))
            self._prompts[role].replace(db, self._places(ids), listed, self.positions)

    def _reread_names(self, db: sqlite3.Connection, ids: Set[int]) -> None:
        if ids and self._names is not None:
            self._names.replace(dict(self.positions.pairs(_names_of(db, ids))))

    def _grow_names(self, db: sqlite3.Connection, start: int) -> None:
        """Take in the names of the positions from `start` on."""
        new = self.positions.ids[start:].tolist()
        if new and self._names is not None:
            by_id = dict(_names_of(db, new))
            self._names.append([by_id.get(file_id, "") for file_id in new])


def _names_of(db: sqlite3.Connection, ids: Iterable[int]) -> list[tuple[int, str]]:
    return db.execute(
        "SELECT id, name FROM files WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(ids)),),
    ).fetchall()

"""Words and expressions in prompts, as sets of positions."""

from __future__ import annotations

from array import array
from itertools import accumulate
from operator import itemgetter
from typing import TYPE_CHECKING

from smartgallery_tui.errors import QueryCancelledError
from smartgallery_tui.query import vocabulary
from smartgallery_tui.query.bitmaps import bits_from, bits_of, bytes_of, flags_of, union
from smartgallery_tui.query.compare import REGEX_TEXT_LIMIT, regex
from smartgallery_tui.query.packing import pack
from smartgallery_tui.query.texts import deadline_guard, fts_phrase

if TYPE_CHECKING:
    import sqlite3
    import threading
    from collections.abc import Sequence

    from smartgallery_tui.query.ast import Words
    from smartgallery_tui.query.bitmaps import Bits
    from smartgallery_tui.query.packing import Reader
    from smartgallery_tui.query.positions import Positions

FREQUENT_TEXTS = 2000
"""A word in so many texts is worth a set of its own: asking the full-text index takes 1 us each."""
FREQUENT_BYTES = 40 << 20
"""Room for these sets."""
_FEW = 64
_MATCH = "SELECT rowid FROM texts_fts WHERE texts_fts MATCH ?"


class PromptIndex:
    """Which files use which text, for one role of texts.

    Args:
        role: 0 positive, 1 negative.
        files: Positions of the files of one text after another.
        starts: Where each text's files begin in `files`, by text id, and the end.
        count: Number of positions.
        frequent: The files of the most frequent words, if they are known.
    """

    def __init__(
        self,
        role: int,
        files: array[int],
        starts: array[int],
        count: int,
        frequent: dict[str, Bits] | None = None,
    ) -> None:
        self._role = role
        self._files = files
        self._starts = starts
        self._count = count
        self._frequent = frequent
        self._replaced: Bits = 0
        self._later: dict[int, list[int]] = {}

    @classmethod
    def load(cls, db: sqlite3.Connection, role: int, positions: Positions) -> PromptIndex:
        """Read the uses of texts from the index."""
        rows = positions.pairs(
            (file_id, text_id)
            for text_id, file_id in db.execute(
                "SELECT text_id, file_id FROM file_texts WHERE role=? ORDER BY text_id", (role,)
            )
        )
        return cls(role, *_grouped(list(rows)), positions.count)

    @classmethod
    def unpack(cls, role: int, data: Reader, positions: Positions) -> PromptIndex:
        """Return what `pack` wrote."""
        sizes: list[int] = data.meta["sizes"]
        files, starts = data.numbers("i", sizes[0]), data.numbers("i", sizes[1])
        listed = data.meta["frequent"]
        frequent = None
        if listed is not None:
            frequent = {word: bits_from(data.raw(size)) for word, size in listed}
        return cls(role, files, starts, positions.count, frequent)

    def pack(self) -> bytes:
        """Return all of it as bytes; call it on an index without later changes."""
        frequent = self._frequent
        sets = {} if frequent is None else {word: bytes_of(b) for word, b in frequent.items()}
        listed = None if frequent is None else [[word, len(raw)] for word, raw in sets.items()]
        sizes = [len(self._files), len(self._starts)]
        return pack(
            {"sizes": sizes, "frequent": listed},
            self._files.tobytes(),
            self._starts.tobytes(),
            *sets.values(),
        )

    def folded(self, db: sqlite3.Connection) -> PromptIndex:
        """Return the same with all later changes in their places."""
        if not self._later and not self._replaced:
            return self
        gone = flags_of(self._replaced, self._count)
        starts, files = self._starts, self._files
        pairs = [
            (position, text_id)
            for text_id in range(len(starts) - 1)
            for position in files[starts[text_id] : starts[text_id + 1]]
            if not gone[position]
        ]
        pairs += [(p, text_id) for text_id, users in self._later.items() for p in users]
        pairs.sort(key=itemgetter(1))
        frequent = None
        if self._frequent is not None:
            frequent = {word: self._known(db, word) for word in self._frequent}
        return PromptIndex(self._role, *_grouped(pairs), self._count, frequent)

    def grow(self, count: int) -> None:
        """Make room for positions that were appended; they use no text yet."""
        self._count = count

    def prime(self, db: sqlite3.Connection, cancelled: threading.Event | None = None) -> None:
        """Find the files of the most frequent words ahead. Needs no lock: texts never change.

        Raises:
            QueryCancelledError: `cancelled` was set.
        """
        if self._frequent is not None:
            return
        room = FREQUENT_BYTES // (self._count // 8 + 1)
        found: dict[str, Bits] = {}
        for word in vocabulary.frequent(db, FREQUENT_TEXTS)[:room]:
            if cancelled is not None and cancelled.is_set():
                raise QueryCancelledError("reading ahead was given up")
            rows = db.execute(_MATCH, (fts_phrase((word,), False),)).fetchall()
            found[word] = self._of_base([row[0] for row in rows])
        self._frequent = found

    def words(self, db: sqlite3.Connection, node: Words) -> Bits:
        """Return the files with a text that holds the words."""
        if self._frequent:
            if len(node.words) == 1 and not node.is_prefix and node.words[0] in self._frequent:
                return self._known(db, node.words[0])
            if len(node.words) == 1 and node.is_prefix:
                found = self._begun(db, node.words[0])
                if found is not None:
                    return found
        rows = db.execute(_MATCH, (fts_phrase(node.words, node.is_prefix),)).fetchall()
        return self.of_texts([row[0] for row in rows])

    def _known(self, db: sqlite3.Connection, word: str) -> Bits:
        """Return the files of a frequent word: its set, and what changed since."""
        found = (self._frequent or {})[word] & ~self._replaced
        if not self._later:
            return found
        low, high = min(self._later), max(self._later)
        rows = db.execute(f"{_MATCH} AND rowid BETWEEN ? AND ?", (f'"{word}"', low, high))
        later = [p for row in rows for p in self._later.get(row[0], ())]
        return found | bits_of(later, self._count)

    def _begun(self, db: sqlite3.Connection, start: str) -> Bits | None:
        """Return the files of all words with a beginning; None where the others are many."""
        frequent = self._frequent or {}
        words = vocabulary.beginning_with(db, start, _FEW + 1 + len(frequent))
        rare = [word for word in words if word not in frequent]
        if len(rare) > _FEW or len(rare) == len(words):
            return None
        found = union([self._known(db, word) for word in words if word in frequent])
        if rare:
            expression = " OR ".join(f'"{word}"' for word in rare)
            found |= self.of_texts([row[0] for row in db.execute(_MATCH, (expression,)).fetchall()])
        return found

    def pattern(
        self, db: sqlite3.Connection, pattern: str, cancelled: threading.Event | None = None
    ) -> Bits:
        """Return the files with a text in which the regular expression is found."""
        search = regex(pattern).search
        check = deadline_guard(cancelled)
        found: list[int] = []
        cursor = db.execute(
            "SELECT id, body FROM texts WHERE id IN (SELECT text_id FROM file_texts WHERE role=?)",
            (self._role,),
        )
        for text_id, body in cursor:
            if search(body, 0, REGEX_TEXT_LIMIT):
                found.append(text_id)
            check()
        return self.of_texts(found)

    def users(self, text_id: int) -> list[int]:
        """Return the positions of the files that use a text; some may have left it since."""
        found = list(self._later.get(text_id, ()))
        if text_id < len(self._starts) - 1:
            found += self._files[self._starts[text_id] : self._starts[text_id + 1]]
        return found

    def of_texts(self, text_ids: Sequence[int]) -> Bits:
        """Return the files that use any of the texts."""
        bits = self._of_base(text_ids) & ~self._replaced
        if not self._later:
            return bits
        later = [p for text_id in text_ids for p in self._later.get(text_id, ())]
        return bits | bits_of(later, self._count)

    def _of_base(self, text_ids: Sequence[int]) -> Bits:
        starts, files, size = self._starts, self._files, len(self._starts) - 1
        found = array("i")
        for text_id in text_ids:
            if text_id < size:
                found += files[starts[text_id] : starts[text_id + 1]]
        return bits_of(found, self._count)

    def replace(
        self, db: sqlite3.Connection, changed: Bits, ids: str, positions: Positions
    ) -> None:
        """Take the texts of some files anew; `ids` is their ids as JSON."""
        self._replaced |= changed
        if self._later:
            gone = set(positions.of_bits(changed))
            for text_id in list(self._later):
                left = [p for p in self._later[text_id] if p not in gone]
                if left:
                    self._later[text_id] = left
                else:
                    del self._later[text_id]
        rows = db.execute(
            "SELECT file_id, text_id FROM file_texts WHERE role=? "
            "AND file_id IN (SELECT value FROM json_each(?))",
            (self._role, ids),
        )
        for position, text_id in positions.pairs(rows):
            self._later.setdefault(text_id, []).append(position)


def _grouped(pairs: Sequence[tuple[int, int]]) -> tuple[array[int], array[int]]:
    """Return the positions, and where each text's begin, of pairs sorted by their text id."""
    files = array("i", [position for position, _ in pairs])
    sizes = [0] * ((pairs[-1][1] if pairs else 0) + 2)
    for _, text_id in pairs:
        sizes[text_id + 1] += 1
    return files, array("i", accumulate(sizes))

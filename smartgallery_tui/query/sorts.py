"""Orders other than by date: a permutation of positions for each sort key, ties by date."""

from __future__ import annotations

import re
from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from smartgallery_tui.query.ast import And, Or, Words
from smartgallery_tui.query.bitmaps import bits_of, flags_of, positions_of
from smartgallery_tui.query.columns import pick
from smartgallery_tui.query.texts import fts_phrase

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Iterator

    from smartgallery_tui.query.ast import Node
    from smartgallery_tui.query.bitmaps import Bits
    from smartgallery_tui.query.evaluate import Columns
    from smartgallery_tui.query.positions import Positions
    from smartgallery_tui.records import SortKey

_DIGITS = re.compile(r"\d+")
_DIGITS_WIDTH = 18
_MIX = 0x9E3779B97F4A7C15
_MIX_AGAIN = 0xBF58476D1CE4E5B9
_MASK = (1 << 64) - 1
_TEXT_WEIGHT = 1.0
_NAME_WEIGHT = 2.0

_KEYS: dict[str, str] = {
    "name": "SELECT id, name FROM files",
    "size": "SELECT id, size_bytes FROM files",
    "pixels": "SELECT id, width * height FROM files WHERE width * height > 0",
    "rating": "SELECT f.id, m.rating FROM user.marks m CROSS JOIN files f "
    "ON f.content_id = m.content_id WHERE m.rating > 0",
    "model": "SELECT id, model FROM files WHERE model IS NOT NULL",
    "steps": "SELECT id, steps FROM files WHERE steps IS NOT NULL",
    "seed": "SELECT id, seed FROM files WHERE seed IS NOT NULL",
    "duration": "SELECT id, duration_ms FROM files WHERE duration_ms IS NOT NULL",
}


@dataclass(frozen=True, slots=True)
class Permutation:
    """All positions by one key, ascending."""

    keyed: array[int]
    """Positions that have the key."""
    keyless: array[int]
    """The others, by date; they stand last in both directions."""

    def pick(self, bits: Bits, count: int, *, descending: bool) -> list[int]:
        """Return the members of a set in this order."""
        flags = flags_of(bits, count)
        first, last = pick(self.keyed, flags), pick(self.keyless, flags)
        if descending:
            first.reverse()
            last.reverse()
        return first + last


def permutation(db: sqlite3.Connection, sort: SortKey, positions: Positions) -> Permutation:
    """Return the order of all files by a key that the index holds."""
    convert = _CONVERSIONS.get(sort)
    keys: list[Any] = [None] * positions.count
    for position, key in positions.pairs(db.execute(_KEYS[sort])):
        keys[position] = key if convert is None else convert(key)
    present = [position for position in range(positions.count) if keys[position] is not None]
    present.sort(key=keys.__getitem__)
    order = array("i", present)
    rest = positions.all & ~bits_of(order, positions.count)
    return Permutation(order, array("i", positions_of(rest, positions.count)))


def shuffled(positions: Positions, seed: int) -> Permutation:
    """Return an order that only `seed` and the files' ids decide: new files move no others."""
    start = (seed * 2 + 1) * _MIX
    keys = [((file_id + start) * _MIX & _MASK) >> 16 for file_id in positions.ids]
    mixed = [(key ^ key >> 23) * _MIX_AGAIN & _MASK for key in keys]
    order = sorted(range(positions.count), key=mixed.__getitem__)
    return Permutation(array("i", order), array("i"))


def by_relevance(
    db: sqlite3.Connection, node: Node, bits: Bits, columns: Columns, *, descending: bool
) -> list[int]:
    """Return the members of a set, best match of the query's words first, ties newest first."""
    positions = columns.positions
    hits = positions_of(bits, positions.count)
    scores = dict.fromkeys(hits, 0.0)
    for leaf in _wanted_words(node):
        for position, score in _scores(db, leaf, columns):
            if position in scores:
                scores[position] += score
    return sorted(hits, key=lambda p: (scores[p], p), reverse=descending)


def natural_key(name: str) -> str:
    """Return a key that sorts `file9` before `file10`, whatever the case."""
    return _DIGITS.sub(_padded, name.casefold())


def _padded(digits: re.Match[str]) -> str:
    return digits[0].lstrip("0").rjust(_DIGITS_WIDTH, "0")


def _wanted_words(node: Node) -> Iterator[Words]:
    """Yield the words that a hit should hold; what stands behind a minus does not count."""
    if isinstance(node, And | Or):
        for part in node.parts:
            yield from _wanted_words(part)
    elif isinstance(node, Words) and node.field in {"", "prompt"}:
        yield node


def _scores(db: sqlite3.Connection, leaf: Words, columns: Columns) -> Iterable[tuple[int, float]]:
    prompts = columns.prompts(db, 0)
    best: dict[int, float] = {}
    rows = db.execute(
        "SELECT rowid, bm25(texts_fts) FROM texts_fts WHERE texts_fts MATCH ?",
        (fts_phrase(leaf.words, leaf.is_prefix),),
    )
    for text_id, rank in rows:
        for position in prompts.users(text_id):
            best[position] = max(best.get(position, 0.0), _TEXT_WEIGHT - rank)
    if not leaf.field:
        named = columns.names(db).words(leaf)
        for position in positions_of(named, columns.positions.count):
            best[position] = best.get(position, 0.0) + _NAME_WEIGHT
    return best.items()


def _lowered(text: str) -> str:
    return text.casefold()


_CONVERSIONS: dict[str, Callable[[Any], Any]] = {
    "name": natural_key,
    "model": _lowered,
    "seed": int,
}

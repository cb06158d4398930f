"""Orders other than by date: a permutation of positions for each sort key, ties by date."""

from __future__ import annotations

import os
import re
from array import array
from bisect import bisect_left, insort
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from smartgallery_tui.query.between import ORDER_BITS
from smartgallery_tui.query.bitmaps import bits_of, flags_of, positions_of
from smartgallery_tui.query.columns import pick

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Collection

    from smartgallery_tui.query.bitmaps import Bits
    from smartgallery_tui.query.positions import Positions
    from smartgallery_tui.records import SortKey

_DIGITS = re.compile(r"\d+")
_DIGITS_WIDTH = 18
_MIX = 0x9E3779B97F4A7C15
_MIX_AGAIN = 0xBF58476D1CE4E5B9
_MASK = (1 << 64) - 1
_SHIFT = ORDER_BITS
_ORDER = (1 << _SHIFT) - 1
_ORDER_BYTES = ORDER_BITS // 8

_KEYS: dict[str, str] = {
    "name": "SELECT id, name FROM files",
    "folder": "SELECT f.id, d.path FROM folders d CROSS JOIN files f ON f.folder_id = d.id",
    "prompt": "SELECT id, prompt_preview FROM files WHERE prompt_preview <> ''",
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
    """Return the order of all files by a key that the index holds.

    Each key is sorted as one value with its position, which takes half the memory of sorting
    positions by key and puts ties in the order of dates.
    """
    between = positions.between
    rows = positions.pairs(db.execute(_KEYS[sort]))
    if between:
        rows = ((between.dated(position), key) for position, key in rows)
    convert = _TEXTS.get(sort)
    if convert is None:
        numbers = [int(key) << _SHIFT | order for order, key in rows]
        numbers.sort()
        keyed = array("i", [between.placed(each & _ORDER) for each in numbers])
    else:
        texts = [_sortable(convert(key), order) for order, key in rows]
        texts.sort()
        orders = (int.from_bytes(each[-_ORDER_BYTES:], "big") for each in texts)
        keyed = array("i", map(between.placed, orders))
    rest = positions_of(positions.all & ~bits_of(keyed, positions.count), positions.count)
    return Permutation(keyed, array("i", between.sorted(rest)))


def patched(
    db: sqlite3.Connection,
    sort: SortKey,
    order: Permutation,
    positions: Positions,
    ids: Collection[int],
) -> Permutation | None:
    """Return an order in which a few files have other places; None: it has to be made anew.

    Args:
        db: A connection.
        sort: The key.
        order: As it was before the positions followed a change.
        positions: As they are now.
        ids: Files whose values may be others, or that are new.
    """
    keyed, keyless = array("i", order.keyed), array("i", order.keyless)
    places = [each for each in positions.of(ids) if not positions.gone >> each & 1]
    for position in {*places, *positions.left}:
        if position < positions.start:
            _remove(position, keyed, keyless)
    for position in places:
        value = _sort_value(db, sort, positions, position)
        if value is None:
            insort(keyless, position, key=positions.between.dated)
            continue
        try:
            at = bisect_left(keyed, value, key=partial(_known_value, db, sort, positions))
        except KeyError:
            return None
        keyed.insert(at, position)
    return Permutation(keyed, keyless)


def _remove(position: int, *orders: array[int]) -> None:
    for order in orders:
        with suppress(ValueError):
            order.remove(position)
            return


def _sort_value(
    db: sqlite3.Connection, sort: SortKey, positions: Positions, position: int
) -> bytes | int | None:
    """Return what a position is sorted by, None where it has no key."""
    row = db.execute(
        f"SELECT * FROM ({_KEYS[sort]}) WHERE id=?",  # noqa: S608 - our own statements
        (positions.ids[position],),
    ).fetchone()
    if row is None:
        return None
    convert, order = _TEXTS.get(sort), positions.between.dated(position)
    if convert is None:
        return int(row[1]) << _SHIFT | order
    return _sortable(convert(row[1]), order)


def _known_value(
    db: sqlite3.Connection, sort: SortKey, positions: Positions, position: int
) -> bytes | int:
    value = _sort_value(db, sort, positions, position)
    if value is None:
        raise KeyError(position)
    return value


def shuffled(positions: Positions, seed: int) -> Permutation:
    """Return an order that only `seed` and the files' ids decide: new files move no others."""
    start = (seed * 2 + 1) * _MIX
    mixed = [
        _mixed(((file_id + start) * _MIX & _MASK) >> 16) << _SHIFT | position
        for position, file_id in enumerate(positions.ids)
    ]
    mixed.sort()
    return Permutation(array("i", [each & _ORDER for each in mixed]), array("i"))


def _mixed(key: int) -> int:
    return (key ^ key >> 23) * _MIX_AGAIN & _MASK


def _sortable(text: str, order: int) -> bytes:
    # No name holds a NUL: a text stands before all that go on after it.
    return text.encode("utf-8", "surrogatepass") + b"\0" + order.to_bytes(_ORDER_BYTES, "big")


def natural_key(name: str) -> str:
    """Return a key that sorts `file9` before `file10`, whatever the case."""
    return _DIGITS.sub(_padded, name.casefold())


def _padded(digits: re.Match[str]) -> str:
    return digits[0].lstrip("0").rjust(_DIGITS_WIDTH, "0")


def _natural_folder(path: bytes | str) -> str:
    return natural_key(os.fsdecode(path))


_TEXTS: dict[str, Callable[[Any], str]] = {
    "name": natural_key,
    "folder": _natural_folder,
    "model": str.casefold,
    "prompt": str.casefold,
}
"""Keys that are texts, and the form in which they are sorted."""

"""Values of one field over all positions: which files have which value, as sets.

Frequent values are bitmaps; rare ones are lists of positions, so that a field with a million
values costs a few bytes a file and a field with ten costs ten bitmaps.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from itertools import chain, compress
from operator import itemgetter
from typing import TYPE_CHECKING, Generic, TypeVar

from smartgallery_tui.query.bitmaps import bits_from, bits_of, bytes_of, positions_of, union
from smartgallery_tui.query.compare import in_range
from smartgallery_tui.query.packing import pack

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from smartgallery_tui.query.ast import Range
    from smartgallery_tui.query.bitmaps import Bits
    from smartgallery_tui.query.packing import Reader

ValueT = TypeVar("ValueT")
MAX_BITMAPS = 256
"""Bitmaps of one field."""
_SHIFT = 32
_POSITION = (1 << _SHIFT) - 1
_RARE = 512
"""A value that fewer than one file in so many has is kept as a list."""
FOLD = 512
"""Later changes up to which a column is not rewritten."""


class Later(Generic[ValueT]):
    """What changed in a column since it was made: cheap to note, looked at by each question."""

    def __init__(self) -> None:
        self.void: Bits = 0
        """Positions whose values in the column no longer hold."""
        self.values: dict[ValueT, list[int]] = {}
        self._count = 0

    def __bool__(self) -> bool:
        return bool(self._count)

    @property
    def is_long(self) -> bool:
        """Whether it is time to write the column anew."""
        return self._count > FOLD

    def note(self, changed: Bits, pairs: Iterable[tuple[int, ValueT]]) -> None:
        """Give the positions in `changed` new values."""
        self._count += changed.bit_count()
        self.void |= changed
        if self.values:
            flags = _membership(changed)
            left = {v: [p for p in found if not flags(p)] for v, found in self.values.items()}
            self.values = {value: found for value, found in left.items() if found}
        for position, value in pairs:
            self.values.setdefault(value, []).append(position)

    def where(self, found: Bits, test: Callable[[ValueT], bool], count: int) -> Bits:
        """Return what a question finds now, given what it finds in the column."""
        listed = [p for value, places in self.values.items() if test(value) for p in places]
        return found & ~self.void | bits_of(listed, count)

    def take(self) -> tuple[Bits, list[tuple[int, ValueT]]]:
        """Return the void positions and (position, value) of all that is noted; forget both."""
        void, values = self.void, self.values
        self.void, self.values, self._count = 0, {}, 0
        return void, [(position, value) for value, found in values.items() for position in found]


class TextColumn:
    """A field whose values are texts, or anything else that is compared one by one.

    Args:
        pairs: (position, value); a file may have several values.
        count: Number of positions.
    """

    def __init__(self, pairs: Iterable[tuple[int, str]], count: int) -> None:
        groups: dict[str, array[int]] = {}
        for position, value in pairs:
            group = groups.get(value)
            if group is None:
                if value:
                    groups[value] = array("i", (position,))
            else:
                group.append(position)
        self._count = count
        self._bitmaps: dict[str, Bits] = {}
        self._lists: dict[str, array[int]] = {}
        self._any: Bits | None = None
        self._later: Later[str] = Later()
        self._store(groups)

    @classmethod
    def unpack(cls, data: Reader, count: int) -> TextColumn:
        """Return what `pack` wrote."""
        made = cls((), count)
        frequent, rare = data.meta["frequent"], data.meta["rare"]
        made._bitmaps = {value: bits_from(data.raw(size)) for value, size in frequent}
        made._lists = {value: data.numbers("i", size) for value, size in rare}
        return made

    def pack(self) -> bytes:
        """Return all of it as bytes."""
        self._fold()
        sets = {value: bytes_of(bits) for value, bits in self._bitmaps.items()}
        meta = {
            "frequent": [[value, len(raw)] for value, raw in sets.items()],
            "rare": [[value, len(found)] for value, found in self._lists.items()],
        }
        return pack(meta, *sets.values(), *[found.tobytes() for found in self._lists.values()])

    def grow(self, count: int) -> None:
        """Make room for positions that were appended; they have no value yet."""
        self._count = count

    def _store(self, groups: dict[str, array[int]]) -> None:
        order = sorted(groups, key=lambda value: -len(groups[value]))
        for place, value in enumerate(order):
            positions = groups[value]
            if place < MAX_BITMAPS and len(positions) * _RARE >= self._count:
                self._bitmaps[value] = bits_of(positions, self._count)
            else:
                self._lists[value] = array("i", dict.fromkeys(positions))

    def values(self) -> list[str]:
        """Return every value that any file has, and some that files have lost since."""
        return [*self._bitmaps, *self._lists, *self._later.values]

    def one(self, value: str) -> Bits:
        """Return the files that have `value`."""
        found = self._bitmaps.get(value)
        if found is None:
            found = bits_of(self._lists.get(value, ()), self._count)
        return self._later.where(found, value.__eq__, self._count) if self._later else found

    def where(self, test: Callable[[str], bool]) -> Bits:
        """Return the files that have a value for which `test` holds."""
        found = union([bits for value, bits in list(self._bitmaps.items()) if test(value)])
        rare: list[int] = []
        for value, positions in list(self._lists.items()):
            if test(value):
                rare.extend(positions)
        found = found | bits_of(rare, self._count) if rare else found
        return self._later.where(found, test, self._count) if self._later else found

    def any(self) -> Bits:
        """Return the files that have any value."""
        if self._any is None:
            self._any = self.where(lambda _value: True)
        return self._any

    def totals(self, bits: Bits, flags: Callable[[], bytes]) -> dict[str, int]:
        """Return how many files of a set have each value; values without any are left out.

        Args:
            bits: The set.
            flags: Gives the same set as one byte a position; called only if a rare value asks.
        """
        void = self._later.void
        held = bits & ~void
        found = {value: (each & held).bit_count() for value, each in self._bitmaps.items()}
        if self._lists and held:
            present = _without(flags(), void) if void else flags()
            for value, positions in self._lists.items():
                found[value] = _count_present(positions, present)
        for value, places in self._later.values.items():
            more = (bits_of(places, self._count) & bits).bit_count()
            found[value] = found.get(value, 0) + more
        return {value: total for value, total in found.items() if total}

    def replace(self, changed: Bits, pairs: Iterable[tuple[int, str]]) -> None:
        """Give the positions in `changed` new values."""
        self._any = None
        self._later.note(changed, [pair for pair in pairs if pair[1]])
        if self._later.is_long:
            self._fold()

    def _fold(self) -> None:
        """Write later changes into their places."""
        if not self._later:
            return
        changed, pairs = self._later.take()
        kept = ~changed
        for value in list(self._bitmaps):
            self._bitmaps[value] &= kept
        flags = _membership(changed)
        for value in list(self._lists):
            left = array("i", [p for p in self._lists[value] if not flags(p)])
            if left:
                self._lists[value] = left
            else:
                del self._lists[value]
        for position, value in pairs:
            if value in self._bitmaps:
                self._bitmaps[value] |= 1 << position
            else:
                self._lists.setdefault(value, array("i")).append(position)
        self._promote()

    def _promote(self) -> None:
        for value in [v for v, found in self._lists.items() if len(found) * _RARE >= self._count]:
            if len(self._bitmaps) >= MAX_BITMAPS:
                return
            self._bitmaps[value] = bits_of(self._lists.pop(value), self._count)


class NumberColumn:
    """A field whose values are numbers; see `TextColumn` for the arguments."""

    def __init__(self, pairs: Iterable[tuple[int, float]], count: int) -> None:
        self._count = count
        self._bitmaps: dict[float, Bits] = {}
        values, positions = _sorted_pairs(pairs)
        self._values: Sequence[float] = ()
        self._positions = array("i")
        self._later: Later[float] = Later()
        self._take(values, positions)

    @classmethod
    def unpack(cls, data: Reader, count: int) -> NumberColumn:
        """Return what `pack` wrote."""
        made = cls((), count)
        made._bitmaps = {value: bits_from(data.raw(size)) for value, size in data.meta["frequent"]}
        listed, size = data.meta["values"], data.meta["rare"]
        made._values = data.numbers(listed, size) if isinstance(listed, str) else listed
        made._positions = data.numbers("i", size)
        return made

    def pack(self) -> bytes:
        """Return all of it as bytes."""
        self._fold()
        sets = {value: bytes_of(bits) for value, bits in self._bitmaps.items()}
        values = self._values
        meta = {
            "frequent": [[value, len(raw)] for value, raw in sets.items()],
            "rare": len(self._positions),
            "values": values.typecode if isinstance(values, array) else values,
        }
        raw = values.tobytes() if isinstance(values, array) else b""
        return pack(meta, *sets.values(), raw, self._positions.tobytes())

    def grow(self, count: int) -> None:
        """Make room for positions that were appended; they have no number yet."""
        self._count = count

    def _take(self, values: Sequence[float], positions: array[int]) -> None:
        """Make bitmaps of the values that many files have; keep the others as they are sorted."""
        rest_values: list[Sequence[float]] = []
        rest = array("i")
        start = kept = 0
        while start < len(values):
            end = bisect_right(values, values[start], start)
            if (end - start) * _RARE >= self._count and len(self._bitmaps) < MAX_BITMAPS:
                rest_values.append(values[kept:start])
                rest += positions[kept:start]
                self._bitmaps[values[start]] = bits_of(positions[start:end], self._count)
                kept = end
            start = end
        rest_values.append(values[kept:])
        rest += positions[kept:]
        only = rest_values[0]
        self._values = only if len(rest_values) == 1 else _packed(list(chain(*rest_values)))
        self._positions = rest

    def where(self, node: Range) -> Bits:
        """Return the files that have a number in the range."""
        start, end = _slice(self._values, node)
        low, high = node.low, node.high
        found = union(
            [
                bits
                for value, bits in self._bitmaps.items()
                if (low is None or value > low or (value == low and not node.is_low_open))
                and (high is None or value < high or (value == high and not node.is_high_open))
            ]
        )
        if start != end:
            found |= bits_of(self._positions[start:end], self._count)
        if not self._later:
            return found
        return self._later.where(found, lambda value: in_range(node, value), self._count)

    def _keep(self, rest: list[tuple[float, int]]) -> None:
        rest.sort()
        self._values = _packed([value for value, _ in rest])
        self._positions = array("i", [position for _, position in rest])

    def any(self) -> Bits:
        """Return the files that have any number."""
        found = union(self._bitmaps.values()) | bits_of(self._positions, self._count)
        return self._later.where(found, lambda _value: True, self._count)

    def replace(self, changed: Bits, pairs: Iterable[tuple[int, float]]) -> None:
        """Give the positions in `changed` new values."""
        self._later.note(changed, pairs)
        if self._later.is_long:
            self._fold()

    def _fold(self) -> None:
        """Write later changes into their places."""
        if not self._later:
            return
        changed, pairs = self._later.take()
        for value in list(self._bitmaps):
            self._bitmaps[value] &= ~changed
        flags = _membership(changed)
        rest = [
            (value, position)
            for value, position in zip(self._values, self._positions, strict=True)
            if not flags(position)
        ]
        for position, value in pairs:
            if value in self._bitmaps:
                self._bitmaps[value] |= 1 << position
            else:
                rest.append((value, position))
        self._keep(rest)


def _sorted_pairs(
    pairs: Iterable[tuple[int, float]],
) -> tuple[Sequence[float], array[int]]:
    """Return the numbers of (position, number) in rising order, and their positions.

    Whole numbers are sorted as one with their positions: a million seeds need half the memory.
    """
    joined: list[int] = []
    others: list[tuple[float, int]] = []
    for position, value in pairs:
        if isinstance(value, int) and 0 <= value < 1 << 64:
            joined.append(value << _SHIFT | position)
        else:
            others.append((value, position))
    if others:
        others += [(each >> _SHIFT, each & _POSITION) for each in joined]
        others.sort()
        return _packed([value for value, _ in others]), array("i", [place for _, place in others])
    joined.sort()
    positions = array("i", [each & _POSITION for each in joined])
    return array("Q", [each >> _SHIFT for each in joined]), positions


def _packed(values: list[float]) -> Sequence[float]:
    """Return sorted numbers in as little memory as they allow."""
    if all(isinstance(value, float) for value in values):
        return array("d", values)
    whole = [value for value in values if isinstance(value, int)]
    if len(whole) == len(values) and whole[0] >= 0 and whole[-1] < 1 << 64:
        return array("Q", whole)
    return values


def _slice(values: Sequence[float], node: Range) -> tuple[int, int]:
    start, end = 0, len(values)
    if node.low is not None:
        start = (bisect_right if node.is_low_open else bisect_left)(values, node.low)
    if node.high is not None:
        end = (bisect_left if node.is_high_open else bisect_right)(values, node.high)
    return start, max(start, end)


def _without(flags: bytes, void: Bits) -> bytearray:
    """Return flags with those of a small set taken down."""
    found = bytearray(flags)
    for position in positions_of(void, len(flags)):
        found[position] = 0
    return found


def _membership(bits: Bits) -> Callable[[int], int]:
    packed = bits.to_bytes((bits.bit_length() + 7) >> 3, "little")
    size = len(packed)
    return lambda p: packed[p >> 3] >> (p & 7) & 1 if p >> 3 < size else 0


def _count_present(positions: array[int], flags: bytes | bytearray) -> int:
    if len(positions) == 1:
        return flags[positions[0]]
    return sum(itemgetter(*positions)(flags))


def pick(order: Sequence[int], flags: bytes) -> list[int]:
    """Return the members of `order` whose flag is set, in that order."""
    if len(order) < 2:
        return [position for position in order if flags[position]]
    return list(compress(order, itemgetter(*order)(flags)))

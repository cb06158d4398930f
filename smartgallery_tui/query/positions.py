"""Which file stands where: the order by date that all sets of positions refer to."""

from __future__ import annotations

import json
from array import array
from bisect import bisect_left, bisect_right
from datetime import datetime
from typing import TYPE_CHECKING, Any

from smartgallery_tui.query import between
from smartgallery_tui.query.between import Between, Late
from smartgallery_tui.query.bitmaps import (
    bits_from,
    bits_of,
    bytes_of,
    positions_of,
    span_bits,
)
from smartgallery_tui.query.compare import in_range
from smartgallery_tui.query.dates import month_of, read_day
from smartgallery_tui.query.packing import pack

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Sequence

    from smartgallery_tui.index.roots import View
    from smartgallery_tui.query.ast import Range
    from smartgallery_tui.query.bitmaps import Bits
    from smartgallery_tui.query.packing import Reader

NOWHERE = -1
_ROWS = 4096
_ANY_DAY = datetime(2000, 1, 1)  # noqa: DTZ001 - a whole date does not look at it


class Positions:
    """The files of a view by date, oldest first; ties by id.

    Args:
        ids: File ids in that order.
        mtimes_ns: Their times.
        missing: Ids of files that are gone from their place.
        between: Which of them came later than their place by date; the time that is given of each
            is that of the position before it.
    """

    def __init__(
        self,
        ids: array[int],
        mtimes_ns: array[int],
        missing: Iterable[int],
        between: Between | None = None,
    ) -> None:
        self.ids = ids
        self._mtimes_ns = mtimes_ns
        self.between = between or Between()
        """Replaced as a whole: results keep the one that they were made with."""
        self.count = len(ids)
        self.all: Bits = span_bits(0, self.count)
        self._by_id = array("i", [NOWHERE]) * (max(ids, default=0) + 1)
        for position, file_id in enumerate(ids):
            self._by_id[file_id] = position
        self.missing = bits_of(self.of(missing), self.count)
        self.gone: Bits = 0
        """Places of files that are no longer there, are no items now, or moved in time."""
        self.left: list[int] = []
        """Those that `follow` let go last."""
        self.start = self.count
        """How many there were before it."""

    @classmethod
    def load(cls, db: sqlite3.Connection, view: View) -> Positions:
        """Read the order from the index; companions of other files have no position."""
        ids, mtimes_ns = array("q"), array("q")
        hidden = _hidden(db, view)
        cursor = db.execute("SELECT id, mtime_ns FROM files ORDER BY mtime_ns, id")
        while rows := cursor.fetchmany(_ROWS):
            if hidden:
                rows = [row for row in rows if row[0] not in hidden]
            ids.extend([row[0] for row in rows])
            mtimes_ns.extend([row[1] for row in rows])
        missing = db.execute("SELECT id FROM files WHERE missing_since_ns IS NOT NULL")
        return cls(ids, mtimes_ns, [row[0] for row in missing])

    @classmethod
    def unpack(cls, data: Reader) -> Positions:
        """Return what `pack` wrote."""
        count = data.meta["count"]
        late = Between(Late(*each) for each in data.meta["late"])
        made = cls(data.numbers("q", count), data.numbers("q", count), (), late)
        made.missing = bits_from(data.raw(data.meta["missing"]))
        made._leave(bits_from(data.raw(data.meta["gone"])))
        return made

    def pack(self) -> bytes:
        """Return all of it as bytes."""
        missing, gone = bytes_of(self.missing), bytes_of(self.gone)
        meta = {
            "count": self.count, "missing": len(missing), "gone": len(gone),
            "late": self.between.files,
        }  # fmt: skip
        return pack(meta, self.ids.tobytes(), self._mtimes_ns.tobytes(), missing, gone)

    def follow(self, db: sqlite3.Connection, view: View, ids: Iterable[int]) -> bool:
        """Place files that are new or moved in time behind all others, let go of those that left.

        Results that hold this order stay right: what they know of it does not move.

        Returns:
            False where too many belong between others; then the order has to be read anew.
        """
        where, params = view.where()
        listed, before, self.start = list(ids), self.gone, self.count
        rows = db.execute(
            "SELECT f.id, f.mtime_ns, f.missing_since_ns FROM files f "  # noqa: S608 - question marks only
            f"WHERE f.id IN (SELECT value FROM json_each(?)) "
            f"AND f.companion_of IS NULL AND {where} ORDER BY f.mtime_ns, f.id",
            (json.dumps(listed), *params),
        ).fetchall()
        new = [row for row in rows if not self._stands(row[0], row[1])]
        end = self._end()
        late = [row for row in new if row[1::-1] < end]
        if len(self.between) + len(late) > between.MOST:
            return False
        staying = [row for row in rows if self._stands(row[0], row[1])]
        # Those that stay are taken away and put back, with what is known of them now.
        known = bits_of(self.of(listed), self.count)
        here = bits_of(self.of(row[0] for row in staying), self.count)
        away = bits_of(self.of(row[0] for row in staying if row[2] is not None), self.count)
        self.missing = self.missing & ~known | away
        self._leave(self.gone & ~here | known & ~here)
        self.left = positions_of(self.gone & ~before, self.count)
        self._append_late(late)
        self._append(new[len(late) :])
        return True

    def _end(self) -> tuple[int, int]:
        """Return time and id of the newest file that stands in its place by date."""
        last = self.count - 1
        while last >= 0 and self.between.time_of(last) is not None:
            last -= 1
        return (self._mtimes_ns[last], self.ids[last]) if last >= 0 else (-1 << 63, 0)

    def _append_late(self, rows: Sequence[tuple[int, int, int | None]]) -> None:
        """Place files behind all others whose date lies between others."""
        if not rows:
            return
        found = list(self.between.files)
        for position, (file_id, mtime_ns, _) in enumerate(rows, self.count):
            found.append(Late(mtime_ns, file_id, position, self._place(mtime_ns, file_id)))
        self.between = Between(found)
        last = self._mtimes_ns[-1]
        self._append([(file_id, last, missing) for file_id, _, missing in rows])

    def _place(self, mtime_ns: int, file_id: int) -> int:
        """Return before which position a file belongs."""
        place = bisect_left(self._mtimes_ns, mtime_ns)
        for position in range(place, bisect_right(self._mtimes_ns, mtime_ns)):
            if self.between.time_of(position) is None and self.ids[position] < file_id:
                place = position + 1
        return place

    def _stands(self, file_id: int, mtime_ns: int) -> bool:
        """Whether a file has a place, and it is the one of this time."""
        position = self.at(file_id)
        return position is not None and self._time_of(position) == mtime_ns

    def _time_of(self, position: int) -> int:
        late = self.between.time_of(position)
        return self._mtimes_ns[position] if late is None else late

    def _leave(self, gone: Bits) -> None:
        self.gone = gone
        self.all = span_bits(0, self.count) & ~gone

    def _append(self, rows: Sequence[tuple[int, int, int | None]]) -> None:
        start = self.count
        room = max((row[0] for row in rows), default=0) + 1 - len(self._by_id)
        if room > 0:
            self._by_id.extend(array("i", [NOWHERE]) * room)
        self.ids.extend([row[0] for row in rows])
        self._mtimes_ns.extend([row[1] for row in rows])
        self.count = len(self.ids)
        self._leave(self.gone)
        for position, (file_id, _, missing_since_ns) in enumerate(rows, start):
            self._by_id[file_id] = position
            if missing_since_ns is not None:
                self.missing |= 1 << position

    def of(self, ids: Iterable[int]) -> list[int]:
        """Return the positions of `ids`, in their order; others than ours are left out."""
        by_id, size = self._by_id, len(self._by_id)
        found = [by_id[file_id] for file_id in ids if file_id < size]
        return [position for position in found if position >= 0]

    def pairs(self, rows: Iterable[tuple[int, Any]]) -> Iterator[tuple[int, Any]]:
        """Yield (position, value) for rows of (id, value); files without a place are left out."""
        by_id, size = self._by_id, len(self._by_id)
        for file_id, value in rows:
            if file_id < size:
                position = by_id[file_id]
                if position >= 0:
                    yield position, value

    def at(self, file_id: int) -> int | None:
        """Return the position of a file, or None."""
        if not 0 <= file_id < len(self._by_id) or self._by_id[file_id] < 0:
            return None
        return self._by_id[file_id]

    def of_bits(self, bits: Bits) -> list[int]:
        """Return the members of a set, ascending."""
        return positions_of(bits, self.count)

    def in_time(self, node: Range) -> Bits:
        """Return the files whose time lies in a range."""
        start, end = 0, self.count
        if node.low is not None:
            start = (bisect_right if node.is_low_open else bisect_left)(self._mtimes_ns, node.low)
        if node.high is not None:
            end = (bisect_left if node.is_high_open else bisect_right)(self._mtimes_ns, node.high)
        late = [each.position for each in self.between.files if in_range(node, each.mtime_ns)]
        return span_bits(start, end) & ~self.between.bits | bits_of(late, self.count)

    def months(self) -> list[tuple[str, Bits]]:
        """Return each month that has files, oldest first, with its files."""
        found: dict[str, Bits] = {}
        begun: dict[str, int] = {}
        start = 0
        while start < self.count:
            month = month_of(self._mtimes_ns[start])
            end = self._month_end(month, start)
            begun.setdefault(month, self._mtimes_ns[start])
            found[month] = found.get(month, 0) | span_bits(start, end) & ~self.between.bits
            start = end
        for late in self.between.files:
            month = month_of(late.mtime_ns)
            begun.setdefault(month, late.mtime_ns)
            found[month] = found.get(month, 0) | 1 << late.position
        return [(month, found[month]) for month in sorted(begun, key=begun.__getitem__)]

    def _month_end(self, month: str, start: int) -> int:
        span = read_day(month, _ANY_DAY) if month else None
        if span is None:
            return start + 1
        return max(start + 1, bisect_left(self._mtimes_ns, span.end_ns))


def _hidden(db: sqlite3.Connection, view: View) -> set[int]:
    """Return the ids that the view does not show; none at all is the common case."""
    companions = db.execute("SELECT id FROM files WHERE companion_of IS NOT NULL")
    hidden = {row[0] for row in companions}
    roots = {row[0] for row in db.execute("SELECT id FROM roots")}
    if view.prefixes or not roots.issubset(view.root_ids):
        where, params = view.where()
        outside = db.execute(f"SELECT f.id FROM files f WHERE NOT ({where})", params)  # noqa: S608 - question marks only
        hidden.update(row[0] for row in outside)
    return hidden

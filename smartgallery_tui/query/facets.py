"""Counts of each value of a field under a query."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartgallery_tui.query.bitmaps import flags_of
from smartgallery_tui.query.compare import comparison
from smartgallery_tui.query.fields import NAME_ROLES
from smartgallery_tui.records import FacetValue
from smartgallery_tui.records.names import by_spelling, common_spellings

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Mapping

    from smartgallery_tui.query.bitmaps import Bits
    from smartgallery_tui.query.loaded import Columns

FACET_FIELDS = (
    "model", "lora", "sampler", "scheduler", "vae", "folder", "kind", "format", "generator",
    "rating", "status", "tag", "album", "orient", "month",
)  # fmt: skip
"""Every field that is counted; `lib.facets(text)[name]`."""
MAX_VALUES = 1000
"""Values of one field that are handed out."""


class FacetCounter:
    """Counts the values of one field after another, under one set of files.

    Args:
        columns: The values.
        bits: The files.
    """

    def __init__(self, columns: Columns, bits: Bits) -> None:
        self._columns = columns
        self._bits = bits
        self._flags = b""
        self.total = bits.bit_count()

    def count(self, db: sqlite3.Connection, field: str) -> tuple[FacetValue, ...]:
        """Return how many of the files have each value; values without any are left out."""
        return _ranked(field, _totals(db, self._columns, field, self._bits, self._present))

    def _present(self) -> bytes:
        if not self._flags:
            self._flags = flags_of(self._bits, self._columns.positions.count)
        return self._flags


def _totals(
    db: sqlite3.Connection, columns: Columns, field: str, bits: Bits, flags: Callable[[], bytes]
) -> Mapping[str, int]:
    if field == "month":
        months = [(month, (each & bits).bit_count()) for month, each in columns.months()]
        return {month: total for month, total in months if total and month}
    if field == "rating":
        return {
            str(stars): total
            for stars in range(1, 6)
            if (total := (columns.stars(db, stars) & bits).bit_count())
        }
    totals = columns.text(db, field).totals(bits, flags)
    if field in NAME_ROLES:
        return by_spelling(totals.items(), common_spellings(totals.items()))
    if field == "album":
        return _with_albums_above(db, columns, bits, totals)
    return _with_parents(db, columns, totals) if field == "folder" else totals


def _with_albums_above(
    db: sqlite3.Connection, columns: Columns, bits: Bits, totals: Mapping[str, int]
) -> Mapping[str, int]:
    """Count each album with all below it, each file once, as `album:` finds it."""
    spellings = {name.casefold(): name for name in totals}
    for name in totals:
        above = name.rpartition("/")[0]
        while above:
            spellings.setdefault(above.casefold(), above)
            above = above.rpartition("/")[0]
    if len(spellings) == len(totals) and not any("/" in name for name in totals):
        return totals
    column = columns.text(db, "album")
    return {
        name: total
        for name in spellings.values()
        if (total := (column.where(comparison("album", name, "part")) & bits).bit_count())
    }


def _with_parents(
    db: sqlite3.Connection, columns: Columns, totals: Mapping[str, int]
) -> Mapping[str, int]:
    """Count each folder with all beneath it, as `folder:` finds it.

    A folder is named below its root, and the root by its whole path. Where there are several
    roots, a folder of one name may lie in each: then all begin with the name of their root, if
    these names differ.
    """
    roots = sorted(columns.text(db, "root").values(), key=len, reverse=True)
    names = {root: root.rstrip("/").rpartition("/")[2] for root in roots}
    is_named = len(roots) > 1 and len({*names.values(), ""}) > len(roots)
    found: dict[str, int] = {}
    for folder, total in totals.items():
        root = next((r for r in roots if folder == r or folder.startswith(r.rstrip("/") + "/")), "")
        inner = folder[len(root) :].strip("/")
        if root and is_named:
            inner = f"{names[root]}/{inner}".strip("/")
        while inner:
            found[inner] = found.get(inner, 0) + total
            inner = inner.rpartition("/")[0]
        if root and not is_named:
            found[root] = found.get(root, 0) + total
    return found


def _ranked(field: str, totals: Mapping[str, int]) -> tuple[FacetValue, ...]:
    if field in {"month", "rating"}:
        ordered = sorted(totals.items(), reverse=True)
    else:
        ordered = sorted(totals.items(), key=lambda each: (-each[1], each[0].casefold()))
    return tuple([FacetValue(value, total) for value, total in ordered[:MAX_VALUES]])

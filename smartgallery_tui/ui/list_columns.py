"""The columns of the list view: which there are, which fit, and what stands in them."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from smartgallery_tui.ui import format as words
from smartgallery_tui.ui.widgets.caption import KIND, NOTE, STATUS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from smartgallery_tui.records import Item, SortKey

SHORTEST_NAME_CELLS = 18
_WIDE_CELLS = 100
"""From this width on dates have their time."""
_WIDEST_CELLS = 120
"""From this width on models have more room."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the list."""

    id: str
    title: str
    width: int
    sort: SortKey | None = None
    """The order that it stands for."""
    is_right: bool = False
    """Figures stand at the right end."""


def columns(width_cells: int, total: int) -> list[Column]:
    """Return the columns of a list, from left to right; the name takes what they leave."""
    is_wide = width_cells >= _WIDE_CELLS
    known = [
        Column("place", "#", max(3, len(f"{total:,}")), is_right=True),
        Column("kind", "", 1),
        Column("name", "Name", SHORTEST_NAME_CELLS, "name"),
        Column("note", "", 1),
        Column("status", "", 1),
        Column("rating", "Stars", 6, "rating"),
        Column("date", "Date", 16 if is_wide else 10, "date"),
        Column("pixels", "Pixels", 9, "pixels", is_right=True),
        Column("mp", "MP", 5, is_right=True),
        Column("size", "Size", 7, "size", is_right=True),
        Column("duration", "Length", 7, "duration", is_right=True),
        Column("model", "Model", 26 if width_cells >= _WIDEST_CELLS else 16, "model"),
        Column("steps", "Steps", 6, "steps", is_right=True),
        Column("seed", "Seed", 16, "seed", is_right=True),
    ]
    kept = {"name"}
    room = width_cells - SHORTEST_NAME_CELLS - 4
    for name in _FIRST:
        column = next(each for each in known if each.id == name)
        if column.width + 1 <= room:
            room -= column.width + 1
            kept.add(name)
    return [each for each in known if each.id in kept]


_FIRST: Sequence[str] = (
    "date", "size", "pixels", "kind", "rating", "place", "status", "note", "model", "duration",
    "steps", "mp", "seed",
)  # fmt: skip
"""What is shown where there is no room for all, most wanted first."""


def value(item: Item, column: Column, place: int) -> str:
    """Return what stands in a column; from anywhere, not yet safe."""
    if column.id == "place":
        return f"{place + 1:,}"
    return _VALUES[column.id](item)[: column.width if column.id == "date" else None]


_VALUES: Mapping[str, Callable[[Item], str]] = MappingProxyType(
    {
        "kind": lambda item: KIND.get(item.kind, ""),
        "name": lambda item: item.name,
        "note": lambda item: NOTE if item.has_note else "",
        "status": lambda item: STATUS.get(item.status, ""),
        "rating": lambda item: "★" * item.rating,
        "date": lambda item: words.date(item.mtime_ns),
        "pixels": words.dimensions,
        "mp": lambda item: words.megapixels(item).removesuffix(" MP"),
        "size": lambda item: words.size(item.size_bytes),
        "duration": lambda item: words.duration(item.duration_ms) if item.duration_ms else "",
        "model": lambda item: words.model_name(item.model or ""),
        "steps": lambda item: "" if item.steps is None else str(item.steps),
        "seed": lambda item: "" if item.seed is None else str(item.seed),
    }
)

"""Groups of a result: what two neighbours must share to stand under one heading."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, get_args

from smartgallery_tui.ui.format import date

if TYPE_CHECKING:
    from collections.abc import Mapping

    from smartgallery_tui.records import Item, SortKey

Grouping = Literal["", "day", "folder", "prompt", "model"]
"""What a group has in common; "" makes none."""

SORT_OF: Mapping[Grouping, SortKey] = MappingProxyType(
    {"day": "date", "folder": "folder", "prompt": "prompt", "model": "model"}
)
"""The order in which all of a group stand together."""
_PROMPT_CHARS = 160


def read_grouping(text: object) -> Grouping:
    """Return the grouping of a name from an earlier run, or none."""
    for name in get_args(Grouping):
        if text == name:
            found: Grouping = name
            return found
    return ""


def heading(item: Item, by: Grouping) -> str:
    """Return the heading that an item stands under; from anywhere, not yet safe."""
    if by == "day":
        return heading_of(item.mtime_ns, by)
    if by == "folder":
        return heading_of(item.path.rpartition("/")[0], by)
    if by == "model":
        return heading_of(item.model or "", by)
    return heading_of(item.prompt_preview, by)


def heading_of(value: int | str, by: Grouping) -> str:
    """Return the heading of what items have in common, as `Result.group_values` gives it."""
    if isinstance(value, int):
        return date(value)[:10]
    if by == "folder":
        return value.rstrip("/") or "/"
    if by == "model":
        return value or "no model"
    if by == "prompt":
        return " ".join(value.split())[:_PROMPT_CHARS] or "no prompt"
    return ""


def shown_heading(item: Item, by: Grouping, width_cells: int) -> str:
    """Return the heading shortened for a narrow place: of a folder, its end says most."""
    text = heading(item, by)
    if by != "folder":
        return text
    parts = text.split("/")
    for first in range(len(parts)):
        shorter = "/".join(parts[first:])
        if len(shorter) + (2 if first else 0) <= width_cells:
            return f"…/{shorter}" if first else text
    return parts[-1]


def heading_signs(closed: int) -> tuple[str, str]:
    """Return what stands before and behind the heading of a group.

    Args:
        closed: How many items a closed group has; 0: it is open.
    """
    return ("▸ ", f"  {closed:,}") if closed else ("▾ ", "")

"""The line under a thumbnail: name and what is known of the item, in so many cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len

from smartgallery_tui.terminal import safe
from smartgallery_tui.ui.pictures.strips import fit_text

if TYPE_CHECKING:
    from smartgallery_tui.records import Item

MARK = "\u25cf"
FAVORITE = "\u2665"
_STATUS = {
    "approved": "\u2713",
    "rejected": "\u2717",
    "review": "?",
    "select": "+",
    "to_edit": "~",
}
_KIND = {
    "video": "\u25b6",
    "animated": "\u21bb",
    "audio": "\u266a",
    "model": "\u25c6",
    "other": "\u25a1",
}
_NAME_CHARS = 300
_SHORTEST_NAME_CELLS = 6


def caption(item: Item, width_cells: int, *, is_marked: bool) -> str:
    """Return exactly `width_cells` columns of text for a card.

    Glyphs come first to go when there is no room; the name keeps at least six cells.
    """
    if width_cells < 1:
        return ""
    lead = MARK + " " if is_marked else ""
    lead += FAVORITE + " " if item.is_favorite else ""
    room = width_cells - cell_len(lead)
    tail = ""
    for part in _facts(item):
        longer = f"{tail} {part}"
        if room - cell_len(longer) < _SHORTEST_NAME_CELLS:
            break
        tail = longer
    name = fit_text(safe(item.name, _NAME_CHARS), max(0, room - cell_len(tail)))
    return fit_text(lead + name + tail, width_cells)


def stand_in(item: Item, reason: str | None) -> str:
    """Return the words that stand where a picture cannot be shown."""
    glyph = _KIND.get(item.kind, "")
    if item.kind in {"audio", "model", "other"}:
        return f"{glyph} {item.format}".strip()
    if reason:
        return f"\u2717 {safe(reason, _NAME_CHARS)}"
    return glyph


def _facts(item: Item) -> list[str]:
    parts: list[str] = []
    if item.state == "missing":
        parts.append("missing")
    if item.rating:
        parts.append(f"{item.rating}\u2605")
    if item.status in _STATUS:
        parts.append(_STATUS[item.status])
    if item.kind in _KIND:
        glyph = _KIND[item.kind]
        parts.append(f"{glyph}{_clock(item.duration_ms)}" if item.duration_ms else glyph)
    if item.pass_count > 1:
        parts.append(f"\u00d7{item.pass_count}")
    if item.problem:
        parts.append("!")
    return parts


def _clock(duration_ms: int) -> str:
    minutes, seconds = divmod(round(duration_ms / 1000), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"

"""The lines under a thumbnail: name and what is known of the item, in so many cells."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING

from rich.cells import cell_len

from smartgallery_tui.terminal import safe
from smartgallery_tui.ui.format import date, dimensions, duration, size
from smartgallery_tui.ui.pictures.strips import fit_text

if TYPE_CHECKING:
    from smartgallery_tui.records import Item

MARK = "\u25cf"
IN_RANGE = "\u25cb"
"""What a range would mark if it ended here."""
FAVORITE = "\u2665"
NOTE = "\u270e"
STATUS = {
    "approved": "\u2713",
    "rejected": "\u2717",
    "review": "?",
    "select": "+",
    "to_edit": "~",
}
KIND = {
    "video": "\u25b6",
    "animated": "\u21bb",
    "audio": "\u266a",
    "model": "\u25c6",
    "other": "\u25a1",
}
_NAME_CHARS = 300
_PROMPT_CHARS = 200
_JOINER = "\u200d"
"""Where a long word is cut behind one, it must not join what fills the line."""
_WORKFLOW = "wf"
_API_PROMPT = "api"
"""A graph for the API alone: it tells how a picture was made, but no editor opens it."""
_FIGURES = (
    (36, "day clock pixels bytes workflow"),
    (30, "day pixels bytes workflow"),
    (25, "month pixels bytes workflow"),
    (18, "month pixels workflow"),
    (15, "month pixels"),
    (0, "pixels"),
)
"""Narrowest card and what its line of figures says: the same on every card of a page."""
_SHORTEST_NAME_CELLS = 6


def caption(item: Item, width_cells: int, *, mark: str) -> tuple[str, str]:
    """Return the sign of the status, and the rest of exactly `width_cells` columns of text.

    `mark` is the sign before the name of a marked item, or "".

    Glyphs come first to go when there is no room; the name keeps at least six cells.
    """
    if width_cells < 1:
        return "", ""
    sign = STATUS.get(item.status, "")
    sign += " " if sign and width_cells > _SHORTEST_NAME_CELLS else ""
    sign = sign if cell_len(sign) < width_cells else ""
    lead = mark + " " if mark else ""
    lead += FAVORITE + " " if item.is_favorite else ""
    room = width_cells - cell_len(sign + lead)
    tail = ""
    for part in _facts(item):
        longer = f"{tail} {part}"
        if room - cell_len(longer) < _SHORTEST_NAME_CELLS:
            break
        tail = longer
    name = fit_text(safe(item.name, _NAME_CHARS), max(0, room - cell_len(tail)))
    return sign, fit_text(lead + name + tail, width_cells - cell_len(sign))


def spoken(item: Item, width_cells: int, *, mark: str, has_figures: bool) -> str:
    """Return one line of words about an item, as a screen reader should say it.

    Args:
        item: What the line shows.
        width_cells: Columns to fill.
        mark: The sign of a mark, or "".
        has_figures: Date, dimensions and size stand in this line, not below it.
    """
    figures = (date(item.mtime_ns), dimensions(item), size(item.size_bytes))
    seconds = duration(item.duration_ms) if item.duration_ms else ""
    words = [
        safe(item.name, _NAME_CHARS),
        {MARK: "marked", IN_RANGE: "in range"}.get(mark, ""),
        item.kind if item.kind != "image" else "",
        seconds,
        "missing" if item.state == "missing" else "",
        f"{item.rating} stars" if item.rating > 1 else "1 star" if item.rating else "",
        "favourite" if item.is_favorite else "",
        item.status.replace("_", " ") if item.status in STATUS else "",
        "note" if item.has_note else "",
        "problem" if item.problem else "",
        {_WORKFLOW: "workflow", _API_PROMPT: "API prompt"}.get(_graph(item), ""),
        *(figures if has_figures else ()),
    ]
    return fit_text(", ".join(word for word in words if word), width_cells)


def details(item: Item, line: int, lines: int, width_cells: int) -> str:
    """Return a line below the caption, 0 the first: figures, then the beginning of the prompt.

    Args:
        item: What the card shows.
        line: Which of the lines.
        lines: How many there are.
        width_cells: Columns to fill.
    """
    if line == 0:
        return fit_text(_figures(item, width_cells), width_cells)
    words = " ".join(safe(item.prompt_preview, _PROMPT_CHARS).split())
    rows = wrap(words, max(4, width_cells), max_lines=lines - 1, placeholder=" \u2026")
    row = rows[line - 1] if len(rows) >= line else ""
    return fit_text(row.strip(_JOINER), width_cells)


def _figures(item: Item, width_cells: int) -> str:
    """Return date, dimensions, size and the sign of a graph, as many as such a card shows."""
    day, _, clock = date(item.mtime_ns).partition(" ")
    words = {
        "day": day,
        "clock": clock,
        "month": day[5:],
        "pixels": dimensions(item),
        "bytes": size(item.size_bytes),
        "workflow": _graph(item),
    }
    names = next(names for width, names in _FIGURES if width_cells >= width)
    return " ".join(words[name] for name in names.split() if words[name])


def _graph(item: Item) -> str:
    if "workflow" in item.sources:
        return _WORKFLOW
    return _API_PROMPT if "prompt" in item.sources else ""


def stand_in(item: Item, reason: str | None) -> str:
    """Return the words that stand where a picture cannot be shown."""
    glyph = KIND.get(item.kind, "")
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
    if item.kind in KIND:
        glyph = KIND[item.kind]
        parts.append(f"{glyph}{duration(item.duration_ms)}" if item.duration_ms else glyph)
    if item.pass_count > 1:
        parts.append(f"\u00d7{item.pass_count}")
    if item.problem:
        parts.append("!")
    if item.has_note:
        parts.append(NOTE)
    return parts

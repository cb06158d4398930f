"""How a row of the filters looks: its sign, its name, its count at the right end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets.option_list import Option

from smartgallery_tui.ui.content import fit

if TYPE_CHECKING:
    from smartgallery_tui.ui.filter_rows import Row

_MARKS = {"+": "●", "-": "−", "": "·"}  # noqa: RUF001 - a minus that is as wide as the dots
_TWISTS = {True: "▾", False: "▸", None: " "}
_STYLES = {"+": "bold", "-": "strike", "": ""}
"""Of a name: no colour, which would not be read on the highlight."""
_MARK_STYLES = {"+": "bold $success", "-": "$text-error", "": "dim"}
_DEEPEST = 6


def narrow_option(text: str, width_cells: int, *, is_typing: bool, is_empty: bool) -> Option:
    """Return the line that says which values alone are listed."""
    cursor = "▏" if is_typing else ""
    note = "  nothing" if is_empty else ""
    shown = fit(text, max(4, width_cells - 12))
    body = Content.assemble(("/ ", "bold $accent"), shown, cursor, (note, "dim"))
    return Option(body, disabled=True)


def option(row: Row, width_cells: int, *, is_ansi: bool, order: str = "") -> Option:
    """Return the line of a row.

    Args:
        row: What stands on it.
        width_cells: Columns of the filters.
        is_ansi: The theme has sixteen colours.
        order: How folders stand, for their heading.
    """
    if row.kind == "title":
        return Option(Content.styled(row.label, "bold $accent"), disabled=True)
    if row.kind == "heading":
        note = f" {order}" if order and row.field == "folder" else ""
        twist = "" if row.is_open else f" {_TWISTS[False]}"
        body = Content.assemble((row.label, "bold $accent"), (note + twist, "dim"))
        return Option(body, id=row.id)
    if row.kind in {"more", "clear"}:
        return Option(Content.styled(f"  {row.label}", "dim"), id=row.id)
    return Option(_line(row, width_cells, is_ansi=is_ansi), id=row.id)


def _line(row: Row, width_cells: int, *, is_ansi: bool) -> Content:
    style = _STYLES[row.state]
    indent = "  " * min(row.depth, _DEEPEST)
    twist = f"{_TWISTS[row.is_open]} " if row.kind == "branch" else ""
    lead = f"{indent}{_MARKS[row.state]} {twist}"
    width = max(12, width_cells - 3)
    note = fit(row.note, width // 2)
    room = max(4, width - len(lead) - Content(note).cell_length - 1)
    name = fit(row.label, room)
    gap = " " * max(1, room - Content(name).cell_length + 1)
    # Sixteen colours have none between text and ground: dim black is hard to read on white.
    note_style = style if row.kind == "range" else "" if is_ansi else "dim"
    return Content.assemble((lead, _MARK_STYLES[row.state]), (name, style), gap, (note, note_style))

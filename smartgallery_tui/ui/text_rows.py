"""Text in rows with a lead: what does not fit on a line goes on below the text, not the lead."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from textual.content import Content

if TYPE_CHECKING:
    from collections.abc import Iterable

_NARROWEST = 16
"""Cells that the text beside a lead has at least; with fewer it goes below."""
_SHALLOW = 2
_COLUMN = 14
"""Cells of the narrowest column that has its label beside it."""


class Row(Protocol):
    """Text that can be laid out in a width. Texts are safe already."""

    @property
    def plain(self) -> str:
        """The text without styles."""

    def lines(self, width_cells: int) -> list[Content]:
        """Return its lines in so many cells."""


@dataclass(frozen=True, slots=True)
class TextRow:
    """One row. Texts are safe already."""

    body: Content
    lead: Content = field(default_factory=Content)
    lead_cells: int = 0
    """Where the body begins; a longer lead stands on a line of its own."""

    @property
    def plain(self) -> str:
        """The text without styles, to be searched."""
        return f"{self.lead.plain} {self.body.plain}"

    def lines(self, width_cells: int) -> list[Content]:
        """Return the lines of the row in so many cells."""
        indent = self.lead_cells
        if width_cells - indent < _NARROWEST:
            indent = min(_SHALLOW, indent)
        wrapped = self.body.wrap(max(1, width_cells - indent)) if self.body else []
        own = self.lead.cell_length
        first = self.lead
        if wrapped and own <= indent:
            first = Content.assemble(first, " " * (indent - own), wrapped.pop(0))
        head = first.wrap(max(1, width_cells)) or [Content()]
        return [*head, *(Content.assemble(" " * indent, one) for one in wrapped)]


@dataclass(frozen=True, slots=True)
class ColumnRow:
    """A label and values beside each other, each wrapped in a column of its own."""

    label: Content
    cells: tuple[Content, ...]
    label_cells: int

    @property
    def plain(self) -> str:
        """The text without styles."""
        return "  ".join([self.label.plain, *(cell.plain for cell in self.cells)])

    def lines(self, width_cells: int) -> list[Content]:
        """Return the lines of the row; a label without room stands above its values."""
        room = width_cells - self.label_cells
        is_above = room < _COLUMN * len(self.cells) or self.label.cell_length > self.label_cells
        indent = min(self.label_cells, _SHALLOW) if is_above else self.label_cells
        column = max(4, (width_cells - indent) // max(1, len(self.cells)))
        wrapped = [cell.wrap(column - 1) or [Content()] for cell in self.cells]
        found = [self.label] if is_above else []
        for place in range(max(map(len, wrapped), default=0)):
            lead = self.label if place == 0 and not is_above else Content()
            parts = [lead, Content(" " * (indent - lead.cell_length))]
            for lines_ in wrapped:
                one = lines_[place] if place < len(lines_) else Content()
                parts += [one, Content(" " * (column - one.cell_length))]
            found.append(Content.assemble(*parts))
        return found


def text(body: Content) -> TextRow:
    """Return a row without a lead."""
    return TextRow(body)


def heading(words: Content) -> list[TextRow]:
    """Return a heading with an empty row above it."""
    return [TextRow(Content()), TextRow(words)]


def lines(rows: Iterable[Row], width_cells: int) -> list[Content]:
    """Return the lines of rows."""
    return [one for row in rows for one in row.lines(width_cells)]


def plain(rows: Iterable[Row]) -> str:
    """Return rows as text, a line each."""
    return "\n".join(row.plain.strip() for row in rows)

"""Shows rows of text, wrapped below their leads; finds words in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.geometry import Region
from textual.widget import Widget

from smartgallery_tui.ui import text_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.geometry import Size

    from smartgallery_tui.ui.text_rows import Row

_FOUND = "reverse"


class RowText(Widget):
    """As high as its rows need; what is around it scrolls."""

    DEFAULT_CSS = "RowText { height: auto; width: 1fr; }"

    def __init__(self, rows: Sequence[Row] = (), *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._rows = tuple(rows)
        self._wanted = ""
        self._wrapped: tuple[int, list[Content]] | None = None
        self.found: list[int] = []
        """Lines in which the wanted words stand, as they are laid out now."""

    def show(self, rows: Sequence[Row]) -> None:
        """Show other rows."""
        self._rows = tuple(rows)
        self._wrapped = None
        self.refresh(layout=True)

    def seek(self, words: str) -> list[int]:
        """Mark words wherever they stand and return the lines that have them; "" marks none."""
        self._wanted = words.strip()
        self._wrapped = None
        self._lines(self.size.width)
        self.refresh()
        return self.found

    def show_row(self, place: int) -> None:
        """Have a row on the screen, by scrolling what is around it."""
        width = self.content_size.width
        above = sum(len(row.lines(width)) for row in self._rows[:place])
        height = len(self._rows[place].lines(width)) if place < len(self._rows) else 1
        parent = self.parent
        if isinstance(parent, Widget) and width > 0:
            region = Region(0, above, width, height).translate(self.virtual_region.offset)
            parent.scroll_to_region(region, animate=False, force=True)

    @property
    def text(self) -> str:
        """The rows as plain text."""
        return text_rows.plain(self._rows)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return how many lines the rows need."""
        return len(self._lines(width))

    def render(self) -> Content:
        """Return the lines for the present width."""
        return Content("\n").join(self._lines(self.content_size.width))

    def _lines(self, width_cells: int) -> list[Content]:
        if width_cells <= 0:
            return []
        if self._wrapped is None or self._wrapped[0] != width_cells:
            found = text_rows.lines(self._rows, width_cells)
            self._wrapped = (width_cells, self._marked(found))
        return self._wrapped[1]

    def _marked(self, lines: list[Content]) -> list[Content]:
        self.found = []
        wanted = self._wanted.lower()
        if not wanted:
            return lines
        marked = []
        for place, one in enumerate(lines):
            at = one.plain.lower().find(wanted)
            if at >= 0:
                self.found.append(place)
            while at >= 0:
                one = one.stylize(_FOUND, at, at + len(wanted))
                at = one.plain.lower().find(wanted, at + len(wanted))
            marked.append(one)
        return marked

"""The information beside a picture: scrolls by itself, keeps its place from item to item."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import VerticalScroll
from textual.widgets import Static

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.content import Content


class InfoPanel(VerticalScroll, can_focus=False):
    """Fields and prompts of one item."""

    DEFAULT_CSS = """
    InfoPanel {
        width: 44; height: 1fr; dock: right; background: $surface; padding: 0 1;
        border-left: vkey $panel; scrollbar-size-vertical: 1; display: none;
    }
    InfoPanel.-open { display: block; }
    """

    def compose(self) -> ComposeResult:
        """Make the text."""
        yield Static("", id="info-text", markup=False)

    def show(self, content: Content) -> None:
        """Show a text that is safe already."""
        self.query_one("#info-text", Static).update(content)

    def scroll_rows(self, rows: int) -> None:
        """Scroll by rows, down where positive."""
        self.scroll_relative(y=rows, animate=False)

    def scroll_pages(self, pages: int) -> None:
        """Scroll by pages, down where positive."""
        self.scroll_relative(y=pages * max(1, self.size.height - 1), animate=False)

"""The information beside a picture: scrolls by itself, keeps its place from item to item."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult


class InfoPanel(Vertical):
    """Fields and prompts of one item."""

    DEFAULT_CSS = """
    InfoPanel {
        width: 44; height: 1fr; background: $surface; padding: 0 1;
        border-left: vkey $panel; display: none;
    }
    InfoPanel #info-tabs { height: 1; }
    InfoPanel #info-scroll { height: 1fr; scrollbar-size-vertical: 1; }
    InfoPanel.-open { display: block; }
    """

    def compose(self) -> ComposeResult:
        """Make the row of tabs and the text."""
        yield Static("", id="info-tabs", markup=False)
        with VerticalScroll(id="info-scroll", can_focus=False):
            yield Static("", id="info-text", markup=False)

    def show_tabs(self, tabs: Sequence[str], current: str) -> None:
        """Show which tab is open."""
        parts = [
            Content.styled(tab.capitalize(), "bold $accent" if tab == current else "dim")
            for tab in tabs
        ]
        self.query_one("#info-tabs", Static).update(Content(" ").join(parts), layout=False)

    def show(self, content: Content) -> None:
        """Show a text that is safe already."""
        self.query_one("#info-text", Static).update(content)

    def scroll_rows(self, rows: int) -> None:
        """Scroll by rows, down where positive."""
        self.query_one("#info-scroll").scroll_relative(y=rows, animate=False)

    def scroll_pages(self, pages: int) -> None:
        """Scroll by pages, down where positive."""
        scroll = self.query_one("#info-scroll")
        scroll.scroll_relative(y=pages * max(1, scroll.size.height - 1), animate=False)

    def to_top(self) -> None:
        """Scroll to the beginning."""
        self.query_one("#info-scroll").scroll_home(animate=False)

"""The information beside a picture: scrolls by itself, keeps its place from item to item."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import getters, on
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static

from smartgallery_tui.ui import format as words
from smartgallery_tui.ui.widgets.node_text import NodeText
from smartgallery_tui.ui.widgets.picture_view import PictureView

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from smartgallery_tui.records import Item
    from smartgallery_tui.records.graphs import NodeSummary
    from smartgallery_tui.ui.pictures.layer import PictureLayer
    from smartgallery_tui.ui.text_rows import Row


class InfoPanel(Vertical):
    """Fields, prompts, nodes and files of one item.

    Args:
        pictures: The app's picture layer, for the pictures that an item was made of.
    """

    SCOPED_CSS = False
    DEFAULT_CSS = """
    InfoPanel {
        width: 44; height: 1fr; background: $surface; padding: 0 1;
        border-left: vkey $panel; display: none;
    }
    InfoPanel #info-tabs { height: 1; }
    InfoPanel #info-scroll { height: 1fr; scrollbar-size-vertical: 1; }
    InfoPanel #info-inputs { height: 12; margin-top: 1; display: none; }
    InfoPanel #info-inputs PictureView { width: 1fr; height: 1fr; background: $surface; }
    InfoPanel #info-find { height: 1; display: none; }
    InfoPanel #info-find Input { border: none; height: 1; padding: 0; width: 1fr;
        background: $panel; }
    InfoPanel #info-find Input:focus { border: none; background-tint: transparent; }
    InfoPanel #info-found { width: auto; padding: 0 1; color: $text-muted; }
    InfoPanel #info-slash { width: 2; color: $accent; }
    InfoPanel.-finding #info-find { display: block; }
    InfoPanel.-with-inputs #info-inputs { display: block; }
    InfoPanel.-open { display: block; }
    .-roomy InfoPanel { width: 64; }
    .-narrow InfoPanel {
        width: 100%; height: 50%; border-left: none; border-top: hkey $panel;
    }
    .-narrow InfoPanel #info-inputs { height: 5; margin: 0; }
    """

    rows = getters.query_one("#info-text", NodeText)
    scroll = getters.query_one("#info-scroll", VerticalScroll)
    field = getters.query_one("#info-field", Input)

    def __init__(self, pictures: PictureLayer) -> None:
        super().__init__()
        self._pictures = pictures
        self._place = 0

    def compose(self) -> ComposeResult:
        """Make the row of tabs, the text, the pictures below it and the field of the search."""
        yield Static("", id="info-tabs", markup=False)
        with VerticalScroll(id="info-scroll", can_focus=False):
            yield NodeText(id="info-text")
        yield Horizontal(id="info-inputs")
        with Horizontal(id="info-find"):
            yield Static(Content("/"), id="info-slash")
            yield Input(compact=True, placeholder="find in this tab", id="info-field")
            yield Static("", id="info-found", markup=False)

    def show_tabs(self, tabs: Sequence[str], current: str) -> None:
        """Show which tab is open."""
        parts = [
            Content.styled(tab.capitalize(), "bold $accent" if tab == current else "dim")
            for tab in tabs
        ]
        self.query_one("#info-tabs", Static).update(Content(" ").join(parts), layout=False)

    def show(
        self,
        rows: Sequence[Row],
        inputs: Sequence[Item] = (),
        nodes: Sequence[NodeSummary] | None = None,
    ) -> None:
        """Show a text that is safe already, or a tree, and the pictures that it was made of."""
        if nodes is None:
            self.rows.show(rows)
        else:
            self.rows.show_nodes(nodes)
        self.run_worker(self._show_inputs(inputs), exclusive=True, group="inputs")
        if self.is_finding:
            self._seek(self.field.value)

    def clear(self) -> None:
        """Show nothing, from the top."""
        if self.rows.text:
            self.show(())
            self.to_top()

    async def _show_inputs(self, inputs: Sequence[Item]) -> None:
        room = self.query_one("#info-inputs")
        self.set_class(bool(inputs), "-with-inputs")
        if [view.item for view in room.query(PictureView)] == list(inputs):
            return
        await room.remove_children()
        await room.mount_all(PictureView(self._pictures) for _ in inputs)
        for view, item in zip(room.query(PictureView), inputs, strict=True):
            view.show(item)

    # Find

    @property
    def is_finding(self) -> bool:
        """True while the field of the search is open."""
        return self.has_class("-finding")

    def find(self) -> None:
        """Open the field of the search."""
        self.add_class("-finding")
        self.screen.set_focus(self.field)

    def leave_find(self) -> None:
        """Close the field of the search and forget what it found."""
        self.remove_class("-finding")
        self.field.value = ""
        self._seek("")
        self.screen.set_focus(None)

    @on(Input.Changed, "#info-field")
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._place = 0
        self._seek(event.value)

    @on(Input.Submitted, "#info-field")
    def _next(self, event: Input.Submitted) -> None:
        event.stop()
        self._place += 1
        self._seek(event.value)

    def _seek(self, wanted: str) -> None:
        lines = self.rows.seek(wanted)
        said = "" if not wanted.strip() else "nothing"
        if lines:
            self._place %= len(lines)
            said = f"{self._place + 1}/{words.count(len(lines), 'line')}"
            middle = self.scroll.size.height // 2
            self.scroll.scroll_to(y=max(0, lines[self._place] - middle), animate=False)
        self.query_one("#info-found", Static).update(Content(said))

    # Scrolling

    def scroll_rows(self, rows: int) -> None:
        """Scroll by rows, down where positive."""
        self.scroll.scroll_relative(y=rows, animate=False)

    def scroll_pages(self, pages: float) -> None:
        """Scroll by pages, down where positive."""
        rows = pages * max(1, self.scroll.size.height - 1)
        self.scroll.scroll_relative(y=rows, animate=False)

    def to_top(self) -> None:
        """Scroll to the beginning."""
        self.scroll.scroll_home(animate=False)

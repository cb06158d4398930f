"""Screens of text, scrolled like a page: read in a lane, read again by a key, words found in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from textual import getters, on
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from smartgallery_tui.ui import format as words
from smartgallery_tui.ui.screens.beside import BesideScreen
from smartgallery_tui.ui.widgets.row_text import RowText

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from smartgallery_tui.ui.background import Background, Call
    from smartgallery_tui.ui.text_rows import Row


@dataclass(frozen=True, slots=True)
class Kinds:
    """What may be left out of a page: its key, the word for it, and which rows stay."""

    key: str
    label: str
    rows: Sequence[Row]


@dataclass
class TextReady(Message):
    """The text of a page is here."""

    title: str
    rows: Sequence[Row]
    is_tail: bool = False
    """The end is what matters: scroll there."""
    again: Call | None = None
    """Reads the page anew."""
    every_s: float = 0.0
    """How often that is done by itself, 0: never."""
    kinds: Sequence[Kinds] = field(default_factory=tuple)
    """Parts of it that can be shown alone; the first is all."""


class TextScreen(BesideScreen):
    """A page of text that is safe already.

    Args:
        ready: Title and text.
        background: Lanes to read the page again in.
    """

    HELP_TITLE = "Keys of this page"
    AUTO_FOCUS = "VerticalScroll"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Leave the field, or close", show=False),
        Binding("q,enter", "dismiss(None)", "Close", show=False),
        Binding("R", "again", "Read again", show=False),
        Binding("slash", "find", "Find words", show=False),
        Binding("j", "scroll(1)", "Scroll down", show=False),
        Binding("k", "scroll(-1)", "Scroll up", show=False),
        Binding("J,space,ctrl+d", "scroll(20)", "Go a page down", show=False),
        Binding("K,ctrl+u", "scroll(-20)", "Go a page up", show=False),
        Binding("g,home", "scroll(-1000000)", "Go to the top", show=False),
        Binding("G,end", "scroll(1000000)", "Go to the end", show=False),
        Binding("n", "next_found(1)", "Go to the next line that has the words", show=False),
        Binding("N", "next_found(-1)", "Go to the line before that has them", show=False),
    ]
    DEFAULT_CSS = """
    TextScreen { background: $background; }
    TextScreen #page-title { height: 1; background: $panel; color: $accent; text-style: bold;
        padding: 0 1; }
    TextScreen VerticalScroll { height: 1fr; padding: 0 1; scrollbar-size-vertical: 1; }
    TextScreen #page-find { border: none; height: 1; padding: 0 1; background: $panel;
        display: none; }
    TextScreen #page-find:focus { border: none; background-tint: transparent; }
    TextScreen.-finding #page-find { display: block; }
    TextScreen #page-foot { height: 1; background: $surface; color: $text-muted; padding: 0 1; }
    """

    page = getters.query_one("#page-text", RowText)
    scroll = getters.query_one(VerticalScroll)

    def __init__(self, ready: TextReady, background: Background) -> None:
        super().__init__()
        self._ready = ready
        self._background = background
        self._kind = 0
        self._found = 0

    def compose(self) -> ComposeResult:
        """Make the page."""
        yield Static(self._title(), id="page-title")
        with VerticalScroll():
            yield RowText(self._rows(), id="page-text")
        yield Input(compact=True, placeholder="find", id="page-find")
        yield Static(self._foot(), id="page-foot")

    def on_mount(self) -> None:
        """Go to the end of what is read from its end; read again now and then."""
        if self._ready.is_tail:
            self.scroll.scroll_end(animate=False)
        if self._ready.every_s and not self.app.is_headless:
            self.set_interval(self._ready.every_s, self.action_again)

    def _rows(self) -> Sequence[Row]:
        kinds = self._ready.kinds
        return kinds[self._kind].rows if kinds else self._ready.rows

    def _title(self) -> Content:
        kinds = self._ready.kinds
        shown = f": {kinds[self._kind].label}" if kinds else ""
        return Content(f"{self._ready.title}{shown}")

    def _foot(self, found: str = "") -> Content:
        if found:
            return Content(f"{found}  n N next, previous  Esc leaves off")
        parts = [f"{kind.key} {kind.label}" for kind in self._ready.kinds]
        parts += ["R again"] if self._ready.again is not None else []
        return Content("  ".join([*parts, "/ find", "? keys", "Esc back"]))

    def on_text_ready(self, message: TextReady) -> None:
        """Show the page as it is now."""
        at_end = self._ready.is_tail and self.scroll.is_vertical_scroll_end
        self._ready = message
        self._show()
        if at_end:
            self.call_after_refresh(self.scroll.scroll_end, animate=False)

    def _show(self) -> None:
        self.page.show(self._rows())
        self.query_one("#page-title", Static).update(self._title())

    def on_key(self, event: object) -> None:
        """Show a part alone by its key."""
        character = getattr(event, "character", None)
        for place, kind in enumerate(self._ready.kinds):
            if character == kind.key and not isinstance(self.focused, Input):
                self._kind = place
                self._show()
                if self._ready.is_tail:
                    self.call_after_refresh(self.scroll.scroll_end, animate=False)

    def action_again(self) -> None:
        """Read the page anew."""
        if self._ready.again is not None:
            self._background.pages.submit("reading", self._ready.again, self)

    def action_scroll(self, rows: int) -> None:
        """Scroll."""
        self.scroll.scroll_relative(y=rows, animate=False)

    # Find

    def action_find(self) -> None:
        """Look for words."""
        self.add_class("-finding")
        self.set_focus(self.query_one("#page-find", Input))

    def action_back(self) -> None:
        """Leave the field, forget what was found, or close."""
        if self.has_class("-finding"):
            self.remove_class("-finding")
            self.query_one("#page-find", Input).value = ""
            self.set_focus(self.scroll)
        else:
            self.dismiss(None)

    def action_next_found(self, delta: int) -> None:
        """Go to the next place that was found."""
        self._found += delta
        self._seek(self.query_one("#page-find", Input).value)

    @on(Input.Changed, "#page-find")
    def _typed(self, event: Input.Changed) -> None:
        self._found = 0
        self._seek(event.value)

    @on(Input.Submitted, "#page-find")
    def _entered(self) -> None:
        self.set_focus(self.scroll)

    def _seek(self, wanted: str) -> None:
        lines = self.page.seek(wanted)
        said = "nothing found" if wanted.strip() else ""
        if lines:
            self._found %= len(lines)
            said = f"{self._found + 1}/{words.count(len(lines), 'line')}"
            middle = self.scroll.size.height // 2
            self.scroll.scroll_to(y=max(0, lines[self._found] - middle), animate=False)
        self.query_one("#page-foot", Static).update(self._foot(said))

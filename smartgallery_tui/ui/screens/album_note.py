"""A dialog that shows the Markdown of an album's note; links and pictures stay text."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.widgets import Markdown, Static

from smartgallery_tui.ui.content import line, source
from smartgallery_tui.ui.note_text import parser
from smartgallery_tui.ui.screens.popup import Popup

if TYPE_CHECKING:
    from textual.app import ComposeResult

WRITE = "write"
"""The result where the note is to be written anew."""


class AlbumNotePopup(Popup[str]):
    """The note of one album, to be read and scrolled; `e` closes it with `WRITE`.

    Args:
        name: Of the album.
        note: Its note, as it was written.
        can_write: `e` is offered.
    """

    AUTO_FOCUS = "VerticalScroll"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("e", "write", "Write", show=False),
        Binding("enter", "leave", "Close", show=False),
        Binding("j", "scroll(1)", "Down", show=False),
        Binding("k", "scroll(-1)", "Up", show=False),
        Binding("J,space,ctrl+d", "scroll(10)", "Page down", show=False),
        Binding("K,ctrl+u", "scroll(-10)", "Page up", show=False),
        Binding("g,home", "scroll(-1000000)", "Top", show=False),
        Binding("G,end", "scroll(1000000)", "End", show=False),
    ]
    DEFAULT_CSS = """
    AlbumNotePopup > Vertical { width: 90; }
    AlbumNotePopup VerticalScroll { height: auto; max-height: 65vh; scrollbar-size-vertical: 1; }
    AlbumNotePopup Markdown { padding: 0; margin: 0; background: transparent; }
    """

    def __init__(self, name: str, note: str, *, can_write: bool) -> None:
        super().__init__()
        self._name = name
        self._note = note
        self._can_write = can_write

    def compose(self) -> ComposeResult:
        """Make the text."""
        with Vertical():
            yield Static(line(f"Note of the album {self._name}"), classes="popup-title")
            with VerticalScroll():
                text = source(self._note)
                yield Markdown(text, parser_factory=parser, open_links=False)
            foot = "j k scroll, e writes it, Esc closes." if self._can_write else "Esc closes."
            yield Static(line(foot), classes="popup-foot")

    def action_scroll(self, rows: int) -> None:
        """Scroll."""
        self.query_one(VerticalScroll).scroll_relative(y=rows, animate=False)

    def action_write(self) -> None:
        """Close, for the note to be written."""
        if self._can_write:
            self.dismiss(WRITE)

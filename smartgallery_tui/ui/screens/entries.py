"""A dialog for a list of texts or folders: add, change, take out, keep or leave."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from smartgallery_tui.ui.content import line
from smartgallery_tui.ui.screens.popup import Popup
from smartgallery_tui.ui.widgets.choice_list import ChoiceList

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.app import ComposeResult
    from textual.screen import Screen

_FOOT = "a adds  e changes  d takes out  Enter keeps the list  Esc leaves it"


class EntriesPopup(Popup[tuple[str, ...]]):
    """A list that is changed in place; the result is the whole of it.

    Args:
        title: Heading; ours.
        entries: What is there now.
        ask: Makes the dialog that asks for one entry, from what it is now ("" for a new one).
        foot: A line more below; ours.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "add", "Add", show=False),
        Binding("e", "change", "Change", show=False),
        Binding("d,delete", "remove", "Take out", show=False),
        Binding("enter", "keep", "Keep", show=False, priority=True),
    ]
    DEFAULT_CSS = """
    EntriesPopup > Vertical { width: 76; }
    """

    def __init__(
        self,
        title: str,
        entries: Sequence[str],
        ask: Callable[[str], Screen[str | None]],
        foot: str = "",
    ) -> None:
        super().__init__()
        self._title = title
        self._entries = list(entries)
        self._ask = ask
        self._foot = foot

    def compose(self) -> ComposeResult:
        """Make the list."""
        with Vertical():
            yield Static(Content(self._title), classes="popup-title")
            yield ChoiceList(id="entries")
            if self._foot:
                yield Static(Content(self._foot), classes="popup-foot")
            yield Static(Content(_FOOT), classes="popup-foot")

    def on_mount(self) -> None:
        """Fill the list."""
        self._fill(0)

    def action_add(self) -> None:
        """Ask for a new entry."""
        self.app.push_screen(self._ask(""), self._added)

    def action_change(self) -> None:
        """Ask for the highlighted entry again."""
        place = self._place
        if place is not None:
            self.app.push_screen(self._ask(self._entries[place]), self._changed)

    def action_remove(self) -> None:
        """Take the highlighted entry out of the list."""
        place = self._place
        if place is not None:
            del self._entries[place]
            self._fill(place)

    def action_keep(self) -> None:
        """Close with the list as it is."""
        self.dismiss(tuple(self._entries))

    @on(OptionList.OptionSelected)
    def _clicked(self) -> None:
        """Leave a click without effect: Enter keeps the list."""

    @property
    def _place(self) -> int | None:
        place = self.query_one("#entries", ChoiceList).highlighted
        return place if place is not None and place < len(self._entries) else None

    def _added(self, text: str | None) -> None:
        if text and text not in self._entries:
            self._entries.append(text)
            self._fill(len(self._entries) - 1)

    def _changed(self, text: str | None) -> None:
        place = self._place
        if text and place is not None:
            self._entries[place] = text
            self._fill(place)

    def _fill(self, place: int) -> None:
        entries = self.query_one("#entries", ChoiceList)
        entries.clear_options()
        entries.add_options(Option(line(text, limit=300)) for text in self._entries)
        if not self._entries:
            entries.add_option(Option(Content.styled("None yet.", "dim"), disabled=True))
        entries.highlighted = min(place, len(self._entries) - 1) if self._entries else None

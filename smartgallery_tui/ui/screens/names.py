"""A dialog for tags and albums: type a new one or switch one from the list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import events, on
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from smartgallery_tui.ui.content import line
from smartgallery_tui.ui.screens.popup import Popup
from smartgallery_tui.ui.widgets.choice_list import ChoiceList

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from smartgallery_tui.records import FacetValue

_SHOWN = 200


@dataclass
class NamesLoaded(Message):
    """All tags or albums, and those of the item in question."""

    kind: str
    known: Sequence[FacetValue]
    mine: tuple[str, ...]


class NamesPopup(Popup[tuple[str, bool]]):
    """Asks for a name; the result is the name and whether it is to be added.

    Args:
        title: Heading; ours.
        known: All names with their counts.
        mine: Names that the item has already.
    """

    AUTO_FOCUS = "Input"
    DEFAULT_CSS = """
    NamesPopup Input { border: none; height: 1; padding: 0; background: $panel; }
    NamesPopup Input:focus { border: none; background-tint: transparent; }
    """

    def __init__(self, title: str, known: Sequence[FacetValue], mine: Sequence[str]) -> None:
        super().__init__()
        self._title = title
        counts = {value.value: value.total for value in known}
        self._names = [*mine, *(name for name in counts if name not in mine)]
        self._counts = counts
        self._mine = set(mine)

    def compose(self) -> ComposeResult:
        """Make the field and the list."""
        with Vertical():
            yield Static(Content(self._title), classes="popup-title")
            yield Input(placeholder="name, or -name to remove it", compact=True, id="name")
            yield ChoiceList(id="names")
            yield Static(Content("Enter switches; Tab goes to the list."), classes="popup-foot")

    def on_mount(self) -> None:
        """Fill the list."""
        self._fill("")

    @on(Input.Changed, "#name")
    def _narrow(self, event: Input.Changed) -> None:
        self._fill(event.value.removeprefix("-").strip().lower())

    def _fill(self, wanted: str) -> None:
        names = self.query_one("#names", ChoiceList)
        names.clear_options()
        fitting = [name for name in self._names if wanted in name.lower()]
        for name in fitting[:_SHOWN]:
            mark = "● " if name in self._mine else "  "
            count = f"  {self._counts.get(name, 0):,}"
            body = Content.assemble(mark, line(name), (count, "$foreground-muted"))
            names.add_option(Option(body, id=f"name:{name}"))
        names.highlighted = 0 if fitting else None

    @on(Input.Submitted, "#name")
    def _typed(self, event: Input.Submitted) -> None:
        text = event.value.strip()
        name = text.removeprefix("-").strip()
        if name:
            self.dismiss((name, not text.startswith("-")))

    @on(OptionList.OptionSelected)
    def _switched(self, event: OptionList.OptionSelected) -> None:
        name = (event.option_id or "").removeprefix("name:")
        self.dismiss((name, name not in self._mine))

    def on_key(self, event: events.Key) -> None:
        """Go to the list with the key that points at it."""
        if event.key == "down" and self.query_one("#name", Input).has_focus:
            event.stop()
            self.query_one("#names", ChoiceList).focus()


class TextPopup(Popup[str]):
    """Asks for a line of text.

    Args:
        title: Heading; ours.
        text: What is there now.
    """

    AUTO_FOCUS = "Input"
    DEFAULT_CSS = """
    TextPopup Input { border: none; height: 1; padding: 0; background: $panel; }
    TextPopup Input:focus { border: none; background-tint: transparent; }
    """

    def __init__(self, title: str, text: str, foot: str = "Enter keeps it, Esc leaves it.") -> None:
        super().__init__()
        self._title = title
        self._text = text
        self._foot = foot

    def compose(self) -> ComposeResult:
        """Make the field."""
        with Vertical():
            yield Static(Content(self._title), classes="popup-title")
            yield Input(self._text, compact=True, select_on_focus=False, id="text")
            yield Static(Content(self._foot), classes="popup-foot")

    @on(Input.Submitted, "#text")
    def _done(self, event: Input.Submitted) -> None:
        self.dismiss(event.value.strip())

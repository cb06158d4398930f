"""A dialog to choose a folder of this machine: type its path, or walk through the folders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from smartgallery_tui.ui.content import line
from smartgallery_tui.ui.screens.popup import Popup
from smartgallery_tui.ui.widgets.choice_list import ChoiceList

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult

    from smartgallery_tui.ui.background import Background

_SHOWN = 300


@dataclass
class FoldersListed(Message):
    """The folders inside a folder are here."""

    parent: str
    names: list[str]


class PathPopup(Popup[str]):
    """Asks for a folder; the result is its path as typed.

    Args:
        title: Heading; ours.
        path: What is there now.
        list_folders: Returns the names of the folders in a folder. Any thread.
        background: The lanes.
    """

    AUTO_FOCUS = "Input"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Close", show=False),
        Binding("tab", "complete", "Go into it", show=False, priority=True),
    ]
    DEFAULT_CSS = """
    PathPopup > Vertical { width: 76; }
    PathPopup Input { border: none; height: 1; padding: 0; background: $panel; }
    PathPopup Input:focus { border: none; background-tint: transparent; }
    """

    def __init__(
        self,
        title: str,
        path: str,
        list_folders: Callable[[str], list[str]],
        background: Background,
    ) -> None:
        super().__init__()
        self._title = title
        self._path = path.rstrip("/") + "/" if path else "~/"
        self._list_folders = list_folders
        self._background = background
        self._inside = ""
        self._names: list[str] = []
        self._shown: list[str] = []

    def compose(self) -> ComposeResult:
        """Make the field and the list."""
        with Vertical():
            yield Static(Content(self._title), classes="popup-title")
            yield Input(self._path, compact=True, select_on_focus=False, id="path")
            yield ChoiceList(id="inner")
            foot = "Tab goes into the folder, Enter takes the path as it stands; empty: none."
            yield Static(Content(foot), classes="popup-foot")

    def on_mount(self) -> None:
        """List the folder."""
        self._look(self._path)

    @on(Input.Changed, "#path")
    def _typed(self, event: Input.Changed) -> None:
        self._look(event.value)

    @on(Input.Submitted, "#path")
    def _taken(self, event: Input.Submitted) -> None:
        path = event.value.strip()
        self.dismiss(path.rstrip("/") or path)

    @on(OptionList.OptionSelected)
    def _picked(self, event: OptionList.OptionSelected) -> None:
        self._go_into(event.option_index)

    def action_complete(self) -> None:
        """Go into the highlighted folder."""
        self._go_into(self.query_one("#inner", ChoiceList).highlighted or 0)

    def on_key(self, event: events.Key) -> None:
        """Move the highlight while the field has the keys."""
        if event.key in {"down", "up"} and self.query_one("#path", Input).has_focus:
            event.stop()
            inner = self.query_one("#inner", ChoiceList)
            if event.key == "down":
                inner.action_cursor_down()
            else:
                inner.action_cursor_up()

    def on_folders_listed(self, message: FoldersListed) -> None:
        """Show the folders of the folder that is typed now."""
        if message.parent == self._inside:
            self._names = message.names
            self._fill()

    def _look(self, path: str) -> None:
        parent = path.rpartition("/")[0] + "/" if "/" in path else path
        if parent == self._inside:
            self._fill()
            return
        self._inside = parent
        self._names = []

        def call(_cancelled: object) -> FoldersListed:
            return FoldersListed(parent, self._list_folders(parent))

        self._background.pages.submit("listing folders", call, self)

    def _fill(self) -> None:
        typed = self.query_one("#path", Input).value.rpartition("/")[2].casefold()
        fitting = [name for name in self._names if name.casefold().startswith(typed)]
        self._shown = fitting[:_SHOWN]
        inner = self.query_one("#inner", ChoiceList)
        inner.clear_options()
        inner.add_options(Option(line(name + "/")) for name in self._shown)
        if not self._shown:
            inner.add_option(Option(Content.styled("No folders here.", "dim"), disabled=True))
        inner.highlighted = 0 if self._shown else None

    def _go_into(self, place: int) -> None:
        if place >= len(self._shown):
            return
        field = self.query_one("#path", Input)
        field.value = f"{self._inside}{self._shown[place]}/"
        field.cursor_position = len(field.value)
        self.set_focus(field)

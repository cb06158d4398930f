"""A dialog to pick from a list by typing: saved searches, albums, folders, recent queries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import events, on
from textual.containers import Vertical
from textual.content import Content
from textual.fuzzy import Matcher
from textual.message import Message
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from smartgallery_tui.ui.content import line, plain
from smartgallery_tui.ui.screens.popup import Popup
from smartgallery_tui.ui.widgets.choice_list import ChoiceList

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

_SHOWN = 300


@dataclass(frozen=True, slots=True)
class Pick:
    """One thing to pick."""

    label: str
    """What is shown and matched; from anywhere."""
    query: str
    """The search that it stands for."""
    note: str = ""
    """Shown behind the label; from anywhere."""
    sort: str = ""
    """Order of a saved search, as `date down`, or ""."""


@dataclass
class PicksLoaded(Message):
    """The things to pick from are here."""

    title: str
    picks: list[Pick]
    can_save: bool = False


class PickerPopup(Popup[Pick]):
    """Fuzzy search in a list; the result is what was picked.

    Args:
        title: Heading; ours.
        picks: All of them, best first.
        foot: A line below; ours.
    """

    AUTO_FOCUS = "Input"
    DEFAULT_CSS = """
    PickerPopup > Vertical { width: 76; }
    PickerPopup Input { border: none; height: 1; padding: 0; background: $panel; }
    PickerPopup Input:focus { border: none; background-tint: transparent; }
    """

    def __init__(self, title: str, picks: Sequence[Pick], foot: str = "") -> None:
        super().__init__()
        self._title = title
        self._picks = picks
        self._foot = foot
        self._shown: list[Pick] = []

    def compose(self) -> ComposeResult:
        """Make the field and the list."""
        with Vertical():
            yield Static(Content(self._title), classes="popup-title")
            yield Input(placeholder="type to narrow", compact=True, id="picker-text")
            yield ChoiceList(id="picks")
            if self._foot:
                yield Static(Content(self._foot), classes="popup-foot")

    def on_mount(self) -> None:
        """Fill the list."""
        self._fill("")

    @on(Input.Changed, "#picker-text")
    def _narrow(self, event: Input.Changed) -> None:
        self._fill(event.value)

    @on(Input.Submitted, "#picker-text")
    def _first(self) -> None:
        highlighted = self.query_one("#picks", ChoiceList).highlighted or 0
        if self._shown:
            self.dismiss(self._shown[min(highlighted, len(self._shown) - 1)])

    @on(OptionList.OptionSelected)
    def _picked(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._shown[event.option_index])

    def on_key(self, event: events.Key) -> None:
        """Move the highlight while the field has the keys."""
        picks = self.query_one("#picks", ChoiceList)
        if self.query_one("#picker-text", Input).has_focus and event.key in {"down", "up"}:
            event.stop()
            if event.key == "down":
                picks.action_cursor_down()
            else:
                picks.action_cursor_up()

    def _fill(self, wanted: str) -> None:
        self._shown = _best(self._picks, wanted)[:_SHOWN]
        picks = self.query_one("#picks", ChoiceList)
        picks.clear_options()
        picks.add_options(
            Option(Content.assemble(line(pick.label, limit=120), "  ", line(pick.note, "dim")))
            for pick in self._shown
        )
        if not self._shown:
            picks.add_option(Option(Content.styled("Nothing fits.", "dim"), disabled=True))
        picks.highlighted = 0 if self._shown else None


def _best(picks: Sequence[Pick], wanted: str) -> list[Pick]:
    if not wanted.strip():
        return list(picks)
    matcher = Matcher(wanted)
    scored = [(matcher.match(plain(f"{pick.label} {pick.note}", 200)), pick) for pick in picks]
    fitting = [pair for pair in scored if pair[0] > 0]
    fitting.sort(key=lambda pair: -pair[0])
    return [pick for _score, pick in fitting]

"""A screen beside the gallery: it has keys of its own, and `?` tells them."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.keys import format_key
from textual.screen import Screen

from smartgallery_tui.ui.keymap import show_key
from smartgallery_tui.ui.screens.help import HelpScreen, Section
from smartgallery_tui.ui.widgets.choice_list import ChoiceList

if TYPE_CHECKING:
    from collections.abc import Iterable


class BesideScreen(Screen[None]):
    """Has the help of its own bindings."""

    HELP_TITLE: ClassVar[str]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark,f1", "help", "Show these keys", show=False),
    ]

    def action_help(self) -> None:
        """Show the keys of this screen."""
        sections: list[Section] = [("Here", _rows(type(self).BINDINGS))]
        if isinstance(self.focused, ChoiceList):
            sections.append(("In the list", _rows(ChoiceList.BINDINGS)))
        self.app.push_screen(HelpScreen(self.HELP_TITLE, sections))


def _rows(bindings: Iterable[BindingType]) -> list[tuple[str, str]]:
    """Return keys as people know them, and what they do."""
    return [
        (" ".join(_shown(key) for key in each.key.split(",")), f"{each.description}.")
        for each in bindings
        if isinstance(each, Binding)
    ]


def _shown(key: str) -> str:
    """Return a key of a binding: `less_than_sign` is `<`."""
    words = show_key(key)
    return words if words != key or len(key) == 1 else format_key(key)

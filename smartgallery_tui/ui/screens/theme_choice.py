"""A dialog to choose colours: the highlighted theme is shown at once, Esc takes it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.widgets import OptionList

from smartgallery_tui.ui.screens.popup import ChoicePopup

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.content import Content


class ThemePopup(ChoicePopup):
    """One of the themes; the result is its name.

    Args:
        title: Heading; ours.
        choices: Key, name and words of each.
        current: Name of the theme in force.
    """

    def __init__(
        self, title: str, choices: Sequence[tuple[str, str, Content]], *, current: str = ""
    ) -> None:
        super().__init__(title, choices, current=current, foot="The highlighted one is shown.")
        self._before = ""

    def on_mount(self) -> None:
        """Remember the theme in force; the list is filled by the base's own handler."""
        self._before = self.app.theme

    @on(OptionList.OptionHighlighted)
    def _preview(self, event: OptionList.OptionHighlighted) -> None:
        name = event.option_id
        if name and name in self.app.available_themes:
            self.app.theme = name

    def action_leave(self) -> None:
        """Close and bring the former theme back."""
        self.app.theme = self._before
        super().action_leave()

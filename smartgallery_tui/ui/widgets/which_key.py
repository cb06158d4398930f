"""A short list of what the second key of a chord may be; shown when one hesitates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Static

from smartgallery_tui.ui.keymap import show_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smartgallery_tui.ui.chords import Chosen


class WhichKey(Static):
    """Stands over the foot of a screen while a chord is half typed."""

    DEFAULT_CSS = """
    WhichKey {
        dock: bottom; layer: which-key; height: auto; width: 100%; display: none;
        background: $panel; border-top: round $accent; padding: 0 1; color: $foreground;
    }
    WhichKey.-shown { display: block; }
    """

    def show(self, first: str, choices: Sequence[Chosen]) -> None:
        """Show the choices after the first key."""
        width = max(20, self.app.size.width - 2)
        cells = [
            Content.assemble((f"{show_key(_short(key)):>3} ", "bold $accent"), action.label)
            for key, action in choices
        ]
        broadest = max((cell.cell_length for cell in cells), default=1) + 2
        columns = max(1, width // broadest)
        rows = [
            Content("").join(
                cell.pad_right(broadest - cell.cell_length) for cell in cells[at : at + columns]
            )
            for at in range(0, len(cells), columns)
        ]
        title = Content.styled(f"{show_key(_short(first))} …", "bold")
        self.update(Content("\n").join([title, *rows]))
        self.add_class("-shown")
        self.screen.add_class("-choosing")

    def hide(self) -> None:
        """Go away."""
        self.remove_class("-shown")
        self.screen.remove_class("-choosing")


def _short(key: str) -> str:
    names = {"plus": "+", "minus": "-", "comma": ",", "full_stop": "."}
    return names.get(key, key)

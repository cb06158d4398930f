"""Ways to go on typing, below the search box: names of fields, or values with their counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Static

from smartgallery_tui.ui.content import fit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smartgallery_tui.records.suggestions import Completion

_ROWS = 8
_WIDEST_CELLS = 56
_NARROWEST_CELLS = 24


class CompletionList(Static):
    """Stands over what is below the box; the keys stay in the box."""

    DEFAULT_CSS = """
    CompletionList {
        dock: top; layer: which-key; margin-top: 1; height: auto; width: auto; display: none;
        background: $panel; color: $foreground;
    }
    CompletionList.-shown { display: block; }
    """
    ALLOW_SELECT = False

    def __init__(self) -> None:
        super().__init__("", id="completions", markup=False)
        self._choices: list[Completion] = []
        self._place: int | None = None

    @property
    def is_open(self) -> bool:
        """True while there is something to choose."""
        return bool(self._choices)

    @property
    def highlighted(self) -> Completion | None:
        """What the arrow keys have gone to, or None before them."""
        return None if self._place is None else self._choices[self._place]

    @property
    def best(self) -> Completion | None:
        """What Tab takes: what is highlighted, else the first."""
        return self.highlighted or (self._choices[0] if self._choices else None)

    def show(self, choices: Sequence[Completion]) -> None:
        """Show choices, none of them highlighted; without any, go away."""
        self._choices, self._place = list(choices), None
        self.set_class(self.is_open, "-shown")
        if self._choices:
            width = self._width()
            left = min(self._choices[0].start + 3, max(0, self.screen.size.width - width))
            self.styles.offset = (max(0, left), 0)
            self._draw()

    def close(self) -> bool:
        """Go away; return whether it was there."""
        was_open = self.is_open
        self.show(())
        return was_open

    def move(self, delta: int) -> bool:
        """Highlight the next or previous choice; return False where it goes back to the box."""
        place = (-1 if self._place is None else self._place) + delta
        if not self._choices or place < -1:
            return False
        self._place = None if place == -1 else min(place, len(self._choices) - 1)
        self._draw()
        return True

    def _width(self) -> int:
        widest = max(len(each.label) + len(_note(each)) + 4 for each in self._choices)
        return min(max(widest, _NARROWEST_CELLS), _WIDEST_CELLS, max(1, self.screen.size.width))

    def _draw(self) -> None:
        width = self._width()
        first = max(0, (self._place or 0) - _ROWS + 1)
        rows = [
            self._row(place, width)
            for place in range(first, min(len(self._choices), first + _ROWS))
        ]
        rest = len(self._choices) - _ROWS
        foot = f"Tab takes it, ↑ ↓ choose{f', {rest:,} more' if rest > 0 else ''}"
        rows.append(Content.styled(f" {foot}".ljust(width), "$foreground-muted"))
        self.update(Content("\n").join(rows))

    def _row(self, place: int, width: int) -> Content:
        choice = self._choices[place]
        kept = min(len(_note(choice)), width // 2)
        label = fit(choice.label, max(4, width - kept - 3))
        note = fit(_note(choice), max(0, width - Content(label).cell_length - 3))
        gap = " " * max(1, width - 2 - Content(label).cell_length - Content(note).cell_length)
        style = "$block-cursor-foreground on $block-cursor-background"
        is_here = place == self._place
        return Content.assemble(
            " ", label, gap, (note, "" if is_here else "$foreground-muted"), " "
        ).stylize(style if is_here else "")


def _note(choice: Completion) -> str:
    """Return what stands behind a choice: how many files have it, or what the field means."""
    return choice.help if choice.total is None else f"{choice.total:,}"

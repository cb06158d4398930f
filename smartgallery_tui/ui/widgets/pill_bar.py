"""The terms of the query as pills above the grid; a click takes one away."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual.content import Content
from textual.widget import Widget

from smartgallery_tui.ui.content import fit
from smartgallery_tui.ui.messages import QueryEdited
from smartgallery_tui.ui.query_text import terms, without_term

if TYPE_CHECKING:
    from textual import events

_WIDEST_CELLS = 28
_CLEAR = -1


class PillBar(Widget):
    """One row; the pills are the query itself, so they never say anything else."""

    DEFAULT_CSS = """
    PillBar { height: 1; width: 100%; background: $surface; display: none; padding: 0 1; }
    """
    ALLOW_SELECT = False

    def __init__(self) -> None:
        super().__init__(id="pills")
        self._text = ""
        self._ends: list[tuple[int, int]] = []

    def show(self, text: str) -> None:
        """Show the terms of a query."""
        if text != self._text:
            self._text = text
            self.refresh()

    def render(self) -> Content:
        """Return the pills that fit, and how many do not."""
        asked = terms(self._text)
        self._ends = []
        if not asked:
            return Content.styled("No filters. Enter asks for a value, - excludes it.", "dim")
        parts: list[Content] = []
        used = 0
        room = self.size.width - 14
        for number, term in enumerate(asked):
            word = f" {fit(term, _WIDEST_CELLS)} × "  # noqa: RUF001 - the sign on a button that closes
            cells = Content(word).cell_length
            if used + cells > room and number:
                rest = f" +{len(asked) - number} "
                parts.append(Content.styled(rest, "dim"))
                break
            style = "$text-error on $panel" if term.startswith("-") else "$foreground on $panel"
            parts += [Content.styled(word, style), Content(" ")]
            used += cells + 1
            self._ends.append((used, number))
        parts.append(Content.styled("clear all", "$accent"))
        self._ends.append((self.size.width, _CLEAR))
        return Content("").join(parts)

    def on_click(self, event: events.Click) -> None:
        """Take the pill away that was clicked."""
        event.stop()
        place = event.x - self.styles.padding.left
        number = next((number for end, number in self._ends if place < end), None)
        if number == _CLEAR:
            self.post_message(QueryEdited(lambda _text: ""))
        elif number is not None:
            self.post_message(QueryEdited(partial(without_term, number=number)))

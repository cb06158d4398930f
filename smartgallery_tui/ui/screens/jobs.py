"""What runs: each job with its progress, rate and remaining time; Enter stops one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from smartgallery_tui.ui.content import line
from smartgallery_tui.ui.screens.grid_status import Progress
from smartgallery_tui.ui.screens.popup import Popup
from smartgallery_tui.ui.widgets.choice_list import ChoiceList

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from smartgallery_tui.library import Library
    from smartgallery_tui.ui.background import Background, Lane

LOOK_S = 0.5
"""How often the list is looked at again."""


class JobsPopup(Popup[None]):
    """The lanes that are busy.

    Args:
        background: The lanes.
        library: Tells how far a scan is.
    """

    def __init__(self, background: Background, library: Library) -> None:
        super().__init__()
        self._background = background
        self._library = library
        self._shown: list[str] = []

    def compose(self) -> ComposeResult:
        """Make the list."""
        with Vertical():
            yield Static(Content("Jobs"), classes="popup-title")
            yield ChoiceList(id="jobs")
            yield Static(Content("Enter stops a job; Esc closes."), classes="popup-foot")

    def on_mount(self) -> None:
        """Show what runs, again and again."""
        self._show()
        self.set_interval(LOOK_S, self._show)

    def _show(self) -> None:
        busy = [lane for lane in self._background.lanes if not lane.is_idle]
        texts = [self._text(lane) for lane in busy]
        if texts == self._shown and texts:
            return
        self._shown = texts
        jobs = self.query_one("#jobs", ChoiceList)
        place = jobs.highlighted or 0
        jobs.clear_options()
        jobs.add_options(
            Option(line(text), id=lane.name) for text, lane in zip(texts, busy, strict=True)
        )
        if not busy:
            jobs.add_option(Option(Content.styled("Nothing runs.", "dim"), disabled=True))
        jobs.highlighted = min(place, len(busy) - 1) if busy else None

    def _text(self, lane: Lane) -> str:
        """Return one job in words: what it does, how far it is, what waits behind it."""
        parts = [lane.running or lane.name]
        if lane is self._background.sync:
            progress = Progress(self._library.sync_progress()).text()
            parts += [progress] if progress else []
        if lane.waiting:
            parts.append(f"{lane.waiting:,} waiting")
        return "  ".join(parts)

    @on(OptionList.OptionSelected)
    def _stop(self, event: OptionList.OptionSelected) -> None:
        for lane in self._background.lanes:
            if lane.name == event.option_id:
                lane.cancel()
        self._show()

"""What runs and what has run: each job with its progress, rate and remaining time.

Enter stops what runs or waits; on a change that did not do everything it shows the reasons.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from smartgallery_tui.ui.background import Lane
from smartgallery_tui.ui.content import line
from smartgallery_tui.ui.file_messages import FailuresWanted
from smartgallery_tui.ui.screens.grid_status import Progress
from smartgallery_tui.ui.screens.popup import Popup
from smartgallery_tui.ui.widgets.choice_list import ChoiceList

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from smartgallery_tui.ui.session import Session
    from smartgallery_tui.ui.works import Job

LOOK_S = 0.5
"""How often the list is looked at again."""


class JobsPopup(Popup[None]):
    """The lanes that are busy, and the changes of files.

    Args:
        session: What all screens share.
    """

    DEFAULT_CSS = """
    JobsPopup > Vertical { width: 76; }
    """

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._shown: list[str] = []
        self._rows: list[Lane | Job] = []

    def compose(self) -> ComposeResult:
        """Make the list."""
        with Vertical():
            yield Static(Content("Jobs"), classes="popup-title")
            yield ChoiceList(id="jobs")
            foot = "Enter stops what runs, or shows what was not done; Esc closes."
            yield Static(Content(foot), classes="popup-foot")

    def on_mount(self) -> None:
        """Show what runs, again and again."""
        self._show()
        self.set_interval(LOOK_S, self._show)

    def _show(self) -> None:
        background, works = self._session.background, self._session.works.all
        lanes = [one for one in background.lanes if not one.is_idle and one is not background.files]
        texts = [*(self._lane(lane) for lane in lanes), *(_job(job) for job in works)]
        if texts == self._shown and texts:
            return
        self._shown, self._rows = texts, [*lanes, *works]
        jobs = self.query_one("#jobs", ChoiceList)
        place = jobs.highlighted or 0
        jobs.clear_options()
        jobs.add_options(Option(line(text)) for text in texts)
        if not texts:
            jobs.add_option(Option(Content.styled("Nothing runs.", "dim"), disabled=True))
        jobs.highlighted = min(place, len(texts) - 1) if texts else None

    def _lane(self, lane: Lane) -> str:
        """Return one lane in words: what it does, how far it is, what waits behind it."""
        parts = [f"▸ {lane.running or lane.name}"]
        if lane is self._session.background.sync:
            progress = Progress(self._session.library.sync_progress()).text()
            parts += [progress] if progress else []
        if lane.waiting:
            parts.append(f"{lane.waiting:,} waiting")
        return "  ".join(parts)

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        chosen = self._rows[event.option_index]
        if isinstance(chosen, Lane):
            chosen.cancel()
        elif not chosen.is_over:
            chosen.stop.set()
        elif chosen.failed or chosen.left:
            self.dismiss(None)
            self.app.post_message(FailuresWanted(chosen))
        self._show()


def _job(job: Job) -> str:
    """Return one change of files in words, behind a sign for its state."""
    if job.is_over:
        sign = "✗" if job.failed else "■" if job.left else "✓"
    else:
        sign = "▸" if job.progress is not None else " "
    stopping = ", stops" if job.stop.is_set() and not job.is_over else ""
    return f"{sign} {job.text}{stopping}"

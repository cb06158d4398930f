"""Changes of files: run in a lane; what became of them is said, and shown on every screen."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from textual.screen import ModalScreen

from smartgallery_tui.ui import file_calls
from smartgallery_tui.ui import format as words
from smartgallery_tui.ui.ended import ended
from smartgallery_tui.ui.file_messages import WorkWanted
from smartgallery_tui.ui.screens.file_dialogs import FailuresPopup
from smartgallery_tui.ui.screens.popup import GRACE_S
from smartgallery_tui.ui.screens.roaming import RoamingScreen
from smartgallery_tui.ui.screens.trash import TrashScreen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smartgallery_tui.records import Outcome, Severity
    from smartgallery_tui.ui.file_messages import (
        FolderAnswered,
        Stepped,
        WorkDone,
        WorkGoesOn,
    )
    from smartgallery_tui.ui.library_app import LibraryApp
    from smartgallery_tui.ui.result_view import ResultView
    from smartgallery_tui.ui.works import Job, Work

_LOOK_FOR = 6_000
"""Rows among which an item for the cursor is looked for: as many as are kept."""
_FOLDERS = {"make": "made", "rename": "renamed", "trash": "moved to the trash"}
_FOLDER_STEPS = frozenset({"make folder", "remove folder"})
_FILE_STEPS = frozenset(
    {"rename", "move", "copy", "import", "trash", "restore", "make folder", "remove folder"}
)


class FileWorks:
    """Runs changes of files, and the way back; used by the event loop alone.

    Args:
        app: Runs calls, shows notices and dialogs, has the screens.
    """

    def __init__(self, app: LibraryApp) -> None:
        self._app = app

    def wanted(self, message: WorkWanted) -> None:
        """Make a change of files in a lane."""
        if self._app.session is None:
            return
        job = self._app.session.works.add(message.work)
        call = file_calls.working(self._app.session.library, job, self._app)
        self._app.background.files.submit(message.work.what, call, self._app)

    def goes_on(self, message: WorkGoesOn) -> None:
        """Show how far a change is."""
        message.job.progress = message.progress
        self._show_progress()

    def _show_progress(self) -> None:
        for screen in self._app.gallery_screens():
            screen.marks_changed()
        if isinstance(self._app.screen, TrashScreen):
            self._app.screen.show_progress()

    def done(self, message: WorkDone) -> None:
        """Say what became of a change, show it, and offer to try again what failed."""
        job, work = message.job, message.job.work
        if self._app.session is None:
            return
        self._app.session.works.end(job, message.outcomes)
        self._show_progress()
        is_shown = len(message.outcomes) > 1 and bool(job.failed) and self._is_free()
        self._say_work(job, "" if is_shown else self._app.keymap.show("app.jobs"))
        if job.done and work.is_changing:
            self._forget_marks(work, job.done)
            is_gone = work.what in {"trash", "delete"}
            gone = {outcome.id for outcome in job.done} if is_gone else set()
            self._show_changed(gone)
        if is_shown:
            self.show_failures(job)

    def _is_free(self) -> bool:
        """Tell whether no dialog has the keys."""
        return not isinstance(self._app.screen, ModalScreen)

    def show_failures(self, job: Job) -> None:
        """Show what of a change was not done, and offer to try it again."""
        missed = [*job.failed, *job.left]
        again = _again(job.work, missed)
        title = f"{len(job.done):,} done, {len(job.failed):,} failed"
        title += f", {len(job.left):,} left" if job.left else ""
        grace_s = GRACE_S + self._app.caps.rtt_ms / 1000
        popup = FailuresPopup(title, missed, can_retry=again is not None, grace_s=grace_s)
        self._app.push_screen(popup, partial(self._retry, again))

    def _say_work(self, job: Job, jobs_key: str) -> None:
        """Say what became of a change; of many changes the last one is what counts."""
        self._app.clear_notifications()
        text = ended(job, jobs_key)
        is_bad = bool(job.failed or job.left)
        severity: Severity = "information" if not is_bad else "warning" if job.done else "error"
        self._app.say(text, "information" if not job.outcomes else severity)

    def _forget_marks(self, work: Work, done: Sequence[Outcome]) -> None:
        if self._app.session is None or not work.is_removing:
            return
        self._app.session.marks.set_aside(outcome.id for outcome in done)
        for screen in self._app.gallery_screens():
            screen.marks_changed()

    def _retry(self, again: Work | None, is_wanted: bool | None) -> None:
        if is_wanted and again is not None:
            self._app.post_message(WorkWanted(again))

    def _show_changed(self, gone: set[int]) -> None:
        """Ask again for what is shown; the cursor goes to the next item that is still there."""
        self._read_trash_again()
        grid = self._app.grid_screen()
        session = self._app.session
        if grid is None or session is None:
            return
        detail = self._app.detail_screen()
        if detail is not None:
            grid.grid.cursor = detail.index
        session.held_id = None
        grid.searching.look_again(_survivor(session.view, grid.grid.cursor, gone))

    def _read_trash_again(self) -> None:
        for screen in self._app.screen_stack:
            if isinstance(screen, TrashScreen):
                screen.load()

    # Undo

    def stepped(self, message: Stepped) -> None:
        """Say what was taken back or done again, and go there."""
        if self._app.session is not None:
            self._app.session.works.drop(message.job)
        outcomes = message.outcomes
        step = "Undone" if message.is_undo else "Done again"
        if not outcomes:
            self._app.say(
                f"There is nothing to {'undo' if message.is_undo else 'redo'}.", "information"
            )
            return
        done = [outcome for outcome in outcomes if outcome.ok]
        failed = [outcome for outcome in outcomes if not outcome.ok]
        what = outcomes[0].what or "change"
        if done:
            name = done[0].path.rpartition("/")[2]
            is_named = len(done) == 1 and name
            of = name if is_named else words.count(len(done), "item")
            link = " " if is_named and what in _FOLDER_STEPS else " of "
            self._app.say(f"{step}: {what}{link}{of}.", "information")
        if failed:
            verb = "undone" if message.is_undo else "done again"
            self._app.say(f"{what} cannot be {verb}: {failed[0].reason}", "error")
        for screen in self._app.gallery_screens():
            screen.items_changed(message.items)
        if what in _FILE_STEPS:
            there = [outcome.id for outcome in done if outcome.id]
            if message.is_undo and self._app.session is not None:
                self._app.session.marks.take_back(there)
                self._show_progress()
            self._read_trash_again()
            grid = self._app.grid_screen()
            if grid is not None:
                grid.searching.look_again(there[0] if there else None)
        elif done and isinstance(self._app.screen, RoamingScreen):
            self._app.screen.go_to_item(done[0].id)

    # Folders

    def folder_answered(self, message: FolderAnswered) -> None:
        """Say what became of a folder."""
        outcome = message.outcome
        name = outcome.path.rpartition("/")[2]
        if not outcome.ok:
            self._app.say(f"folder: {outcome.reason}", "error")
            return
        self._app.say(
            f"Folder {name} {_FOLDERS[message.what]}. "
            f"{self._app.keymap.show('app.undo')} takes it back.",
            "information",
        )
        self._show_changed(set())


def _again(work: Work, failed: Sequence[Outcome]) -> Work | None:
    """Return the work that tries again what failed, or None where that cannot be told."""
    if work.again is not None:
        return work.again(failed)
    ids = tuple(outcome.id for outcome in failed if outcome.id)
    return replace(work, ids=ids) if ids else None


def _survivor(view: ResultView | None, index: int, gone: set[int]) -> int | None:
    """Return the item at a position, or the nearest one after it, or before, that is not gone."""
    if view is None:
        return None
    after = range(index, min(view.total, index + _LOOK_FOR))
    before = range(index - 1, max(-1, index - _LOOK_FOR), -1)
    for place in (*after, *before):
        item = view.get(place)
        if item is not None and item.id not in gone:
            return item.id
    return None

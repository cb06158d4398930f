"""The part of the app that runs changes of files and says what became of them."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from textual.screen import ModalScreen

from smartgallery_tui.ui import file_calls
from smartgallery_tui.ui import format as words
from smartgallery_tui.ui.ended import ended
from smartgallery_tui.ui.file_messages import WorkWanted
from smartgallery_tui.ui.library_app import LibraryApp
from smartgallery_tui.ui.screens.detail import DetailScreen
from smartgallery_tui.ui.screens.file_dialogs import FailuresPopup
from smartgallery_tui.ui.screens.grid import GridScreen
from smartgallery_tui.ui.screens.popup import GRACE_S
from smartgallery_tui.ui.screens.roaming import RoamingScreen
from smartgallery_tui.ui.screens.trash import TrashScreen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smartgallery_tui.records import Outcome, Severity
    from smartgallery_tui.ui.file_messages import (
        FailuresWanted,
        FolderAnswered,
        Stepped,
        WorkDone,
        WorkGoesOn,
    )
    from smartgallery_tui.ui.messages import SearchAnswered
    from smartgallery_tui.ui.result_view import ResultView
    from smartgallery_tui.ui.works import Job, Work

_LOOK_FOR = 6_000
"""Rows among which an item for the cursor is looked for: as many as are kept."""
_FOLDERS = {"make": "made", "rename": "renamed", "trash": "moved to the trash"}
_FOLDER_STEPS = frozenset({"make folder", "remove folder"})
_FILE_STEPS = frozenset(
    {"rename", "move", "copy", "import", "trash", "restore", "make folder", "remove folder"}
)


class FilingApp(LibraryApp):
    """An app whose library's files can be changed."""

    def on_work_wanted(self, message: WorkWanted) -> None:
        """Make a change of files in a lane."""
        if self._session is None:
            return
        job = self._session.works.add(message.work)
        call = file_calls.working(self._session.library, job, self)
        self.background.files.submit(message.work.what, call, self)

    def on_work_goes_on(self, message: WorkGoesOn) -> None:
        """Show how far a change is."""
        message.job.progress = message.progress
        self._show_progress()

    def _show_progress(self) -> None:
        for screen in self._gallery_screens():
            screen.marks_changed()
        if isinstance(self.screen, TrashScreen):
            self.screen.show_progress()

    def on_work_done(self, message: WorkDone) -> None:
        """Say what became of a change, show it, and offer to try again what failed."""
        job, work = message.job, message.job.work
        if self._session is None:
            return
        self._session.works.end(job, message.outcomes)
        self._show_progress()
        is_shown = len(message.outcomes) > 1 and bool(job.failed) and self._is_free()
        self._say_work(job, "" if is_shown else self.keymap.show("app.jobs"))
        if job.done and work.is_changing:
            self._forget_marks(work, job.done)
            is_gone = work.what in {"trash", "delete"}
            gone = {outcome.id for outcome in job.done} if is_gone else set()
            self._show_changed(gone)
        if is_shown:
            self.show_failures(job)

    def _is_free(self) -> bool:
        """Tell whether no dialog has the keys."""
        return not isinstance(self.screen, ModalScreen)

    def show_failures(self, job: Job) -> None:
        """Show what of a change was not done, and offer to try it again."""
        missed = [*job.failed, *job.left]
        again = _again(job.work, missed)
        title = f"{len(job.done):,} done, {len(job.failed):,} failed"
        title += f", {len(job.left):,} left" if job.left else ""
        grace_s = GRACE_S + self._caps.rtt_ms / 1000
        popup = FailuresPopup(title, missed, can_retry=again is not None, grace_s=grace_s)
        self.push_screen(popup, partial(self._retry, again))

    def on_failures_wanted(self, message: FailuresWanted) -> None:
        """Show what of a change was not done."""
        self.show_failures(message.job)

    def _say_work(self, job: Job, jobs_key: str) -> None:
        """Say what became of a change; of many changes the last one is what counts."""
        self.clear_notifications()
        text = ended(job, jobs_key)
        is_bad = bool(job.failed or job.left)
        severity: Severity = "information" if not is_bad else "warning" if job.done else "error"
        self.say(text, "information" if not job.outcomes else severity)

    def _forget_marks(self, work: Work, done: Sequence[Outcome]) -> None:
        if self._session is None or not work.is_removing:
            return
        self._session.marks.set_aside(outcome.id for outcome in done)
        for screen in self._gallery_screens():
            screen.marks_changed()

    def _retry(self, again: Work | None, is_wanted: bool | None) -> None:
        if is_wanted and again is not None:
            self.post_message(WorkWanted(again))

    def _show_changed(self, gone: set[int]) -> None:
        """Ask again for what is shown; the cursor goes to the next item that is still there."""
        self._read_trash_again()
        grid = self._grid()
        session = self._session
        if grid is None or session is None:
            return
        detail = self._detail()
        if detail is not None:
            grid.grid.cursor = detail.index
        session.held_id = None
        grid.searching.look_again(_survivor(session.view, grid.grid.cursor, gone))

    def _read_trash_again(self) -> None:
        for screen in self.screen_stack:
            if isinstance(screen, TrashScreen):
                screen.load()

    def _grid(self) -> GridScreen | None:
        return next((s for s in self.screen_stack if isinstance(s, GridScreen)), None)

    def _detail(self) -> DetailScreen | None:
        return next((s for s in self.screen_stack if isinstance(s, DetailScreen)), None)

    def on_search_answered(self, _message: SearchAnswered) -> None:
        """Leave the picture screen where the new answer is empty."""
        session = self._session
        is_empty = session is not None and session.view is not None and not session.view.total
        if is_empty and isinstance(self.screen, DetailScreen):
            self.screen.action_close()

    # Undo

    def on_stepped(self, message: Stepped) -> None:
        """Say what was taken back or done again, and go there."""
        if self._session is not None:
            self._session.works.drop(message.job)
        outcomes = message.outcomes
        step = "Undone" if message.is_undo else "Done again"
        if not outcomes:
            self.say(f"There is nothing to {'undo' if message.is_undo else 'redo'}.", "information")
            return
        done = [outcome for outcome in outcomes if outcome.ok]
        failed = [outcome for outcome in outcomes if not outcome.ok]
        what = outcomes[0].what or "change"
        if done:
            name = done[0].path.rpartition("/")[2]
            is_named = len(done) == 1 and name
            of = name if is_named else words.count(len(done), "item")
            link = " " if is_named and what in _FOLDER_STEPS else " of "
            self.say(f"{step}: {what}{link}{of}.", "information")
        if failed:
            verb = "undone" if message.is_undo else "done again"
            self.say(f"{what} cannot be {verb}: {failed[0].reason}", "error")
        for screen in self._gallery_screens():
            screen.items_changed(message.items)
        if what in _FILE_STEPS:
            there = [outcome.id for outcome in done if outcome.id]
            if message.is_undo and self._session is not None:
                self._session.marks.take_back(there)
                self._show_progress()
            self._read_trash_again()
            grid = self._grid()
            if grid is not None:
                grid.searching.look_again(there[0] if there else None)
        elif done and isinstance(self.screen, RoamingScreen):
            self.screen.go_to_item(done[0].id)

    # Folders

    def on_folder_answered(self, message: FolderAnswered) -> None:
        """Say what became of a folder."""
        outcome = message.outcome
        name = outcome.path.rpartition("/")[2]
        if not outcome.ok:
            self.say(f"folder: {outcome.reason}", "error")
            return
        self.say(
            f"Folder {name} {_FOLDERS[message.what]}. "
            f"{self.keymap.show('app.undo')} takes it back.",
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

"""Asking and answering: turns the query of the search box into the open result of the grid."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from smartgallery_tui.ui.result_view import ResultView
from smartgallery_tui.ui.screens import asking
from smartgallery_tui.ui.screens.base import GalleryScreen
from smartgallery_tui.ui.screens.sort_menu import SORTS
from smartgallery_tui.ui.search import SearchDesk

if TYPE_CHECKING:
    from textual.timer import Timer

    from smartgallery_tui.records import SortKey
    from smartgallery_tui.records.suggestions import Suggestions
    from smartgallery_tui.ui.messages import PageLoaded, SearchAnswered, SearchFailed
    from smartgallery_tui.ui.screens.grid import GridScreen
    from smartgallery_tui.ui.search import Question

REFRESH_S = 0.5
"""Wait for more changes before the question is asked again."""
LANDED_S = 0.01
"""Wait for more new files before the question is asked again, if answers are fast."""


class Searching:
    """The questions of a grid: what is asked now, what was asked before, and their answers.

    Args:
        screen: The grid whose box is asked with, and whose result an answer becomes.
    """

    def __init__(self, screen: GridScreen) -> None:
        self._screen = screen
        self._session = screen.session
        self._desk = SearchDesk()
        self._typing: Timer | None = None
        self._refresh: Timer | None = None
        self._submitted = ""
        self.error = ""
        """Why the query of the box cannot be read, or ""."""
        self.suggestions: Suggestions | None = None
        self.whole = 0
        """Items that an empty query finds."""
        self.offline: tuple[str, ...] = ()
        """Folders of the library that could not be read when it was looked last."""

    @property
    def asked(self) -> Question:
        """The question that was asked last."""
        return self._desk.asked

    @property
    def is_settled(self) -> bool:
        """True when no question waits to be asked or answered."""
        return self._typing is None and self._refresh is None and not self._desk.is_waiting

    @property
    def keeps_item(self) -> bool:
        """False while following: the newest item is the place to be, unless one left it."""
        top = self._screen.app.screen
        place = top.position if isinstance(top, GalleryScreen) else self._screen.grid.cursor
        return not self._session.is_following or place > 0

    # Asking

    def ask(self, question: Question, *, path: str = "") -> None:
        """Ask the library; an answer to an earlier question is dropped."""
        question = replace(question, folds=self._screen.groups.folds)
        ticket = self._desk.ask(question)
        place = asking.Place(question.item_id, self._screen.grid.cursor, path)
        call = asking.search(self._session.library, ticket, question, place)
        self._session.background.search.submit("search", call, self._screen)
        self._screen.filtering.text_asked(question.text, is_typing=question.is_typing)

    def ask_again(self) -> None:
        """Ask the same question of a library that changed; the cursor stays on its item."""
        self._refresh = None
        if not self.keeps_item:
            self._screen.grid.cursor = 0
        if self._desk.is_waiting:
            self.refresh_soon()
            return
        top = self._screen.app.screen
        shown = top.current if isinstance(top, GalleryScreen) else self._screen.current
        if shown is not None and shown.id == self._session.held_id:
            self._session.is_stale = True
            return
        item_id = shown.id if shown is not None and self.keeps_item else None
        self.ask(replace(self.asked, item_id=item_id))

    def look_again(self, item_id: int | None) -> None:
        """Ask the same question again; the cursor goes to an item, or stays on its own."""
        if item_id is None:
            self.refresh_soon()
        else:
            self.ask(replace(self.asked, item_id=item_id))

    def refresh_soon(self, delay_s: float = REFRESH_S) -> None:
        """Ask again in a moment; many changes make one question."""
        if self._refresh is None:
            self._refresh = self._screen.set_timer(delay_s, self.ask_again)

    def files_landed(self) -> None:
        """Ask again at once; slow answers are asked for less often."""
        self.refresh_soon(min(REFRESH_S, max(LANDED_S, 4 * self._desk.last_seconds)))

    def ask_for_newest(self) -> None:
        """Show the newest item of the search first."""
        self._screen.grid.cursor = 0
        self.ask(replace(self.asked, sort="date", is_descending=True, item_id=None))

    def search_for(self, text: str, *, is_typing: bool = False) -> None:
        """Ask a new question and remember the one before with its cursor.

        Args:
            text: The query.
            is_typing: It grows in the box: its first letters are no searches to return to.
        """
        self._stop_typing()
        asked = self.asked
        if text == asked.text and is_typing == asked.is_typing:
            return
        item_id = self._here()
        if not asked.is_typing and text.strip() != asked.text.strip():
            self._desk.leave(item_id, self._screen.grid.cursor_line)
        if item_id is None:
            item_id = self._desk.last_item_id  # nothing was found: go on where one came from
        self._screen.box.text = text
        self.ask(replace(asked, text=text, item_id=item_id, line=None, is_typing=is_typing))

    def edited(self, text: str) -> None:
        """Follow the letters that are typed, as fast as answers come."""
        self._stop_typing()
        wait_s = self._desk.wait_s()
        follow = partial(self.search_for, text, is_typing=True)
        if wait_s == 0.0:
            follow()
        else:
            self._typing = self._screen.set_timer(wait_s, follow)

    def submitted(self, text: str) -> None:
        """Take a query that is complete; once it is understood it is among the recent ones."""
        self._submitted = text
        self.search_for(text)

    def _note(self, text: str) -> None:
        """Keep a query among the recent ones, if it was submitted."""
        if text and text == self._submitted:
            call = asking.note(self._session.library, text)
            self._session.background.pages.submit("remembering", call, self._screen)
        self._submitted = ""

    def back(self) -> None:
        """Go back to the question before."""
        question = self._desk.back()
        if question is not None:
            self._screen.box.text = question.text
            self.ask(question)

    def sort_by(self, sort: SortKey, *, is_descending: bool) -> None:
        """Put the same result in another order; the cursor stays on its item."""
        seed = self.asked.seed + 1
        self.ask(
            replace(
                self.asked, sort=sort, is_descending=is_descending, item_id=self._here(), seed=seed
            )
        )

    def take(self, text: str, order: str = "") -> None:
        """Ask a question that was chosen elsewhere.

        Args:
            text: The query.
            order: As `date down`, or "" for the order in force.
        """
        sort, _, way = order.partition(" ")
        if sort in SORTS:
            asked = replace(self.asked, sort=SORTS[sort], is_descending=way == "down")
            self._desk.asked = asked
        self.search_for(text)

    def _here(self) -> int | None:
        current = self._screen.current
        return current.id if current else None

    def _stop_typing(self) -> None:
        if self._typing is not None:
            self._typing.stop()
            self._typing = None

    # Answers

    def answered(self, message: SearchAnswered) -> None:
        """Show an answer unless a newer question was asked."""
        if not self._desk.accept(message.ticket, message.seconds):
            return
        self.error = ""
        self._note(message.text)
        self.suggestions = message.suggestions
        self.whole = message.whole
        if set(self.offline) - set(message.offline):
            self._session.pictures.try_again()
        self.offline = message.offline
        screen, session = self._screen, self._session
        screen.box.clear_note()
        screen.pills.show_note(message.album_note)
        session.view = view = ResultView(message.result, message.start, message.items)
        session.marks.range_start = screen.grid.range_start = None
        screen.grid.set_result(view, message.cursor, self.asked.line)
        self._desk.asked = replace(self.asked, line=None)
        top = screen.app.screen
        if isinstance(top, GalleryScreen) and top is not screen:
            top.view_replaced(message.cursor)
        screen.show_state()
        screen.filtering.counts_wanted()

    def failed(self, message: SearchFailed) -> None:
        """Say what is wrong with the query; the last answer stays."""
        if self._desk.accept(message.ticket, 0.0):
            self.error = message.reason
            self._screen.box.show_error(message.reason, message.column, message.suggestion)
            self._screen.show_state()

    # Rows

    def want_rows(self, start: int, count: int) -> None:
        """Read those rows of a range that are not here."""
        asking.want_rows(self._session, start, count, self._screen)

    def rows_read(self, message: PageLoaded) -> None:
        """Take rows of the open result."""
        view = self._session.view
        if view is not None and message.ticket == id(view):
            view.put(message.start, message.items)
            self._screen.rows_changed()

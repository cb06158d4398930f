"""Asking and answering: the part of the grid that turns a query into an open result."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from textual import getters, on

from smartgallery_tui.ui.result_view import ResultView
from smartgallery_tui.ui.screens import asking
from smartgallery_tui.ui.screens.base import GalleryScreen
from smartgallery_tui.ui.screens.culling import CullingScreen
from smartgallery_tui.ui.screens.popup import ChoicePopup
from smartgallery_tui.ui.screens.roaming import RoamingScreen
from smartgallery_tui.ui.screens.sort_menu import SORTS, sort_choices
from smartgallery_tui.ui.search import SearchDesk
from smartgallery_tui.ui.widgets.search_box import SearchBox
from smartgallery_tui.ui.widgets.thumb_grid import ThumbGrid

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.timer import Timer

    from smartgallery_tui.records import Item
    from smartgallery_tui.records.suggestions import Suggestions
    from smartgallery_tui.ui.messages import (
        PageLoaded,
        SearchAnswered,
        SearchFailed,
    )
    from smartgallery_tui.ui.search import Question
    from smartgallery_tui.ui.session import Session

REFRESH_S = 0.5
"""Wait for more changes before the question is asked again."""


class SearchingScreen(RoamingScreen):
    """Keeps the search box, the filters and the open result in step.

    Args:
        session: What all screens share.
    """

    box = getters.query_one(SearchBox)
    grid = getters.query_one(ThumbGrid)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._desk = SearchDesk()
        self._typing: Timer | None = None
        self._refresh: Timer | None = None
        self._error = ""
        self._suggestions: Suggestions | None = None

    @property
    def current(self) -> Item | None:
        """The item under the cursor."""
        view = self.session.view
        return view.get(self.grid.cursor) if view and view.total else None

    @property
    def position(self) -> int:
        """Position of the cursor."""
        return self.grid.cursor

    @property
    def is_settled(self) -> bool:
        """True when no question waits to be asked or answered."""
        return self._typing is None and self._refresh is None and not self._desk.is_waiting

    @property
    def keeps_item(self) -> bool:
        """False where the newest item is to be shown, whatever the cursor stood on."""
        return True

    def show_state(self) -> None:
        """Show what is there, or what to do where nothing is."""
        raise NotImplementedError

    def show_status(self) -> None:
        """Show the position, the marks and the progress."""
        raise NotImplementedError

    def text_asked(self, text: str) -> None:
        """Show elsewhere which query is asked now."""

    def counts_wanted(self) -> None:
        """Count the values under the query anew."""

    def ask(self, question: Question, *, path: str = "") -> None:
        """Ask the library; an answer to an earlier question is dropped."""
        ticket = self._desk.ask(question)
        place = asking.Place(question.item_id, self.grid.cursor, path)
        call = asking.search(self.session.library, ticket, question, place)
        self.session.background.search.submit("search", call, self)
        self.text_asked(question.text)

    def ask_again(self) -> None:
        """Ask the same question of a library that changed; the cursor stays on its item."""
        self._refresh = None
        if self._desk.is_waiting:
            self.refresh_soon()
            return
        top = self.app.screen
        shown = top.current if isinstance(top, GalleryScreen) else self.current
        if shown is not None and shown.id == self.session.held_id:
            self.session.is_stale = True
            return
        item_id = shown.id if shown is not None and self.keeps_item else None
        self.ask(replace(self._desk.asked, item_id=item_id))

    def look_again(self, item_id: int | None) -> None:
        """Ask the same question again; the cursor goes to an item, or stays on its own."""
        if item_id is None:
            self.refresh_soon()
        else:
            self.ask(replace(self._desk.asked, item_id=item_id))

    def refresh_soon(self, delay_s: float = REFRESH_S) -> None:
        """Ask again in a moment; many changes make one question."""
        if self._refresh is None:
            self._refresh = self.set_timer(delay_s, self.ask_again)

    def search_for(self, text: str, *, is_typing: bool = False) -> None:
        """Ask a new question and remember the one before with its cursor.

        Args:
            text: The query.
            is_typing: It grows in the box: its first letters are no searches to return to.
        """
        self._stop_typing()
        asked = self._desk.asked
        if text == asked.text and is_typing == asked.is_typing:
            return
        item_id = self.current.id if self.current else None
        if not asked.is_typing and text.strip() != asked.text.strip():
            self._desk.leave(item_id)
        self.box.text = text
        self.ask(replace(asked, text=text, item_id=item_id, is_typing=is_typing))

    @on(SearchBox.Edited)
    def _edited(self, message: SearchBox.Edited) -> None:
        self._stop_typing()
        wait_s = self._desk.wait_s()
        if wait_s == 0.0:
            self.search_for(message.text, is_typing=True)
        else:
            follow = partial(self.search_for, message.text, is_typing=True)
            self._typing = self.set_timer(wait_s, follow)

    @on(SearchBox.Submitted)
    def _submitted(self, message: SearchBox.Submitted) -> None:
        self.search_for(message.text)
        self.set_focus(self.grid)
        call = asking.note(self.session.library, message.text)
        self.session.background.pages.submit("remembering", call, self)

    @on(SearchBox.Recalled)
    def _recalled(self) -> None:
        self.action_back()

    def _stop_typing(self) -> None:
        if self._typing is not None:
            self._typing.stop()
            self._typing = None

    def on_search_answered(self, message: SearchAnswered) -> None:
        """Show an answer unless a newer question was asked."""
        if not self._desk.accept(message.ticket, message.seconds):
            return
        self._error = ""
        self._suggestions = message.suggestions
        self.box.clear_note()
        view = ResultView(message.result, message.start, message.items)
        self.session.view = view
        self.session.marks.range_start = None
        self.grid.set_result(view, message.cursor)
        top = self.app.screen
        if isinstance(top, CullingScreen) and top is not self:
            top.view_replaced(message.cursor)
        self.show_state()
        self.counts_wanted()

    def on_search_failed(self, message: SearchFailed) -> None:
        """Say what is wrong with the query; the last answer stays."""
        if self._desk.accept(message.ticket, 0.0):
            self._error = message.reason
            self.box.show_error(message.reason, message.column, message.suggestion)
            self.show_state()

    # Rows

    @on(ThumbGrid.PageWanted)
    def _page_wanted(self, message: ThumbGrid.PageWanted) -> None:
        view = self.session.view
        if view is not None:
            for start in view.wanted(message.start, message.count):
                call = asking.page(view, start)
                self.session.background.pages.submit("reading rows", call, self)

    def on_page_loaded(self, message: PageLoaded) -> None:
        """Take rows of the open result."""
        view = self.session.view
        if view is not None and message.ticket == id(view):
            view.put(message.start, message.items)
            self.grid.rows_changed()
            self.show_status()

    def items_changed(self, items: Sequence[Item]) -> None:
        """Take newer versions of rows."""
        if self.session.view is not None:
            self.session.view.replace(items)
            self.grid.rows_changed()
            self.show_status()
            self.counts_wanted()

    # Order

    def take_search(self, text: str, order: str = "") -> None:
        """Show a search that was chosen elsewhere."""
        sort, _, way = order.partition(" ")
        if sort in SORTS:
            asked = replace(self._desk.asked, sort=SORTS[sort], is_descending=way == "down")
            self._desk.asked = asked
        self.search_for(text)

    def action_back(self) -> None:
        """Go back to the question before."""
        question = self._desk.back()
        if question is not None:
            self.box.text = question.text
            self.ask(question)

    def action_sort(self) -> None:
        """Choose the order."""
        asked = self._desk.asked
        popup = ChoicePopup(
            "Sort by",
            sort_choices(),
            current=f"{asked.sort} {'down' if asked.is_descending else 'up'}",
            foot="Capital letters turn the order round.",
        )
        self.app.push_screen(popup, self._sorted)

    def _sorted(self, choice: str | None) -> None:
        if choice is None:
            return
        sort, _, way = choice.partition(" ")
        asked = self._desk.asked
        item_id = self.current.id if self.current else None
        self.ask(
            replace(
                asked,
                sort=SORTS[sort],
                is_descending=way == "down",
                item_id=item_id,
                seed=asked.seed + 1,
            )
        )

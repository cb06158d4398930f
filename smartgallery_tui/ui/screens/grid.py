"""The grid: thumbnails of the open result, the search box above, the filters at the side."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import getters, on
from textual.containers import Horizontal
from textual.widgets import Static

from smartgallery_tui.ui.actions import for_screen
from smartgallery_tui.ui.keymap import bindings_for
from smartgallery_tui.ui.query_text import toggle
from smartgallery_tui.ui.result_view import ResultView
from smartgallery_tui.ui.screens import asking, empty, grid_status
from smartgallery_tui.ui.screens.base import GalleryScreen
from smartgallery_tui.ui.screens.detail import DetailScreen
from smartgallery_tui.ui.screens.popup import ChoicePopup
from smartgallery_tui.ui.screens.sort_menu import SORTS, sort_choices
from smartgallery_tui.ui.search import Question, SearchDesk
from smartgallery_tui.ui.widgets.filter_sidebar import FilterSidebar
from smartgallery_tui.ui.widgets.search_box import SearchBox
from smartgallery_tui.ui.widgets.status_line import HintBar, StatusLine
from smartgallery_tui.ui.widgets.thumb_grid import ThumbGrid

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.timer import Timer

    from smartgallery_tui.records import Event, Item
    from smartgallery_tui.ui.actions import Scope
    from smartgallery_tui.ui.messages import (
        FacetsLoaded,
        PageLoaded,
        SearchAnswered,
        SearchFailed,
        StatsLoaded,
    )
    from smartgallery_tui.ui.session import Session


class GridScreen(GalleryScreen):
    """Browse and search.

    Args:
        session: What all screens share.
    """

    scope: ClassVar[Scope] = "grid"
    BINDINGS = bindings_for("grid")
    DEFAULT_CSS = """
    GridScreen #middle { height: 1fr; }
    GridScreen ThumbGrid { width: 1fr; height: 1fr; }
    GridScreen #empty { display: none; width: 1fr; height: 1fr; padding: 1 3; }
    GridScreen.-empty #empty { display: block; }
    GridScreen.-empty ThumbGrid { display: none; }
    GridScreen FilterSidebar { display: none; }
    GridScreen.-filtering FilterSidebar { display: block; }
    """

    box = getters.query_one(SearchBox)
    grid = getters.query_one(ThumbGrid)
    filters = getters.query_one(FilterSidebar)
    status = getters.query_one(StatusLine)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._desk = SearchDesk()
        self._facets_ticket = 0
        self._typing: Timer | None = None
        self._progress = grid_status.Progress()
        self._refresh: Timer | None = None
        self._error = ""

    # Parts

    def compose(self) -> ComposeResult:
        """Make the box, the filters, the grid and the two rows at the foot."""
        yield SearchBox()
        with Horizontal(id="middle"):
            yield FilterSidebar()
            yield ThumbGrid(self.session.pictures)
            yield Static("", id="empty", markup=False)
        yield StatusLine()
        yield HintBar(self.session.keymap, for_screen("grid"))
        yield self.too_small()

    def on_mount(self) -> None:
        """Ask the first question."""
        self.grid.marks = set(self.session.marks.ids)
        self.grid.focus()
        text = self.session.options.query
        self.box.text = text
        self.ask(Question(text), path=self.session.options.start_path)

    @property
    def current(self) -> Item | None:
        """The item under the cursor."""
        view = self.session.view
        return view.get(self.grid.cursor) if view and view.total else None

    def targets(self) -> list[int]:
        """Return the marked ids, else the one under the cursor."""
        if len(self.session.marks):
            return self.session.marks.ids
        return [self.current.id] if self.current else []

    # Searching

    def ask(self, question: Question, *, path: str = "") -> None:
        """Ask the library; an answer to an earlier question is dropped."""
        ticket = self._desk.ask(question)
        place = asking.Place(question.item_id, self.grid.cursor, path)
        call = asking.search(self.session.library, ticket, question, place)
        self.session.background.search.submit("search", call, self)
        if self.has_class("-filtering"):
            self.filters.show_text(question.text)

    def ask_again(self) -> None:
        """Ask the same question of a library that changed; the cursor stays on its item."""
        self._refresh = None
        if self._desk.is_waiting:
            self.refresh_soon()
            return
        question = self._desk.asked
        item_id = self.current.id if self.current else None
        self.ask(Question(question.text, question.sort, question.is_descending, item_id))

    def refresh_soon(self) -> None:
        """Ask again in a moment; many changes make one question."""
        if self._refresh is None:
            self._refresh = self.set_timer(0.5, self.ask_again)

    def search_for(self, text: str) -> None:
        """Ask a new question and remember the one before with its cursor."""
        self._stop_typing()
        asked = self._desk.asked
        if text.strip() == asked.text.strip():
            return
        self._desk.leave(self.current.id if self.current else None)
        self.box.text = text
        item_id = self.current.id if self.current else None
        self.ask(Question(text, asked.sort, asked.is_descending, item_id))

    @on(SearchBox.Edited)
    def _edited(self, message: SearchBox.Edited) -> None:
        self._stop_typing()
        wait_s = self._desk.wait_s()
        if wait_s == 0.0:
            self.search_for(message.text)
        else:
            self._typing = self.set_timer(wait_s, lambda: self.search_for(message.text))

    @on(SearchBox.Submitted)
    def _submitted(self, message: SearchBox.Submitted) -> None:
        self.search_for(message.text)
        self.grid.focus()

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
        self.box.clear_note()
        view = ResultView(message.result, message.start, message.items)
        self.session.view = view
        self.session.marks.range_start = None
        self.grid.set_result(view, message.cursor)
        self._show_state()
        self._load_facets()

    def on_search_failed(self, message: SearchFailed) -> None:
        """Say what is wrong with the query; the last answer stays."""
        if self._desk.accept(message.ticket, 0.0):
            self._error = message.reason
            self.box.show_error(message.reason, message.column, message.suggestion)
            self._show_state()

    def _load_facets(self) -> None:
        if self.has_class("-filtering"):
            self._facets_ticket += 1
            call = asking.facets(self.session.library, self._facets_ticket, self._desk.asked.text)
            self.session.background.facets.submit("counting", call, self)

    def on_facets_loaded(self, message: FacetsLoaded) -> None:
        """Show counts unless the query has changed since."""
        if message.ticket == self._facets_ticket:
            self.filters.show(message.facets, self._desk.asked.text)

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
            self._show_status()

    def items_changed(self, items: Sequence[Item]) -> None:
        """Take newer versions of rows."""
        if self.session.view is not None:
            self.session.view.replace(items)
            self.grid.rows_changed()
            self._show_status()
            self._load_facets()

    def marks_changed(self) -> None:
        """Show the marks as they are now."""
        self.grid.marks = set(self.session.marks.ids)
        self._show_status()

    # Status

    @on(ThumbGrid.CursorMoved)
    def _cursor_moved(self) -> None:
        self._show_status()

    @on(ThumbGrid.Opened)
    def _opened(self) -> None:
        self.action_open()

    def sync_news(self, event: Event) -> None:
        """Show progress; look again where rows were written."""
        if self._progress.take(event):
            self.refresh_soon()
        self._show_state()

    def on_stats_loaded(self, message: StatsLoaded) -> None:
        """Take the totals of the view."""
        self._progress.stats = message.stats
        self._show_state()

    def _show_state(self) -> None:
        view = self.session.view
        is_empty = view is not None and view.total == 0
        if is_empty:
            words = empty.words(self._desk.asked.text, self._progress, view)
            self.query_one("#empty", Static).update(words)
        self.set_class(is_empty, "-empty")
        self._show_status()

    def _show_status(self) -> None:
        view = self.session.view
        self.status.left = grid_status.left(self.current, self.grid.cursor, view)
        self.status.right = grid_status.right(self.session.marks, self._progress, view)
        self.box.show_count(grid_status.count(view, self._desk.asked))

    # Actions

    def action_move(self, dx: int, dy: int) -> None:
        """Move the cursor."""
        self.grid.move(dx, dy)

    def action_page(self, pages: int) -> None:
        """Go a page up or down."""
        self.grid.page(pages)

    def action_first(self) -> None:
        """Go to the first item."""
        self.grid.cursor = 0

    def action_last(self) -> None:
        """Go to the last item."""
        self.grid.cursor = self.session.view.total - 1 if self.session.view else 0

    def action_step(self, delta: int) -> None:
        """Go to the next or previous item."""
        self.grid.cursor += delta

    def action_step_marked(self, delta: int) -> None:
        """Go to the next marked item."""
        view = self.session.view
        if view is None or not len(self.session.marks):
            return
        call = asking.next_marked(view, self.session.marks.ids, self.grid.cursor, delta)
        self.session.background.pages.submit("finding marks", call, self)

    def on_marked_found(self, message: asking.MarkedFound) -> None:
        """Go to the marked item that was found."""
        self.grid.cursor = message.index

    def action_resize(self, steps: int) -> None:
        """Make the pictures bigger or smaller."""
        self.grid.resize_cards(steps)

    def action_open(self) -> None:
        """Show the picture large, or leave a pick with the choice."""
        if self.session.options.is_pick:
            self.app.post_message(asking.Picked())
        elif self.current is not None:
            detail = DetailScreen(self.session, self.grid.cursor)
            self.app.push_screen(detail, lambda _: self._came_back(detail))

    def _came_back(self, detail: DetailScreen) -> None:
        self.grid.cursor = detail.index
        self.marks_changed()

    def action_search(self) -> None:
        """Let keys go into the search box."""
        self.box.focus_box()

    def action_filter(self) -> None:
        """Open the filters and go there; from there, close them."""
        if self.has_class("-filtering"):
            self.remove_class("-filtering")
            self.grid.focus()
        else:
            self.add_class("-filtering")
            self.filters.show_text(self._desk.asked.text)
            self.filters.focus()
            self._load_facets()

    @on(FilterSidebar.Chosen)
    def _filter_chosen(self, message: FilterSidebar.Chosen) -> None:
        text = toggle(self.box.text, message.field, message.value, exclude=message.is_excluded)
        self.search_for(text)

    @on(FilterSidebar.Cleared)
    def _filters_cleared(self) -> None:
        self.search_for("")

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
        self.ask(Question(asked.text, SORTS[sort], way == "down", item_id))

    def action_mark(self, is_stepping: bool) -> None:
        """Mark the item under the cursor."""
        if self.current is not None:
            self.session.marks.toggle(self.current.id)
            if is_stepping:
                self.grid.cursor += 1
            self.marks_changed()

    def action_range(self) -> None:
        """Begin a range, or mark everything from its beginning to the cursor."""
        marks = self.session.marks
        view = self.session.view
        if marks.range_start is None or view is None:
            marks.range_start = self.grid.cursor
        else:
            first, last = sorted((marks.range_start, self.grid.cursor))
            marks.range_start = None
            self._mark_ids(first, last + 1, is_inverting=False)
        self.marks_changed()

    def action_invert(self) -> None:
        """Mark what is not marked."""
        self._mark_ids(0, None, is_inverting=True)

    def action_mark_all(self) -> None:
        """Mark every result."""
        self._mark_ids(0, None, is_inverting=False)

    def _mark_ids(self, start: int, end: int | None, *, is_inverting: bool) -> None:
        if self.session.view is not None:
            call = asking.ids(self.session.view, start, end, is_inverting=is_inverting)
            self.session.background.pages.submit("marking", call, self)

    def on_ids_loaded(self, message: asking.IdsLoaded) -> None:
        """Mark the ids that were asked for."""
        if message.is_inverting:
            self.session.marks.invert(message.ids)
        else:
            self.session.marks.add(message.ids)
        self.marks_changed()

    def action_rescan(self) -> None:
        """Look for new and changed files."""
        self.app.post_message(asking.SyncWanted())

    def action_escape(self) -> None:
        """Step back: clear the box, leave it, clear the search, clear the marks."""
        if self.box.has_focus_within_box and self.box.text:
            self.box.text = ""
            self.search_for("")
        elif not self.grid.has_focus:
            self.grid.focus()
        elif self._desk.asked.text or self._error:
            self.search_for("")
        elif self.session.marks.clear():
            self.marks_changed()

    def action_quit(self) -> None:
        """Leave the program."""
        self.app.post_message(asking.QuitWanted())

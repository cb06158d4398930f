"""The grid: thumbnails of the open result, the search box above, the filters at the side."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import getters, on
from textual.containers import Horizontal
from textual.widgets import Static

from smartgallery_tui.ui.actions import for_screen
from smartgallery_tui.ui.keymap import bindings_for
from smartgallery_tui.ui.screens import asking, empty, grid_status
from smartgallery_tui.ui.screens.detail import DetailScreen
from smartgallery_tui.ui.screens.searching import SearchingScreen
from smartgallery_tui.ui.search import Question
from smartgallery_tui.ui.widgets.filter_sidebar import FilterSidebar
from smartgallery_tui.ui.widgets.search_box import SearchBox
from smartgallery_tui.ui.widgets.status_line import HintBar, StatusLine
from smartgallery_tui.ui.widgets.thumb_grid import ThumbGrid

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from smartgallery_tui.records import Event
    from smartgallery_tui.ui.actions import Scope
    from smartgallery_tui.ui.messages import (
        StatsLoaded,
    )
    from smartgallery_tui.ui.session import Session


class GridScreen(SearchingScreen):
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

    status = getters.query_one(StatusLine)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._progress = grid_status.Progress()

    # Parts

    def compose(self) -> ComposeResult:
        """Make the box, the filters, the grid and the two rows at the foot."""
        yield SearchBox()
        with Horizontal(id="middle"):
            yield FilterSidebar()
            look = self.session.library.settings.view
            yield ThumbGrid(
                self.session.pictures, picture_px=look.thumbnail_size, density=look.density
            )
            yield Static("", id="empty", markup=False)
        yield StatusLine()
        yield HintBar(self.session.keymap, for_screen("grid"))
        yield from self.extras()

    def on_mount(self) -> None:
        """Ask the first question."""
        self.grid.marks = set(self.session.marks.ids)
        self.grid.focus()
        text = self.session.options.query
        self.box.text = text
        self.ask(Question(text), path=self.session.options.start_path)

    def targets(self) -> list[int]:
        """Return the marked ids, else the one under the cursor."""
        if len(self.session.marks):
            return self.session.marks.ids
        return [self.current.id] if self.current else []

    def marks_changed(self) -> None:
        """Show the marks as they are now."""
        self.grid.marks = set(self.session.marks.ids)
        self.show_status()

    # Status

    @on(ThumbGrid.CursorMoved)
    def _cursor_moved(self) -> None:
        self.show_status()

    @on(ThumbGrid.Opened)
    def _opened(self) -> None:
        self.action_open()

    def sync_news(self, event: Event) -> None:
        """Show progress; look again where rows were written."""
        if self._progress.take(event):
            self.refresh_soon()
        self.show_state()

    def on_stats_loaded(self, message: StatsLoaded) -> None:
        """Take the totals of the view."""
        self._progress.stats = message.stats
        self.show_state()

    def show_state(self) -> None:
        """Show what is there, or what to do where nothing is."""
        view = self.session.view
        is_empty = view is not None and view.total == 0
        if is_empty:
            words = empty.words(self._desk.asked.text, self._progress, view)
            self.query_one("#empty", Static).update(words)
        self.set_class(is_empty, "-empty")
        if not is_empty and self.focused is None:
            self.grid.focus()
        self.show_status()

    def show_status(self) -> None:
        """Show the position, the marks and the progress."""
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

    def action_go_to(self, place: int) -> None:
        """Go to the item of a number that counts from 1."""
        self.grid.cursor = place - 1

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

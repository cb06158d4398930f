"""The grid: thumbnails of the open result, the search box above, the filters at the side."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import getters, on
from textual.containers import Horizontal
from textual.widgets import Static

from smartgallery_tui.records.searches import SavedSearch
from smartgallery_tui.ui.actions import for_screen
from smartgallery_tui.ui.keymap import bindings_for
from smartgallery_tui.ui.messages import Said
from smartgallery_tui.ui.screens import asking, empty, grid_status
from smartgallery_tui.ui.screens.compare import COMPARED, compared
from smartgallery_tui.ui.screens.detail import DetailScreen
from smartgallery_tui.ui.screens.live import LiveGrid
from smartgallery_tui.ui.screens.names import TextPopup
from smartgallery_tui.ui.widgets.filter_sidebar import FilterSidebar
from smartgallery_tui.ui.widgets.pill_bar import PillBar
from smartgallery_tui.ui.widgets.row_list import RowList
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


class GridScreen(LiveGrid):
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
    """

    status = getters.query_one(StatusLine)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._progress = grid_status.Progress()

    # Parts

    def compose(self) -> ComposeResult:
        """Make the box, the filters, the grid and the two rows at the foot."""
        yield SearchBox()
        yield PillBar()
        with Horizontal(id="middle"):
            yield FilterSidebar()
            look = self.session.library.settings.view
            yield ThumbGrid(
                self.session.pictures, picture_px=look.thumbnail_size, density=look.density
            )
            yield RowList()
            yield Static("", id="empty", markup=False)
        yield StatusLine()
        yield HintBar(self.session.keymap, for_screen("grid"))
        yield from self.extras()

    def on_mount(self) -> None:
        """Ask the first question."""
        self.grid.marks = set(self.session.marks.ids)
        self.set_focus(self.grid)
        question = self.first_question()
        self.box.text = question.text
        self.ask(question, path=self.session.options.start_path)
        if self.session.options.is_following:
            self.action_follow()
        call = asking.warm_up(self.session.library)
        self.session.background.facets.submit("reading ahead", call, self)

    def marks_changed(self) -> None:
        """Show the marks as they are now."""
        self.grid.marks = set(self.session.marks.ids)
        self.show_status()

    # Status

    @on(ThumbGrid.CursorMoved)
    def _cursor_moved(self) -> None:
        self.show_status()
        self.let_go()

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
            asked = self._desk.asked.text
            words = empty.words(asked, self._progress, view, self._suggestions)
            self.query_one("#empty", Static).update(words)
        self.set_class(is_empty, "-empty")
        if not (is_empty or self.is_list) and self.focused is None:
            self.set_focus(self.grid)
        self.show_status()

    def show_status(self) -> None:
        """Show the position, the marks and the progress."""
        view = self.session.view
        self.status.left = grid_status.left(self.current, self.grid.cursor, view)
        self.status.right = grid_status.right(
            self.session.marks, self._progress, view, self.modes(), outside=self.marks_outside()
        )
        self.query_one(HintBar).marked = len(self.session.marks)
        self.set_class(self._is_cursor_high(), "-cursor-high")
        self.show_list()
        self.box.show_count(grid_status.count(view, self._desk.asked))

    def _is_cursor_high(self) -> bool:
        """Tell whether the cursor stands in the upper half, where notices would cover it."""
        layout = self.grid.layout_now
        if self.is_list:
            return self.grid.cursor - self.rows.first < self.rows.rows // 2
        return (self.grid.cursor // layout.columns - self.grid.top_row) * 2 < layout.rows

    # Actions

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

    def action_resize(self, steps: int) -> None:
        """Make the pictures bigger or smaller."""
        self.grid.resize_cards(steps)

    def action_open(self) -> None:
        """Show the picture large, or leave a pick with the choice."""
        view = self.session.view
        if view is not None and not view.total:
            self._take_suggestion()
        elif self.session.options.is_pick:
            self.app.post_message(asking.Picked())
        elif self.current is not None:
            detail = DetailScreen(self.session, self.grid.cursor)
            self.app.push_screen(detail, lambda _: self._came_back(detail))

    def _take_suggestion(self) -> None:
        if self._suggestions is not None and self._suggestions.spellings:
            self.search_for(self._suggestions.spellings[0].query)

    def _came_back(self, detail: DetailScreen) -> None:
        self.grid.cursor = detail.index
        self.marks_changed()

    def action_search(self) -> None:
        """Let keys go into the search box."""
        self.box.focus_box()

    def step_on(self) -> None:
        """Go to the next item, in cull mode after a judgement."""
        self.grid.cursor += 1

    def action_save_search(self) -> None:
        """Ask for a name and keep the search."""
        asked = self._desk.asked

        def named(name: str | None) -> None:
            if name:
                search = SavedSearch(name, asked.text, asked.sort, asked.is_descending)
                self._read("saving", asking.save_search(self.session.library, search))

        self.app.push_screen(TextPopup("Name of this search", asked.text[:40]), named)

    def action_slideshow(self) -> None:
        """Open the picture and step on by itself."""
        if self.current is not None:
            detail = DetailScreen(self.session, self.grid.cursor, is_showing=True)
            self.app.push_screen(detail, lambda _: self._came_back(detail))

    def action_compare(self) -> None:
        """Put marked items side by side; without marks, this one and the one before."""
        ids = self.session.marks.ids[:COMPARED]
        if len(ids) < 2 and self.session.view is not None:
            places = (self.grid.cursor, max(0, self.grid.cursor - 1))
            rows = [self.session.view.get(place) for place in places]
            ids = list(dict.fromkeys(item.id for item in rows if item is not None))
        if len(ids) > 1:
            self._read("comparing", compared(self.session.library, ids))
        else:
            self.app.post_message(Said("Mark two to four items to compare them.", "information"))

    def action_rescan(self) -> None:
        """Look for new and changed files."""
        self.app.post_message(asking.SyncWanted())

    def action_escape(self) -> None:
        """Step back: clear the box, leave it, clear the search, clear the marks."""
        self.close_notices()
        if self.box.has_focus_within_box and self.box.text:
            self.box.text = ""
            self.search_for("")
        elif self.focused is self.filters and self.filters.leave_narrow():
            pass
        elif self.focused not in (None, self.grid):
            self.set_focus(self.grid)
        elif self._desk.asked.text or self._error:
            self.search_for("")
        elif self.session.marks.clear():
            self.marks_changed()

    def action_quit(self) -> None:
        """Leave the program."""
        self.app.post_message(asking.QuitWanted())

"""What the grid tells: the status line, the count, and what to do where nothing is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widgets import Static

from smartgallery_tui.records import SyncProgress
from smartgallery_tui.ui.notices import LASTS_S
from smartgallery_tui.ui.screens import empty, grid_status
from smartgallery_tui.ui.widgets.status_line import HintBar

if TYPE_CHECKING:
    from smartgallery_tui.records import Event
    from smartgallery_tui.ui.screens.grid import GridScreen


class Telling:
    """The words around the cards of a grid.

    Args:
        screen: The grid that they stand on.
    """

    def __init__(self, screen: GridScreen) -> None:
        self._screen = screen
        self._session = screen.session
        self._progress = grid_status.Progress()

    def sync_news(self, event: Event) -> None:
        """Show progress; look again where rows were written."""
        if self._progress.take(event):
            self._screen.searching.refresh_soon()
        if isinstance(event, SyncProgress) and event.message and event.state == "done":
            self._screen.set_timer(LASTS_S["information"], self._forget_the_end)
        self.show_state()

    def _forget_the_end(self) -> None:
        """Take down what the last scan found, unless the next one runs."""
        if self._progress.sync.state == "done":
            self._progress.take(SyncProgress("idle"))
            self.show_status()

    def show_state(self) -> None:
        """Show what is there, or what to do where nothing is."""
        screen, view = self._screen, self._session.view
        is_empty = view is not None and view.total == 0
        if is_empty:
            searching = screen.searching
            is_looking = self._progress.is_busy or not searching.is_settled
            words = empty.words(
                searching.asked.text, view, searching.suggestions, is_looking=is_looking
            )
            screen.query_one("#empty", Static).update(words)
        screen.set_class(is_empty, "-empty")
        if screen.focused in (None, screen.grid):
            screen.focus_items()
        self.show_status()

    def show_status(self) -> None:
        """Show the position, the marks and the progress."""
        screen, session = self._screen, self._session
        view = session.view
        outside = screen.marking.outside()
        screen.status.left = grid_status.left(screen.current, screen.grid.cursor, view)
        screen.status.right = grid_status.right(
            session.marks,
            self._progress,
            view,
            screen.modes(),
            outside=outside,
            offline=screen.searching.offline,
        )
        screen.query_one(HintBar).marked = len(session.marks)
        screen.set_class(self._is_cursor_high(), "-cursor-high")
        screen.aside.show()
        screen.listing.show()
        searching = screen.searching
        screen.box.show_count(grid_status.count(view, searching.asked, searching.whole))

    def _is_cursor_high(self) -> bool:
        """Tell whether notices at the foot leave the cursor alone, else they take the top.

        The cursor is a caption: that of a single row of cards stands at the foot.
        """
        grid, rows = self._screen.grid, self._screen.rows
        if self._screen.listing.is_on:
            return grid.cursor - rows.first < rows.rows // 2
        return grid.cursor_line * 2 < grid.layout_now.rows - 1

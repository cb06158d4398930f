"""Marks, ranges and jumps of the grid."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartgallery_tui.ui.screens import asking

if TYPE_CHECKING:
    from smartgallery_tui.ui.grouping import Grouping
    from smartgallery_tui.ui.result_view import ResultView
    from smartgallery_tui.ui.screens.grid import GridScreen


class GridMarks:
    """Marks items of the open result and finds marked ones.

    Args:
        screen: The grid whose cursor and result are meant.
    """

    def __init__(self, screen: GridScreen) -> None:
        self._screen = screen
        self._session = screen.session
        self._outside = 0
        self._counted: tuple[ResultView | None, int] = (None, 0)
        self._is_counting = False

    # How many are elsewhere

    def outside(self) -> int:
        """Return how many marked items the open result does not have, as last counted.

        After a change the number is asked for, and the status shown again when it is here.
        """
        view, marks = self._session.view, self._session.marks
        now = (view, marks.version)
        if not len(marks):
            self._outside = 0
        elif view is not None and now != self._counted and not self._is_counting:
            self._counted = now
            self._is_counting = True
            call = asking.outside(view, marks.ids)
            self._session.background.pages.submit("counting marks", call, self._screen)
        return self._outside

    def outside_counted(self, message: asking.OutsideCounted) -> None:
        """Show how many marked items are not to be seen here."""
        self._is_counting = False
        now = (self._session.view, self._session.marks.version)
        if message.count != self._outside or now != self._counted:
            self._outside = message.count
            self._screen.show_status()

    # Marking

    def mark(self, *, is_stepping: bool) -> None:
        """Mark the item under the cursor, or take its mark away."""
        current = self._screen.current
        if current is not None:
            if not self._mark_group(is_marking=current.id not in self._session.marks):
                self._session.marks.toggle(current.id)
            if is_stepping or self._session.is_culling:
                self._screen.grid.cursor += 1
            self._screen.marks_changed()

    def _mark_group(self, *, is_marking: bool) -> bool:
        """Mark or unmark the whole of a closed group; return whether there is one."""
        view, place = self._session.view, self._screen.grid.cursor
        if view is None or not view.closed(place):
            return False
        call = asking.ids(view, place, place + 1, how="add" if is_marking else "discard")
        self._session.background.pages.submit("marking", call, self._screen)
        return True

    def mark_range(self) -> None:
        """Begin a range, or mark everything from its beginning to the cursor."""
        marks = self._session.marks
        cursor = self._screen.grid.cursor
        if marks.range_start is None or self._session.view is None:
            marks.range_start = cursor
        else:
            first, last = sorted((marks.range_start, cursor))
            marks.range_start = None
            self.mark_places(first, last + 1)
        self._screen.marks_changed()

    def draw_range(self, first: int, last: int | None, *, is_done: bool) -> None:
        """Show the range that the pointer is drawn over; mark it once the button is let go."""
        self._session.marks.range_start = None if is_done else first
        last = self._screen.grid.cursor if last is None else last
        self._screen.grid.cursor = last
        if is_done:
            self.mark_places(min(first, last), max(first, last) + 1)
        self._screen.marks_changed()

    def mark_places(self, start: int, end: int | None, *, is_inverting: bool = False) -> None:
        """Mark a part of the result, to its end where `end` is None."""
        if self._session.view is not None:
            how: asking.Marking = "invert" if is_inverting else "add"
            call = asking.ids(self._session.view, start, end, how=how)
            self._session.background.pages.submit("marking", call, self._screen)

    def ids_read(self, message: asking.IdsLoaded) -> None:
        """Mark the ids that were asked for."""
        marks = self._session.marks
        {"add": marks.add, "discard": marks.discard, "invert": marks.invert}[message.how](
            message.ids
        )
        self._screen.marks_changed()

    @property
    def steps_by(self) -> Grouping:
        """What groups are; without any the day, or the folder where names are sorted."""
        is_by_name = self._screen.searching.asked.sort == "name"
        return self._screen.grid.grouping or ("folder" if is_by_name else "day")

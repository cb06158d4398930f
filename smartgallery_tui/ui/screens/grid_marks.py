"""Marks, ranges and jumps of the grid."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from textual import on

from smartgallery_tui.ui.screens import asking
from smartgallery_tui.ui.screens.filtering import FilteringScreen
from smartgallery_tui.ui.widgets.pointed import Pointed

if TYPE_CHECKING:
    from smartgallery_tui.ui.grouping import Grouping
    from smartgallery_tui.ui.result_view import ResultView
    from smartgallery_tui.ui.session import Session


class MarkingGrid(FilteringScreen):
    """The part of the grid that marks items and finds marked ones."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._outside = 0
        self._counted: tuple[ResultView | None, int] = (None, 0)
        self._is_counting = False

    def marks_outside(self) -> int:
        """Return how many marked items the open result does not have, as last counted.

        After a change the number is asked for, and the status shown again when it is here.
        """
        view, marks = self.session.view, self.session.marks
        now = (view, marks.version)
        if not len(marks):
            self._outside = 0
        elif view is not None and now != self._counted and not self._is_counting:
            self._counted = now
            self._is_counting = True
            call = asking.outside(view, marks.ids)
            self.session.background.pages.submit("counting marks", call, self)
        return self._outside

    def on_outside_counted(self, message: asking.OutsideCounted) -> None:
        """Show how many marked items are not to be seen here."""
        self._is_counting = False
        now = (self.session.view, self.session.marks.version)
        if message.count != self._outside or now != self._counted:
            self._outside = message.count
            self.show_status()

    def action_step_marked(self, delta: int) -> None:
        """Go to the next marked item."""
        view = self.session.view
        if view is None or not len(self.session.marks):
            return
        call = asking.next_marked(view, self.session.marks.ids, self.grid.cursor, delta)
        self.session.background.pages.submit("finding marks", call, self)

    @on(Pointed.Clicked)
    def _clicked(self, message: Pointed.Clicked) -> None:
        self.grid.cursor = message.index
        if message.is_double:
            self.action_open()

    @on(Pointed.Wheeled)
    def _wheeled(self, message: Pointed.Wheeled) -> None:
        self.action_move(0, message.rows)

    @on(Pointed.Dragged)
    def _dragged(self, message: Pointed.Dragged) -> None:
        self._mark_ids(message.first, message.last + 1, is_inverting=False)

    def action_open(self) -> None:
        """Open the item under the cursor."""
        raise NotImplementedError

    def action_move(self, dx: int, dy: int) -> None:
        """Move the cursor."""
        raise NotImplementedError

    def on_marked_found(self, message: asking.MarkedFound) -> None:
        """Go to the marked item that was found."""
        self.grid.cursor = message.index

    def on_item_hidden(self, message: asking.ItemHidden) -> None:
        """Ask again for an item that the open result does not have: an undo may bring it back."""
        self.ask(replace(self._desk.asked, item_id=message.item_id))

    def action_mark(self, is_stepping: bool) -> None:
        """Mark the item under the cursor."""
        if self.current is not None:
            self.session.marks.toggle(self.current.id)
            if is_stepping or self.session.is_culling:
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

    def action_step_group(self, delta: int) -> None:
        """Go to the next group; without groups the next day, or folder where names are sorted."""
        view = self.session.view
        if view is not None and view.total:
            plain: Grouping = "folder" if self._desk.asked.sort == "name" else "day"
            by = self.grid.grouping or plain
            call = asking.next_group(view, self.grid.cursor, delta, by)
            self.session.background.pages.submit("finding", call, self)

    def go_to_item(self, item_id: int) -> None:
        """Go to an item of the open result, if it has it."""
        view = self.session.view
        if view is not None:
            call = asking.find_item(view, item_id)
            self.session.background.pages.submit("finding", call, self)

    def targets(self) -> list[int]:
        """Return the marked ids, else the one under the cursor; in cull mode always that one."""
        if len(self.session.marks) and not self.session.is_culling:
            return self.session.marks.ids
        return [self.current.id] if self.current else []

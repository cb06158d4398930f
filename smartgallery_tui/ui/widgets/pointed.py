"""The mouse over a list of items: click, double click, wheel, and drag over a range."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message
from textual.widget import Widget

if TYPE_CHECKING:
    from textual import events


class Pointed(Widget):
    """A widget whose items have places on the screen."""

    _pressed_at: int | None = None
    _drawn_to: int | None = None
    """Where a range that is being drawn ends; None before it has begun."""

    @dataclass
    class Clicked(Message):
        """An item was clicked."""

        index: int
        is_double: bool
        with_key: str = ""
        """`ctrl` or `shift` where that was held, as for one more mark or for a range."""

    @dataclass
    class HeadingClicked(Message):
        """The heading of an item's group was clicked."""

        index: int

    @dataclass
    class Dragged(Message):
        """The pointer is drawn over items, from one position to another."""

        first: int
        last: int | None
        """None: to where the cursor has come, the pointer is beyond the edge."""
        is_done: bool
        """The button was let go."""

    @dataclass
    class Wheeled(Message):
        """The wheel was turned by rows, down where positive."""

        rows: int

    def pointed_index(self, x: int, y: int) -> int | None:
        """Return the position of the item at a cell of the widget, or None."""
        raise NotImplementedError

    def pointed_heading(self, x: int, y: int) -> int | None:
        """Return the position of an item whose group's heading is at a cell, or None."""
        raise NotImplementedError

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Note where a range may begin."""
        if event.button == 1:
            self._pressed_at = self.pointed_index(event.x, event.y)
            self._drawn_to = None
            self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Show the range that the pointer is drawn over; beyond the edge it grows by rows."""
        first, index = self._pressed_at, self.pointed_index(event.x, event.y)
        if first is None or event.button != 1:
            return
        if index is not None and index != (first if self._drawn_to is None else self._drawn_to):
            self._drawn_to = index
            self.post_message(self.Dragged(first, index, is_done=False))
        elif index is None and not 0 <= event.y < self.size.height:
            self.post_message(self.Wheeled(1 if event.y > 0 else -1))

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """Take the range that was drawn."""
        self.release_mouse()
        first, self._pressed_at = self._pressed_at, None
        last = self.pointed_index(event.x, event.y)
        is_drawn = self._drawn_to is not None or last not in (None, first)
        if first is not None and is_drawn:
            self.post_message(self.Dragged(first, last, is_done=True))

    def on_click(self, event: events.Click) -> None:
        """Put the cursor on an item; a double click opens it, a click on a heading its group."""
        heading = self.pointed_heading(event.x, event.y)
        index = self.pointed_index(event.x, event.y)
        if heading is not None:
            self.post_message(self.HeadingClicked(heading))
        elif index is not None:
            with_key = "shift" if event.shift else "ctrl" if event.ctrl or event.meta else ""
            self.post_message(self.Clicked(index, event.chain == 2, with_key))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Go one row down."""
        event.stop()
        self.post_message(self.Wheeled(1))

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Go one row up."""
        event.stop()
        self.post_message(self.Wheeled(-1))

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

    @dataclass
    class Clicked(Message):
        """An item was clicked."""

        index: int
        is_double: bool

    @dataclass
    class HeadingClicked(Message):
        """The heading of an item's group was clicked."""

        index: int

    @dataclass
    class Dragged(Message):
        """The pointer was drawn over items, from one position to another."""

        first: int
        last: int

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
            self.capture_mouse()

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """Take the range that was drawn."""
        self.release_mouse()
        first, self._pressed_at = self._pressed_at, None
        last = self.pointed_index(event.x, event.y)
        if first is not None and last is not None and first != last:
            self.post_message(self.Dragged(min(first, last), max(first, last)))

    def on_click(self, event: events.Click) -> None:
        """Put the cursor on an item; a double click opens it."""
        heading = self.pointed_heading(event.x, event.y)
        index = self.pointed_index(event.x, event.y)
        if heading is not None:
            self.post_message(self.HeadingClicked(heading))
        elif index is not None:
            self.post_message(self.Clicked(index, event.chain == 2))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Go one row down."""
        event.stop()
        self.post_message(self.Wheeled(1))

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Go one row up."""
        event.stop()
        self.post_message(self.Wheeled(-1))

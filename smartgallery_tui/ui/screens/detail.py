"""The lightbox: one picture large, its information beside it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, ClassVar

from textual import events, getters, on
from textual.containers import Horizontal
from textual.content import Content
from textual.reactive import reactive

from smartgallery_tui.ui.actions import for_screen
from smartgallery_tui.ui.keymap import bindings_for
from smartgallery_tui.ui.messages import InfoLoaded, PageLoaded, RefreshWanted
from smartgallery_tui.ui.screens import asking, grid_status
from smartgallery_tui.ui.screens.compare import to_compare
from smartgallery_tui.ui.screens.inspecting import Inspector
from smartgallery_tui.ui.screens.playing import FramesRead, Playback, Slideshow
from smartgallery_tui.ui.screens.roaming import RoamingScreen
from smartgallery_tui.ui.screens.visit import Visit
from smartgallery_tui.ui.widgets.info_panel import InfoPanel
from smartgallery_tui.ui.widgets.picture_view import PictureView
from smartgallery_tui.ui.widgets.status_line import HintBar, StatusLine

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from smartgallery_tui.records import Item
    from smartgallery_tui.ui.actions import Scope
    from smartgallery_tui.ui.session import Session
    from smartgallery_tui.ui.widgets.node_text import NodeText


_CSS = """
DetailScreen #middle { height: 1fr; }
DetailScreen #picture { width: 1fr; height: 1fr; }
DetailScreen.-narrow #middle { layout: vertical; }
DetailScreen.-text #picture { display: none; }
DetailScreen.-text #info-inputs { display: none; }
DetailScreen.-text InfoPanel { display: block; width: 100%; height: 1fr; border: none; }
"""


class DetailScreen(RoamingScreen):
    """Walks through the open result, one item at a time.

    It is kept when it is closed; `visit` begins anew and forgets what came before.

    Args:
        session: What all screens share; its `view` is the result.
    """

    scope: ClassVar[Scope] = "detail"
    BINDINGS = bindings_for("detail")
    DEFAULT_CSS = _CSS

    index: reactive[int] = reactive(0, init=False)
    """Position in the result."""

    picture = getters.query_one("#picture", PictureView)
    info = getters.query_one(InfoPanel)
    status = getters.query_one(StatusLine)
    hints = getters.query_one(HintBar)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        picture = PictureView(session.pictures)
        picture.id = "picture"
        panel = InfoPanel(session.pictures)
        self._parts = (picture, panel)
        self.inspector = Inspector(self, session, panel)
        self.playback = Playback(self, session, picture, self.show_status)
        self.slides = Slideshow(self, self.step_on)
        self.visit = Visit(self)
        self._shown_id = 0

    def compose(self) -> ComposeResult:
        """Make the picture, the panel and the two rows at the foot."""
        yield Horizontal(*self._parts, id="middle")
        yield StatusLine()
        yield HintBar(self.session.keymap, for_screen("detail"))
        yield from self.extras()

    def on_mount(self) -> None:
        """Show the first item, if one was asked for."""
        self.visit.made()

    @on(events.Resize)
    def _laid_out(self, event: events.Resize) -> None:
        self.visit.room = event.size

    def on_screen_suspend(self) -> None:
        """Forget what was shown when the screen is closed."""
        self.visit.left()

    # What is shown

    @property
    def current(self) -> Item | None:
        """The shown item."""
        view = self.session.view
        return view.get(self.index) if view else None

    def targets(self) -> list[int]:
        """Return the shown item: here an action means it alone."""
        return [self.current.id] if self.current else []

    @property
    def position(self) -> int:
        """Position of the shown item."""
        return self.index

    def watch_index(self) -> None:
        """Show the item at the new position."""
        self.show_item()
        self.let_go()

    def view_replaced(self, index: int) -> None:
        """Stay on the shown item, which the new result has at `index`."""
        self.set_reactive(DetailScreen.index, self.validate_index(index))
        if not self.visit.is_made:
            return  # its parts are still being made; they show this position then
        item = self.current
        if item is not None and self.picture.item is not None and item.id == self._shown_id:
            self._show_status(item)
        else:
            self.show_item()

    def on_item_hidden(self, message: asking.ItemHidden) -> None:
        """Have the search asked again for an item that it may find now."""
        self.app.post_message(RefreshWanted(message.item_id))

    def validate_index(self, index: int) -> int:
        """Keep the position inside the result."""
        total = self.session.view.total if self.session.view else 0
        return max(0, min(index, total - 1))

    def show_item(self) -> None:
        """Show the item at the position, or that it is being read."""
        item, view = self.current, self.session.view
        asking.want_rows(self.session, self.index - 4, 12, self)
        if item is None or view is None:
            self.status.left = Content("Loading …")
            return
        self._shown_id = item.id
        self.picture.show(item, view.neighbours(self.index))
        self.playback.play(item)
        self._show_status(item)
        self.inspector.show(item)

    def _show_status(self, item: Item) -> None:
        is_marked = item.id in self.session.marks
        mark = grid_status.MARKED if is_marked else Content()
        self.status.left = grid_status.left(item, self.index, self.session.view) + mark
        self.status.right = grid_status.facts(item, self.modes())

    def modes(self) -> list[str]:
        """Return what goes on, in words for the status line."""
        own = (self.picture.view_words, self.slides.mode, self.playback.mode)
        return [*super().modes(), *(mode for mode in own if mode)]

    def on_page_loaded(self, message: PageLoaded) -> None:
        """Take rows; show the item if it is among them."""
        view = self.session.view
        if view is None or message.ticket != id(view):
            return
        was_missing = self.current is None
        view.put(message.start, message.items)
        if was_missing and self.current is not None and self.visit.is_open:
            self.show_item()

    def on_info_loaded(self, message: InfoLoaded) -> None:
        """Show a tab."""
        self.inspector.take(message)

    def on_frames_read(self, message: FramesRead) -> None:
        """Play an animation."""
        if self.visit.is_open:
            self.playback.take(message, self.current)
            self.show_status()

    def on_picture_view_changed(self) -> None:
        """Say how the picture is shown now."""
        self.show_status()

    def items_changed(self, items: Sequence[Item]) -> None:
        """Take newer versions of rows."""
        if self.session.view is not None:
            self.session.view.replace(items)
        item = self.current
        if item is not None and any(item.id == other.id for other in items):
            self._show_status(item)
            self.inspector.show(item)

    def marks_changed(self) -> None:
        """Show whether the item is marked."""
        self.show_status()

    # Moving

    def action_pan(self, dx: int, dy: int) -> None:
        """Go to a neighbour or scroll the information; zoomed in, move the picture."""
        if self.picture.is_zoomed:
            self.picture.pan(dx, dy)
        elif dx:
            self.index += dx
        else:
            self.info.scroll_rows(dy)

    def action_go_to(self, place: int) -> None:
        """Show the item of a number that counts from 1."""
        self.index = place - 1

    def action_step(self, delta: int) -> None:
        """Go to a neighbour."""
        self.index += delta

    def on_marked_found(self, message: asking.MarkedFound) -> None:
        """Show the item that was found."""
        self.index = message.index

    def action_first(self) -> None:
        """Go to the first item."""
        self.index = 0

    def action_last(self) -> None:
        """Go to the last item; positions stay inside the result."""
        self.index = sys.maxsize

    def action_page(self, pages: float) -> None:
        """Scroll the information."""
        self.info.scroll_pages(pages)

    # The information

    def action_info(self) -> None:
        """Show or hide the information."""
        self.inspector.switch()

    def action_tab(self, delta: int) -> None:
        """Show another tab of the information; open it if it is closed."""
        self.inspector.step_tab(delta)

    def action_raw(self) -> None:
        """Show the raw data."""
        self.inspector.open("raw")

    def action_find(self) -> None:
        """Look for words in the information."""
        self.inspector.find()

    def action_fold(self) -> None:
        """Walk the tree of nodes, to close and open them."""
        self.inspector.fold()

    def on_node_text_taken(self, message: NodeText.Taken) -> None:
        """Show the keys of the tree while it has them."""
        self.query_one(HintBar).aside = message.hints

    # The view

    def action_rotate(self, quarter_turns: int) -> None:
        """Rotate the view."""
        self.picture.rotate(quarter_turns)

    def action_flip(self, is_vertical: bool) -> None:
        """Flip the view."""
        self.picture.flip(vertically=is_vertical)

    def action_zoom(self, steps: int) -> None:
        """Zoom in or out; in a slideshow, stay longer or shorter."""
        if self.slides.is_on:
            self.slides.change_delay(steps)
            self.show_status()
        else:
            self.picture.zoom(steps)

    def action_slideshow(self) -> None:
        """Step on by itself; again: stop."""
        self.slides.switch()
        self.show_status()

    def action_play(self) -> None:
        """Pause the animation, or let it go on."""
        self.playback.pause()
        self.show_status()

    def action_frame(self, delta: int) -> None:
        """Show the next or previous frame and stay on it."""
        self.playback.step(delta)
        self.show_status()

    def action_compare(self) -> None:
        """Compare this item with the marked ones, or with the one before."""
        self.compare(to_compare(self.session, self.index, is_shown=True))

    def step_on(self) -> None:
        """Show the next item."""
        self.index += 1

    def show_status(self) -> None:
        """Show the position, what is marked and what goes on."""
        if self.current is not None and self.visit.is_open and self.visit.is_made:
            self._show_status(self.current)

    def action_fit(self) -> None:
        """Fit the picture to the screen."""
        self.picture.fit()

    def action_actual(self) -> None:
        """Show one pixel for one pixel."""
        self.picture.actual()

    def action_mark(self, is_stepping: bool) -> None:
        """Mark the item, and step on if asked to."""
        if self.current is not None:
            self.session.marks.toggle(self.current.id)
            self.marks_changed()
        if is_stepping or self.session.is_culling:
            self.index += 1

    def action_escape(self) -> None:
        """Leave the field of the search, else go back to the grid."""
        self.close_notices()
        self.inspector.leave_find() if self.inspector.is_finding else self.action_close()

    def action_close(self) -> None:
        """Go back to the grid, with the cursor on the shown item."""
        self.dismiss(None)

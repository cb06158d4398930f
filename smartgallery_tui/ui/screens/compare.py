"""Two to four items side by side, zoomed together, and below them only what differs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Static

from smartgallery_tui.errors import SmartGalleryError
from smartgallery_tui.ui.content import line
from smartgallery_tui.ui.differences import differences
from smartgallery_tui.ui.widgets.picture_view import PictureView

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from smartgallery_tui.library import Library
    from smartgallery_tui.records import Item
    from smartgallery_tui.ui.background import Call
    from smartgallery_tui.ui.pictures.layer import PictureLayer

COMPARED = 4
"""Items that fit beside each other."""


@dataclass
class CompareReady(Message):
    """The items to compare were read."""

    items: list[Item]
    differences: Content


def compared(library: Library, ids: list[int]) -> Call:
    """Return a call that reads items and what differs between them."""

    def call(_cancelled: object) -> CompareReady:
        items = library.items(ids)
        generations = [library.generation(item.id) for item in items]
        graphs = [_graph(library, item.id) for item in items]
        return CompareReady(items, differences(items, generations, graphs))

    return call


def _graph(library: Library, item_id: int) -> str | None:
    """Return the API graph of an item as its file has it; None where it cannot be read."""
    try:
        return library.raw(item_id)["prompt"]
    except SmartGalleryError:
        return None


class CompareScreen(Screen[None]):
    """The pictures beside each other.

    Args:
        pictures: The app's picture layer.
        ready: What was read.
    """

    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,enter", "dismiss(None)", "Close", show=False),
        Binding("c", "flicker", "One in place of the other", show=False),
        Binding("plus,equals_sign", "zoom(1)", "Zoom in", show=False),
        Binding("minus", "zoom(-1)", "Zoom out", show=False),
        Binding("w", "fit", "Fit", show=False),
        Binding("W", "actual", "Actual size", show=False),
        Binding("h,left", "pan(-1,0)", "Left", show=False),
        Binding("l,right", "pan(1,0)", "Right", show=False),
        Binding("k,up", "pan(0,-1)", "Up", show=False),
        Binding("j,down", "pan(0,1)", "Down", show=False),
        Binding("J,pagedown,ctrl+d", "scroll(1)", "Scroll down", show=False),
        Binding("K,pageup,ctrl+u", "scroll(-1)", "Scroll up", show=False),
    ]
    DEFAULT_CSS = """
    CompareScreen { background: $background; }
    CompareScreen #compared { height: 1fr; }
    CompareScreen .compared-one { width: 1fr; height: 1fr; }
    CompareScreen .compared-one Static { height: 1; color: $accent; padding: 0 1; }
    CompareScreen PictureView { width: 1fr; height: 1fr; }
    CompareScreen #differences { height: auto; max-height: 40%; background: $surface;
        padding: 0 1; scrollbar-size-vertical: 1; }
    CompareScreen #compare-foot { height: 1; background: $panel; color: $text-muted; padding: 0 1; }
    CompareScreen .-hidden { display: none; }
    """

    def __init__(self, pictures: PictureLayer, ready: CompareReady) -> None:
        super().__init__()
        self._pictures = pictures
        self._ready = ready
        self._alone: int | None = None

    def compose(self) -> ComposeResult:
        """Make the pictures and the table."""
        with Horizontal(id="compared"):
            for item in self._ready.items:
                with Vertical(classes="compared-one"):
                    yield Static(line(item.name))
                    yield PictureView(self._pictures)
        with VerticalScroll(id="differences"):
            yield Static(self._ready.differences)
        yield Static(
            Content("c one at a time  + - zoom  w fit  hjkl pan  J K scroll  Esc back"),
            id="compare-foot",
        )

    def on_mount(self) -> None:
        """Show the pictures."""
        for view, item in zip(self.query(PictureView), self._ready.items, strict=True):
            view.show(item)

    def action_flicker(self) -> None:
        """Show one in the place of the other; after the last, all again."""
        count = len(self._ready.items)
        following = 0 if self._alone is None else self._alone + 1
        self._alone = following if following < count else None
        for place, one in enumerate(self.query(".compared-one")):
            one.set_class(self._alone is not None and place != self._alone, "-hidden")

    def action_zoom(self, steps: int) -> None:
        """Zoom all."""
        for view in self.query(PictureView):
            view.zoom(steps)

    def action_fit(self) -> None:
        """Fit all."""
        for view in self.query(PictureView):
            view.fit()

    def action_actual(self) -> None:
        """Show one pixel for one pixel in all."""
        for view in self.query(PictureView):
            view.actual()

    def action_pan(self, dx: int, dy: int) -> None:
        """Move all."""
        for view in self.query(PictureView):
            view.pan(dx, dy)

    def action_scroll(self, pages: int) -> None:
        """Scroll what differs."""
        scroll = self.query_one("#differences")
        scroll.scroll_relative(y=pages * max(1, scroll.size.height - 1), animate=False)

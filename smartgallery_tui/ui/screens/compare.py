"""Two to four items side by side, zoomed together, and below them only what differs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from smartgallery_tui.errors import SmartGalleryError
from smartgallery_tui.ui import format as words
from smartgallery_tui.ui.content import fit
from smartgallery_tui.ui.differences import differences
from smartgallery_tui.ui.screens.beside import BesideScreen
from smartgallery_tui.ui.widgets.picture_view import PictureView
from smartgallery_tui.ui.widgets.row_text import RowText

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from smartgallery_tui.library import Library
    from smartgallery_tui.records import Item
    from smartgallery_tui.ui.background import Call
    from smartgallery_tui.ui.pictures.layer import PictureLayer
    from smartgallery_tui.ui.session import Session
    from smartgallery_tui.ui.text_rows import Row

COMPARED = 4
"""Items that fit beside each other."""


@dataclass
class CompareReady(Message):
    """The items to compare were read."""

    items: list[Item]
    differences: Sequence[Row]
    wanted: int = 0
    """How many were to be compared; there is room for the first of them."""


def to_compare(session: Session, index: int, *, is_shown: bool = False) -> list[int]:
    """Return the marked items, or an item and its neighbour; none where there is only one.

    Args:
        session: Has the marks and the result.
        index: Position of the item.
        is_shown: The item is on the screen, alone: it is compared with the marked ones.
    """
    view = session.view
    item = view.get(index) if view is not None else None
    marked = session.marks.ids
    ids = list(dict.fromkeys([item.id, *marked])) if item is not None and is_shown else marked
    if len(ids) < 2 and view is not None and item is not None:
        other = view.get(index - 1) or view.get(index + 1)
        ids = list(dict.fromkeys([item.id, *marked, *([other.id] if other else [])]))
    return ids if len(ids) > 1 else []


def compared(library: Library, ids: Sequence[int]) -> Call:
    """Return a call that reads the first items of a choice and what differs between them."""

    def call(_cancelled: object) -> CompareReady:
        items = library.items(list(ids[:COMPARED]))
        generations = [library.generation(item.id) for item in items]
        graphs = [_graph(library, item.id) for item in items]
        return CompareReady(items, differences(items, generations, graphs), len(ids))

    return call


def _graph(library: Library, item_id: int) -> str | None:
    """Return the API graph of an item as its file has it; None where it cannot be read."""
    try:
        return library.raw(item_id)["prompt"]
    except SmartGalleryError:
        return None


class CompareScreen(BesideScreen):
    """The pictures beside each other, what differs below them.

    Args:
        pictures: The app's picture layer.
        ready: What was read.
    """

    HELP_TITLE = "Keys of the comparison"
    AUTO_FOCUS = ""
    SHOWS_JOBS: ClassVar = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("c,n,space", "flicker(1)", "Show one in place of the other", show=False),
        Binding("p,backspace", "flicker(-1)", "Show the one before", show=False),
        Binding("i", "table", "Show what differs, or give its room to the pictures", show=False),
        Binding("J,pagedown,ctrl+d", "scroll(1)", "Scroll what differs down", show=False),
        Binding("K,pageup,ctrl+u", "scroll(-1)", "Scroll what differs up", show=False),
        Binding("plus,equals_sign", "zoom(1)", "Zoom in", show=False),
        Binding("minus", "zoom(-1)", "Zoom out", show=False),
        Binding("w", "fit", "Fit the pictures to their room", show=False),
        Binding("W", "actual", "Show one pixel for one pixel", show=False),
        Binding("h,left", "pan(-1,0)", "Zoomed in, pan left", show=False),
        Binding("l,right", "pan(1,0)", "Zoomed in, pan right", show=False),
        Binding("k,up", "pan(0,-1)", "Scroll what differs; zoomed in, pan up", show=False),
        Binding("j,down", "pan(0,1)", "Scroll what differs; zoomed in, pan down", show=False),
        Binding("less_than_sign", "rotate(-1)", "Rotate to the left", show=False),
        Binding("greater_than_sign", "rotate(1)", "Rotate to the right", show=False),
        Binding("underscore", "flip(False)", "Flip horizontally", show=False),
        Binding("backslash", "flip(True)", "Flip vertically", show=False),
        Binding("escape,q,enter", "dismiss(None)", "Close", show=False),
    ]
    FOOT = "c one by one  + - zoom  hjkl pan  i table  ? keys  Esc back"
    DEFAULT_CSS = """
    CompareScreen { background: $background; }
    CompareScreen #compared { height: 1fr; }
    CompareScreen .compared-one { width: 1fr; height: 1fr; padding-right: 1; }
    CompareScreen .compared-one Static { height: 1; padding: 0 1; }
    CompareScreen .compared-name { color: $accent; }
    CompareScreen .compared-facts { color: $text-muted; }
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
            for number, item in enumerate(self._ready.items, 1):
                with Vertical(classes="compared-one"):
                    yield _Name(f"{number} {item.name}")
                    facts = (words.dimensions(item), words.megapixels(item), words.aspect(item))
                    yield Static(
                        Content("  ".join(fact for fact in facts if fact)), classes="compared-facts"
                    )
                    yield PictureView(self._pictures)
        with VerticalScroll(id="differences"):
            yield RowText(self._ready.differences)
        count, wanted = len(self._ready.items), self._ready.wanted
        lead = f"first {count} of {wanted:,}  " if wanted > count else ""
        yield Static(Content(lead + self.FOOT), id="compare-foot")

    def on_mount(self) -> None:
        """Show the pictures."""
        for view, item in zip(self.query(PictureView), self._ready.items, strict=True):
            view.show(item)

    def action_flicker(self, delta: int) -> None:
        """Show one in the place of the other; after the last, all again."""
        places = [None, *range(len(self._ready.items))]
        self._alone = places[(places.index(self._alone) + delta) % len(places)]
        for place, one in enumerate(self.query(".compared-one")):
            one.set_class(self._alone is not None and place != self._alone, "-hidden")

    def action_table(self) -> None:
        """Show what differs, or give its room to the pictures."""
        self.query_one("#differences").toggle_class("-hidden")

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

    def action_rotate(self, quarter_turns: int) -> None:
        """Rotate all."""
        for view in self.query(PictureView):
            view.rotate(quarter_turns)

    def action_flip(self, is_vertical: bool) -> None:
        """Flip all."""
        for view in self.query(PictureView):
            view.flip(vertically=is_vertical)

    def action_pan(self, dx: int, dy: int) -> None:
        """Move all; where there is nothing to move, scroll what differs."""
        views = list(self.query(PictureView))
        if dy and not any(view.is_zoomed for view in views):
            self.query_one("#differences").scroll_relative(y=dy, animate=False)
        for view in views:
            view.pan(dx, dy)

    def action_scroll(self, pages: int) -> None:
        """Scroll what differs."""
        scroll = self.query_one("#differences")
        scroll.scroll_relative(y=pages * max(1, scroll.size.height - 1), animate=False)


class _Name(Static):
    """A name that is cut in its middle where there is no room: the number at its end stays."""

    def __init__(self, name: str) -> None:
        super().__init__(classes="compared-name", markup=False)
        self._whole = name

    def render(self) -> Content:
        """Return as much as fits."""
        return Content(fit(self._whole, max(4, self.content_size.width)))

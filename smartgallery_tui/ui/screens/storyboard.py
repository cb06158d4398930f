"""The storyboard: eleven frames of a video or animated picture, each to be looked at large."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from smartgallery_tui.errors import SmartGalleryError
from smartgallery_tui.ui import format as words
from smartgallery_tui.ui.content import line
from smartgallery_tui.ui.screens.beside import BesideScreen
from smartgallery_tui.ui.widgets.picture_view import PictureView

if TYPE_CHECKING:
    import threading

    from textual.app import ComposeResult

    from smartgallery_tui.library import Library
    from smartgallery_tui.records import Item, Picture
    from smartgallery_tui.ui.background import Call
    from smartgallery_tui.ui.session import Session

MOVING = frozenset({"video", "animated"})
"""Kinds of files that have frames."""
LARGEST_PX = 960
"""Longest side of a frame: eleven of them stay in memory while they are shown."""
_SHORT_MS = 60_000
_COLUMNS = 4


@dataclass
class StoryboardRead(Message):
    """The frames are here, or a line that says why not."""

    pictures: list[Picture]
    problem: str = ""


def read_storyboard(library: Library, item: Item, box_px: tuple[int, int]) -> Call:
    """Return a call that reads the frames."""

    def call(cancelled: threading.Event) -> StoryboardRead | None:
        try:
            pictures = library.storyboard(item.id, box_px)
        except SmartGalleryError as error:
            return StoryboardRead([], str(error))
        return None if cancelled.is_set() else StoryboardRead(pictures)

    return call


class StoryboardScreen(BesideScreen):
    """Frames in a grid with a cursor; Enter shows one large, the arrows walk.

    Args:
        session: What all screens share.
        item: The video or animated picture.
    """

    HELP_TITLE = "Keys of the storyboard"
    AUTO_FOCUS = ""
    SHOWS_JOBS: ClassVar = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "back", "All frames again, or close", show=False),
        Binding("E", "dismiss(None)", "Close", show=False),
        Binding("enter,o,space", "zoom", "Show one frame large, or all again", show=False),
        Binding("h,left,p", "step(-1)", "Go to the frame before", show=False),
        Binding("l,right,n", "step(1)", "Go to the next frame", show=False),
        Binding("k,up", f"step(-{_COLUMNS})", "Go a row up", show=False),
        Binding("j,down", f"step({_COLUMNS})", "Go a row down", show=False),
        Binding("g,home", "step(-100)", "Go to the first frame", show=False),
        Binding("G,end", "step(100)", "Go to the last frame", show=False),
        Binding("plus,equals_sign", "scale(1)", "Zoom in", show=False),
        Binding("minus", "scale(-1)", "Zoom out", show=False),
    ]
    DEFAULT_CSS = """
    StoryboardScreen { background: $background; }
    StoryboardScreen #frames { layout: grid; grid-size: 4 3; grid-gutter: 0 1; height: 1fr; }
    StoryboardScreen #frames.-one { layout: vertical; }
    StoryboardScreen .frame { width: 1fr; height: 1fr; }
    StoryboardScreen .frame Static { height: 1; padding: 0 1; color: $text-muted; }
    StoryboardScreen .frame.-cursor Static {
        background: $block-cursor-background; color: $block-cursor-foreground; text-style: bold;
    }
    StoryboardScreen PictureView { width: 1fr; height: 1fr; }
    StoryboardScreen #frames.-one .frame { display: none; }
    StoryboardScreen #frames.-one .frame.-cursor { display: block; }
    StoryboardScreen .foot { height: 1; background: $panel; color: $text-muted; padding: 0 1; }
    StoryboardScreen #storyboard-title { background: $panel; color: $accent;
        height: auto; max-height: 4; padding: 0 1; }
    """

    def __init__(self, session: Session, item: Item) -> None:
        super().__init__()
        self._session = session
        self._item = item
        self._rows: list[Item] = []
        self.cursor = 0
        """Position of the frame that the keys mean."""

    def compose(self) -> ComposeResult:
        """Make the title, room for the frames and the row of keys."""
        yield Static(line(f"{self._item.name}: reading frames …"), id="storyboard-title")
        yield Container(id="frames")
        foot = "arrows choose  Enter one large  + - zoom  ? keys  Esc back"
        yield Static(Content(foot), classes="foot")

    def on_mount(self) -> None:
        """Ask for the frames."""
        caps = self._session.caps
        size = self.app.size
        box = (
            min(LARGEST_PX, max(1, size.width * caps.cell_width_px)),
            min(LARGEST_PX, max(1, size.height * caps.cell_height_px)),
        )
        call = read_storyboard(self._session.library, self._item, box)
        self._session.background.frames.submit("reading frames", call, self)

    async def on_storyboard_read(self, message: StoryboardRead) -> None:
        """Show the frames."""
        title = self.query_one("#storyboard-title", Static)
        if message.problem:
            title.update(line(f"{self._item.name}: {message.problem}", "$text-warning"))
            return
        title.update(line(f"{self._item.name}  {len(message.pictures)} frames"))
        self._rows = self._session.frames.put(self._item, message.pictures)
        labels = self._labels(len(self._rows))
        await self.query_one("#frames").mount_all(
            Vertical(Static(label), PictureView(self._session.pictures), classes="frame")
            for label in labels
        )
        for view, row in zip(self.query(PictureView), self._rows, strict=True):
            view.show(row)
        self.action_step(0)

    def _labels(self, count: int) -> list[Content]:
        duration_ms = self._item.duration_ms or 0
        step_ms = duration_ms / max(1, count - 1)
        return [
            Content(f"{number + 1}  {_moment(number * step_ms, duration_ms)}")
            for number in range(count)
        ]

    def on_unmount(self) -> None:
        """Forget the frames."""
        self._session.frames.drop(self._rows)

    def action_step(self, delta: int) -> None:
        """Go to another frame."""
        self.cursor = max(0, min(self.cursor + delta, len(self._rows) - 1))
        for place, one in enumerate(self.query(".frame")):
            one.set_class(place == self.cursor, "-cursor")

    def action_zoom(self) -> None:
        """Show one frame large, or all again."""
        self.query_one("#frames").toggle_class("-one")

    def action_scale(self, steps: int) -> None:
        """Zoom into the frames."""
        for view in self.query(PictureView):
            view.zoom(steps)

    def action_back(self) -> None:
        """Show all frames again, or leave."""
        frames = self.query_one("#frames")
        if frames.has_class("-one"):
            frames.remove_class("-one")
        else:
            self.dismiss(None)


def _moment(at_ms: float, duration_ms: int) -> str:
    """Return the time of a frame; to a tenth of a second where frames are that close."""
    if not duration_ms:
        return ""
    return f"{at_ms / 1000:.1f} s" if duration_ms < _SHORT_MS else words.duration(round(at_ms))

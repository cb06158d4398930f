"""Drawn pictures as a library gives them, and an app that shows them."""

from __future__ import annotations

import asyncio
import random
import threading
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import App, ComposeResult
from textual.containers import Horizontal
from textual.screen import ModalScreen, Screen
from textual.widgets import Static

from smartgallery_tui.errors import MediaError
from smartgallery_tui.records import Item, Picture
from smartgallery_tui.ui.pictures import GalleryDriver, PictureLayer
from smartgallery_tui.ui.widgets.picture_view import PictureView
from smartgallery_tui.ui.widgets.thumb_grid import ThumbGrid

if TYPE_CHECKING:
    from smartgallery_tui.terminal import TerminalCaps
    from smartgallery_tui.ui.pictures.attachment import TerminalChanged


REST = "\x1b]7777;rest\x07"
"""What the program says when it is asked to and has nothing more to do."""


def make_item(number: int, **changes: object) -> Item:
    """Return a row of a result."""
    values = {
        "id": number,
        "path": f"/pictures/ComfyUI_{number:05d}_.png",
        "name": f"ComfyUI_{number:05d}_.png",
        "kind": "image",
        "format": "png",
        "size_bytes": 1_000_000,
        "mtime_ns": 1_700_000_000_000_000_000 + number,
        "content_id": number.to_bytes(16, "big"),
        "state": "indexed",
        "width": 768,
        "height": 768,
    }
    return Item(**(values | changes))


class Rows:
    """A result of so many items."""

    def __init__(self, total: int, **changes: object) -> None:
        self.total = total
        self._changes = changes

    def get(self, index: int) -> Item | None:
        """Return a row."""
        return make_item(index + 1, **self._changes) if 0 <= index < self.total else None

    def closed(self, _index: int) -> int:
        """Return 0: there are no groups."""
        return 0


class DrawnPictures:
    """Gives a picture with gradients and noise for every id; some ids are broken."""

    def __init__(self, broken: frozenset[int] = frozenset()) -> None:
        self.broken = broken
        self.asked: list[int] = []
        self.threads: set[str] = set()
        self._stored: dict[tuple[int, str], bytes] = {}

    def thumbnail(self, item_id: int, box_px: tuple[int, int]) -> Picture:
        """Return a picture of 768 x 768 or less."""
        self.asked.append(item_id)
        self.threads.add(threading.current_thread().name)
        if item_id in self.broken:
            raise MediaError("the picture ends in the middle")
        side = max(1, min(*box_px, 768))
        return draw(item_id, side, side)

    picture = thumbnail

    def micro(self, item_id: int) -> Picture | None:
        """Return a tiny picture of those that are not broken."""
        return None if item_id in self.broken else draw(item_id, 64, 64)

    def cached_payload(self, item_id: int, key: str) -> bytes | None:
        """Return what was stored."""
        return self._stored.get((item_id, key))

    def store_payload(self, item_id: int, key: str, data: bytes) -> None:
        """Store."""
        self._stored[item_id, key] = data


def draw(seed: int, width: int, height: int) -> Picture:
    """Return a picture with soft shapes and a little noise, different for every seed."""
    from PIL import Image

    rng = random.Random(seed)
    small = Image.frombytes("RGB", (6, 6), rng.randbytes(108))
    image = small.resize((width, height), Image.Resampling.BICUBIC)
    noise = Image.frombytes("L", (64, 64), rng.randbytes(4096)).resize((width, height))
    image = Image.blend(image, Image.merge("RGB", (noise, noise, noise)), 0.15)
    return Picture(width, height, image.tobytes())


class Lightbox(Screen[None]):
    """One picture."""

    BINDINGS: ClassVar = [
        ("escape", "dismiss", ""),
        ("plus", "zoom(2)", ""),
        ("l", "pan(1)", ""),
        ("n", "following", ""),
    ]

    def __init__(self, pictures: PictureLayer, number: int) -> None:
        super().__init__()
        self.view = PictureView(pictures)
        self.number = number

    def compose(self) -> ComposeResult:
        """Make the picture and a row below it."""
        self.view.styles.height = "1fr"
        yield self.view
        yield Static("lightbox")

    def on_mount(self) -> None:
        """Show the picture."""
        self._show()

    def _show(self) -> None:
        ahead = [make_item(self.number + step) for step in (1, 2)]
        self.view.show(make_item(self.number), ahead)

    def action_zoom(self, steps: int) -> None:
        """Zoom."""
        self.view.zoom(steps)

    def action_pan(self, dx: int) -> None:
        """Move."""
        self.view.pan(dx, 0)

    def action_following(self) -> None:
        """Show the next."""
        self.number += 1
        self._show()


class Pair(Screen[None]):
    """Two pictures side by side, or the right one alone."""

    CSS = """
    Pair PictureView { width: 1fr; height: 20; }
    Pair #left { margin-right: 2; }
    Pair.-one #left { display: none; }
    """
    BINDINGS: ClassVar = [("escape", "dismiss", ""), ("enter", "one", "")]

    def __init__(self, pictures: PictureLayer) -> None:
        super().__init__()
        self._views = PictureView(pictures), PictureView(pictures)
        self._views[0].id = "left"

    def compose(self) -> ComposeResult:
        """Make both and a row below them."""
        yield Horizontal(*self._views)
        yield Static("side by side")

    def on_mount(self) -> None:
        """Show the pictures."""
        for number, view in enumerate(self._views, 1):
            view.show(make_item(number, width=1600, height=640))

    def action_one(self) -> None:
        """Show the right one alone, or both again."""
        self.toggle_class("-one")


class Dialog(ModalScreen[None]):
    """A box over the pictures."""

    CSS = """
    Dialog { align: center middle; background: transparent; }
    #box { width: 40; height: 9; background: blue; }
    """
    BINDINGS: ClassVar = [
        ("escape", "dismiss", ""),
        ("B", "app.rest", ""),
        ("r", "app.redraw", ""),
    ]

    def compose(self) -> ComposeResult:
        """Make the box."""
        yield Static("a dialog", id="box")


class GalleryForTests(App[None]):
    """A grid with a status row."""

    CSS = "ThumbGrid { height: 1fr; } #status { height: 1; }"
    BINDINGS: ClassVar = [
        ("right,l", "cursor(1,0)", ""),
        ("left,h", "cursor(-1,0)", ""),
        ("down,j", "cursor(0,1)", ""),
        ("up,k", "cursor(0,-1)", ""),
        ("pagedown", "page(1)", ""),
        ("pageup", "page(-1)", ""),
        ("enter", "open", ""),
        ("m", "dialog", ""),
        ("s", "pair", ""),
        ("t", "toast", ""),
        ("q", "quit", ""),
        ("r", "redraw", ""),
        ("B", "rest", ""),
        ("A", "note('A')", ""),
        ("f", "frame(500)", ""),
        ("g", "frame(501)", ""),
        ("F", "still", ""),
    ]

    def __init__(self, caps: TerminalCaps, total: int = 240) -> None:
        super().__init__(driver_class=GalleryDriver)
        self.source = DrawnPictures(frozenset({3}))
        self.pictures = PictureLayer(self, self.source, caps)
        self.rows = Rows(total)
        self.notes: list[str] = []

    def compose(self) -> ComposeResult:
        """Make the grid and the row below it."""
        yield ThumbGrid(self.pictures)
        yield Static("ready", id="status")

    def on_mount(self) -> None:
        """Show the result."""
        grid = self.query_one(ThumbGrid)
        grid.focus()
        grid.set_result(self.rows)

    def on_unmount(self) -> None:
        """End the threads."""
        self.pictures.shutdown()

    def action_cursor(self, dx: int, dy: int) -> None:
        """Move."""
        self.query_one(ThumbGrid).move(dx, dy)

    def action_page(self, pages: int) -> None:
        """Move by a page."""
        self.query_one(ThumbGrid).page(pages)

    def action_frame(self, number: int) -> None:
        """Show a frame on the card under the cursor."""
        self.query_one(ThumbGrid).moving.show(make_item(number), [make_item(number + 1)])

    def action_still(self) -> None:
        """Show the thumbnail there again."""
        self.query_one(ThumbGrid).moving.stop()

    def action_open(self) -> None:
        """Open the lightbox."""
        self.push_screen(Lightbox(self.pictures, self.query_one(ThumbGrid).cursor + 1))

    def action_pair(self) -> None:
        """Show two pictures side by side."""
        self.push_screen(Pair(self.pictures))

    def action_dialog(self) -> None:
        """Open a dialog."""
        self.push_screen(Dialog())

    def action_toast(self) -> None:
        """Show a notice."""
        self.notify("a notice", timeout=0.5)

    def action_redraw(self) -> None:
        """Write the whole screen, whatever the terminal shows."""
        self.pictures.link.forget()
        self.refresh(layout=True)

    @work
    async def action_rest(self) -> None:
        """Tell the terminal when nothing is to be made, sent or drawn any more."""
        pictures = self.pictures
        still = 0
        while still < 3:
            await asyncio.sleep(0.03)
            is_drawing = pictures._overlay._is_waiting or len(self._notifications)
            is_busy = is_drawing or not (pictures.is_idle and pictures.link.pacer.is_idle)
            still = 0 if is_busy else still + 1
        pictures.link.write(REST, marked=False)

    def on_terminal_changed(self, message: TerminalChanged) -> None:
        """Say what the terminal is now."""
        text = f"{message.caps.protocol}: {message.caps.reason}"
        self.query_one("#status", Static).update(text, layout=False)

    def action_note(self, text: str) -> None:
        """Show that a key acted."""
        self.query_one("#status", Static).update(f"note {text}", layout=False)

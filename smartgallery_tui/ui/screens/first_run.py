"""The first screen where no folder is known: where it looked, a path to type, the demo."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Button, Input, Static

from smartgallery_tui.ui.content import line

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from smartgallery_tui.library import Library
    from smartgallery_tui.ui.background import Call
    from smartgallery_tui.ui.options import FirstRun


@dataclass
class LibraryOpened(Message):
    """A folder was opened."""

    library: Library


class FirstRunScreen(Screen[None]):
    """Asks for a folder.

    Args:
        first_run: What was found, and how to open a folder.
    """

    AUTO_FOCUS = "#folder"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave_field", "Leave the field", show=False),
        Binding("d", "demo", "Demo", show=False),
        Binding("q,Q", "app.quit_now", "Quit", show=False),
        Binding("slash,p", "field", "Path", show=False),
    ]
    DEFAULT_CSS = """
    FirstRunScreen { align: center middle; background: $background; }
    FirstRunScreen > Vertical { width: 76; max-width: 100%; height: auto; max-height: 100%; }
    FirstRunScreen #first-title { text-style: bold; color: $accent; }
    FirstRunScreen #first-looked { color: $text-muted; max-height: 10; margin: 1 0; }
    FirstRunScreen Input { margin: 0 0 1 0; }
    FirstRunScreen #first-note { height: auto; color: $text-error; }
    FirstRunScreen Button { margin: 0 2 0 0; }
    FirstRunScreen #first-buttons { layout: horizontal; height: auto; }
    """

    @dataclass
    class Wanted(Message):
        """A call that opens a library was asked for."""

        call: Call
        what: str

    def __init__(self, first_run: FirstRun) -> None:
        super().__init__()
        self._first_run = first_run

    def compose(self) -> ComposeResult:
        """Make the page."""
        found = self._first_run.found
        with Vertical():
            yield Static(Content("SmartGallery: which folder holds your pictures?"),
                         id="first-title")  # fmt: skip
            yield Static(self._looked(), id="first-looked")
            yield Input(value=found, placeholder="/path/to/ComfyUI/output", id="folder",
                        select_on_focus=False)  # fmt: skip
            yield Static("", id="first-note", markup=False)
            with Vertical(id="first-buttons"):
                yield Button(Content("Open"), id="open", variant="primary")
                yield Button(Content("Demo"), id="demo")
                yield Button(Content("Quit"), id="quit")
            hint = "Enter opens the folder. Esc leaves the field; then d is the demo, q quits."
            yield Static(Content.styled(hint, "dim"))

    def _looked(self) -> Content:
        if self._first_run.found:
            return Content("A ComfyUI was found; its output folder is filled in.")
        rows = [Content("No ComfyUI was found. Looked at:")]
        rows += [line(f"  {place}") for place in self._first_run.looked]
        return Content("\n").join(rows)

    @on(Input.Submitted, "#folder")
    @on(Button.Pressed, "#open")
    def _open(self) -> None:
        path = self.query_one("#folder", Input).value.strip()
        open_folder = self._first_run.open_folder
        if not path or open_folder is None:
            self._say("Type the path of a folder.")
            return
        self._say("")
        self.post_message(
            self.Wanted(lambda _cancelled: LibraryOpened(open_folder(path)), "opening the folder")
        )

    @on(Button.Pressed, "#demo")
    def action_demo(self) -> None:
        """Make the demo library and open it."""
        make_demo = self._first_run.make_demo
        if make_demo is None:
            self._say("The demo is not there in this build.")
            return
        self._say("Drawing the demo pictures …")
        self.post_message(
            self.Wanted(lambda _cancelled: LibraryOpened(make_demo()), "making the demo")
        )

    @on(Button.Pressed, "#quit")
    async def _quit(self) -> None:
        await self.run_action("app.quit_now")

    def action_leave_field(self) -> None:
        """Let single keys act."""
        self.set_focus(None)

    def action_field(self) -> None:
        """Go to the path."""
        self.query_one("#folder", Input).focus()

    def refused(self, reason: str) -> None:
        """Say why a folder could not be opened."""
        self._say(reason)

    def _say(self, text: str) -> None:
        self.query_one("#first-note", Static).update(line(text))

"""The first screen where no folder is known: where it looked, a path to type, the demo."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Button, Input, Static

from smartgallery_tui.ui.content import line
from smartgallery_tui.ui.screens.folder_dialog import folder_dialog

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from smartgallery_tui.library import Library
    from smartgallery_tui.ui.background import Background, Call
    from smartgallery_tui.ui.options import AppOptions


@dataclass
class LibraryOpened(Message):
    """A folder was opened."""

    library: Library
    state: dict[str, Any]
    """What an earlier run left."""


class FirstRunScreen(Screen[None]):
    """Asks for a folder.

    Args:
        options: What was found, how to open a folder, and what lists folders.
        background: The lanes.
    """

    AUTO_FOCUS = "#folder"
    VERTICAL_BREAKPOINTS = [(0, "-flat"), (18, "-low"), (30, "-tall")]  # noqa: RUF012 - as Textual
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave_field", "Leave the field", show=False),
        Binding("c", "choose", "Choose a folder", show=False),
        Binding("d", "demo", "Demo", show=False),
        Binding("q,Q", "app.quit_now", "Quit", show=False),
        Binding("slash,p", "field", "Path", show=False),
    ]
    DEFAULT_CSS = """
    FirstRunScreen { align: center middle; background: $background; }
    FirstRunScreen > VerticalScroll { width: 76; max-width: 100%; height: auto; max-height: 100%;
        scrollbar-size-vertical: 1; }
    FirstRunScreen #first-title { text-style: bold; color: $accent; }
    FirstRunScreen #folder { margin: 1 0 0 0; }
    FirstRunScreen #first-looked { color: $text-muted; max-height: 12; margin: 1 0; }
    FirstRunScreen Input { border: none; height: 1; padding: 0 1; background: $panel; }
    FirstRunScreen Input:focus { border: none; background-tint: transparent; }
    FirstRunScreen #first-note { height: auto; min-height: 1; color: $text-error; }
    FirstRunScreen Button { margin: 0 1 0 0; min-width: 0; padding: 0 1; }
    FirstRunScreen #first-buttons { height: auto; margin: 1 0; }
    FirstRunScreen.-flat #first-looked, FirstRunScreen.-flat #first-buttons { margin: 0; }
    FirstRunScreen.-flat #folder { margin: 0; }
    FirstRunScreen.-flat Button { padding: 0; }
    """

    @dataclass
    class Wanted(Message):
        """A call that opens a library was asked for."""

        call: Call
        what: str

    def __init__(self, options: AppOptions, background: Background) -> None:
        super().__init__()
        self._options = options
        self._background = background
        self._first_run = options.first_run

    def compose(self) -> ComposeResult:
        """Make the page."""
        found = self._first_run.missing or self._first_run.found
        looked = Static(self._looked(), id="first-looked")
        with VerticalScroll(can_focus=False):
            yield Static(
                Content("SmartGallery: which folder holds your pictures?"), id="first-title"
            )
            if found:
                yield looked
            yield Input(found, placeholder="/path/to/ComfyUI/output", id="folder", compact=True,
                        select_on_focus=False)  # fmt: skip
            yield Static("", id="first-note", markup=False)
            with Horizontal(id="first-buttons"):
                yield Button(Content("Open"), id="open", variant="primary", compact=True)
                yield Button(Content("Choose a folder"), id="choose", compact=True)
                yield Button(Content("Demo"), id="demo", compact=True)
                yield Button(Content("Quit"), id="quit", compact=True)
            hint = (
                "Enter opens the folder. Esc leaves the field: then c chooses a folder, d shows "
                "the demo, q quits."
            )
            yield Static(Content.styled(hint, "dim"))
            if not found:
                yield looked

    def _looked(self) -> Content:
        first_run = self._first_run
        if first_run.missing:
            return line(
                f"The configured folder is not there: {first_run.missing}. If it is on a volume, "
                "mount it and press Enter; another folder takes its place in the settings.",
                limit=1000,
            )
        if first_run.found:
            how = f" ({first_run.how})" if first_run.how else ""
            return line(f"A ComfyUI was found{how}; its output folder is filled in.")
        return line(f"No ComfyUI was found. Looked at: {', '.join(first_run.looked)}.", limit=2000)

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
            self.Wanted(lambda _cancelled: _opened(open_folder(path)), "opening the folder")
        )

    @on(Button.Pressed, "#choose")
    def action_choose(self) -> None:
        """Walk through the folders of this machine."""
        path = self.query_one("#folder", Input).value.strip()
        dialog = folder_dialog("Which folder?", path, self._options, self._background)
        self.app.push_screen(dialog, self._chosen)

    def _chosen(self, path: str | None) -> None:
        if path:
            self.query_one("#folder", Input).value = path
            self._open()

    @on(Button.Pressed, "#demo")
    def action_demo(self) -> None:
        """Make the demo library and open it."""
        make_demo = self._first_run.make_demo
        if make_demo is None:
            self._say("The demo is not there in this build.")
            return
        self._say("Drawing the demo pictures …")
        self.post_message(self.Wanted(lambda _cancelled: _opened(make_demo()), "making the demo"))

    @on(Button.Pressed, "#quit")
    async def _quit(self) -> None:
        await self.run_action("app.quit_now")

    def action_leave_field(self) -> None:
        """Let single keys act, also after a dialog: it would put the cursor back into the field."""
        self.AUTO_FOCUS = ""  # type: ignore[misc]  # asked for whenever it resumes
        self.set_focus(None)

    def action_field(self) -> None:
        """Go to the path."""
        self.query_one("#folder", Input).focus()

    def refused(self, reason: str) -> None:
        """Say why a folder could not be opened."""
        self._say(reason)

    def _say(self, text: str) -> None:
        self.query_one("#first-note", Static).update(line(text))


def _opened(library: Library) -> LibraryOpened:
    return LibraryOpened(library, library.ui_state())

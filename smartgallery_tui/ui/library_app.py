"""What the parts of the app share: the library, the open session, the lanes, the screens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartgallery_tui.ui.background import Background
from smartgallery_tui.ui.late_library import LateLibrary
from smartgallery_tui.ui.messages import Said
from smartgallery_tui.ui.options import AppOptions, AppResult
from smartgallery_tui.ui.screens.base import GalleryScreen
from smartgallery_tui.ui.screens.detail import DetailScreen
from smartgallery_tui.ui.screens.grid import GridScreen
from smartgallery_tui.ui.speaking_app import SpeakingApp

if TYPE_CHECKING:
    import threading

    from textual.message import Message

    from smartgallery_tui.library import Library
    from smartgallery_tui.terminal.caps import TerminalCaps
    from smartgallery_tui.ui.background import Call
    from smartgallery_tui.ui.key_reader import KeyReader
    from smartgallery_tui.ui.keymap import Keymap
    from smartgallery_tui.ui.pictures.layer import PictureLayer
    from smartgallery_tui.ui.session import Session


class LibraryApp(SpeakingApp):
    """An app on a library, as its parts see it; `app` puts the parts together.

    Args:
        library: An open library, or None to ask for a folder first.
        caps: What the probe found.
        options: How this run behaves.
    """

    keys: KeyReader
    pictures: PictureLayer

    def __init__(self, library: Library | None, caps: TerminalCaps, options: AppOptions) -> None:
        super().__init__()
        self.options = options
        self.result = AppResult()
        self.background = Background(self.guard_call)
        self.caps = caps
        """What the terminal can do now."""
        self.session: Session | None = None
        """What the screens share; None until a folder was chosen."""
        self._source = LateLibrary(library, lambda text: self.post_message(Said(text, "warning")))

    @property
    def library(self) -> Library | None:
        """The open library; None until a folder was chosen."""
        return self._source.library

    @property
    def keymap(self) -> Keymap:
        """The keys in force."""
        return self.keys.keymap

    def guard_call(self, what: str, call: Call, cancelled: threading.Event) -> Message | None:
        """Run a lane's call; a failure becomes a notice. Any thread."""
        raise NotImplementedError

    def end_threads(self) -> None:
        """End the threads; nothing waits for one that hangs."""
        raise NotImplementedError

    def use_caps(self, caps: TerminalCaps) -> None:
        """Take note of what the terminal can do now."""
        self.caps = caps
        if self.session is not None:
            self.session.caps = caps

    def gallery_screens(self) -> list[GalleryScreen]:
        """Return the screens of the stack that show items."""
        return [screen for screen in self.screen_stack if isinstance(screen, GalleryScreen)]

    def grid_screen(self) -> GridScreen | None:
        """Return the grid, wherever it is in the stack."""
        return next((each for each in self.screen_stack if isinstance(each, GridScreen)), None)

    def detail_screen(self) -> DetailScreen | None:
        """Return the large view, wherever it is in the stack."""
        return next((each for each in self.screen_stack if isinstance(each, DetailScreen)), None)

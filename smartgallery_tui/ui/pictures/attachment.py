"""Which terminal is attached: asks it while the app runs, and notices when tmux has another."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from textual.message import Message

from smartgallery_tui.terminal.asking import DEADLINE_S, live_inquiry, terminal_window
from smartgallery_tui.terminal.tmux import allow_passthrough, ask_tmux

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import App

    from smartgallery_tui.records import GraphicsName
    from smartgallery_tui.terminal.caps import TerminalCaps
    from smartgallery_tui.terminal.inquiry import Inquiry
    from smartgallery_tui.terminal.tmux import TmuxClient

LOOK_S = 3.0
"""How often tmux is asked who is attached."""


@dataclass
class TerminalChanged(Message):
    """The terminal was asked again: another one is attached, or the user wants another protocol."""

    caps: TerminalCaps
    is_wanted: bool = False
    """The user asked for it."""


class Asker(Protocol):
    """The driver, as far as the terminal is asked through it."""

    def ask(self, inquiry: Inquiry) -> None:
        """Write the question and hear what comes, until `stop_asking`."""

    def stop_asking(self) -> None:
        """Hear no more answers."""


class Layer(Protocol):
    """The picture layer, as far as a new terminal concerns it."""

    caps: TerminalCaps

    def take_terminal(self, caps: TerminalCaps) -> None:
        """Draw for this terminal from now on; everything is sent anew."""


class Attachment:
    """Asks the terminal again while the app runs. Methods are called on the event loop.

    Args:
        app: Gets `TerminalChanged`.
        layer: The app's picture layer.
    """

    def __init__(self, app: App[object], layer: Layer) -> None:
        self._app = app
        self._layer = layer
        self._driver: Asker | None = None
        self._inquiry: Inquiry | None = None
        self._is_wanted = False
        self._watch: _TmuxWatch | None = None

    def begin(self, driver: Asker) -> None:
        """Watch from now on: the app has the terminal."""
        self._driver = driver
        if self._layer.caps.is_tmux and self._watch is None:
            self._watch = _TmuxWatch(self._client_changed)
            self._watch.start()

    def pause(self) -> None:
        """Ask nothing: the terminal is left."""
        self._close_inquiry()
        self._driver = None

    def end(self) -> None:
        """Stop watching."""
        self.pause()
        if self._watch is not None:
            self._watch.close()

    def look(self) -> None:
        """Look at once whether another terminal is attached: the size has changed."""
        if self._watch is not None:
            self._watch.wake()

    def ask(self, name: GraphicsName) -> bool:
        """Ask what drawing by `name` would need; `TerminalChanged` follows. False: nobody to ask.

        Inside tmux this lets pictures through for our pane where they would not get through.
        """
        if self._driver is None:
            return False
        self._is_wanted = True
        is_tmux = self._layer.caps.is_tmux
        needs_passthrough = self._layer.caps.needs_passthrough and name in {"auto", "kitty"}

        def prepare() -> None:
            if needs_passthrough:
                allow_passthrough()
            client = ask_tmux() if is_tmux else None
            self._app.call_later(self._ask, live_inquiry(name, client))

        threading.Thread(target=prepare, name="asking", daemon=True).start()
        return True

    def _client_changed(self, client: TmuxClient) -> None:
        """Ask the terminal that is attached now; called in the watching thread."""
        self._app.call_later(self._ask, live_inquiry(self._layer.caps.asked, client))

    def _ask(self, inquiry: Inquiry) -> None:
        self._close_inquiry()
        if self._driver is None:
            inquiry.close()
            return
        self._inquiry = inquiry
        self._driver.ask(inquiry)
        self._app.set_timer(DEADLINE_S, lambda: self.answered(inquiry))

    def answered(self, inquiry: Inquiry) -> None:
        """Use the answers: all are there, or none came for too long."""
        if inquiry is not self._inquiry:
            return
        caps = inquiry.caps(terminal_window(), before=self._layer.caps)
        self._close_inquiry()
        self._layer.take_terminal(caps)
        self._app.post_message(TerminalChanged(caps, is_wanted=self._is_wanted))
        self._is_wanted = False

    def _close_inquiry(self) -> None:
        if self._inquiry is not None:
            self._inquiry.close()
            self._inquiry = None
            if self._driver is not None:
                self._driver.stop_asking()


class _TmuxWatch(threading.Thread):
    """Asks tmux now and then who is attached."""

    def __init__(self, changed: Callable[[TmuxClient], None]) -> None:
        super().__init__(name="tmux-client", daemon=True)
        self._changed = changed
        self._wake = threading.Event()
        self._is_closed = False

    def wake(self) -> None:
        """Look now."""
        self._wake.set()

    def close(self) -> None:
        """End the thread without waiting for it."""
        self._is_closed = True
        self._wake.set()

    def run(self) -> None:
        """Look until closed; a client that is gone is not reported, the next one is."""
        known = ask_tmux()
        while True:
            self._wake.wait(LOOK_S)
            self._wake.clear()
            if self._is_closed:
                return
            client = ask_tmux()
            if client.process and client != known:
                known = client
                self._changed(client)

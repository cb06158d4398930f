"""A small app that notes the keys it gets, for tests on a pty: `python -m ... FILE`."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from smartgallery_tui.terminal import TerminalCaps


def main() -> None:
    """Probe the terminal and note keys until `Q`."""
    from smartgallery_tui.terminal import prepare_environment, probe

    prepare_environment(os.environ)
    run(probe("none"), Path(sys.argv[1]))


def run(caps: TerminalCaps, notes: Path) -> None:
    """Write each key and when it came, in seconds of the system's clock, on a line of a file."""
    from textual import events
    from textual.app import App

    from smartgallery_tui.ui.lasting_output import LastingDriver
    from smartgallery_tui.ui.pictures import PictureLayer
    from tests.ui.pty.pictures import DrawnPictures

    class KeyApp(App[None]):
        def __init__(self) -> None:
            super().__init__(driver_class=LastingDriver)
            self.pictures = PictureLayer(self, DrawnPictures(), caps)

        def on_mount(self) -> None:
            self.note("ready")

        def note(self, key: str) -> None:
            with notes.open("a", encoding="utf-8") as file:
                file.write(f"{key} {time.monotonic()}\n")

        async def on_event(self, event: events.Event) -> None:
            if isinstance(event, events.Key) and not event.is_forwarded:
                self.note(event.key)
                if event.key == "Q":
                    self.exit()
                return
            await super().on_event(event)

    app = KeyApp()
    app.run()
    app.pictures.shutdown()


if __name__ == "__main__":
    main()

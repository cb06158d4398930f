"""Draws the README's picture of the screen: `python -m tests.tools.make_screen`.

The program itself runs on its sample library, 120 x 36 cells with half blocks, and its screen is
written as SVG. The same library, size and theme give the same picture.
"""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from smartgallery_tui.config import load_themes
from smartgallery_tui.demo import make_demo
from smartgallery_tui.library import Library
from smartgallery_tui.terminal.caps import TerminalCaps
from smartgallery_tui.ui.app import SmartGalleryApp
from smartgallery_tui.ui.options import AppOptions

TARGET = Path(__file__).parent.parent / "screen.svg"
SIZE = (120, 36)
KEYS = ("l", "l", "f", "l", "4", "h")
TITLE = "SmartGallery"


async def draw(library: Library) -> str:
    """Return the grid as SVG once every picture is drawn."""
    themes, _problems = load_themes()
    options = AppOptions(themes=tuple(themes), theme="dark", is_syncing=False)
    app = SmartGalleryApp(library, TerminalCaps(protocol="halfblock"), options)
    async with app.run_test(size=SIZE) as pilot:
        await _settle(app)
        for key in KEYS:
            await pilot.press(key)
            await _settle(app)
        app.clear_notifications()
        await pilot.pause()
        await _settle(app)
        return app.export_screenshot(title=TITLE)


async def _settle(app: SmartGalleryApp) -> None:
    for _round in range(4):
        while not (app.is_settled and app.pictures.is_idle):  # noqa: ASYNC110 - threads work
            await asyncio.sleep(0.02)
        await asyncio.sleep(0.1)


def main() -> None:
    """Make the library, draw the screen, write the file."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        make_demo(place / "demo")
        library = Library.open(
            data_dir=place / "data", cache_dir=place / "cache", roots=[place / "demo"]
        )
        try:
            library.sync()
            library.make_thumbnails()
            TARGET.write_text(asyncio.run(draw(library)), "utf-8")
        finally:
            library.close()


if __name__ == "__main__":
    main()

"""New files appear while somebody looks; following shows the newest full screen."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from smartgallery_tui.ui.screens.detail import DetailScreen
from tests.ui.conftest import COUNT, make_app, make_picture, settle
from tests.ui.test_grid_keys import grid_of

if TYPE_CHECKING:
    from pathlib import Path

    from textual.pilot import Pilot

    from smartgallery_tui.library import Library
    from smartgallery_tui.ui.app import SmartGalleryApp

LIMIT_S = 60.0


async def landed(pilot: Pilot[object], app: SmartGalleryApp, total: int) -> None:
    """Wait until the open result has so many files."""
    end = time.monotonic() + LIMIT_S
    while time.monotonic() < end:
        view = grid_of(app).session.view
        if view is not None and view.total == total:
            break
        await asyncio.sleep(0.02)
    await settle(pilot)
    view = grid_of(app).session.view
    assert view is not None
    assert view.total == total


def drop(folder: Path, number: int) -> None:
    """Write a picture beside the folder and rename it in, as careful writers do."""
    aside = folder.parent / f"aside_{number}.png"
    make_picture(aside, number)
    aside.rename(folder / f"pic_{number}.png")


async def watching(pilot: Pilot[object], app: SmartGalleryApp, folder: Path) -> None:
    """Start the watch and wait until it hears: its first file may land before."""
    app.live.watch_folders()
    end = time.monotonic() + LIMIT_S
    while getattr(grid_of(app).session.view, "total", 0) <= COUNT:
        assert time.monotonic() < end, "the watch hears nothing"
        drop(folder, 20)
        await asyncio.sleep(0.1)
    await settle(pilot)


async def test_a_new_file_appears_and_the_cursor_stays(library: Library, folder: Path) -> None:
    app = make_app(library)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await watching(pilot, app, folder)
        grid = grid_of(app)
        grid.grid.cursor = 3
        assert grid.current is not None
        name = grid.current.name
        drop(folder, 21)
        await landed(pilot, app, COUNT + 2)
        assert grid.current.name == name
        assert grid.grid.cursor == 4
        (folder / "pic_21.png").unlink()
        await landed(pilot, app, COUNT + 1)
        assert grid.current.name == name


async def test_following_shows_the_newest_full_screen(library: Library, folder: Path) -> None:
    app = make_app(library)
    async with app.run_test(size=(40, 12)) as pilot:
        await settle(pilot)
        await watching(pilot, app, folder)
        await pilot.press("L")
        await settle(pilot)
        detail = app.screen
        assert isinstance(detail, DetailScreen)
        assert detail.current is not None
        assert detail.current.name == "pic_20.png"
        drop(folder, 30)
        await landed(pilot, app, COUNT + 2)
        assert detail.current.name == "pic_30.png"
        assert "following" in str(detail.status.right)
        await pilot.press("n")
        drop(folder, 31)
        await landed(pilot, app, COUNT + 3)
        assert detail.current.name == "pic_20.png"
        await pilot.press("g", "g", "L")
        drop(folder, 32)
        await landed(pilot, app, COUNT + 4)
        assert detail.current.name == "pic_31.png"


async def test_follow_from_the_start(library: Library) -> None:
    app = make_app(library, is_following=True)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert isinstance(app.screen, DetailScreen)
        assert app.screen.index == 0
        await pilot.press("escape")
        await settle(pilot)
        assert "following" in str(grid_of(app).status.right)


async def test_read_only_mode_still_follows_the_folders(library: Library, folder: Path) -> None:
    app = make_app(library)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        app.use_settings({"safety.read_only": True})
        await settle(pilot)
        await watching(pilot, app, folder)
        assert not app.live.watcher.is_idle
        assert library.read_only

"""The card under the cursor plays after a rest, where the settings say so."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from textual.geometry import Region

from smartgallery_tui.errors import NoPreviewError
from smartgallery_tui.records import Picture
from smartgallery_tui.terminal.caps import TerminalCaps
from smartgallery_tui.ui.app import SmartGalleryApp
from smartgallery_tui.ui.options import AppOptions
from smartgallery_tui.ui.screens import focus_play, playing
from tests.ui.conftest import settle, until
from tests.ui.test_grid_keys import grid_of

if TYPE_CHECKING:
    from pathlib import Path

    from smartgallery_tui.library import Library

COLORS = ("#ff0000", "#00ff00", "#0000ff")


@pytest.fixture
def moving(library: Library, folder: Path, monkeypatch: pytest.MonkeyPatch) -> SmartGalleryApp:
    """An app whose newest item is an animation of three colours; a short rest is enough."""
    monkeypatch.setattr(focus_play, "REST_S", 0.05)
    frames = [Image.new("RGB", (300, 200), color) for color in COLORS]
    frames[0].save(folder / "zz.gif", save_all=True, append_images=frames[1:], duration=90)
    library.sync()
    return SmartGalleryApp(library, TerminalCaps("halfblock"), AppOptions(is_syncing=False))


def card(app: SmartGalleryApp, index: int) -> list[object]:
    """Return the cells of a card's picture with their colours, as they are on the screen."""
    grid = grid_of(app).grid
    x, y = grid.layout_now.card(index, grid.top_row) or (0, 0)
    size = grid.layout_now.card_width, grid.layout_now.picture_height
    return [list(strip) for strip in grid.render_lines(Region(x, y, *size))]


class Moves:
    """True once the first card has shown three pictures."""

    def __init__(self, app: SmartGalleryApp) -> None:
        self._app = app
        self._seen: list[list[object]] = []

    def __call__(self) -> bool:
        now = card(self._app, 0)
        if now not in self._seen:
            self._seen.append(now)
        return len(self._seen) >= 3


async def test_the_card_under_the_cursor_plays_until_a_key(moving: SmartGalleryApp) -> None:
    async with moving.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        moving.use_settings({"view.animate_focus": True})
        await settle(pilot)
        await pilot.press("l")
        await until(pilot, lambda: moving.pictures.is_idle)
        still, beside = card(moving, 0), card(moving, 1)
        await pilot.press("h")
        await until(pilot, Moves(moving))
        assert card(moving, 1) == beside, "its neighbour is left alone"
        await pilot.press("x")
        await until(pilot, lambda: grid_of(moving).focus_play._playback is None)
        assert card(moving, 0) == still
        assert not grid_of(moving).session.frames._pictures, "no frame is kept"


async def test_nothing_plays_by_itself(moving: SmartGalleryApp) -> None:
    async with moving.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        await pilot.press("l", "h")
        await pilot.pause(0.2)
        assert not moving.background.frames._thread, "no frame was ever asked for"


async def test_a_slow_line_shows_the_thumbnail(moving: SmartGalleryApp) -> None:
    async with moving.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        moving.use_settings({"view.animate_focus": True})
        pacer = moving.pictures.link.pacer
        for number in range(5):
            pacer.sent(16_384, float(number))
            pacer.acknowledged(number + (0.1 if number else 0.001))
        assert pacer.is_slow
        await pilot.press("l", "h")
        await pilot.pause(0.2)
        assert not moving.background.frames._thread


async def test_the_scenes_of_a_video_play_on_its_card(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(focus_play, "REST_S", 0.05)
    monkeypatch.setattr(playing, "SCENE_MS", 50)
    [item] = library.search("name:pic_11").page(0, 1)
    scenes = [Picture(2, 2, bytes([20 * n, 0, 0]) * 4) for n in range(1, 12)]
    monkeypatch.setattr(library, "storyboard", lambda *_: scenes)
    app = SmartGalleryApp(library, TerminalCaps("halfblock"), AppOptions(is_syncing=False))
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        app.use_settings({"view.animate_focus": True})
        await settle(pilot)
        view = grid_of(app).session.view
        assert view is not None
        view.replace([replace(item, kind="video", duration_ms=60_000)])
        await pilot.press("l", "h")
        await until(pilot, Moves(app))
        await pilot.press("l")
        await until(pilot, lambda: grid_of(app).focus_play._playback is None)
        assert not grid_of(app).session.frames._pictures, "no frame is kept"


async def test_a_video_without_scenes_is_left_alone(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(focus_play, "REST_S", 0.05)
    [item] = library.search("name:pic_11").page(0, 1)
    asked: list[object] = []

    def refuse(*arguments: object) -> list[Picture]:
        asked.append(arguments)
        raise NoPreviewError("videos have no preview without ffmpeg")

    monkeypatch.setattr(library, "storyboard", refuse)
    app = SmartGalleryApp(library, TerminalCaps("halfblock"), AppOptions(is_syncing=False))
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        app.use_settings({"view.animate_focus": True})
        await settle(pilot)
        view = grid_of(app).session.view
        assert view is not None
        view.replace([replace(item, kind="video", duration_ms=60_000)])
        await pilot.press("l", "h")
        await until(pilot, lambda: bool(asked))
        assert "ffmpeg" not in app.last_said, "nobody asked for it"

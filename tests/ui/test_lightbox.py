"""The screen of the large picture is made once: what it showed before is never seen again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from smartgallery_tui.terminal.caps import TerminalCaps
from smartgallery_tui.ui.app import SmartGalleryApp
from smartgallery_tui.ui.messages import SearchWanted
from smartgallery_tui.ui.options import AppOptions
from smartgallery_tui.ui.screens import lightbox
from smartgallery_tui.ui.screens.detail import DetailScreen
from smartgallery_tui.ui.settings_use import SettingsUsed
from tests.ui.conftest import screen_text, settle, until
from tests.ui.test_grid_keys import grid_of

if TYPE_CHECKING:
    from textual.pilot import Pilot

    from smartgallery_tui.library import Library


@pytest.fixture
def drawn(library: Library, monkeypatch: pytest.MonkeyPatch) -> SmartGalleryApp:
    """An app that draws half blocks and prepares after a short rest."""
    monkeypatch.setattr(lightbox, "REST_S", 0.02)
    return SmartGalleryApp(library, TerminalCaps("halfblock"), AppOptions(is_syncing=False))


async def opened(pilot: Pilot[object], *keys: str) -> DetailScreen:
    """Press keys, the last of which opens the picture."""
    for key in keys:
        await pilot.press(key)
    await settle(pilot)
    screen = pilot.app.screen
    assert isinstance(screen, DetailScreen)
    return screen


async def prepared(pilot: Pilot[object], app: SmartGalleryApp) -> None:
    """Wait until nothing is left to be made ahead."""
    grid = grid_of(app)
    await until(pilot, lambda: grid.lightbox.is_ready and app.pictures.is_idle)


async def test_the_first_key_shows_the_picture_at_once(drawn: SmartGalleryApp) -> None:
    async with drawn.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        await prepared(pilot, drawn)
        count = len(drawn._registry)
        grid_of(drawn).action_open()
        screen = drawn.screen
        assert isinstance(screen, DetailScreen)
        assert screen.picture.is_drawn, "before any other message was handled"
        await settle(pilot)
        assert "▀" in screen_text(drawn)
        assert len(drawn._registry) == count, "nothing was mounted"


async def test_nothing_of_an_earlier_picture_is_seen(drawn: SmartGalleryApp) -> None:
    async with drawn.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        first = await opened(pilot, "enter", "i", "plus", "plus", "greater_than_sign")
        assert "juggernaut" in screen_text(drawn)
        assert first.picture.view.zoom > 1
        await pilot.press("s", "escape")
        await settle(pilot)
        again = await opened(pilot, "l", "enter")
        assert again is first
        shown = screen_text(drawn)
        assert "pic_10.png" in shown
        assert "juggernaut" not in shown
        assert "sdxl_base" in shown
        assert "slideshow" not in shown
        assert again.picture.view.is_plain
        assert again.info.scroll.scroll_y == 0


async def test_words_looked_for_are_forgotten(drawn: SmartGalleryApp) -> None:
    async with drawn.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await opened(pilot, "enter", "slash", "s", "e", "e", "d")
        assert "seed" in screen_text(drawn)
        await pilot.press("escape", "escape")
        await settle(pilot)
        screen = await opened(pilot, "enter")
        assert not screen.inspector.is_finding
        await pilot.press("n")
        await settle(pilot)
        assert screen.index == 1, "keys mean the picture"


async def test_it_follows_a_resize_and_zen_of_the_grid(drawn: SmartGalleryApp) -> None:
    async with drawn.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await opened(pilot, "enter")
        await pilot.press("escape", "z")
        await pilot.resize_terminal(80, 24)
        await settle(pilot)
        screen = await opened(pilot, "enter")
        await until(pilot, lambda: screen.picture.size.height == 24)
        assert screen.picture.size.width == 80
        assert "pic_11" not in screen_text(drawn), "zen hides the status line here, too"
        await pilot.press("z")
        await until(pilot, lambda: "pic_11" in screen_text(drawn))


async def test_a_search_closes_it_and_nothing_is_wanted_any_more(drawn: SmartGalleryApp) -> None:
    async with drawn.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        screen = await opened(pilot, "enter", "s")
        drawn.post_message(SearchWanted("castle"))
        await settle(pilot)
        assert drawn.screen is grid_of(drawn)
        assert screen.picture.item is None
        assert not screen.slides.is_on
        await prepared(pilot, drawn)
        again = await opened(pilot, "enter")
        assert again.current is not None
        assert again.picture.item == again.current


async def test_the_keys_in_force_are_shown(drawn: SmartGalleryApp, library: Library) -> None:
    async with drawn.run_test(size=(160, 40)) as pilot:
        await settle(pilot)
        await prepared(pilot, drawn)
        settings = replace(library.settings, keys=(("app.favorite", "B"),))
        drawn.post_message(SettingsUsed(frozenset({"keys"}), settings, is_view_changed=False))
        await settle(pilot)
        await opened(pilot, "enter")
        assert "B Favourite" in screen_text(drawn)


async def test_the_cursor_comes_back_each_time(drawn: SmartGalleryApp) -> None:
    async with drawn.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        for place in (2, 4):
            await opened(pilot, "enter", "n", "n")
            await pilot.press("escape")
            await settle(pilot)
            assert grid_of(drawn).grid.cursor == place

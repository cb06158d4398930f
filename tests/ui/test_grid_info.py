"""What is known of the item under the cursor, beside the cards and lines."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.ui.conftest import make_app, screen_text, settle
from tests.ui.test_grid_keys import grid_of

if TYPE_CHECKING:
    from textual.pilot import Pilot

    from smartgallery_tui.library import Library
    from smartgallery_tui.ui.app import SmartGalleryApp


async def press(pilot: Pilot[object], *keys: str) -> None:
    for key in keys:
        await pilot.press(key)
        await settle(pilot)


async def test_information_beside_the_cards_follows_the_cursor(app: SmartGalleryApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        width = grid_of(app).grid.region.width
        await press(pilot, "i")
        assert "1011" in screen_text(app), "the seed of the newest"
        assert grid_of(app).grid.region.width < width, "the cards make room"
        await press(pilot, "l")
        assert "1010" in screen_text(app)
        assert "1011" not in screen_text(app)
        await press(pilot, "tab")
        assert "a city at night" in screen_text(app), "the prompts"
        await press(pilot, "I")
        assert "class_type" in screen_text(app)
        await press(pilot, "shift+tab", "shift+tab", "shift+tab", "shift+tab", "3")
        assert "★★★" in screen_text(app)
        await press(pilot, "enter")
        assert not app.screen.query_one("InfoPanel").display, "the large view has its own"
        await press(pilot, "escape", "i")
        assert grid_of(app).grid.region.width == width


async def test_in_a_narrow_terminal_the_information_stands_below(app: SmartGalleryApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "i")
        grid = grid_of(app)
        panel = grid.query_one("InfoPanel")
        assert panel.region.width == 80
        assert panel.region.y > grid.grid.region.y
        assert grid.grid.region.height >= 8
        assert "pic_11.png" in screen_text(app)
        assert re.search(r"Steps +31 ", screen_text(app)), "how it was made stands first"
        assert "Negative prompt" not in screen_text(app)
        await press(pilot, "ctrl+e", "ctrl+e")
        assert "Negative prompt" in screen_text(app), "the rest is a key away"
        await press(pilot, "ctrl+y", "ctrl+y", "g", "v", "j")
        assert re.search(r"Steps +30 ", screen_text(app))
        await press(pilot, "F")
        assert grid.filters.region.bottom <= panel.region.y


async def test_the_information_stays_open_for_the_next_run(library: Library) -> None:
    app = make_app(library)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "i")
        kept = grid_of(app).state_to_keep()
    again = make_app(library, state=kept)
    async with again.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        assert "1011" in screen_text(again)


async def test_a_wide_list_has_picture_and_information(app: SmartGalleryApp) -> None:
    async with app.run_test(size=(160, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "g", "v", "i")
        grid = grid_of(app)
        assert grid.aside.picture.display
        assert grid.query_one("InfoPanel").display
        assert grid.rows.region.width >= 60
        await pilot.resize_terminal(140, 40)
        await settle(pilot)
        assert not grid.aside.picture.display


async def test_tab_leaves_the_filters(app: SmartGalleryApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "F", "tab", "l")
        assert grid_of(app).grid.cursor == 1
        assert not app.screen.query("InfoPanel")


async def test_nothing_found_has_no_information(app: SmartGalleryApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "i", "slash", *"zeppelin", "enter")
        lines = screen_text(app).splitlines()
        assert any(row.startswith("   Nothing found.") for row in lines), "beside the information"
        await press(pilot, "escape")
        assert "pic_11" in screen_text(app)

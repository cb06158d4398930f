"""Ranges are seen while they grow, by keys and by the mouse; clicks mark, and press hints."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual.events import MouseMove

from tests.ui.conftest import screen_text, settle
from tests.ui.test_grid_keys import grid_of

if TYPE_CHECKING:
    from textual.pilot import Pilot

    from smartgallery_tui.ui.app import SmartGalleryApp

OPEN, MARKED = "○", "●"


async def press(pilot: Pilot[object], *keys: str) -> None:
    for key in keys:
        await pilot.press(key)
        await settle(pilot)


async def draw_to(pilot: Pilot[object], widget: str, offset: tuple[int, int]) -> None:
    """Move the mouse with its button held down."""
    await pilot._post_mouse_events([MouseMove], widget, offset, button=1)
    await settle(pilot)


def card_of(app: SmartGalleryApp, index: int) -> tuple[int, int]:
    place = grid_of(app).grid.layout_now.card(index, 0)
    assert place is not None
    return place[0] + 3, place[1] + 1


@pytest.mark.parametrize("view", ["cards", "lines"])
async def test_a_range_is_seen_while_it_grows_and_shrinks(app: SmartGalleryApp, view: str) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        if view == "lines":
            await press(pilot, "g", "v")
        await press(pilot, "v")
        assert screen_text(app).count(OPEN) == 1
        await press(pilot, "n", "n", "n")
        assert screen_text(app).count(OPEN) == 4
        await press(pilot, "p")
        assert screen_text(app).count(OPEN) == 3
        await press(pilot, "v")
        assert OPEN not in screen_text(app)
        assert screen_text(app).count(MARKED) == 3
        await press(pilot, "G", "v", "p", "escape")
        assert OPEN not in screen_text(app), "a step back leaves the range"


@pytest.mark.parametrize("view", ["cards", "lines"])
async def test_the_mouse_draws_a_range(app: SmartGalleryApp, view: str) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        if view == "lines":
            await press(pilot, "g", "v")
        widget = "RowList" if view == "lines" else "ThumbGrid"
        first, last = [(9, 1 + row) if view == "lines" else card_of(app, row) for row in (0, 2)]
        await pilot.mouse_down(widget, offset=first)
        await draw_to(pilot, widget, last)
        assert screen_text(app).count(OPEN) == 3, "seen before the button is let go"
        assert grid_of(app).grid.cursor == 2
        await pilot.mouse_up(widget, offset=last)
        await settle(pilot)
        assert screen_text(app).count(MARKED) == 3
        assert OPEN not in screen_text(app)
        assert "3 marked" in screen_text(app)


async def test_drawn_back_to_its_beginning_a_range_is_one_item(app: SmartGalleryApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.mouse_down("ThumbGrid", offset=card_of(app, 1))
        await draw_to(pilot, "ThumbGrid", card_of(app, 3))
        await draw_to(pilot, "ThumbGrid", card_of(app, 1))
        await pilot.mouse_up("ThumbGrid", offset=card_of(app, 1))
        await settle(pilot)
        assert "1 marked" in screen_text(app)
        assert OPEN not in screen_text(app)


async def test_beyond_the_edge_a_range_grows_by_rows(app: SmartGalleryApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.mouse_down("ThumbGrid", offset=card_of(app, 0))
        await draw_to(pilot, "ThumbGrid", card_of(app, 1))
        await draw_to(pilot, "StatusLine", (3, 0))
        await draw_to(pilot, "StatusLine", (4, 0))
        await pilot.mouse_up("StatusLine", offset=(4, 0))
        await settle(pilot)
        assert grid_of(app).grid.cursor == 9
        assert "10 marked" in screen_text(app)


async def test_clicks_with_ctrl_and_shift_mark(app: SmartGalleryApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.click("ThumbGrid", offset=card_of(app, 1), control=True)
        await settle(pilot)
        assert "1 marked" in screen_text(app)
        await pilot.click("ThumbGrid", offset=card_of(app, 3), shift=True)
        await settle(pilot)
        assert "3 marked" in screen_text(app)
        await pilot.click("ThumbGrid", offset=card_of(app, 2), control=True)
        await settle(pilot)
        assert "2 marked" in screen_text(app)


async def test_a_click_on_a_hint_does_what_its_key_does(app: SmartGalleryApp) -> None:
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot)

        async def click_on(words: str) -> None:
            row = screen_text(app).splitlines()[-1]
            await pilot.click("HintBar", offset=(row.index(words) + 1, 0))
            await settle(pilot)

        await click_on("Space Mark")
        assert "1 marked" in screen_text(app)
        await click_on("f Favourite")
        assert "♥" in screen_text(app)
        await press(pilot, "escape", "escape")
        await click_on("Enter Open")
        assert "Enter Back" in screen_text(app)
        await click_on("Enter Back")
        await click_on("? Help")
        assert "Keys of the grid" in screen_text(app)

"""Without pictures: items are lines of words, and no room is kept for what is not drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from smartgallery_tui.terminal.caps import TerminalCaps
from smartgallery_tui.ui.app import SmartGalleryApp
from smartgallery_tui.ui.options import AppOptions
from tests.ui.conftest import screen_text, settle, until
from tests.ui.test_grid_keys import grid_of

if TYPE_CHECKING:
    from smartgallery_tui.library import Library


@pytest.fixture
def words(library: Library) -> SmartGalleryApp:
    """An app for a screen reader."""
    caps = TerminalCaps("none", is_text=True, asked="none")
    return SmartGalleryApp(library, caps, AppOptions(is_syncing=False))


def shown_lines(app: SmartGalleryApp) -> list[str]:
    """Return the lines of the screen that name a picture, as they are read."""
    found = [line.rstrip() for line in screen_text(app).splitlines()]
    return [line for line in found if line[2:].startswith("pic_")]


async def test_each_item_is_a_line_of_words(words: SmartGalleryApp) -> None:
    async with words.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        shown = shown_lines(words)
        assert len(shown) == 12, "all of them are there, one below the other"
        assert shown[0].startswith("> pic_11.png, ")
        assert shown[1].startswith("  pic_10.png, ")
        await pilot.press("f", "4", "x", "j")
        await settle(pilot)
        shown = shown_lines(words)
        assert "pic_11.png, marked, 4 stars, favourite" in shown[0]
        assert shown[1].startswith("> pic_10.png")


async def test_more_lines_where_there_is_room_for_them(words: SmartGalleryApp) -> None:
    async with words.run_test(size=(80, 40)) as pilot:
        await settle(pilot)
        grid_of(words).grid.density = "comfortable"
        await settle(pilot)
        assert "portrait of a cat" in screen_text(words)
        assert len(shown_lines(words)) >= 10


async def test_opened_an_item_is_what_is_known_of_it(words: SmartGalleryApp) -> None:
    async with words.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert "Seed       1011" in screen_text(words)
        assert "juggernaut" in screen_text(words)
        await pilot.press("n")
        await settle(pilot)
        assert "sdxl_base" in screen_text(words)
        await pilot.press("escape")
        await settle(pilot)
        assert shown_lines(words)[1].startswith("> ")


async def test_pictures_can_be_switched_on_and_off(words: SmartGalleryApp) -> None:
    async with words.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        words.drawing.use("halfblock")
        await until(pilot, lambda: "\u2580" in screen_text(words))
        assert "> pic_11" not in screen_text(words)
        words.drawing.use("none")
        await until(pilot, lambda: "\u2580" not in screen_text(words))
        assert len(shown_lines(words)) == 12

"""Where one comes back to: the row on the screen after a search, zen with filters, states."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from smartgallery_tui.records import SyncProgress
from tests.ui.conftest import make_picture, settle
from tests.ui.test_asked_row import press
from tests.ui.test_grid_keys import grid_of

if TYPE_CHECKING:
    from pathlib import Path

    from smartgallery_tui.library import Library
    from smartgallery_tui.ui.app import SmartGalleryApp


@pytest.fixture
def many(library: Library, folder: Path) -> Library:
    """The library with enough pictures to scroll."""
    for number in range(12, 60):
        make_picture(folder / f"pic_{number:02}.png", number)
    library.sync()
    return library


async def test_backspace_brings_back_cursor_and_scroll(many: Library, app: SmartGalleryApp) -> None:
    del many
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        grid = grid_of(app).grid
        await press(pilot, *["j"] * 6, "k", "l")
        before = (grid.cursor, grid.top_row)
        assert grid.top_row > 0
        assert grid.cursor_line == 0
        await press(pilot, "slash", *"castle", "enter", "G")
        assert grid.cursor_line > 0
        await press(pilot, "backspace")
        assert (grid.cursor, grid.top_row) == before


async def test_zen_hides_filters_and_pills(app: SmartGalleryApp) -> None:
    async with app.run_test(size=(100, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "slash", *"fox", "enter", "F", "escape")
        grid = grid_of(app)
        assert grid.pills.display
        assert grid.filters.display
        await press(pilot, "z")
        shown = {widget.id or type(widget).__name__ for widget in grid.query("*") if widget.display}
        assert not shown & {"pills", "filters", "hints", "StatusLine", "SearchBox", "completions"}
        assert grid.grid.region.height == 24
        await press(pilot, "z")
        assert grid.filters.display


async def test_a_failed_scan_says_what_to_do(app: SmartGalleryApp) -> None:
    async with app.run_test(size=(100, 24)) as pilot:
        await settle(pilot)
        grid = grid_of(app)
        grid.sync_news(SyncProgress("error", message="the disk is away"))
        assert "the disk is away; R tries again" in grid.status.render().plain

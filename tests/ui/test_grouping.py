"""Groups: headings above days, folders, prompts and models, in pictures and in lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from smartgallery_tui.ui.screens.popup import ChoicePopup
from smartgallery_tui.ui.widgets.grid_layout import grid_layout
from smartgallery_tui.ui.widgets.row_list import RowList
from tests.ui.conftest import PROMPTS, make_app, settle
from tests.ui.test_grid_keys import grid_of

if TYPE_CHECKING:
    from smartgallery_tui.library import Library
    from smartgallery_tui.ui.app import SmartGalleryApp
    from smartgallery_tui.ui.screens.grid import GridScreen


def screen_lines(grid: GridScreen) -> list[str]:
    """Return the lines of the grid as text."""
    strips = grid.grid.render_lines(grid.grid.size.region)
    return ["".join(segment.text for segment in strip) for strip in strips]


@pytest.mark.parametrize("size", [(80, 20), (48, 20), (160, 44), (20, 5)])
@pytest.mark.parametrize("density", ["compact", "normal", "comfortable"])
def test_headings_cut_no_row(size: tuple[int, int], density: str) -> None:
    layout = grid_layout(size, (10, 20), 256, density, heading_height=1)
    assert layout.rows * layout.card_height <= max(size[1], layout.card_height)
    assert layout.heading_height + layout.picture_height + 1 <= layout.card_height
    place = layout.card(layout.columns, 0)
    if place is not None:
        assert layout.index_at(place[0], place[1], 0) == layout.columns


@pytest.mark.parametrize(
    ("key", "sort", "wanted"),
    [
        ("d", "date", ["2025-10-09"]),
        ("m", "model", ["fluxdev"]),
        ("f", "folder", ["/output"]),
        ("p", "prompt", sorted(PROMPTS)[:2]),
    ],
)
async def test_headings_above_pictures(
    app: SmartGalleryApp, key: str, sort: str, wanted: list[str]
) -> None:
    async with app.run_test(size=(120, 24)) as pilot:
        await settle(pilot)
        await pilot.press("g", "b", key)
        await settle(pilot)
        await pilot.press("home")
        await settle(pilot)
        grid = grid_of(app)
        assert grid.state_to_keep()["sort"].split()[0] == sort
        text = "\n".join(screen_lines(grid))
        assert all(word in text for word in wanted), text


async def test_moving_keeps_the_headings(app: SmartGalleryApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("g", "b", "p")
        await settle(pilot)
        grid = grid_of(app)
        drawn: list[object] = []
        grid.grid._redraw = lambda: drawn.append(1)  # type: ignore[method-assign]
        await pilot.press("l", "l")
        await settle(pilot)
        assert not drawn
        await pilot.press("g", "g", "right_square_bracket")
        await settle(pilot)
        assert grid.grid.cursor == 3


async def test_headings_between_lines(app: SmartGalleryApp) -> None:
    async with app.run_test(size=(80, 14)) as pilot:
        await settle(pilot)
        grid = grid_of(app)
        grid.action_list()
        await pilot.press("g", "b", "m")
        await settle(pilot)
        lines = str(grid.query_one(RowList).render()).splitlines()
        assert lines[1].startswith("▾ fluxdev")
        assert "pic_" in lines[2]
        await pilot.press("G")
        await settle(pilot)
        rows = grid.query_one(RowList)
        lines = str(rows.render()).splitlines()
        assert len(lines) <= rows.size.height
        assert grid.current is not None
        assert any(grid.current.name in row for row in lines)


async def test_no_groups_again(app: SmartGalleryApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("g", "b", "d")
        await settle(pilot)
        assert grid_of(app).grid.layout_now.heading_height == 1
        await pilot.press("g", "b")
        assert isinstance(app.screen, ChoicePopup)
        await pilot.press("n")
        await settle(pilot)
        assert grid_of(app).grid.layout_now.heading_height == 0


async def test_what_is_kept_comes_back(library: Library) -> None:
    app = make_app(library)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await pilot.press("g", "b", "m", "minus", "F")
        await settle(pilot)
        grid = grid_of(app)
        grid.filters.shown.folders = {"a"}
        grid.grid.density = "compact"
        kept = grid.state_to_keep()
    again = make_app(library, state=kept)
    async with again.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        grid = grid_of(again)
        assert grid.state_to_keep() == kept
        assert (grid.grid.grouping, grid.grid.density) == ("model", "compact")
        assert grid.filtering.is_open
        assert grid.filters.states()

"""Items beside each other: four in a narrow terminal, turned and zoomed together, what differs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from smartgallery_tui.ui.screens.compare import CompareScreen
from smartgallery_tui.ui.screens.detail import DetailScreen
from smartgallery_tui.ui.widgets.picture_view import PictureView
from smartgallery_tui.ui.widgets.row_text import RowText
from tests.ui.conftest import screen_text, settle

if TYPE_CHECKING:
    from textual.pilot import Pilot

    from smartgallery_tui.ui.app import SmartGalleryApp


async def compared(pilot: Pilot[object], count: int) -> CompareScreen:
    """Mark so many and put them side by side."""
    await settle(pilot)
    for _ in range(count):
        await pilot.press("space")
    await pilot.press("c")
    await settle(pilot)
    screen = pilot.app.screen
    assert isinstance(screen, CompareScreen)
    return screen


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (200, 50)])
async def test_four_fit_beside_each_other(app: SmartGalleryApp, size: tuple[int, int]) -> None:
    async with app.run_test(size=size) as pilot:
        screen = await compared(pilot, 4)
        views = list(screen.query(PictureView))
        assert len({view.region.y for view in views}) == 1
        assert min(view.size.width for view in views) >= size[0] // 4 - 2
        assert min(view.size.height for view in views) >= size[1] // 3
        assert screen.query_one(RowText).region.right <= size[0]
        facts = [str(one.render()) for one in screen.query(".compared-facts")]
        assert all(fact.startswith("64\u00d748") for fact in facts)


async def test_it_is_said_that_only_the_first_marked_are_compared(app: SmartGalleryApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await compared(pilot, 5)
        assert "first 4 of 5 " in screen_text(app)
        assert "? keys" in screen_text(app)
        await pilot.press("escape", "escape", "c")
        await settle(pilot)
        assert isinstance(app.screen, CompareScreen)
        assert " of " not in screen_text(app).splitlines()[-1]


async def test_the_large_view_says_it_too(app: SmartGalleryApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press(*["space"] * 5, "enter", "c")
        await settle(pilot)
        assert isinstance(app.screen, CompareScreen)
        assert "first 4 of 6 " in screen_text(app)
        assert "1 pic_06.png" in screen_text(app), "what is shown comes first"


async def test_one_item_alone_is_not_compared(app: SmartGalleryApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press(*"/pic_06.png", "enter")
        await settle(pilot)
        await pilot.press("enter", "c")
        await settle(pilot)
        assert isinstance(app.screen, DetailScreen)
        assert "two to four" in app.last_said


async def test_turned_zoomed_and_moved_together(app: SmartGalleryApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await compared(pilot, 2)
        await pilot.press(">", "_", "+", "+", "l", "j")
        views = [view.view for view in screen.query(PictureView)]
        assert views[0] == views[1]
        assert views[0].zoom > 1
        before = views[0]
        await pilot.press("<", "\\", "w")
        assert next(iter(screen.query(PictureView))).view != before


async def test_one_in_the_place_of_the_other(app: SmartGalleryApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await compared(pilot, 2)

        def visible() -> list[int]:
            ones = list(screen.query(".compared-one"))
            return [place for place, one in enumerate(ones) if one.display]

        seen = [visible()]
        for _ in range(3):
            await pilot.press("c")
            seen.append(visible())
        assert seen == [[0, 1], [0], [1], [0, 1]]
        await pilot.press("p")
        assert visible() == [1]
        assert screen.query_one("#differences").display
        await pilot.press("i")
        assert not screen.query_one("#differences").display


async def test_only_what_differs_is_listed(app: SmartGalleryApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await compared(pilot, 2)
        rows = screen.query_one(RowText).text.splitlines()
        assert rows[0].split() == ["1", "2"]
        assert any(row.split() == ["Seed", "1011", "1010"] for row in rows)
        assert any(row.startswith("KSampler #3") for row in rows)
        assert not any("Scheduler" in row for row in rows), "the same in both"
        assert any(row.startswith("Prompt, 1 to 2") for row in rows)

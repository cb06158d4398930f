"""What the two rows at the foot say of marked items."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartgallery_tui.ui.actions import ACTIONS, BATCH_HINTS
from tests.ui.conftest import settle
from tests.ui.test_grid_keys import grid_of

if TYPE_CHECKING:
    from smartgallery_tui.ui.app import SmartGalleryApp


def test_every_hint_of_the_batch_row_is_an_action() -> None:
    assert set(BATCH_HINTS) <= {action.id for action in ACTIONS}


async def test_marks_that_a_search_hides_are_counted(app: SmartGalleryApp) -> None:
    async with app.run_test(size=(100, 24)) as pilot:
        await settle(pilot)
        grid = grid_of(app)
        await pilot.press("space", "space")
        await settle(pilot)
        assert "2 marked" in grid.status.right.plain
        assert "outside" not in grid.status.right.plain
        await pilot.press("slash", *"fox", "enter")
        await settle(pilot)
        assert grid.session.view is not None
        hits = set(grid.session.view.result.ids())
        hidden = len(set(grid.session.marks.ids) - hits)
        assert hidden
        assert f"2 marked, {hidden} outside this view" in grid.status.right.plain
        grid.search_for("")
        await settle(pilot)
        assert "outside" not in grid.status.right.plain

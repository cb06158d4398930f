"""Cull mode: judging one picture after the other, taking it back, going on the next day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.ui.conftest import make_app, settle
from tests.ui.test_asked_row import press
from tests.ui.test_grid_keys import grid_of

if TYPE_CHECKING:
    from smartgallery_tui.library import Library
    from smartgallery_tui.ui.app import SmartGalleryApp


def name(app: SmartGalleryApp) -> str:
    current = grid_of(app).current
    return current.name if current is not None else ""


def status(app: SmartGalleryApp) -> str:
    return grid_of(app).status.render().plain


async def test_each_judgement_steps_on_and_undo_returns(app: SmartGalleryApp) -> None:
    async with app.run_test(size=(100, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "T", "3", "f", "x", "Y", "r")
        assert name(app) == "pic_07.png"
        assert "cull 5/12" in status(app)
        await press(pilot, "u")
        assert name(app) == "pic_08.png", "the status was taken back"
        await press(pilot, "u")
        assert name(app) == "pic_10.png", "the favourite was taken back"
        await press(pilot, "u")
        assert name(app) == "pic_11.png"
        grid = grid_of(app)
        assert grid.current is not None
        assert grid.current.rating == 0


async def test_trash_goes_to_the_next_one_and_undo_comes_back(app: SmartGalleryApp) -> None:
    async with app.run_test(size=(100, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "T", "l", "d")
        assert name(app) == "pic_09.png"
        assert "cull 2/11" in status(app)
        await press(pilot, "u")
        assert name(app) == "pic_10.png"
        assert "cull 2/12" in status(app)


async def test_what_a_filter_hides_stays_until_the_next_step(app: SmartGalleryApp) -> None:
    async with app.run_test(size=(100, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "slash", *"rating:none", "enter", "4")
        assert name(app) == "pic_11.png", "without cull mode it is held in its place"
        await press(pilot, "l")
        assert grid_of(app).session.view is not None
        assert grid_of(app).session.view.total == 11
        assert name(app) == "pic_10.png"


async def test_the_place_is_found_again_the_next_day(library: Library) -> None:
    app = make_app(library)
    async with app.run_test(size=(100, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "T", "3", "4", "5", "T", "g", "g", "q")
        kept = app.result.state
    again = make_app(library, state=kept)
    async with again.run_test(size=(100, 24)) as pilot:
        await settle(pilot)
        assert name(again) == "pic_11.png"
        await press(pilot, "T")
        assert name(again) == "pic_08.png"
        assert "Back where culling stopped" in again.last_said
        await press(pilot, "q")
        kept = again.result.state
    third = make_app(library, state=kept)
    async with third.run_test(size=(100, 24)) as pilot:
        await settle(pilot)
        assert name(third) == "pic_08.png"
        assert "cull 4/12" in status(third), "cull mode itself goes on"

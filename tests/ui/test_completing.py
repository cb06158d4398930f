"""Completion in the search box: the list below it, its keys, and what they make of the query."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.ui.conftest import settle
from tests.ui.test_asked_row import press
from tests.ui.test_grid_keys import grid_of

if TYPE_CHECKING:
    from smartgallery_tui.ui.app import SmartGalleryApp

SIZES = [(80, 24), (160, 48)]


def listed(app: SmartGalleryApp) -> list[str]:
    """Return the lines of the list without its foot, [] where it is not shown."""
    completions = grid_of(app).completions
    if not completions.display:
        return []
    assert 0 < completions.region.width <= app.size.width
    assert completions.region.bottom <= app.size.height
    shown = [
        "".join(segment.text for segment in strip).strip()
        for strip in (completions.render_line(y) for y in range(completions.size.height))
    ]
    return [" ".join(line.split()) for line in shown[:-1]]


@pytest.mark.parametrize("size", SIZES)
async def test_values_come_while_they_are_typed(
    app: SmartGalleryApp, size: tuple[int, int]
) -> None:
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        await press(pilot, "slash", *"fox mod")
        assert listed(app) == []
        await press(pilot, "tab")
        assert listed(app)[0].startswith("model: ")
        await press(pilot, "tab")
        assert grid_of(app).box.text == "fox model:"
        assert listed(app) == [
            "fluxdev.safetensors 4", "juggernaut.safetensors 4", "sdxl_base.safetensors 4",
        ]  # fmt: skip
        await press(pilot, *"sd", "tab")
        assert grid_of(app).box.text == "fox model:sdxl_base.safetensors "
        assert listed(app) == []
        assert grid_of(app).box.has_focus_within_box


async def test_arrows_choose_and_enter_takes(app: SmartGalleryApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "slash", *"sampler:", "down", "down", "enter")
        grid = grid_of(app)
        assert grid.box.text == "sampler:euler "
        assert grid.box.has_focus_within_box
        assert grid.session.view is not None
        assert grid.session.view.total == 6
        await press(pilot, "enter")
        assert grid.grid.has_focus


async def test_enter_without_a_choice_searches_and_escape_closes(app: SmartGalleryApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "slash", *"sampler:eule")
        assert listed(app)
        await press(pilot, "escape")
        grid = grid_of(app)
        assert listed(app) == []
        assert grid.box.text == "sampler:eule"
        await press(pilot, "r", "enter")
        assert grid.grid.has_focus
        assert grid.searching.asked.text == "sampler:euler"
        assert listed(app) == []


async def test_up_from_the_first_choice_goes_back_to_the_box(app: SmartGalleryApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "slash", *"sampler:", "down", "up", "enter")
        assert grid_of(app).searching.asked.text == "sampler:"

"""Closed groups: places that move together, one card for many items, marks that mean all of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from smartgallery_tui.ui.folding import Folding, Folds
from smartgallery_tui.ui.screens.detail import DetailScreen
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


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(1, 5)), max_size=6), st.integers(0, 4))
def test_places_shown_and_below_agree(parts: list[tuple[int, int]], rest: int) -> None:
    stretches, shown_of = [], []
    under = 0
    for gap, length in parts:
        shown_of += [under + each for each in range(gap)]
        under += gap
        stretches.append((under, length))
        shown_of.append(under)
        under += length
    shown_of += [under + each for each in range(rest)]
    folding = Folding(stretches, under + rest)
    assert folding.total == len(shown_of)
    assert [folding.under(place) for place in range(folding.total)] == shown_of
    assert [folding.shown(each) for each in shown_of] == list(range(len(shown_of)))
    closed = dict(stretches)
    for place, below in enumerate(shown_of):
        assert folding.size(place) == closed.get(below, 0)
        for inner in range(below, below + closed.get(below, 1)):
            assert folding.shown(inner) == place


def test_all_but_the_named_groups() -> None:
    folds = Folds("day", is_all=True)
    assert folds.is_any
    assert folds.has("2026-01-01")
    assert not folds.turned("2026-01-01").has("2026-01-01")
    assert not Folds("", frozenset("x")).is_any


async def test_a_group_closes_to_one_card_and_opens_again(app: SmartGalleryApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "g", "b", "m", "g", "g")
        assert "▾ fluxdev" in screen_text(app)
        first = grid_of(app).current
        await press(pilot, "l", "left_parenthesis")
        text = screen_text(app)
        assert "▸ fluxdev.safetensors  4" in text
        assert "1/9" in text, "the cursor stands on the group"
        assert "12 files" in text, "nothing is filtered"
        assert grid_of(app).current == first
        await press(pilot, "enter")
        assert "▾ fluxdev" in screen_text(app)
        assert "1/12" in screen_text(app)


async def test_all_groups_at_once_and_what_marks_mean(app: SmartGalleryApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "g", "b", "m", "left_curly_bracket")
        text = screen_text(app)
        assert text.count("▸") == 3
        assert "/3 " in text
        await press(pilot, "g", "g", "space")
        assert "4 marked" in screen_text(app), "the mark means the group"
        await press(pilot, "v", "l", "v")
        assert "12 marked" in screen_text(app), "a range means what is in its groups"
        await press(pilot, "x")
        assert "8 marked" in screen_text(app)
        await press(pilot, "right_parenthesis")
        assert screen_text(app).count("▸") == 2
        await press(pilot, "right_curly_bracket")
        assert "▸" not in screen_text(app)


async def test_groups_stay_closed_over_searches_sorting_and_runs(library: Library) -> None:
    app = make_app(library)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "g", "b", "m", "g", "g", "left_parenthesis")
        await press(pilot, "slash", *"seed", "colon", *"..1007", "enter")
        assert "▸ fluxdev.safetensors  3" in screen_text(app)
        assert "8 of 12 files" in screen_text(app)
        await press(pilot, "escape", "escape")
        await press(pilot, "g", "b", "d")
        assert "▸" not in screen_text(app), "groups of another kind are open"
        await press(pilot, "g", "b", "m")
        assert "▸ fluxdev.safetensors  4" in screen_text(app)
        kept = grid_of(app).state_to_keep()
    again = make_app(library, state=kept)
    async with again.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        assert "▸ fluxdev.safetensors  4" in screen_text(again)


async def test_closed_groups_in_the_list(app: SmartGalleryApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "g", "b", "m", "g", "v", "g", "g", "left_parenthesis")
        lines = screen_text(app).splitlines()
        assert lines[2].startswith("▸ fluxdev.safetensors  4")
        assert lines[3].startswith("▾ juggernaut")
        await press(pilot, "j")
        assert grid_of(app).current is not None
        assert "2/9" in screen_text(app)


async def test_a_click_on_a_heading_closes_its_group(app: SmartGalleryApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "g", "b", "m", "g", "g")
        grid = grid_of(app).grid
        await pilot.click("ThumbGrid", offset=(grid.layout_now.left + 3, 0))
        await settle(pilot)
        assert "▸ fluxdev.safetensors  4" in screen_text(app)
        await press(pilot, "g", "v")
        await pilot.click("RowList", offset=(5, 1))
        await settle(pilot)
        assert "▾ fluxdev" in screen_text(app)


async def test_without_groups_that_is_said(app: SmartGalleryApp) -> None:
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settle(pilot)
        await press(pilot, "left_parenthesis")
        assert "There are no groups: g b makes some." in screen_text(app)


async def test_following_shows_the_newest_of_a_closed_group(app: SmartGalleryApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "g", "b", "d", "left_curly_bracket")
        assert "▸ 2025-10-09  12" in screen_text(app)
        await press(pilot, "L")
        assert isinstance(app.screen, DetailScreen)
        assert "pic_11.png" in screen_text(app)

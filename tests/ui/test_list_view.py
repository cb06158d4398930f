"""The list view: its columns, the order that its heading stands for, the picture beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual.geometry import Region

from smartgallery_tui.ui.list_columns import columns
from smartgallery_tui.ui.screens.detail import DetailScreen
from tests.ui.conftest import COUNT, make_app, settle, until
from tests.ui.test_asked_row import press
from tests.ui.test_grid_keys import grid_of

if TYPE_CHECKING:
    from smartgallery_tui.library import Library
    from smartgallery_tui.ui.app import SmartGalleryApp


def lines(app: SmartGalleryApp) -> list[str]:
    return str(grid_of(app).rows.render()).splitlines()


@pytest.mark.parametrize("width", [30, 60, 80, 100, 132, 200, 400])
def test_columns_fit_and_the_date_is_among_the_first(width: int) -> None:
    shown = columns(width, 1_234_567)
    assert sum(column.width + 1 for column in shown) + 3 <= width
    names = [column.id for column in shown]
    assert "name" in names
    if width >= 60:
        assert {"date", "size", "pixels"} <= set(names)
    if width >= 100:
        assert {"place", "kind", "model", "rating"} <= set(names)
        assert next(column for column in shown if column.id == "date").width == 16


async def test_lines_cursor_and_pages(app: SmartGalleryApp) -> None:
    async with app.run_test(size=(80, 14)) as pilot:
        await settle(pilot)
        await press(pilot, "g", "v", "j", "j")
        grid = grid_of(app)
        assert grid.grid.cursor == 2
        text = "\n".join(lines(app))
        assert "3   pic_09.png" in text
        assert "2025-10-09" in text
        assert "64\u00d748" in text
        assert "Steps" not in text, "what does not fit is left out"
        await press(pilot, "enter")
        assert isinstance(app.screen, DetailScreen)
        await press(pilot, "escape", "J", "J")
        assert grid.grid.cursor == COUNT - 1
        assert any("pic_00.png" in line for line in lines(app))


async def test_the_heading_sorts_by_key(app: SmartGalleryApp) -> None:
    async with app.run_test(size=(160, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "g", "v", "h", "h")
        grid = grid_of(app)
        assert grid.grid.cursor == 0, "sideways chooses a column"
        await press(pilot, "equals_sign")
        assert "Name\u2191" in lines(app)[0]
        assert grid.current is not None
        assert grid.current.name == "pic_11.png", "the cursor stays on its item"
        assert grid.grid.cursor == COUNT - 1
        await press(pilot, "plus")
        assert "Name\u2193" in lines(app)[0]
        assert grid.grid.cursor == 0
        await press(pilot, *["l"] * 9, "equals_sign")
        assert "Steps\u2193" in lines(app)[0]


async def test_the_mouse_sorts_and_chooses(app: SmartGalleryApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "g", "v")
        grid = grid_of(app)
        await pilot.click("#rows", offset=(12, 0))
        await settle(pilot)
        assert grid.searching.asked.sort == "name"
        await pilot.click("#rows", offset=(12, 3))
        await settle(pilot)
        assert grid.grid.cursor == 2
        await pilot.click("#rows", offset=(12, 4), times=2)
        await settle(pilot)
        assert [type(each) for each in app.screen_stack].count(DetailScreen) == 1


async def test_a_wide_list_has_the_picture_beside_it(app: SmartGalleryApp) -> None:
    async with app.run_test(size=(160, 30)) as pilot:
        await settle(pilot)
        await press(pilot, "g", "v", "j")
        grid = grid_of(app)
        assert grid.aside.picture.display
        assert grid.aside.picture.item == grid.current
        await pilot.resize_terminal(100, 30)
        await settle(pilot)
        assert grid.aside.picture.display
        await press(pilot, "F")
        assert not grid.aside.picture.display, "not beside the filters, too"
        await press(pilot, "F")
        await press(pilot, "slash", *"zeppelin", "enter")
        assert not grid.aside.picture.display, "nothing is found"
        await press(pilot, "escape")
        await pilot.resize_terminal(80, 24)
        await until(pilot, lambda: not grid.aside.picture.display)
        grid.action_list_picture()
        await settle(pilot)
        assert grid.aside.picture.display, "where it is wished"
        grid.action_list_picture()
        await settle(pilot)
        assert not grid.aside.picture.display
        await until(pilot, lambda: not grid.aside.picture.display)
        await press(pilot, "g", "v")
        assert grid.grid.display


async def test_keys_mean_the_lines_while_the_sidebar_is_open(
    app: SmartGalleryApp, library: Library
) -> None:
    async with app.run_test(size=(120, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "F", "escape", "g", "v", "j")
        grid = grid_of(app)
        assert grid.grid.cursor == 1
        assert grid.focused is None
        await press(pilot, "slash", *"zeppelin", "enter", "question_mark", "escape")
        assert grid.box.text == "zeppelin"
        await press(pilot, "escape", "j")
        assert grid.grid.cursor == 2
        kept = grid.state_to_keep()
    again = make_app(library, state=kept)
    async with again.run_test(size=(120, 24)) as pilot:
        await settle(pilot)
        grid = grid_of(again)
        assert grid.filters.display
        await press(pilot, "j", "g", "v", "j")
        assert grid.grid.cursor > 3
        assert grid.grid.has_focus


async def test_a_note_has_its_sign_on_card_and_line(app: SmartGalleryApp, library: Library) -> None:
    library.set_note(library.search("").ids()[1:2], "print this one")
    async with app.run_test(size=(100, 24)) as pilot:
        await settle(pilot)
        grid = grid_of(app).grid
        card = grid.layout_now.card(1, 0)
        assert card is not None
        captions = grid.render_lines(Region(0, card[1] + grid.layout_now.picture_height, 100, 1))
        assert captions[0].text.count("\u270e") == 1
        await press(pilot, "g", "v")
        signs = ["\u270e" in line for line in lines(app)[1:4]]
        assert signs == [False, True, False]

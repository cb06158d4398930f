"""Keys of the grid, pressed against a real library."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual import events

from smartgallery_tui.ui.screens.detail import DetailScreen
from smartgallery_tui.ui.screens.grid import GridScreen
from smartgallery_tui.ui.screens.help import HelpScreen
from tests.ui.conftest import COUNT, make_app, settle, until

if TYPE_CHECKING:
    from smartgallery_tui.library import Library
    from smartgallery_tui.ui.app import SmartGalleryApp


def grid_of(app: SmartGalleryApp) -> GridScreen:
    screen = app.screen_stack[1]
    assert isinstance(screen, GridScreen)
    return screen


async def test_starts_on_the_newest_item(app: SmartGalleryApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        grid = grid_of(app)
        assert grid.current is not None
        assert grid.current.name == "pic_11.png"
        assert grid.session.view is not None
        assert grid.session.view.total == COUNT


@pytest.mark.parametrize(
    ("keys", "cursor"),
    [
        (["l"], 1), (["right", "l", "h"], 1), (["j"], 4), (["down", "k"], 0), (["G"], 11),
        (["end", "home"], 0), (["G", "g", "g"], 0), (["n", "n", "p"], 1), (["G", "l"], 11),
        (["h"], 0), (["J"], 4), (["ctrl+d", "K"], 0),
        (["pagedown"], 8), (["pagedown", "pageup"], 0), (["g", "x", "l"], 1),
    ],
)  # fmt: skip
async def test_moving(app: SmartGalleryApp, keys: list[str], cursor: int) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press(*keys)
        await settle(pilot)
        assert grid_of(app).grid.cursor == cursor


async def test_search_follows_the_keys_and_escape_steps_back(app: SmartGalleryApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("slash", *"castle")
        await settle(pilot)
        grid = grid_of(app)
        assert grid.session.view is not None
        assert grid.session.view.total == 3
        await pilot.press("escape")
        await settle(pilot)
        assert grid.session.view.total == COUNT
        assert grid.box.has_focus_within_box
        await pilot.press("escape")
        assert grid.grid.has_focus


async def test_backspace_returns_to_the_search_before_and_its_cursor(
    app: SmartGalleryApp,
) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("l", "l", "slash", *"fox", "enter")
        await settle(pilot)
        grid = grid_of(app)
        assert grid.grid.has_focus
        await pilot.press("backspace")
        await settle(pilot)
        assert grid.box.text == ""
        assert grid.grid.cursor == 2


async def test_nothing_found_says_what_to_do(app: SmartGalleryApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("slash", *"zeppelin", "enter")
        await settle(pilot)
        grid = grid_of(app)
        assert grid.has_class("-empty")
        assert "Esc clears the search" in str(grid.query_one("#empty").render())
        await pilot.press("escape")
        await settle(pilot)
        assert not grid.has_class("-empty")
        assert grid.grid.has_focus


async def test_marks(app: SmartGalleryApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        grid = grid_of(app)
        marks = grid.session.marks
        await pilot.press("space", "x")
        await settle(pilot)
        assert len(marks) == 2
        assert grid.grid.cursor == 1
        await pilot.press("l", "v", "l", "l", "v")
        await settle(pilot)
        assert len(marks) == 5
        await pilot.press("V")
        await settle(pilot)
        assert len(marks) == COUNT - 5
        await pilot.press("A")
        await settle(pilot)
        assert len(marks) == COUNT
        await pilot.press("escape")
        assert len(marks) == 0


async def test_next_marked(app: SmartGalleryApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("l", "x", "j", "x", "home", "N")
        await settle(pilot)
        assert grid_of(app).grid.cursor == 1
        await pilot.press("N")
        await settle(pilot)
        assert grid_of(app).grid.cursor == 5
        await pilot.press("P")
        await settle(pilot)
        assert grid_of(app).grid.cursor == 1


async def test_favourite_toggles_and_takes_marks(app: SmartGalleryApp, library: Library) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("f")
        await settle(pilot)
        grid = grid_of(app)
        assert grid.current is not None
        assert grid.current.is_favorite
        assert library.item(grid.current.id).is_favorite
        await pilot.press("f")
        await settle(pilot)
        assert not grid.current.is_favorite
        await pilot.press("A")
        await settle(pilot)
        await pilot.press("f")
        await settle(pilot)
        assert library.stats().favorites == COUNT


async def test_detail_walks_and_comes_back_with_the_cursor(app: SmartGalleryApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        detail = app.screen
        assert isinstance(detail, DetailScreen)
        await pilot.press("l", "right", "n", "p")
        await settle(pilot)
        assert detail.current is not None
        assert detail.current.name == "pic_09.png"
        await pilot.press("escape")
        await settle(pilot)
        assert grid_of(app).grid.cursor == 2


async def test_info_stays_open_from_item_to_item_and_next_time(app: SmartGalleryApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await pilot.press("enter", "i")
        await settle(pilot)
        detail = app.screen
        assert isinstance(detail, DetailScreen)
        assert "portrait of a cat" in str(detail.info.query_one("#info-text").render())
        await pilot.press("l")
        await settle(pilot)
        text = str(detail.info.query_one("#info-text").render())
        assert "a city at night" in text
        assert "sdxl_base" in text
        await pilot.press("escape", "enter")
        await settle(pilot)
        assert isinstance(app.screen, DetailScreen)
        assert app.screen.info.has_class("-open")


async def test_help_lists_the_keys_and_narrows(app: SmartGalleryApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("question_mark")
        await settle(pilot)
        assert isinstance(app.screen, HelpScreen)
        await pilot.press(*"rescan")
        assert "Look for new" not in str(app.screen.query_one("#help-table").render())[:20]
        await pilot.press("escape")
        assert isinstance(app.screen, GridScreen)
        for key in ("question_mark", "f1"):
            await pilot.press("question_mark")
            await settle(pilot)
            await pilot.press(key)
            await settle(pilot)
            assert isinstance(app.screen, GridScreen), "the key that opens it closes it"


async def test_sort_by_name(app: SmartGalleryApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("comma", "n")
        await settle(pilot)
        await pilot.press("home")
        grid = grid_of(app)
        assert grid.current is not None
        assert grid.current.name == "pic_00.png"


@pytest.mark.parametrize(("typed", "cursor"), [("+3", 5), ("-2", 0), ("50%", 5), ("100%", 11)])
async def test_the_palette_goes_so_far(app: SmartGalleryApp, typed: str, cursor: int) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("l", "l", "colon", *typed)
        await app.screen.workers.wait_for_complete()
        await pilot.pause()
        await pilot.press("enter")
        await settle(pilot)
        assert grid_of(app).grid.cursor == cursor


async def test_palette_runs_actions_and_goes_to_a_number(app: SmartGalleryApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("colon")
        await pilot.press(*"7")
        await app.screen.workers.wait_for_complete()
        await pilot.pause()
        await pilot.press("enter")
        await settle(pilot)
        assert grid_of(app).grid.cursor == 6


async def test_a_start_path_gets_the_cursor(library: Library, folder) -> None:
    app = make_app(library, start_path=str(folder / "pic_03.png"))
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        grid = grid_of(app)
        assert grid.current is not None
        assert grid.current.name == "pic_03.png"


async def test_quit(app: SmartGalleryApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("q")
        await pilot.pause()
    assert app.result.code == 0
    assert app.return_code == 0


async def test_a_tiny_terminal_gets_a_message(app: SmartGalleryApp) -> None:
    async with app.run_test(size=(20, 5)) as pilot:
        await settle(pilot)
        assert grid_of(app).has_class("-tiny")
        await pilot.resize_terminal(80, 24)
        await until(pilot, lambda: not grid_of(app).has_class("-tiny"))


async def test_letters_that_follow_the_slash_at_once_go_into_the_box(
    app: SmartGalleryApp,
) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        for key, character in [("slash", "/"), ("f", "f"), ("o", "o"), ("x", "x")]:
            app.post_message(events.Key(key, character))
        await settle(pilot)
        assert grid_of(app).box.text == "fox"
        assert app.screen is grid_of(app)

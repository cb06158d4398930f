"""The first screen, where no folder is known yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from smartgallery_tui.errors import SmartGalleryError
from smartgallery_tui.ui.options import FirstRun
from smartgallery_tui.ui.screens.first_run import FirstRunScreen
from tests.ui.conftest import COUNT, make_app, screen_text, settle
from tests.ui.test_grid_keys import grid_of

if TYPE_CHECKING:
    from smartgallery_tui.library import Library


async def test_the_first_screen_opens_a_folder(library: Library) -> None:
    def open_folder(path: str) -> Library:
        if path != "/pictures":
            raise SmartGalleryError(f"{path} does not exist")
        return library

    app = make_app(None, first_run=FirstRun(looked=("/opt",), open_folder=open_folder))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*"/pic", "enter")
        await settle(pilot)
        assert "/pic does not exist" in str(app.screen.query_one("#first-note").render())
        await pilot.press(*"tures", "enter")
        await settle(pilot)
        assert grid_of(app).session.view is not None


async def test_a_folder_is_chosen_by_walking(library: Library) -> None:
    opened: list[str] = []

    def open_folder(path: str) -> Library:
        opened.append(path)
        return library

    folders = {"/data/": ["inputs", "output"], "/data/output/": []}
    first_run = FirstRun(found="/data", open_folder=open_folder)
    app = make_app(None, first_run=first_run, list_folders=lambda path: folders.get(path, []))
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("escape", "c")
        await settle(pilot)
        await pilot.press("o", "tab", "enter")
        await settle(pilot)
        assert opened == ["/data/output"]
        assert grid_of(app).session.view is not None
        assert grid_of(app).session.view.total == COUNT


async def test_what_was_found_is_filled_in_and_opened_by_enter(library: Library) -> None:
    first_run = FirstRun(found="/comfy/output", how="process 42", open_folder=lambda _path: library)
    app = make_app(None, first_run=first_run)
    async with app.run_test(size=(80, 24)) as pilot:
        assert "found (process 42)" in str(app.screen.query_one("#first-looked").render())
        await pilot.press("enter")
        await settle(pilot)
        assert not isinstance(app.screen, FirstRunScreen)


@pytest.mark.parametrize(("width", "height"), [(80, 24), (60, 20), (40, 12)])
async def test_all_there_is_to_press_can_be_seen(width: int, height: int) -> None:
    first_run = FirstRun(found="/home/me/ComfyUI/output", how="in a usual place")
    app = make_app(None, first_run=first_run)
    async with app.run_test(size=(width, height)) as pilot:
        await settle(pilot)
        seen = " ".join(screen_text(app).split())
        for words in ("Open Choose a folder Demo Quit", "ComfyUI/output", "Enter opens the folder",
                      "q quits."):  # fmt: skip
            assert words in seen


async def test_keys_act_after_a_dialog_that_was_left() -> None:
    app = make_app(None, first_run=FirstRun(found="/data"), list_folders=lambda _path: [])
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("escape", "c")
        await settle(pilot)
        await pilot.press("escape")
        await settle(pilot)
        await pilot.press("q")
        await settle(pilot)
        assert not app.is_running, "q was typed into the field"


async def test_the_demo_by_one_key(library: Library) -> None:
    app = make_app(None, first_run=FirstRun(make_demo=lambda: library))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("escape", "d")
        await settle(pilot)
        assert grid_of(app).session.view is not None


async def test_a_configured_folder_that_is_not_there_is_named(library: Library) -> None:
    def open_folder(path: str) -> Library:
        raise SmartGalleryError(f"no such folder: {path}")

    first_run = FirstRun(found="/comfy/output", missing="/mnt/gone", open_folder=open_folder)
    app = make_app(None, first_run=first_run)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert "/mnt/gone" in str(app.screen.query_one("#first-looked").render())
        await pilot.press("enter")
        await settle(pilot)
        assert "no such folder: /mnt/gone" in str(app.screen.query_one("#first-note").render())

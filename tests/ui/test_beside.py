"""Screens beside the gallery tell their keys, too; the large view has the keys of both."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual.content import Content

from smartgallery_tui.ui.screens.beside import BesideScreen
from smartgallery_tui.ui.screens.help import HelpScreen
from smartgallery_tui.ui.screens.popup import ConfirmPopup
from smartgallery_tui.ui.screens.settings import SettingsScreen
from smartgallery_tui.ui.screens.storyboard import StoryboardRead, StoryboardScreen
from tests.ui.conftest import make_app, make_picture, screen_text, settle
from tests.ui.test_grid_keys import grid_of

if TYPE_CHECKING:
    from pathlib import Path

    from textual.pilot import Pilot

    from smartgallery_tui.library import Library
    from smartgallery_tui.ui.app import SmartGalleryApp

PLACES = {
    "trash": (("g", "t"), "Space x", "Mark the entry and step on."),
    "comparison": (("space", "space", "c"), "+ =", "Zoom in."),
    "page": (("g", "s"), "/", "Find words."),
    "log": (("g", "l"), "R", "Read again."),
    "settings": (("g", ","), "s ^S", "Save all."),
}


async def told(pilot: Pilot[object], keys: str, words: str) -> None:
    """Ask for the keys and look for some; come back."""
    beside = pilot.app.screen
    assert isinstance(beside, BesideScreen)
    assert "? keys" in screen_text(pilot.app)  # type: ignore[arg-type]
    await pilot.press("question_mark")
    await settle(pilot)
    assert isinstance(pilot.app.screen, HelpScreen)
    shown = screen_text(pilot.app)  # type: ignore[arg-type]
    assert beside.HELP_TITLE in shown
    row = next(row for row in shown.splitlines() if words in row)
    assert row.split(words)[0].split("│")[-1].strip() == keys
    await pilot.press(*"zzzz")
    await settle(pilot)
    assert "No key does that here." in screen_text(pilot.app)  # type: ignore[arg-type]
    await pilot.press("escape")
    assert pilot.app.screen is beside


@pytest.mark.parametrize("place", PLACES)
async def test_the_keys_of_a_screen_are_told(library: Library, place: str) -> None:
    way, keys, words = PLACES[place]
    app = make_app(library, save_setting=lambda _name, _value: None)
    async with app.run_test(size=(80, 40)) as pilot:
        await settle(pilot)
        await pilot.press(*way)
        await settle(pilot)
        await told(pilot, keys, words)


async def test_the_keys_of_a_storyboard_are_told(app: SmartGalleryApp, library: Library) -> None:
    async with app.run_test(size=(80, 40)) as pilot:
        await settle(pilot)
        item = library.search("").page(0, 1)[0]
        app.push_screen(StoryboardScreen(grid_of(app).session, item))
        await settle(pilot)
        await told(pilot, "Enter o Space", "Show one frame large")


async def test_why_there_are_no_frames_is_said_to_its_end(
    app: SmartGalleryApp, library: Library
) -> None:
    why = "ffmpeg is not installed, so videos have no preview: install it, or name it in [tools]"
    async with app.run_test(size=(60, 20)) as pilot:
        await settle(pilot)
        app.push_screen(StoryboardScreen(grid_of(app).session, library.search("").page(0, 1)[0]))
        await settle(pilot)
        app.screen.post_message(StoryboardRead([], why))
        await settle(pilot)
        assert why in " ".join(screen_text(app).split())


async def test_keys_of_a_list_are_told_where_a_list_has_the_focus(
    app: SmartGalleryApp, library: Library
) -> None:
    library.trash(library.search("").ids()[:1])
    async with app.run_test(size=(80, 40)) as pilot:
        await settle(pilot)
        await pilot.press("g", "t")
        await settle(pilot)
        await pilot.press("question_mark")
        await settle(pilot)
        assert "Go to the last one." in screen_text(app)


def test_a_screen_says_what_each_of_its_keys_does() -> None:
    for screen in BesideScreen.__subclasses__():
        words = [each.description for each in screen.BINDINGS]  # type: ignore[union-attr]
        assert all(words), screen
        assert len(set(words)) == len(words), screen


async def test_the_large_view_goes_from_group_to_group(app: SmartGalleryApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("g", "b", "m")
        await settle(pilot)
        await pilot.press("g", "g", "enter")
        shown = []
        for key in ("]", "]", "]", "[", "["):
            await pilot.press(key)
            await settle(pilot)
            row = screen_text(app).splitlines()[-2]
            shown.append(int(row.split("/")[0]))
        assert shown == [5, 9, 9, 5, 1]


async def test_the_large_view_looks_for_files_and_has_the_settings(
    library: Library, folder: Path
) -> None:
    app = make_app(library, save_setting=lambda _name, _value: None)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert "1/12" in screen_text(app)
        make_picture(folder / "pic_12.png", 12)
        await pilot.press("R")
        await settle(pilot)
        assert "2/13" in screen_text(app), "the shown item stays"
        await pilot.press("g", ",")
        await settle(pilot)
        assert isinstance(app.screen, SettingsScreen)
        await pilot.press("escape")
        assert "2/13" in screen_text(app)


@pytest.mark.parametrize(
    ("keys", "answer"),
    [
        ("y", True), ("n", False), ("enter", False), ("space", False), ("escape", None),
        ("left enter", True), ("tab space", True), ("l h enter", False), ("j enter", True),
        ("shift+tab tab enter", False), ("x F d 5 tab enter", True),
    ],
)  # fmt: skip
async def test_a_question_is_answered_by_its_keys_or_by_the_highlight(
    app: SmartGalleryApp, keys: str, answer: bool | None
) -> None:
    answers: list[bool | None] = []
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        app.push_screen(ConfirmPopup(Content("Really?"), grace_s=0), answers.append)
        await settle(pilot)
        assert "y yes" in screen_text(app)
        await pilot.press(*keys.split())
        await settle(pilot)
        assert answers == [answer]
        assert grid_of(app).session.library.search("rating:1..").total == 0

"""Moving pictures, other programs, typing ahead, and judging one after the other."""

from __future__ import annotations

import wave
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from smartgallery_tui.errors import NoPreviewError
from smartgallery_tui.records import Picture
from smartgallery_tui.terminal.caps import TerminalCaps
from smartgallery_tui.ui.app import SmartGalleryApp
from smartgallery_tui.ui.frame_shelf import FrameShelf
from smartgallery_tui.ui.options import AppOptions
from smartgallery_tui.ui.player import Player
from smartgallery_tui.ui.screens.detail import DetailScreen
from smartgallery_tui.ui.screens.playing import BUDGET_BYTES, Playback, frame_box
from smartgallery_tui.ui.screens.storyboard import StoryboardScreen
from tests.ui.conftest import make_app, screen_text, settle, until
from tests.ui.pty.pictures import make_item
from tests.ui.test_grid_keys import grid_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from smartgallery_tui.library import Library
    from smartgallery_tui.records import Item


def test_the_shelf_keeps_frames_until_they_are_dropped() -> None:
    shelf = FrameShelf()
    rows = shelf.put(make_item(1), [Picture(1, 1, b"abc"), Picture(1, 1, b"def")])
    assert len({row.id for row in rows}) == 2
    assert all(row.id < 0 for row in rows)
    assert shelf.get(rows[1].id).rgb == b"def"
    shelf.drop(rows)
    with pytest.raises(Exception, match="gone"):
        shelf.get(rows[0].id)


def test_frames_are_as_large_as_their_item_and_can_be_cut() -> None:
    shelf = FrameShelf()
    pixels = bytes(range(4 * 2 * 3))
    [row] = shelf.put(make_item(1, width=800, height=400), [Picture(4, 2, pixels)])
    assert (row.width, row.height) == (800, 400)
    assert shelf.get(row.id, (0.5, 0.5, 1.0, 1.0)) == Picture(2, 1, pixels[18:])
    assert shelf.get(row.id, (0.99, 0.99, 1.0, 1.0)) == Picture(1, 1, pixels[21:])


def test_all_frames_of_an_animation_are_read_if_need_be_smaller() -> None:
    screen = (1600, 900)
    assert frame_box(make_item(1, width=320, height=240, frames=24), screen) == ((320, 240), 24)
    box, limit = frame_box(make_item(1, width=832, height=480, frames=81), screen)
    assert limit == 81
    assert 320 < box[0] < 640
    assert box[0] * box[1] * 3 * limit <= BUDGET_BYTES
    box, limit = frame_box(make_item(1, width=1024, height=1024, frames=5000), screen)
    assert box == (215, 215)
    assert limit == 240


def test_a_player_walks_in_a_circle_and_leaves_out_what_is_too_fast() -> None:
    rows = [make_item(number) for number in range(1, 9)]
    slow = Player(rows, [0.5] * 8)
    assert [slow.step(1).id for _ in range(9)] == [1, 2, 3, 4, 5, 6, 7, 8, 1]
    assert slow.delay_s == 0.5
    fast = Player(rows, [0.02] * 8)
    assert [fast.step(1).id for _ in range(3)] == [1, 5, 1]
    assert fast.delay_s >= 1 / 12
    fast.is_paused = True
    assert fast.step(1).id == 2


async def test_a_storyboard_of_an_animation(library: Library, folder: Path) -> None:
    frames = [Image.new("RGB", (16, 16), (number * 10, 0, 0)) for number in range(20)]
    frames[0].save(folder / "zz.gif", save_all=True, append_images=frames[1:], duration=50)
    library.sync()
    app = make_app(library)
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        await pilot.press("E")
        await settle(pilot)
        board = app.screen
        assert isinstance(board, StoryboardScreen)
        await until(pilot, lambda: len(board.query(".frame")) == 11)
        await pilot.press("l", "j", "enter")
        assert board.cursor == 5
        assert board.query_one("#frames").has_class("-one")
        await pilot.press("escape", "escape")
        assert app.screen is grid_of(app)


async def test_an_animation_opened_from_the_grid_plays_in_full_size(
    library: Library, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    frames = [Image.new("RGB", (300, 200), (number * 10, 0, 0)) for number in range(8)]
    frames[0].save(folder / "zz.gif", save_all=True, append_images=frames[1:], duration=50)
    library.sync()
    app = SmartGalleryApp(library, TerminalCaps("halfblock"), AppOptions(is_syncing=False))
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        shelf = grid_of(app).session.frames
        given: list[Picture] = []
        put = shelf.put

        def noting(item: Item, pictures: Sequence[Picture]) -> list[Item]:
            given.extend(pictures)
            return put(item, pictures)

        monkeypatch.setattr(shelf, "put", noting)
        await pilot.press("enter")
        await until(pilot, lambda: bool(given))
        assert {(one.width_px, one.height_px) for one in given} == {(300, 200)}
        await pilot.press("S", "right_parenthesis")
        await settle(pilot)
        assert "/8" in screen_text(app)


async def test_the_status_line_says_how_the_picture_is_shown(app: SmartGalleryApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert " fit 200 %" in screen_text(app), "a small picture is doubled"
        await pilot.press("plus")
        await settle(pilot)
        assert " 250 %" in screen_text(app)
        await pilot.press("l", "greater_than_sign")
        await settle(pilot)
        assert "250 %, turned 90°" in screen_text(app)
        await pilot.press("minus", "minus")
        await settle(pilot)
        assert " 160 %" in screen_text(app)


async def test_the_status_line_says_how_long_a_sound_is(library: Library, folder: Path) -> None:
    with wave.open(str(folder / "zz.wav"), "wb") as sound:
        sound.setparams((1, 1, 100, 0, "NONE", ""))
        sound.writeframes(bytes(6_170))
    library.sync()
    app = make_app(library)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert screen_text(app).split("\n")[-2].rstrip().endswith(" 1:02")
        await pilot.press("l")
        await settle(pilot)
        assert "1:02" not in screen_text(app)


async def test_letters_typed_ahead_go_into_the_dialog(
    app: SmartGalleryApp, library: Library
) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        item = grid_of(app).current
        assert item is not None
        await pilot.press("t", *"quick", "enter")
        await settle(pilot)
        assert library.user_data(item.id).tags == ("quick",)
        assert app.screen is grid_of(app)


async def test_cull_mode_judges_each_item_once_however_fast(
    app: SmartGalleryApp, library: Library
) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("T", "5", "4", "3")
        await settle(pilot)
        view = grid_of(app).session.view
        assert view is not None
        ids = [item.id for item in (view.get(place) for place in range(4)) if item is not None]
        assert [row.rating for row in library.items(ids)] == [5, 4, 3, 0]
        assert grid_of(app).grid.cursor == 3


async def test_a_judged_item_stays_until_the_next_step(
    app: SmartGalleryApp, library: Library
) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        grid = grid_of(app)
        await pilot.press("slash", *"rating:0", "enter")
        await settle(pilot)
        judged = grid.current
        await pilot.press("5")
        await settle(pilot)
        grid.searching.ask_again()
        await settle(pilot)
        assert judged is not None
        assert grid.current is not None
        assert grid.current.id == judged.id
        await pilot.press("l")
        await settle(pilot)
        assert grid.session.view is not None
        assert grid.session.view.total == 11


async def test_an_animation_pauses_when_the_line_turns_out_to_be_slow(
    library: Library, folder: Path
) -> None:
    frames = [Image.new("RGB", (16, 16), (number * 10, 0, 0)) for number in range(20)]
    frames[0].save(folder / "zz.gif", save_all=True, append_images=frames[1:], duration=90)
    library.sync()
    options = AppOptions(is_syncing=False)
    app = SmartGalleryApp(library, TerminalCaps(protocol="halfblock"), options)
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        await pilot.press("enter")
        playback = app.screen.playback
        await until(pilot, lambda: playback._player is not None and playback._player.place > 1)
        assert "frame" not in screen_text(app)
        pacer = app.pictures.link.pacer
        for number in range(5):
            pacer.sent(16_384, float(number))
            pacer.acknowledged(number + (0.1 if number else 0.001))
        assert pacer.is_slow
        await until(pilot, lambda: "frame" in screen_text(app))
        at = playback._player.place
        app.screen.action_play()
        await until(pilot, lambda: playback._player.place not in {at, at + 1})
        assert "frame" not in screen_text(app), "who wants it gets it"


async def test_a_missing_tool_is_said_once(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = "ffmpeg is not installed, so videos have no preview"
    told = [words]

    def refuse(*_arguments: object) -> Picture:
        raise NoPreviewError("videos have no preview without ffmpeg")

    monkeypatch.setattr(library, "thumbnail", refuse)
    monkeypatch.setattr(library, "media_notice", lambda: told.pop() if told else "")
    app = SmartGalleryApp(library, TerminalCaps("halfblock"), AppOptions(is_syncing=False))
    async with app.run_test(size=(100, 30)) as pilot:
        await until(pilot, lambda: bool(app.notices.history))
        await settle(pilot)
        assert [notice.text for notice in app.notices.history] == [words]


async def test_a_video_is_walked_through_by_its_scenes(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    [item] = library.search("name:pic_11").page(0, 1)
    film = replace(item, kind="video", duration_ms=2200)
    monkeypatch.setattr(library, "storyboard", lambda *_: [Picture(2, 2, bytes(12))] * 11)
    app = SmartGalleryApp(library, TerminalCaps("halfblock"), AppOptions(is_syncing=False))
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        view = grid_of(app).session.view
        assert view is not None
        view.replace([film])
        await pilot.press("enter")
        await settle(pilot)
        assert "frame" not in screen_text(app), "nothing is read before a key asks for it"
        await pilot.press("right_parenthesis")
        await until(pilot, lambda: "frame 1/11" in screen_text(app))
        await pilot.press("right_parenthesis", "right_parenthesis", "left_parenthesis")
        await settle(pilot)
        assert "frame 2/11" in screen_text(app)
        await pilot.press("n", "p", "S")
        await until(pilot, lambda: playback_of(app)._player is not None)
        assert playback_of(app).mode == "", "it plays"


async def test_why_a_video_has_no_scenes_is_said(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    [item] = library.search("name:pic_11").page(0, 1)

    def refuse(*_: object) -> list[Picture]:
        raise NoPreviewError("videos have no preview without ffmpeg")

    monkeypatch.setattr(library, "storyboard", refuse)
    app = SmartGalleryApp(library, TerminalCaps("halfblock"), AppOptions(is_syncing=False))
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        view = grid_of(app).session.view
        assert view is not None
        view.replace([replace(item, kind="video")])
        await pilot.press("enter", "right_parenthesis")
        await until(pilot, lambda: "without ffmpeg" in app.last_said)


def playback_of(app: SmartGalleryApp) -> Playback:
    screen = app.screen
    assert isinstance(screen, DetailScreen)
    return screen.playback

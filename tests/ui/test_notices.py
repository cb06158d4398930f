"""Notices: Esc takes them down and still steps back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from smartgallery_tui.library import Library
from smartgallery_tui.records import LibraryChanged
from smartgallery_tui.ui.screens.grid import GridScreen
from tests.ui.conftest import make_app, make_picture, screen_text, settle, until

if TYPE_CHECKING:
    from pathlib import Path

    from smartgallery_tui.ui.app import SmartGalleryApp


async def test_escape_takes_notices_down_and_they_may_come_again(app: SmartGalleryApp) -> None:
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settle(pilot)
        app.say("Two files moved.", "information")
        app.say("A disk is full.", "error")
        await settle(pilot)
        assert sorted(round(notice.timeout) for notice in app._notifications) == [5, 7]
        await pilot.press("escape")
        await settle(pilot)
        assert not len(app._notifications)
        app.say("Two files moved.", "information")
        await settle(pilot)
        assert len(app._notifications) == 1
        await pilot.press("enter")
        await settle(pilot)
        await pilot.press("escape")
        await settle(pilot)
        assert isinstance(app.screen, GridScreen)
        assert not len(app._notifications)


async def test_a_notice_waits_until_a_dialog_is_closed(app: SmartGalleryApp) -> None:
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settle(pilot)
        app.say("Before.", "information")
        await pilot.press("comma")
        await settle(pilot)
        app.say("Meanwhile.", "error")
        app.say("Meanwhile.", "error")
        await settle(pilot)
        assert not [toast for toast in app.screen.query("Toast") if toast.region], "none over it"
        await pilot.press("q")
        await until(pilot, lambda: len(app.screen.query("Toast")) == 2)
        assert [notice.text for notice in app.notices.history] == ["Before.", "Meanwhile."]


async def test_only_the_newest_of_what_is_merely_told_stays(app: SmartGalleryApp) -> None:
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settle(pilot)
        app.say("One copied.", "information")
        app.say("The disk is full.", "error")
        app.say("Two copied.", "information")
        await settle(pilot)
        shown = [notice.message for notice in app._notifications]
        assert shown == ["The disk is full.", "Two copied."]


async def test_the_list_of_second_keys_is_not_covered(app: SmartGalleryApp) -> None:
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settle(pilot)
        app.say("One copied.", "information")
        await pilot.press("y")
        await until(pilot, lambda: app.screen.query_one("WhichKey").has_class("-shown"))
        assert not [toast for toast in app.screen.query("Toast") if toast.display]
        await pilot.press("escape")
        await settle(pilot)
        assert not app.screen.has_class("-choosing")


async def test_in_few_rows_a_notice_takes_the_row_of_hints(app: SmartGalleryApp) -> None:
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settle(pilot)
        before = screen_text(app).splitlines()
        app.say("Copied the positive prompt, 312 characters: tmux took it.", "information")
        await until(pilot, lambda: bool(app.screen.query("Toast")))
        await settle(pilot)
        shown = screen_text(app).splitlines()
        assert "Copied the positive prompt, 312 characters: tmux took it." in shown[-1]
        assert shown[:-1] == before[:-1]


async def test_the_status_line_says_what_a_scan_found(app: SmartGalleryApp, folder: Path) -> None:
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settle(pilot)
        make_picture(folder / "late.png", 41)
        await pilot.press("R")
        await settle(pilot)
        assert screen_text(app).splitlines()[-2].endswith("Scan: 1 new file ")
        assert not app.screen.query("Toast")
        assert app.notices.history[-1].text == "Scan: 1 new file"


async def test_while_an_answer_is_on_its_way_nothing_is_said_to_be_missing(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    with Library.open(data_dir=tmp_path / "data", roots=[tmp_path / "out"]) as empty:
        app = make_app(empty)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            assert "There are no pictures here yet." in screen_text(app)
            app.screen.sync_news(LibraryChanged(1))
            await pilot.pause()
            assert "Looking for pictures" in screen_text(app)
            await settle(pilot)
            assert "There are no pictures here yet." in screen_text(app)


async def test_in_few_rows_a_notice_covers_no_entry_of_the_trash(app: SmartGalleryApp) -> None:
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settle(pilot)
        await pilot.press("d", "g", "t")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        (toast,) = app.screen.query("Toast")
        assert toast.region.y == 23
        await pilot.resize_terminal(80, 40)
        await until(pilot, lambda: toast.region.y < 23)


@pytest.mark.parametrize(
    ("size", "bigger", "keys"),
    [
        ((100, 32), 4, []), ((100, 32), 4, ["n"]), ((100, 40), 0, []), ((100, 40), 0, ["G"]),
        ((200, 50), 2, []), ((200, 50), 2, ["j"]), ((120, 36), 0, ["j"]),
    ],
)  # fmt: skip
async def test_a_notice_covers_neither_the_cursor_nor_the_search_box(
    app: SmartGalleryApp, size: tuple[int, int], bigger: int, keys: list[str]
) -> None:
    async with app.run_test(size=size, notifications=True) as pilot:
        await settle(pilot)
        await pilot.press(*["plus"] * bigger, *keys)
        await settle(pilot)
        app.say("Copied the positive prompt, 312 characters: tmux took it. " * 2, "information")
        await until(pilot, lambda: bool(app.screen.query("Toast")))
        await settle(pilot)
        lines = screen_text(app).splitlines()
        item = app.screen.current
        assert any(item.name in row for row in lines[:-2]), "\n".join(lines)
        assert "search: words" in lines[0]
        assert "date" in lines[0]
        assert any("Copied the positive" in row for row in lines)


async def test_what_every_scan_tells_is_shown_once(library: Library, folder: Path) -> None:
    (folder.parent / "elsewhere").mkdir()
    (folder / "linked").symlink_to(folder.parent / "elsewhere")
    app = make_app(library)
    async with app.run_test(size=(120, 24), notifications=True) as pilot:
        await settle(pilot)
        await pilot.press("R")
        await settle(pilot)
        assert "linked is a linked folder" in screen_text(app)
        kept = app.screen.state_to_keep()
    again = make_app(library, state=kept)
    async with again.run_test(size=(120, 24), notifications=True) as pilot:
        await settle(pilot)
        await pilot.press("R")
        await settle(pilot)
        assert "linked is a linked folder" not in screen_text(again)
        assert "linked is a linked folder" in again.notices.history[-1].text


def move(folder: Path, name: str) -> Path:
    return folder.rename(folder.parent / name)


async def test_a_folder_that_is_away_is_named_until_it_is_back(
    app: SmartGalleryApp, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    again: list[int] = []
    monkeypatch.setattr(app.pictures, "try_again", lambda: again.append(1))
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settle(pilot)
        away = move(folder, "away")
        await pilot.press("R", "escape")
        await until(pilot, lambda: "offline: output" in screen_text(app))
        await settle(pilot)
        assert "12 files" in screen_text(app), "its files stay listed"
        assert not again
        move(away, folder.name)
        await pilot.press("R", "escape")
        await until(pilot, lambda: "offline" not in screen_text(app))
        assert again, "pictures that could not be made are tried again"

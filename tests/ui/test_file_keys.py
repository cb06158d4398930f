"""Keys that change files: what is on the disk afterwards, and what the screen shows."""

from __future__ import annotations

import json
import os
import threading
import time
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from textual import events
from textual.widgets import Input

from smartgallery_tui.config import load_themes
from smartgallery_tui.library import Library
from smartgallery_tui.records import FileProgress, Outcome, SafetySettings, Settings
from smartgallery_tui.terminal.caps import TerminalCaps
from smartgallery_tui.ui.app import SmartGalleryApp
from smartgallery_tui.ui.options import AppOptions
from smartgallery_tui.ui.palette import ActionProvider
from smartgallery_tui.ui.screens.detail import DetailScreen
from smartgallery_tui.ui.screens.file_dialogs import (
    FailuresPopup,
    ImportPopup,
    RenamePopup,
    TypedPopup,
)
from smartgallery_tui.ui.screens.folder_picker import FolderPicker
from smartgallery_tui.ui.screens.names import TextPopup
from smartgallery_tui.ui.screens.path_picker import PlacePopup
from smartgallery_tui.ui.screens.popup import ChoicePopup, ConfirmPopup
from smartgallery_tui.ui.screens.trash import TrashScreen
from tests.ui.conftest import COUNT, PATIENCE_S, make_app, make_picture, screen_text, settle
from tests.ui.test_grid_keys import grid_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from textual.pilot import Pilot


@pytest.fixture(autouse=True)
def no_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let questions take keys at once; one test below does without."""
    monkeypatch.setattr("smartgallery_tui.ui.screens.base.GRACE_S", 0.0)
    monkeypatch.setattr("smartgallery_tui.ui.file_works.GRACE_S", 0.0)


@pytest.fixture
def read_only(folder: Path, library: Library, tmp_path: Path) -> Iterator[Library]:
    opened = Library.open(
        data_dir=tmp_path / "data", cache_dir=tmp_path / "cache", roots=[folder], read_only=True
    )
    yield opened
    opened.close()


def names(folder: Path) -> set[str]:
    """Return the files below a folder, without those in the trash."""
    return {
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and ".smartgallery" not in path.parts
    }


def shown(app: SmartGalleryApp) -> str:
    grid = grid_of(app)
    assert grid.current is not None
    return grid.current.name


async def press(pilot: Pilot[object], *keys: str) -> None:
    await pilot.press(*keys)
    await settle(pilot)


async def reached(pilot: Pilot[object], is_reached: Callable[[], bool]) -> None:
    """Wait until something is on the screen, while a change of files goes on."""
    until_s = time.monotonic() + PATIENCE_S
    while not is_reached():
        assert time.monotonic() < until_s, "it was not shown"
        await pilot.pause()


async def test_rename_keeps_the_extension_and_says_what_is_wrong(
    app: SmartGalleryApp, folder: Path
) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "r")
        popup = app.screen
        assert isinstance(popup, RenamePopup)
        await press(pilot, "backspace", "0")
        assert "taken" in str(popup.query_one("#problem").render())
        await press(pilot, "enter")
        assert app.screen is popup
        await press(pilot, "slash")
        assert "contains" in str(popup.query_one("#problem").render())
        await press(pilot, "backspace", "x", "enter")
        assert "pic_10x.png" in names(folder)
        assert "pic_11.png" not in names(folder)
        assert shown(app) == "pic_10x.png"
        assert "pic_10x.png" in app.last_said
        await press(pilot, "u")
        assert "pic_11.png" in names(folder)
        assert app.last_said == "Undone: rename of pic_11.png."
        await press(pilot, "U")
        assert "pic_10x.png" in names(folder)
        assert app.last_said.startswith("Done again")


async def test_trash_one_without_a_question(app: SmartGalleryApp, folder: Path) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "l", "d")
        assert "pic_10.png" not in names(folder)
        assert shown(app) == "pic_09.png"
        assert "u brings back" in app.last_said
        assert "frees the space" in app.last_said
        await press(pilot, "delete")
        assert shown(app) == "pic_08.png"
        await press(pilot, "u")
        assert shown(app) == "pic_09.png"
        await press(pilot, "u")
        assert len(names(folder)) == COUNT
        assert shown(app) == "pic_10.png"


async def test_trash_several_asks_and_counts(app: SmartGalleryApp, folder: Path) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "x", "l", "x", "slash", *"fox", "enter")
        await press(pilot, "d")
        assert isinstance(app.screen, ConfirmPopup)
        question = str(app.screen.query("Static").first().render())
        assert "2 items (2 of them outside the view)" in question
        await press(pilot, "n")
        assert len(names(folder)) == COUNT
        await press(pilot, "d")
        await press(pilot, "y")
        assert names(folder).isdisjoint({"pic_11.png", "pic_10.png"})
        assert not grid_of(app).session.marks.ids
        await press(pilot, "u")
        assert len(names(folder)) == COUNT
        assert app.last_said == "Undone: trash of 2 items."
        assert len(grid_of(app).session.marks) == 2, "what comes back is marked as before"


async def test_the_next_picture_is_shown_after_trash(app: SmartGalleryApp, folder: Path) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        grid = grid_of(app)
        await press(pilot, "x", "l", "l", "enter", "d")
        detail = app.screen
        assert isinstance(detail, DetailScreen)
        assert "pic_09.png" not in names(folder)
        assert "pic_11.png" in names(folder)
        assert detail.current is not None
        assert detail.current.name == "pic_08.png"
        await press(pilot, "G", "d")
        assert detail.current.name == "pic_01.png"
        await press(pilot, "u")
        assert detail.current.name == "pic_00.png"
        await press(pilot, "escape")
        assert app.screen is grid
        assert shown(app) == "pic_00.png"


async def test_the_picture_screen_closes_on_an_empty_result(
    app: SmartGalleryApp, folder: Path
) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "slash", *"seed:1003", "enter")
        await press(pilot, "enter", "d")
        assert app.screen is grid_of(app)
        assert len(names(folder)) == COUNT - 1


async def test_keys_typed_too_early_are_no_answer(
    library: Library, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("smartgallery_tui.ui.screens.base.GRACE_S", 100.0)
    app = make_app(library)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "x", "l", "x", "d")
        await press(pilot, "y")
        assert isinstance(app.screen, ConfirmPopup)
        await press(pilot, "escape")
        await press(pilot, "D")
        assert isinstance(app.screen, TypedPopup)
        await press(pilot, *"delete", "enter")
        assert isinstance(app.screen, TypedPopup)
        assert len(names(folder)) == COUNT


async def test_delete_for_ever_wants_a_word(
    app: SmartGalleryApp, folder: Path, library: Library
) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "D", *"yes", "enter")
        assert "pic_11.png" in names(folder)
        await press(pilot, "D", *"delete", "enter")
        assert "pic_11.png" not in names(folder)
        assert not library.trashed()
        assert shown(app) == "pic_10.png"
        await press(pilot, "u")
        assert "nothing to undo" in app.last_said


async def test_move_to_a_new_folder_and_copy_back(app: SmartGalleryApp, folder: Path) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "x", "l", "x", "m")
        assert isinstance(app.screen, FolderPicker)
        await press(pilot, *"best", "enter")
        assert {"best/pic_11.png", "best/pic_10.png"} <= names(folder)
        assert "2 items moved to best." in app.last_said
        assert shown(app) == "pic_10.png"
        await press(pilot, "m")
        await press(pilot, "tab", *"outp", "enter")
        assert {"best/pic_10.png", "pic_10.png"} <= names(folder)
        assert "copied to output" in app.last_said
        assert grid_of(app).session.view is not None
        assert grid_of(app).session.view.total == COUNT + 1
        await press(pilot, "u")
        await press(pilot, "u")
        await press(pilot, "u")
        assert len(names(folder)) == COUNT
        assert not (folder / "best").exists()


async def test_folders_are_offered_by_name_or_newest_first(
    app: SmartGalleryApp, folder: Path, library: Library
) -> None:
    for number, name in enumerate(("alps", "best", "coast")):
        (folder / name).mkdir()
        make_picture(folder / name / "one.png", number)
        os.utime(folder / name, (1_700_000_000 + number, 1_700_000_000 + number))
    os.utime(folder, (1, 1))
    library.sync()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)

        def offered() -> list[str]:
            names = ("alps", "best", "coast")
            rows = [
                row.split("│")[1].strip() for row in screen_text(app).splitlines() if "│" in row
            ]
            return [row for row in rows if row in names]

        await press(pilot, "m")
        assert offered() == ["alps", "best", "coast"]
        assert "newest first" in screen_text(app)
        await press(pilot, "shift+tab")
        assert offered() == ["coast", "best", "alps"]
        await press(pilot, "shift+tab", "tab")
        assert offered() == ["alps", "best", "coast"]
        assert "Copy" in screen_text(app)
        assert "Tab moves instead; Shift+Tab: newest first." in screen_text(app)


async def test_what_failed_is_listed_and_tried_again(app: SmartGalleryApp, folder: Path) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        (folder / "pic_11.png").rename(folder / "away.tmp")
        await press(pilot, "x", "l", "x", "d")
        await press(pilot, "y")
        assert isinstance(app.screen, FailuresPopup)
        shown = app.screen.query_one("#failures").get_option_at_index(0).prompt
        assert "not there" in str(shown)
        assert "pic_10.png" not in names(folder)
        (folder / "away.tmp").rename(folder / "pic_11.png")
        await press(pilot, "r")
        assert "pic_11.png" not in names(folder)
        assert app.screen is grid_of(app)


@pytest.mark.parametrize(
    ("key", "name"),
    [("a", "pic_11.json"), ("c", "pic_11.png"), ("o", "pic_11.png"), ("v", "smartgallery.csv"),
     ("j", "smartgallery.jsonl")],
)  # fmt: skip
async def test_export(
    app: SmartGalleryApp, folder: Path, tmp_path: Path, key: str, name: str
) -> None:
    place = tmp_path / "out"
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "e", key)
        assert isinstance(app.screen, PlacePopup)
        app.screen.query_one(Input).value = str(place)
        await press(pilot, "enter")
    written = (place / name).read_bytes()
    if key == "a":
        assert json.loads(written)["3"]["class_type"] == "KSampler"
    elif key == "o":
        assert written == (folder / name).read_bytes()
    elif key == "c":
        assert b"KSampler" not in written
    else:
        assert b"pic_11.png" in written
    assert len(names(folder)) == COUNT


async def test_a_workflow_that_is_not_there_is_said(app: SmartGalleryApp, tmp_path: Path) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "e", "w")
        app.screen.query_one(Input).value = str(tmp_path / "out")
        await press(pilot, "enter")
        assert "holds no workflow" in app.last_said


async def test_the_trash_screen(app: SmartGalleryApp, folder: Path, library: Library) -> None:
    ids = library.search("").ids()
    library.trash(ids[:3])
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "g", "t")
        screen = app.screen
        assert isinstance(screen, TrashScreen)
        assert "3 entries" in str(screen.query_one("#trash-title").render())
        await press(pilot, "enter")
        assert "2 entries" in str(screen.query_one("#trash-title").render())
        assert len(names(folder)) == COUNT - 2
        await press(pilot, "x", "D")
        await press(pilot, *"delete", "enter")
        assert len(library.trashed()) == 1
        await press(pilot, "E")
        await press(pilot, *"empty", "enter")
        assert not library.trashed()
        assert "freed" in app.last_said
        assert "empty" in str(screen.query_one("#trash").get_option_at_index(0).prompt)
        await press(pilot, "escape")
        assert grid_of(app).session.view is not None
        assert grid_of(app).session.view.total == COUNT - 2


async def test_keys_wait_for_what_lies_in_the_trash(
    app: SmartGalleryApp, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.trash(library.search("").ids()[:3])
    trashed, go_on = library.trashed, threading.Event()
    monkeypatch.setattr(library, "trashed", lambda: [go_on.wait(10), trashed()][1])
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("g", "t", "x", "E")
        assert isinstance(app.screen, TrashScreen)
        assert "marked" not in screen_text(app)
        go_on.set()
        await settle(pilot)
        assert "Delete 3 entries" in screen_text(app)
        await press(pilot, "escape")
        assert "1 marked" in screen_text(app)


async def test_the_trash_can_be_left_before_it_is_read(
    app: SmartGalleryApp, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.trash(library.search("").ids()[:3])
    trashed, go_on = library.trashed, threading.Event()
    monkeypatch.setattr(library, "trashed", lambda: [go_on.wait(10), trashed()][1])
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("g", "t", "E", "escape")
        assert not isinstance(app.screen, TrashScreen)
        go_on.set()
        await settle(pilot)
        assert grid_of(app).is_current


async def test_the_trash_screen_tells_how_far_emptying_is(
    app: SmartGalleryApp, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.trash(library.search("").ids()[:3])
    delete, go_on = library.delete_trashed, threading.Event()

    def slow(entries: object, cancelled: object, told: object) -> list[Outcome]:
        told(FileProgress(1, 3, 20.0))  # type: ignore[operator]
        go_on.wait(10)
        return delete(entries)  # type: ignore[arg-type]

    monkeypatch.setattr(library, "delete_trashed", slow)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "g", "t")
        await press(pilot, "E", *"empty")
        await pilot.press("enter")

        def is_told() -> bool:
            foot = app.screen.query("#trash-foot")
            return bool(foot) and "delete 1/3 20/s" in str(foot.first().render())

        await reached(pilot, is_told)
        go_on.set()
        await settle(pilot)
        assert "Enter restores" in str(app.screen.query_one("#trash-foot").render())
        assert library.trashed() == []


async def test_folders_are_made_renamed_and_trashed(app: SmartGalleryApp, folder: Path) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await app.run_action("folder('make')", app.screen)
        await settle(pilot)
        await press(pilot, *"new", "enter")
        assert (folder / "new").is_dir()
        await app.run_action("folder('rename')", app.screen)
        await settle(pilot)
        await press(pilot, *"new", "enter")
        assert isinstance(app.screen, TextPopup)
        await press(pilot, "ctrl+u", *"old", "enter")
        assert (folder / "old").is_dir()
        await app.run_action("folder('trash')", app.screen)
        await settle(pilot)
        await press(pilot, *"old", "enter")
        await press(pilot, "y")
        assert not (folder / "old").exists()
        assert "moved to the trash" in app.last_said
        await press(pilot, "u")
        assert (folder / "old").is_dir()


async def test_pasted_paths_are_imported(
    app: SmartGalleryApp, folder: Path, tmp_path: Path
) -> None:
    other = tmp_path / "in coming"
    other.mkdir()
    make_picture(other / "new one.png", 40)
    make_picture(other / "pic_00.png", 41)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        app.screen.post_message(events.Paste("just some words"))
        await settle(pilot)
        assert app.screen is grid_of(app)
        app.screen.post_message(events.Paste(f"'{other}'\n"))
        await settle(pilot)
        assert isinstance(app.screen, ImportPopup)
        assert "Import 2 files into output?" in str(app.screen.query("Static").first().render())
        await press(pilot, "y")
        assert {"new one.png", "pic_00(1).png"} <= names(folder)
        assert grid_of(app).session.view is not None
        assert grid_of(app).session.view.total == COUNT + 2
        await press(pilot, "u")
        assert len(names(folder)) == COUNT


async def test_a_path_is_typed_completed_and_imported(
    app: SmartGalleryApp, folder: Path, tmp_path: Path, library: Library
) -> None:
    other = tmp_path / "incoming"
    other.mkdir()
    make_picture(other / "new.png", 40)
    large = other / "large.png"
    make_picture(large, 41)
    with large.open("ab") as file:
        file.truncate(2_500_000)
    limited = replace(library.settings.safety, import_max_mb=1)
    library.use_settings(replace(library.settings, safety=limited))
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "e", "i")
        assert isinstance(app.screen, PlacePopup)
        app.screen.query_one(Input).value = f"{tmp_path}/inc"
        await settle(pilot)
        await press(pilot, "tab")
        assert app.screen.query_one(Input).value == f"{other}/"
        rows = app.screen.query_one("#rows")
        assert [str(rows.get_option_at_index(n).prompt) for n in range(2)] == [
            "large.png", "new.png",
        ]  # fmt: skip
        await press(pilot, "enter")
        assert isinstance(app.screen, ImportPopup)
        lines = [str(line.render()) for line in app.screen.query("Static")]
        assert "Import 2 files into output?" in lines[0]
        assert "1 of them is larger than 1 MB" in lines[1]
        await press(pilot, "y")
        assert {"new.png"} == names(folder) - {f"pic_{n:02}.png" for n in range(COUNT)}
        assert app.last_said.startswith("new.png imported into output.")
        await app.run_action(f"import_path('{other}/large*')", app.screen)
        await settle(pilot)
        await press(pilot, "l")
        assert "large.png" in names(folder)
        await app.run_action(f"import_path('{other}/nothing')", app.screen)
        await settle(pilot)
        assert "is not there" in app.last_said


async def test_the_palette_takes_a_path_to_import(
    app: SmartGalleryApp, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "In").mkdir()
    make_picture(tmp_path / "In" / "New.png", 40)
    monkeypatch.setenv("HOME", str(tmp_path))
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        provider = ActionProvider(app.screen)
        hits = [hit async for hit in provider.search("import ~/In/N*.png")]
        (hit,) = [one for one in hits if str(one.match_display) == "import ~/In/N*.png"]
        await hit.command()
        await settle(pilot)
        assert isinstance(app.screen, ImportPopup)
        await press(pilot, "f")
        assert isinstance(app.screen, FolderPicker)
        await press(pilot, *"fresh", "enter")
        assert "Import 1 file into fresh?" in str(app.screen.query("Static").first().render())
        await press(pilot, "y")
        assert "fresh/New.png" in names(folder)
        await press(pilot, "u")
        assert app.last_said == "Undone: import of New.png."
        await press(pilot, "u")
        assert app.last_said == "Undone: make folder fresh."
        assert not (folder / "fresh").exists()
        await press(pilot, "U")
        assert app.last_said == "Done again: make folder fresh."


async def test_marked_files_go_into_an_archive(app: SmartGalleryApp, tmp_path: Path) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "x", "l", "x", "e", "z")
        assert "Pack 2 items into" in str(app.screen.query("Static").first().render())
        app.screen.query_one(Input).value = str(tmp_path / "best")
        await press(pilot, "enter")
        assert isinstance(app.screen, ChoicePopup)
        await press(pilot, "4")
        assert app.last_said == f"2 items packed into {tmp_path}/best.zip."
    with zipfile.ZipFile(tmp_path / "best.zip") as found:
        assert set(found.namelist()) == {
            "pic_11.png", "pic_11.json", "pic_10.png", "pic_10.json", "smartgallery.csv",
        }  # fmt: skip


async def test_who_sits_elsewhere_gets_the_line_that_fetches_an_archive(
    library: Library, tmp_path: Path
) -> None:
    themes, _problems = load_themes()
    caps = TerminalCaps(protocol="none", is_remote=True)
    app = SmartGalleryApp(library, caps, AppOptions(themes=tuple(themes), is_syncing=False))
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "e", "z")
        app.screen.query_one(Input).value = str(tmp_path / "best")
        await press(pilot, "enter")
        await press(pilot, "1")
        assert library.fetch_command([f"{tmp_path}/best.zip"]) in app.last_said


async def test_failures_do_not_steal_keys_from_a_dialog(
    app: SmartGalleryApp, folder: Path, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = threading.Event()
    trash = library.trash

    def late(*arguments: object) -> list[Outcome]:
        go_on.wait(10)
        return trash(*arguments)

    monkeypatch.setattr(library, "trash", late)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        (folder / "pic_11.png").rename(folder / "away.tmp")
        await pilot.press("x", "l", "x", "d")
        await reached(pilot, lambda: isinstance(app.screen, ConfirmPopup))
        await pilot.press("y")
        await pilot.press("colon")
        await pilot.pause()
        dialog = app.screen
        go_on.set()
        await settle(pilot)
        assert app.screen is dialog
        assert "1 failed" in app.last_said
        assert "g j tells why" in app.last_said


async def test_only_what_failed_is_imported_again(
    app: SmartGalleryApp, folder: Path, tmp_path: Path
) -> None:
    other = tmp_path / "in"
    other.mkdir()
    make_picture(other / "good.png", 40)
    (other / "late.png").write_bytes(b"not yet")
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        app.screen.post_message(events.Paste(str(other)))
        await settle(pilot)
        await press(pilot, "y")
        assert isinstance(app.screen, FailuresPopup)
        make_picture(other / "late.png", 41)
        await press(pilot, "r")
        assert names(folder) >= {"good.png", "late.png"}
        assert len(names(folder)) == COUNT + 2


async def test_read_only_refuses_with_a_sentence(read_only: Library, folder: Path) -> None:
    app = make_app(read_only)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        for key in ("r", "m", "d", "D", "u"):
            app.last_said = ""
            app.notices.clear()
            await press(pilot, key)
            assert app.last_said.startswith("Read-only"), key
            assert app.screen is grid_of(app)
        app.screen.post_message(events.Paste(str(folder / "pic_00.png")))
        await settle(pilot)
        assert app.screen is grid_of(app)
    assert len(names(folder)) == COUNT


async def test_no_question_where_none_is_wanted(folder: Path, tmp_path: Path) -> None:
    settings = Settings(safety=SafetySettings(confirm=False))
    with Library.open(
        data_dir=tmp_path / "d", cache_dir=tmp_path / "c", roots=[folder], settings=settings
    ) as library:
        library.sync()
        app = make_app(library)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            await press(pilot, "x", "l", "x", "d")
            assert len(names(folder)) == COUNT - 2


async def test_a_long_change_can_be_stopped_and_is_told(
    app: SmartGalleryApp, library: Library, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[str] = []
    trash = library.trash

    def slow(ids: list[int], cancelled: object, told: object) -> list[Outcome]:
        if heard:
            return trash(ids)
        told(FileProgress(1, len(ids), 20.0, 0.0, 70.0))  # type: ignore[operator]
        end = time.monotonic() + PATIENCE_S
        while not cancelled.is_set() and time.monotonic() < end:  # type: ignore[attr-defined]
            time.sleep(0.005)
        heard.append(str(grid_of(app).status.right))
        return [Outcome(item_id, ok=False, reason="cancelled") for item_id in ids]

    monkeypatch.setattr(library, "trash", slow)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "x", "l", "x")
        await pilot.press("d")
        await pilot.pause()
        await reached(pilot, lambda: isinstance(app.screen, ConfirmPopup))
        await pilot.press("y")
        await reached(pilot, lambda: "trash 1/2 20/s 1 min left" in str(grid_of(app).status.right))
        await pilot.press("enter")
        await pilot.pause()
        await pilot.press("g", "j")
        jobs = app.screen.query_one("#jobs")
        assert "trash 1/2 20/s 1 min left" in str(jobs.get_option_at_index(0).prompt)
        await pilot.press("enter")
        await settle(pilot)
        assert app.last_said == "Stopped: trash has changed nothing."
        assert len(names(folder)) == COUNT
        await press(pilot, "enter")
        assert isinstance(app.screen, FailuresPopup), "the list of jobs has it still"
        await press(pilot, "r")
        assert len(names(folder)) == COUNT - 2

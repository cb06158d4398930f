"""Keys for judging, copying, finding and comparing."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from textual import events

from smartgallery_tui.records.searches import SavedSearch
from smartgallery_tui.ui.screens.asking import SyncWanted
from smartgallery_tui.ui.screens.compare import CompareScreen
from smartgallery_tui.ui.screens.detail import DetailScreen
from smartgallery_tui.ui.screens.grid import GridScreen
from smartgallery_tui.ui.screens.jobs import JobsPopup
from smartgallery_tui.ui.screens.names import NamesPopup
from smartgallery_tui.ui.screens.pages import TextScreen
from smartgallery_tui.ui.screens.picker import PickerPopup
from smartgallery_tui.ui.widgets.which_key import WhichKey
from tests.ui.conftest import COUNT, make_app, make_picture, reached, screen_text, settle
from tests.ui.test_grid_keys import grid_of

if TYPE_CHECKING:
    from pathlib import Path

    from smartgallery_tui.library import Library
    from smartgallery_tui.ui.app import SmartGalleryApp


async def test_rating_status_and_undo(app: SmartGalleryApp, library: Library) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        grid = grid_of(app)
        assert grid.current is not None
        item_id = grid.current.id
        await pilot.press("4")
        await settle(pilot)
        assert grid.current.rating == 4
        await pilot.press("Y", "a")
        await settle(pilot)
        assert library.item(item_id).status == "approved"
        await pilot.press("l", "l", "u")
        await settle(pilot)
        assert library.item(item_id).status == ""
        assert grid.grid.cursor == 0
        await pilot.press("U")
        await settle(pilot)
        assert library.item(item_id).status == "approved"


async def test_tags_albums_and_notes(app: SmartGalleryApp, library: Library) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        grid = grid_of(app)
        assert grid.current is not None
        item_id = grid.current.id
        await pilot.press("t")
        await settle(pilot)
        assert isinstance(app.screen, NamesPopup)
        await pilot.press(*"best", "enter")
        await settle(pilot)
        await pilot.press("a")
        await settle(pilot)
        await pilot.press(*"show", "enter")
        await settle(pilot)
        await pilot.press("M")
        await settle(pilot)
        await pilot.press(*"good", "enter", *"light", "ctrl+s")
        await settle(pilot)
        data = library.user_data(item_id)
        assert (data.tags, data.albums, data.note) == (("best",), ("show",), "good\nlight")
        await pilot.press("t")
        await settle(pilot)
        await pilot.press("down", "enter")
        await settle(pilot)
        assert library.user_data(item_id).tags == ()


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        (["y", "n"], "pic_11.png"), (["y", "s"], "1011"), (["y", "plus"], "portrait of a cat"),
        (["y", "minus"], "blurry"), (["y", "l"], ""),
    ],
)  # fmt: skip
async def test_copying(app: SmartGalleryApp, keys: list[str], text: str) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press(*keys)
        await settle(pilot)
        assert app.clipboard == text


async def test_copying_the_workflow_of_several(app: SmartGalleryApp, library: Library) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("x", "l", "x", "y", "a")
        await settle(pilot)
        assert app.clipboard.count("KSampler") == 2


async def test_a_text_too_long_for_a_clipboard_goes_to_a_file(
    app: SmartGalleryApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("smartgallery_tui.ui.copying.CLIPBOARD_LIMIT", 8)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settle(pilot)
        await pilot.press("y", "p")
        await settle(pilot)
        assert app.clipboard == ""
        assert "last-copy" in app.last_said


async def test_hesitating_lists_the_second_keys(app: SmartGalleryApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("y")
        which = grid_of(app).query_one(WhichKey)
        await reached(lambda: which.has_class("-shown"))
        await pilot.press("escape")
        assert not which.has_class("-shown")


async def test_tabs_of_the_information(app: SmartGalleryApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await pilot.press("enter", "i", "tab", "tab")
        await settle(pilot)
        detail = app.screen
        assert isinstance(detail, DetailScreen)
        text = str(detail.info.query_one("#info-text").render())
        assert text.index("SaveImage") < text.index("KSampler") < text.index("EmptyLatent")
        await pilot.press("I")
        await settle(pilot)
        assert '"class_type"' in str(detail.info.query_one("#info-text").render())
        await pilot.press("shift+tab")
        await settle(pilot)
        assert "fluxdev" not in str(detail.info.query_one("#info-tabs").render())


async def test_more_like_this(app: SmartGalleryApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("asterisk")
        await settle(pilot)
        assert isinstance(app.screen, PickerPopup)
        await pilot.press("enter")
        await settle(pilot)
        grid = grid_of(app)
        assert grid.session.view is not None
        assert grid.session.view.total == 3
        assert grid.box.text == 'prompt:"portrait of a cat"'


async def test_saved_searches(app: SmartGalleryApp, library: Library) -> None:
    library.save_search(SavedSearch("Foxes", "fox", "name", is_descending=False))
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("apostrophe")
        await settle(pilot)
        await pilot.press(*"fox", "enter")
        await settle(pilot)
        grid = grid_of(app)
        assert grid.session.view is not None
        assert grid.session.view.total == 3
        assert grid.current is not None
        await pilot.press("home")
        assert grid.current.name == "pic_00.png"


async def test_compare_and_flicker(app: SmartGalleryApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await pilot.press("x", "l", "x", "c")
        await settle(pilot)
        compare = app.screen
        assert isinstance(compare, CompareScreen)
        await pilot.press("c")
        assert len(compare.query(".-hidden")) == 1
        await pilot.press("c", "c")
        assert not compare.query(".-hidden")
        await pilot.press("escape")
        assert app.screen is grid_of(app)


async def test_cull_mode_steps_on(app: SmartGalleryApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("T", "5")
        await settle(pilot)
        assert grid_of(app).grid.cursor == 1
        await pilot.press("u")
        await settle(pilot)
        assert grid_of(app).grid.cursor == 0


@pytest.mark.parametrize("keys", [("g", "t"), ("space", "space", "c"), ("E",)])
async def test_jobs_are_shown_beside_the_gallery(
    library: Library, folder: Path, keys: tuple[str, ...]
) -> None:
    frames = [Image.new("RGB", (32, 24), (0, 0, 90 * number)) for number in range(3)]
    frames[0].save(folder / "zz.gif", save_all=True, append_images=frames[1:], duration=100)
    library.sync()
    app = make_app(library)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press(*keys)
        await settle(pilot)
        screen = app.screen
        assert not isinstance(screen, GridScreen)
        await pilot.press("g", "l", "g", "j")
        await settle(pilot)
        assert "Nothing runs." in screen_text(app)
        await pilot.press("escape")
        await settle(pilot)
        assert app.screen is screen


async def test_groups_zen_pages_and_jobs(app: SmartGalleryApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("z")
        assert grid_of(app).has_class("-zen")
        await pilot.press("z", "g", "s")
        await settle(pilot)
        assert isinstance(app.screen, TextScreen)
        assert str(COUNT) in str(app.screen.query_one("#page-text").render())
        await pilot.press("q", "g", "l")
        await settle(pilot)
        assert isinstance(app.screen, TextScreen)
        await pilot.press("escape", "g", "j")
        await settle(pilot)
        assert isinstance(app.screen, JobsPopup)
        await pilot.press("escape", "right_square_bracket")
        await settle(pilot)
        assert grid_of(app).grid.cursor == 0


async def test_filtering_edits_the_query(app: SmartGalleryApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await pilot.press("F")
        await settle(pilot)
        grid = grid_of(app)
        assert grid.filters.has_focus
        await pilot.press("slash", *"fluxdev", "enter", "enter")
        await settle(pilot)
        assert grid.box.text.startswith("model:")
        assert grid.session.view is not None
        assert grid.session.view.total == 4
        await pilot.press("minus")
        await settle(pilot)
        assert grid.box.text.startswith("-model:")
        assert grid.session.view.total == 8
        await pilot.press("c")
        await settle(pilot)
        assert grid.box.text == ""


async def test_a_wrong_query_names_its_place(app: SmartGalleryApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("slash")
        app.screen.post_message(events.Paste("cfg:>x"))  # letter by letter, "cfg" would be sought
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        grid = grid_of(app)
        assert grid.box.has_class("-error")
        assert grid.session.view is not None
        assert grid.session.view.total == COUNT
        await pilot.press("escape")
        await settle(pilot)
        assert not grid.box.has_class("-error")


async def test_what_was_left_is_there_the_next_time(library: Library) -> None:
    app = make_app(library)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("slash", *"fox", "enter")
        await settle(pilot)
        await pilot.press("l", "plus", "enter", "i", "escape", "z", "q")
        await pilot.pause()
    again = make_app(library, state=app.result.state)
    async with again.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        grid = grid_of(again)
        assert grid.box.text == "fox"
        assert grid.grid.cursor == 1
        assert grid.grid.picture_px == 320
        assert grid.session.is_info_open
        assert "fox" not in screen_text(again).splitlines()[0], "only pictures"
        await pilot.press("z")
        await settle(pilot)
        assert "fox" in screen_text(again).splitlines()[0]


async def test_rescan_finds_new_files_and_the_cursor_stays(
    app: SmartGalleryApp, folder: Path
) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        grid = grid_of(app)
        await pilot.press("l")
        assert grid.current is not None
        name = grid.current.name
        make_picture(folder / "pic_99.png", 99)
        await pilot.press("R")
        await settle(pilot)
        assert grid.session.view is not None
        assert grid.session.view.total == COUNT + 1
        assert grid.current.name == name
        assert grid.grid.cursor == 2


async def test_only_what_was_not_read_lately_is_read_again(
    app: SmartGalleryApp, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(tmp_path / "data" / "index.db")) as db, db:
        db.execute("UPDATE files SET read_ns = read_ns - 7200000000000 WHERE id <= 3")
    async with app.run_test(size=(100, 24)) as pilot:
        await settle(pilot)
        for key, read in (("h", "3 files read again"), ("a", f"{COUNT} files read again")):
            await pilot.press("colon", *"readallagain", "enter")
            await settle(pilot)
            assert "only files last read more than an hour ago" in screen_text(app)
            await pilot.press(key)
            await settle(pilot)
            assert read in screen_text(app)
        await pilot.press("colon", *"readallagain", "enter")
        await settle(pilot)
        await pilot.press("h")
        await settle(pilot)
        assert app.last_said == "Every file was read a short while ago."


async def test_following_goes_to_the_newest(app: SmartGalleryApp, folder: Path) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("L")
        await settle(pilot)
        detail = app.screen
        assert isinstance(detail, DetailScreen)
        make_picture(folder / "pic_98.png", 98)
        app.post_message(SyncWanted())
        await settle(pilot)
        assert detail.current is not None
        assert detail.current.name == "pic_98.png"
        assert grid_of(app).current == detail.current


async def test_a_misspelt_word_is_offered_right(app: SmartGalleryApp, library: Library) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("slash", *"model:fluxdef", "enter")
        await settle(pilot)
        grid = grid_of(app)
        assert "Enter searches for" in str(grid.query_one("#empty").render())
        await pilot.press("enter")
        await settle(pilot)
        assert grid.session.view is not None
        assert grid.session.view.total == 4
        assert library.recent_searches() == ["model:fluxdef"]


async def test_pick_leaves_with_the_marked_paths(library: Library, folder: Path) -> None:
    app = make_app(library, is_pick=True)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("x", "l", "l", "x", "enter")
        await settle(pilot)
    assert app.result.picked == (str(folder / "pic_11.png"), str(folder / "pic_09.png"))
    assert app.result.code == 0


async def test_pick_left_without_a_choice(library: Library) -> None:
    app = make_app(library, is_pick=True)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("x", "q")
        await pilot.pause()
    assert app.result.picked == ()
    assert app.result.code == 1


async def test_a_query_that_cannot_be_read_is_not_among_the_recent_ones(
    app: SmartGalleryApp, library: Library
) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        for query in ("(fox", "model:", "castle"):
            await pilot.press("slash", *["colon" if char == ":" else char for char in query])
            await pilot.press("enter")
            await settle(pilot)
            await pilot.press("escape", "escape")
            await settle(pilot)
        assert library.recent_searches() == ["castle"]
        await pilot.press("apostrophe")
        await settle(pilot)
        assert "castle  recent" in screen_text(app)


async def test_save_in_the_palette_saves(app: SmartGalleryApp, library: Library) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("slash", *"fox", "enter")
        await settle(pilot)
        await pilot.press("colon", *"save")
        await app.screen.workers.wait_for_complete()
        await pilot.pause()
        await pilot.press("enter")
        await settle(pilot)
        await pilot.press(*"es", "enter")
        await settle(pilot)
        assert [(each.name, each.text) for each in library.saved_searches()] == [("foxes", "fox")]

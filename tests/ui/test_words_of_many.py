"""Tags, albums, notes and status of one item and of many: what the dialogs show and write."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual.widgets import OptionList, Static, TextArea

from smartgallery_tui.library import Library
from smartgallery_tui.ui.screens.names import NamesPopup
from smartgallery_tui.ui.screens.note import NotePopup
from smartgallery_tui.ui.screens.popup import ConfirmPopup
from tests.ui.conftest import make_app, screen_text, settle
from tests.ui.test_grid_keys import grid_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from textual.pilot import Pilot

    from smartgallery_tui.ui.app import SmartGalleryApp


@pytest.fixture(autouse=True)
def no_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let questions take keys at once."""
    monkeypatch.setattr("smartgallery_tui.ui.screens.base.GRACE_S", 0.0)


@pytest.fixture
def ids(library: Library) -> list[int]:
    """The items, the newest first: as they stand in the grid."""
    return list(library.search("").ids())


async def press(pilot: Pilot[object], *keys: str) -> None:
    await pilot.press(*keys)
    await settle(pilot)


def texts(app: SmartGalleryApp) -> list[str]:
    """Return the lines of the open dialog, its list included."""
    lines = [str(static.render()) for static in app.screen.query(Static)]
    for listed in app.screen.query(OptionList):
        lines += [str(listed.get_option_at_index(n).prompt) for n in range(listed.option_count)]
    return lines


async def test_tags_of_the_marked_and_not_of_the_cursor(
    app: SmartGalleryApp, library: Library, ids: list[int]
) -> None:
    library.tag(ids[:2], "castle")
    library.tag(ids[:1], "sea")
    library.tag(ids[5:6], "elsewhere")
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "x", "l", "x", "end", "t")
        assert isinstance(app.screen, NamesPopup)
        shown = texts(app)
        assert shown[0] == "Tags of 2 items"
        assert "● castle  2 in all" in shown
        assert "◐ sea  1 of 2 here, 1 in all" in shown
        assert "  elsewhere  1 in all" in shown
        await press(pilot, "enter")
        assert isinstance(app.screen, NamesPopup), "Enter in the empty field means nothing"
        await press(pilot, *"sea, -castle, new", "enter")
        for item_id in ids[:2]:
            assert set(library.user_data(item_id).tags) == {"sea", "new"}
        assert library.user_data(ids[-1]).tags == ()
        await press(pilot, "u")
        assert library.user_data(ids[0]).tags == ("castle", "sea")
        assert library.user_data(ids[1]).tags == ("castle",)
        assert "tags castle, new, sea" in app.last_said or "tags sea, new, castle" in app.last_said


async def test_a_tag_that_some_have_goes_to_all_then_to_none(
    app: SmartGalleryApp, library: Library, ids: list[int]
) -> None:
    library.tag(ids[:1], "sea")
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "x", "l", "x", "t", "down", "enter")
        assert [library.user_data(one).tags for one in ids[:2]] == [("sea",), ("sea",)]
        await press(pilot, "t", "down", "enter")
        assert [library.user_data(one).tags for one in ids[:2]] == [(), ()]


async def test_tab_completes_a_tag(app: SmartGalleryApp, library: Library, ids: list[int]) -> None:
    library.tag(ids[5:6], "castle")
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "t", *"ca", "tab", "enter")
        assert library.user_data(ids[0]).tags == ("castle",)


async def test_marks_outside_the_view_are_counted(
    app: SmartGalleryApp, library: Library, ids: list[int]
) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "x", "l", "x", "slash", *"fox", "enter")
        await press(pilot, "a")
        assert texts(app)[0] == "Albums of 2 items (2 of them outside the view)"
        await press(pilot, *"wall", "enter")
        assert [library.user_data(one).albums for one in ids[:2]] == [("wall",), ("wall",)]


async def test_one_note_for_many_asks_before_it_replaces(
    app: SmartGalleryApp, library: Library, ids: list[int]
) -> None:
    library.set_note(ids[:1], "first")
    library.set_note(ids[1:2], "second")
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "x", "l", "x", "l", "x", "M")
        assert isinstance(app.screen, NotePopup)
        assert "Note of 3 items" in texts(app)
        assert any("Replaces 2 notes of 2 items" in text for text in texts(app))
        await press(pilot, *"one", "enter", *"two", "ctrl+s")
        assert isinstance(app.screen, ConfirmPopup)
        await press(pilot, "n")
        assert isinstance(app.screen, NotePopup)
        await press(pilot, "ctrl+s", "y")
        assert app.screen is grid_of(app)
        assert {library.user_data(one).note for one in ids[:3]} == {"one\ntwo"}
        await press(pilot, "u")
        notes = [library.user_data(one).note for one in ids[:3]]
        assert notes == ["first", "second", ""]


async def test_a_shared_note_is_edited_and_a_typed_one_not_lost(
    app: SmartGalleryApp, library: Library, ids: list[int]
) -> None:
    library.set_note(ids[:2], "shared\nlines")
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "x", "l", "x", "M")
        assert app.screen.query_one(TextArea).text == "shared\nlines"
        await press(pilot, *"!", "escape")
        assert isinstance(app.screen, ConfirmPopup), "what was typed is not thrown away"
        await press(pilot, "n", "ctrl+s")
        assert {library.user_data(one).note for one in ids[:2]} == {"shared\nlines!"}
        await press(pilot, "M", "escape")
        assert app.screen is grid_of(app)


async def test_a_note_of_several_lines_is_shown_as_such(
    app: SmartGalleryApp, library: Library, ids: list[int]
) -> None:
    library.set_note(ids[:1], "first line\n\nthird line")
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "enter", "i")
        rows = screen_text(app).splitlines()
        (first,) = (n for n, row in enumerate(rows) if "first line" in row)
        assert "third line" in rows[first + 2]


async def test_the_same_status_again_takes_it_away(
    app: SmartGalleryApp, library: Library, ids: list[int]
) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "Y", "a")
        assert library.item(ids[0]).status == "approved"
        await press(pilot, "Y")
        assert any("again takes it away" in text for text in texts(app))
        await press(pilot, "a")
        assert library.item(ids[0]).status == ""
        library.set_status(ids[:1], "approved")
        await press(pilot, "x", "l", "x", "Y", "a")
        assert [library.item(one).status for one in ids[:2]] == ["approved"] * 2


@pytest.fixture
def read_only(folder: Path, library: Library, tmp_path: Path) -> Iterator[Library]:
    with Library.open(
        data_dir=tmp_path / "data", cache_dir=tmp_path / "cache", roots=[folder], read_only=True
    ) as opened:
        yield opened


async def test_read_only_opens_no_dialog(read_only: Library) -> None:
    app = make_app(read_only)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        for key in ("t", "a", "M", "Y", "f", "3"):
            app.last_said = ""
            app.notices.clear()
            await press(pilot, key)
            assert app.last_said.startswith("Read-only"), key
            assert app.screen is grid_of(app)

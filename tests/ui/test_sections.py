"""Sections, albums and the width of the sidebar; saved searches and albums as wholes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from smartgallery_tui.library import Library
from smartgallery_tui.records.searches import SavedSearch
from smartgallery_tui.ui.note_text import first_line
from smartgallery_tui.ui.screens.note import NotePopup
from smartgallery_tui.ui.screens.picker import PickerPopup
from tests.ui.conftest import make_app, screen_text, settle
from tests.ui.test_asked_row import press
from tests.ui.test_filters import open_filters, open_section
from tests.ui.test_grid_keys import grid_of

if TYPE_CHECKING:
    from pathlib import Path

    from smartgallery_tui.ui.app import SmartGalleryApp


def rows(app: SmartGalleryApp) -> list[str]:
    """Return the lines of the sidebar as they are drawn."""
    sidebar = grid_of(app).filters
    return [str(option.prompt).rstrip() for option in sidebar.options]


def picks(app: SmartGalleryApp) -> list[str]:
    screen = app.screen
    assert isinstance(screen, PickerPopup)
    return [str(option.prompt) for option in screen.query_one("#rows").options]  # type: ignore[attr-defined]


async def test_sections_close_open_and_stay(app: SmartGalleryApp, library: Library) -> None:
    async with app.run_test(size=(100, 60)) as pilot:
        grid = await open_filters(pilot, app)
        assert "Node ▸" in rows(app), "long lists begin closed"
        assert not any("KSampler" in row for row in rows(app))
        open_section(grid, "heading:node")
        await press(pilot, "l")
        assert any("KSampler" in row for row in rows(app))
        assert any(row.startswith("· pic") for row in rows(app)), "prefixes are counted"
        open_section(grid, "value:model:fluxdev.safetensors")
        await press(pilot, "h")
        assert "Model ▸" in rows(app)
        await press(pilot, "enter")
        assert "Model" in rows(app)
        open_section(grid, "value:sampler:euler")
        await press(pilot, "enter")
        open_section(grid, "heading:sampler")
        await press(pilot, "enter")
        shown = [row for row in rows(app) if "euler" in row or "dpmpp" in row]
        assert [row.split()[:2] for row in shown] == [["●", "sampler:euler"], ["●", "euler"]]
        kept = grid.state_to_keep()
    again = make_app(library, state=kept)
    async with again.run_test(size=(100, 60)) as pilot:
        await settle(pilot)
        assert "Sampler ▸" in rows(again)
        assert "Node" in rows(again)


async def test_the_sidebar_grows_and_shrinks(app: SmartGalleryApp, library: Library) -> None:
    async with app.run_test(size=(120, 30)) as pilot:
        grid = await open_filters(pilot, app)
        before = grid.filters.region.width
        await press(pilot, "greater_than_sign")
        assert grid.filters.region.width == before + 4
        await press(pilot, *["less_than_sign"] * 9)
        assert grid.filters.region.width == 20
        kept = grid.state_to_keep()
    again = make_app(library, state=kept)
    async with again.run_test(size=(120, 30)) as pilot:
        await settle(pilot)
        assert grid_of(again).filters.region.width == 20


async def test_a_narrow_terminal_shows_the_sidebar_alone(library: Library) -> None:
    app = make_app(library, state={"sidebar_cells": 24})
    async with app.run_test(size=(50, 24)) as pilot:
        grid = await open_filters(pilot, app)
        assert grid.filters.region.width == 50


async def test_albums_are_a_tree_that_can_be_changed(
    app: SmartGalleryApp, library: Library
) -> None:
    ids = library.search("").ids()
    library.album_add(ids[:3], "trips/italy")
    library.album_add(ids[3:4], "trips")
    async with app.run_test(size=(100, 60)) as pilot:
        grid = await open_filters(pilot, app)
        assert any(row.split() == ["·", "▸", "trips", "1", "+3"] for row in rows(app))
        open_section(grid, "value:album:trips")
        await press(pilot, "l")
        assert any(row.split() == ["·", "italy", "3"] for row in rows(app))
        await press(pilot, "r", *["backspace"] * 5, *"voyages", "enter")
        assert any("voyages" in row for row in rows(app))
        assert [album.name for album in library.albums()] == ["voyages", "voyages/italy"]
        open_section(grid, "value:album:voyages")
        await press(pilot, "M")
        assert isinstance(app.screen, NotePopup)
        await press(pilot, *"seen", "ctrl+s")
        assert library.album_note("voyages") == "seen"
        await press(pilot, "M")
        assert "Note of the album voyages" in screen_text(app)
        await press(pilot, "e")
        assert isinstance(app.screen, NotePopup)
        await press(pilot, "escape")
        await press(pilot, "d")
        assert library.albums() == []
        assert "u brings it back" in app.last_said
        await press(pilot, "escape", "u")
        assert [album.name for album in library.albums()] == ["voyages", "voyages/italy"]


async def test_an_album_tells_what_it_has_itself_under_a_query(
    app: SmartGalleryApp, library: Library
) -> None:
    ids = library.search("").ids()
    library.album_add(ids[:3], "trips/italy")
    library.album_add(ids[2:6], "trips")
    async with app.run_test(size=(100, 60)) as pilot:
        await open_filters(pilot, app)
        assert any(row.split() == ["·", "▸", "trips", "4", "+2"] for row in rows(app))
        await press(pilot, "escape", "slash", *"seed", "colon", *">=1009", "enter")
        assert any(row.split() == ["·", "▸", "trips", "1", "+2"] for row in rows(app))
        await press(pilot, "slash", *" album", "colon", *"trips", "enter")
        assert any(row.split() == ["●", "▸", "trips", "1", "+2"] for row in rows(app))


@pytest.mark.parametrize(
    ("note", "first"),
    [
        ("# The *wall*\nand more", "The wall"),
        ("\n\n- one `x`\n- two", "one x"),
        ("[here](http://x.y) ![a fox](fox.png) **b**", "here a fox b"),
        ("plain\nnext", "plain"),
        ("```py\ncode = 1\n```", "code = 1"),
        ("---\n\n> said", "said"),
        ("&#x202e; <b>x</b>", "&#x202e; <b>x</b>"),
        (" \n ", ""),
    ],
)
def test_the_first_line_of_a_note_is_plain(note: str, first: str) -> None:
    assert first_line(note) == first


async def test_the_first_line_of_a_note_stands_in_picker_and_row(
    app: SmartGalleryApp, library: Library
) -> None:
    library.album_add(library.search("").ids()[:2], "best")
    library.set_album_note("best", "# For the *wall*\n\n- foxes")
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        await press(pilot, "apostrophe")
        assert picks(app) == ["best  album, 2: For the wall"]
        await press(pilot, "enter")
        assert "✎ For the wall" in screen_text(app).splitlines()[1]


async def test_the_picker_renames_and_deletes(app: SmartGalleryApp, library: Library) -> None:
    library.save_search(SavedSearch("foxes", "fox"))
    library.album_add(library.search("").ids()[:2], "best/of")
    library.set_album_note("best", "for the wall")
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        await press(pilot, "apostrophe")
        assert picks(app) == [
            "foxes  saved: fox", "best  album, 0 +2 below: for the wall", "  of  album, 2",
        ]  # fmt: skip
        await press(pilot, "tab", "r", *" old", "enter")
        assert picks(app)[0].startswith("foxes old")
        await press(pilot, "tab", "d")
        assert not any("foxes" in pick for pick in picks(app))
        await press(pilot, "escape", "u", "apostrophe")
        assert picks(app)[0].startswith("foxes old")
        await press(pilot, *"of", "enter")
        assert grid_of(app).box.text == "album:best/of"


async def test_read_only_changes_no_album(library: Library, folder: Path, tmp_path: Path) -> None:
    library.album_add(library.search("").ids()[:2], "best")
    reader = Library.open(
        data_dir=tmp_path / "data", cache_dir=tmp_path / "cache", roots=[folder], read_only=True
    )
    app = make_app(reader)
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        await press(pilot, "apostrophe", "tab", "d")
        assert "Read-only" in app.last_said
    assert [album.name for album in reader.albums()] == ["best"]
    reader.close()


async def test_what_files_have_and_have_not(app: SmartGalleryApp, library: Library) -> None:
    library.set_note(library.search("").ids()[:3], "seen")
    async with app.run_test(size=(100, 60)) as pilot:
        grid = await open_filters(pilot, app)
        assert any(row.split() == ["·", "note", "3"] for row in rows(app))
        open_section(grid, "value:has:note")
        await press(pilot, "minus")
        assert grid.box.text == "-has:note"
        assert grid.session.view is not None
        assert grid.session.view.total == 9
        await press(pilot, "enter")
        assert grid.box.text == "has:note"
        assert any(row.split() == ["●", "note", "3"] for row in rows(app))


NOTE = """# Plan
- *first* the [wall](https://example.org/x)
- then ![a fox](https://example.org/fox.png)
- the rest &#x202e; &#x10EEEE; \x1b]52;c;eA==\x07

| place | what |
| :- | :- |
| hall | [red]fox[/red] |
"""


async def test_the_note_of_an_album_is_shown_as_markdown(
    app: SmartGalleryApp, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(app, "open_url", lambda url, **_: opened.append(url))
    library.album_add(library.search("").ids()[:2], "best of")
    library.set_album_note("best of", NOTE)
    async with app.run_test(size=(100, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "apostrophe", "tab", "n")
        text = screen_text(app)
        assert "Plan" in text
        assert "# Plan" not in text
        assert "\u2022 first the wall" in text
        assert "a fox" in text
        assert "fox.png" not in text
        assert "[red]fox[/red]" in text
        assert "&#x202e; &#x10EEEE; \u241b]52;c;eA==\u2407" in text
        assert not {"\u202e", "\U0010eeee", "\x1b"} & set(text)
        row = next(y for y, line in enumerate(text.split("\n")) if "the wall" in line)
        await pilot.click(offset=(text.split("\n")[row].index("wall"), row))
        assert opened == []
        await press(pilot, "escape")
        assert isinstance(app.screen, PickerPopup), "back where it began"


async def test_a_note_can_be_read_where_nothing_may_be_written(
    folder: Path, library: Library, tmp_path: Path
) -> None:
    library.album_add(library.search("").ids()[:2], "best")
    library.set_album_note("best", "line\n\n" * 1000)
    library.close()
    with Library.open(
        data_dir=tmp_path / "data", cache_dir=tmp_path / "cache", roots=[folder], read_only=True
    ) as reader:
        app = make_app(reader)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            await press(pilot, "apostrophe", "tab", "n")
            assert "Note of the album best" in screen_text(app)
            await press(pilot, "e")
            assert "Note of the album best" in screen_text(app), "it is not for writing"
            await press(pilot, "G")
            assert "cut here" in screen_text(app)

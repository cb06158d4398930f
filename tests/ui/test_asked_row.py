"""The row of what is asked for: the open folder as a path, pills, and the keys that change them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from smartgallery_tui.ui import query_text
from tests.ui.conftest import library_of, make_app, settle
from tests.ui.test_grid_keys import grid_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from textual.pilot import Pilot

    from smartgallery_tui.library import Library
    from smartgallery_tui.ui.app import SmartGalleryApp


@pytest.fixture
def nested(tmp_path: Path) -> Iterator[Library]:
    """A library of pictures in the root, in `a`, in `a/deep` and in `b`."""
    with library_of(tmp_path, (".", "b", "a", "a/deep")) as opened:
        yield opened


def row(app: SmartGalleryApp) -> str:
    """Return what the row says, or "" where it is not shown."""
    pills = grid_of(app).pills
    return pills.render().plain.strip() if pills.display else ""


async def press(pilot: Pilot[object], *keys: str) -> None:
    for key in keys:
        await pilot.press(key)
        await settle(pilot)


@pytest.mark.parametrize(
    ("text", "field", "value", "after"),
    [
        ("fox", "folder", "a", "fox folder:a"),
        ("fox folder:a,b", "folder", "a", "fox folder:a"),
        ("folder:a fox", "folder", "a", "fox"),
        ("folder:=a", "folder", "b c", 'folder:="b c"'),
        ("-folder:a fox", "folder", "", "-folder:a fox"),
        ("date:2026-01 folder:x", "date", "2026-02", "folder:x date:2026-02"),
    ],
)
def test_asking_for_one_value_alone(text: str, field: str, value: str, after: str) -> None:
    assert query_text.ask_only(text, field, value) == after


async def test_what_is_asked_is_shown_without_the_sidebar(app: SmartGalleryApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert row(app) == ""
        await press(pilot, "slash", *"fox -model:flux")
        assert row(app) == "", "the grid keeps its size while one types"
        await press(pilot, "enter")
        assert row(app) == "fox ×   -model:flux ×  clear all"  # noqa: RUF001 - as shown
        await press(pilot, "escape")
        assert row(app) == ""


async def test_a_part_is_taken_away_by_key_and_by_click(app: SmartGalleryApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "slash", *"pic steps:>21 cfg:>1", "enter")
        await press(pilot, "semicolon", "2")
        assert grid_of(app).box.text == "pic cfg:>1"
        await pilot.click("#pills", offset=(3, 0))
        await settle(pilot)
        assert grid_of(app).box.text == "cfg:>1"
        await press(pilot, "semicolon")
        assert grid_of(app).box.text == ""


async def test_going_down_to_the_file_and_up_again(nested: Library) -> None:
    app = make_app(nested)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        grid = grid_of(app)
        assert grid.current is not None
        assert grid.current.name == "pic_3.png"
        await press(pilot, "slash", *"pic", "enter", "greater_than_sign")
        assert row(app).startswith("all / a ×")  # noqa: RUF001 - as shown
        await press(pilot, "greater_than_sign")
        assert grid.box.text == "pic folder:a/deep"
        assert row(app).startswith("all / a / deep ×")  # noqa: RUF001 - as shown
        assert "of 4 files" in grid.box.query_one("#query-count").render().plain
        await press(pilot, "greater_than_sign")
        assert "lies in the open folder itself" in app.last_said
        await press(pilot, "less_than_sign")
        assert grid.box.text == "pic folder:a"
        assert grid.current.name == "pic_3.png"
        await press(pilot, "less_than_sign")
        assert grid.box.text == "pic"
        await press(pilot, "less_than_sign")
        assert "No single folder is open" in app.last_said


async def test_a_click_on_the_path_goes_up(nested: Library) -> None:
    app = make_app(nested, query="folder:a/deep")
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.click("#pills", offset=(7, 0))
        await settle(pilot)
        assert grid_of(app).box.text == "folder:a"
        await pilot.click("#pills", offset=(2, 0))
        await settle(pilot)
        assert grid_of(app).box.text == ""


async def test_going_to_a_folder_keeps_the_other_filters(nested: Library) -> None:
    app = make_app(nested, query="steps:>=20")
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "g", "f", "b", "enter")
        assert grid_of(app).box.text == "steps:>=20 folder:b"
        await press(pilot, "g", "f", *"deep", "enter")
        assert grid_of(app).box.text == "steps:>=20 folder:a/deep"
        await press(pilot, "enter", "g", "d", "enter")
        assert grid_of(app).box.text == "steps:>=20 folder:a/deep date:2025-10"
        await press(pilot, "g", "f", "enter")
        assert grid_of(app).box.text == "steps:>=20 date:2025-10"
        await press(pilot, "g", "d", "down", "enter")
        assert grid_of(app).box.text == "steps:>=20"


async def test_density_and_size_by_key_and_palette(app: SmartGalleryApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        grid = grid_of(app).grid
        lines = {grid.density: grid.layout_now.caption_height}
        for _ in range(2):
            await press(pilot, "Z")
            lines[grid.density] = grid.layout_now.caption_height
        assert set(lines) == {"compact", "normal", "comfortable"}
        assert lines["compact"] == 1 < lines["normal"]
        await press(pilot, "colon", *"density comp", "enter")
        assert grid.density == "compact"
        await press(pilot, "colon", *"size 384", "enter")
        assert grid.picture_px == 384
        await press(pilot, "colon", *"sort name", "enter")
        assert grid_of(app).current is not None
        assert grid_of(app).searching.asked.sort == "name"


async def test_the_note_of_an_album_stands_beside_it(
    app: SmartGalleryApp, library: Library
) -> None:
    library.album_add(library.search("").ids()[:2], "best of")
    library.set_album_note("best of", "for the [b]wall[/b]\nin May")
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "g", "a", *"best", "enter")
        assert grid_of(app).box.text == 'album:"best of"'
        assert row(app).endswith("clear all  \u270e for the [b]wall[/b]")
        await press(pilot, "escape", "slash", *"fox", "enter")
        assert "wall" not in row(app)

"""Folders changed from the tree in the sidebar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartgallery_tui.library import Library
from smartgallery_tui.ui.screens.filing_folders import paths_of
from smartgallery_tui.ui.screens.names import TextPopup
from smartgallery_tui.ui.widgets.status_line import HintBar
from tests.ui.conftest import make_app, make_picture, screen_text, settle
from tests.ui.test_filters import open_section
from tests.ui.test_grid_keys import grid_of

if TYPE_CHECKING:
    from pathlib import Path

    from textual.pilot import Pilot

    from smartgallery_tui.ui.app import SmartGalleryApp


async def press(pilot: Pilot[object], *keys: str) -> None:
    for key in keys:
        await pilot.press(key)
        await settle(pilot)


def tree(app: SmartGalleryApp) -> list[str]:
    """Return the rows of the folders, without their signs."""
    rows = [row.split("▕")[0] for row in screen_text(app).splitlines()]
    start = next(place for place, row in enumerate(rows) if row.startswith("Folder"))
    end = next(place for place, row in enumerate(rows) if row.startswith("Model"))
    return [
        " ".join(row.replace("·", "").replace("●", "").split()) for row in rows[start + 1 : end]
    ]


def test_a_folder_of_a_query_is_found_below_its_root() -> None:
    folders = ["/one", "/one/a/b", "/two", "/two/c"]
    assert paths_of("/one", folders) == ["/one"]
    assert paths_of("a", folders) == ["/one/a"]
    assert paths_of("a/b", folders) == ["/one/a/b"]
    assert paths_of("b", folders) == []
    assert paths_of("c", [*folders, "/one/c"]) == ["/one/c", "/two/c"]


async def test_keys_of_a_folder_and_their_hints(library: Library, folder: Path) -> None:
    (folder / "inner").mkdir()
    make_picture(folder / "inner" / "one.png", 20)
    library.sync()
    app = make_app(library)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await pilot.press("F")
        await settle(pilot)
        grid = grid_of(app)
        hints = grid.query_one(HintBar)
        assert "New folder" in hints.render().plain
        open_section(grid, "value:folder:inner")
        await pilot.press("r")
        await settle(pilot)
        assert isinstance(app.screen, TextPopup)
        await pilot.press("ctrl+u", *"outer", "enter")
        await settle(pilot)
        assert (folder / "outer" / "one.png").is_file()
        assert not (folder / "inner").exists()
        await pilot.press("escape")
        await settle(pilot)
        assert "New folder" not in hints.render().plain


async def test_folders_of_several_roots_stand_below_their_own(tmp_path: Path) -> None:
    for number, place in enumerate(("one/a", "one/a/x", "two/a", "two/b", "two")):
        (tmp_path / place).mkdir(parents=True, exist_ok=True)
        make_picture(tmp_path / place / f"pic_{number}.png", number)
    roots = [tmp_path / "one", tmp_path / "two"]
    with Library.open(data_dir=tmp_path / "d", cache_dir=tmp_path / "c", roots=roots) as library:
        library.sync()
        app = make_app(library)
        async with app.run_test(size=(100, 60)) as pilot:
            await settle(pilot)
            await press(pilot, "F")
            filters = grid_of(app).filters
            assert tree(app) == ["▸ one 0 +2", "▸ two 1 +2"]
            filters.highlighted = filters.get_option_index("value:folder:one")
            await press(pilot, "l", "j", "l")
            assert tree(app) == ["▾ one 0 +2", "▾ a 1 +1", "x 1", "▸ two 1 +2"]
            await press(pilot, "enter")
            assert grid_of(app).box.text == "folder:one/a"
            assert "all / one / a" in screen_text(app)
            assert "2 of 5 files" in screen_text(app)
            await press(pilot, "h", "h")
            assert filters.highlighted_option is not None
            assert filters.highlighted_option.id == "value:folder:one"
            await press(pilot, "tab", "less_than_sign")
            assert grid_of(app).box.text == "folder:one"
            await press(pilot, "less_than_sign", "G", "greater_than_sign")
            assert grid_of(app).box.text == "folder:one"
            await press(pilot, "greater_than_sign")
            assert grid_of(app).box.text == "folder:one/a"


def test_paths_of_a_folder_that_begins_with_its_root() -> None:
    folders = ["/x/one", "/x/one/a", "/x/two", "/x/two/a"]
    assert paths_of("one/a", folders) == ["/x/one/a"]
    assert paths_of("two", folders) == ["/x/two"]
    assert paths_of("a", folders) == ["/x/one/a", "/x/two/a"]

"""Folders changed from the tree in the sidebar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartgallery_tui.ui.screens.filing_folders import paths_of
from smartgallery_tui.ui.screens.names import TextPopup
from smartgallery_tui.ui.widgets.status_line import HintBar
from tests.ui.conftest import make_app, make_picture, settle
from tests.ui.test_filters import open_section
from tests.ui.test_grid_keys import grid_of

if TYPE_CHECKING:
    from pathlib import Path

    from smartgallery_tui.library import Library


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

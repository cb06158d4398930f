"""The files tab and the page of totals."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from smartgallery_tui.records import FacetValue, Generation, LibraryStats, NameUse
from smartgallery_tui.ui import info
from smartgallery_tui.ui.screens.pages import TextScreen
from smartgallery_tui.ui.screens.statistics import stats_text
from smartgallery_tui.ui.text_rows import lines, plain
from tests.ui.conftest import settle

if TYPE_CHECKING:
    from pathlib import Path

    from smartgallery_tui.library import Library
    from smartgallery_tui.ui.app import SmartGalleryApp


def test_loaded_files_are_shown_with_path_and_size_and_whether_they_are_there(
    library: Library,
) -> None:
    item, there, gone = library.search("", sort="name", descending=False).page(0, 3)
    gone = replace(gone, state="missing")
    loaded = [NameUse("input", name) for name in (there.name, gone.name, "other.png")]
    generation = Generation(names=tuple(loaded))
    rows = plain(info.files(item, generation, [there, gone])).splitlines()
    at = rows.index(there.path)
    assert rows[at + 1].startswith("64\u00d748, ")
    assert rows[rows.index(gone.path) + 1] == "is gone"
    assert rows[rows.index("other.png") + 1] == "is in no known input folder"


def test_space_is_counted_by_folder_and_model(library: Library, folder: Path) -> None:
    stats = library.stats()
    assert stats.size_by_folder == (FacetValue(str(folder), stats.size_bytes),)
    assert sum(value.total for value in stats.size_by_model) == stats.size_bytes
    sizes = [value.total for value in stats.size_by_model]
    assert sizes == sorted(sizes, reverse=True)


def test_no_row_of_the_totals_is_wider_than_80_cells() -> None:
    long = FacetValue("/a/very/long/path/of/a/folder/that/nobody/would/type", 987_654_321_000)
    stats = LibraryStats(size_by_folder=(long,), size_by_model=(long,))
    rows = lines(stats_text(stats), 78)
    assert max(row.cell_length for row in rows) <= 78


async def test_the_page_of_totals_shows_space(app: SmartGalleryApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("g", "s")
        await settle(pilot)
        assert isinstance(app.screen, TextScreen)
        assert "Space by folder" in app.screen.page.text

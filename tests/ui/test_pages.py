"""The pages of totals and of the log: read again, parts alone, words found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartgallery_tui.records import FacetValue, LibraryStats
from smartgallery_tui.ui.screens.pages import TextScreen
from smartgallery_tui.ui.screens.statistics import stats_text
from smartgallery_tui.ui.text_rows import plain
from tests.ui.conftest import make_picture, settle

if TYPE_CHECKING:
    from pathlib import Path

    import pytest
    from textual.pilot import Pilot

    from smartgallery_tui.library import Library
    from smartgallery_tui.ui.app import SmartGalleryApp

LOG = [
    "2026-11-22 10:00:00 info    smartgallery_tui.library opened",
    "2026-11-22 10:00:01 warning smartgallery_tui.scan a slow disk",
    "2026-11-22 10:00:02 error   smartgallery_tui.ui search failed",
]


async def page(pilot: Pilot[object], *keys: str) -> TextScreen:
    """Open a page."""
    await settle(pilot)
    await pilot.press(*keys)
    await settle(pilot)
    assert isinstance(pilot.app.screen, TextScreen)
    return pilot.app.screen


async def test_totals_name_the_newest_files_and_are_counted_again(
    app: SmartGalleryApp, library: Library, folder: Path
) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await page(pilot, "g", "s")
        assert "Files 12" in screen.page.text
        assert "pic_11.png" in screen.page.text
        make_picture(folder / "pic_12.png", 12)
        library.sync()
        await pilot.press("R")
        await settle(pilot)
        assert "Files 13" in screen.page.text
        assert "pic_12.png" in screen.page.text


def test_folders_are_named_from_the_one_above_them_all() -> None:
    root = "/data/ComfyUI/output"
    sizes = {f"{root}/flux": 3_000, root: 2_000, f"{root}/flux/old": 1_000}
    rows = plain(stats_text(LibraryStats(size_by_folder=sizes))).splitlines()
    at = rows.index(f"Space by folder, in {root}")
    assert [row.split()[0] for row in rows[at + 1 : at + 4]] == ["flux", ".", "flux/old"]
    rows = plain(stats_text(LibraryStats(size_by_folder={"/a": 1, "/b": 2}))).splitlines()
    at = rows.index("Space by folder")
    assert rows[at + 1].startswith("/a")


def test_months_without_files_are_gaps_of_the_line() -> None:
    months = (FacetValue("2025-11", 8), FacetValue("2026-02", 1))
    rows = plain(stats_text(LibraryStats(by_month=months))).splitlines()
    at = rows.index("Through time")
    assert rows[at + 1] == "█  ▁"
    assert rows[at + 2] == "2025-11 to 2026-02, most in 2025-11: 8 files"


async def test_the_log_shows_levels_alone_and_what_was_said(
    app: SmartGalleryApp, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(library, "log_lines", lambda _count=100: list(LOG))
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        app.say("The disk is full.", "error")
        screen = await page(pilot, "g", "l")
        assert len(screen.page.text.splitlines()) == 3
        await pilot.press("w")
        assert "opened" not in screen.page.text
        assert "a slow disk" in screen.page.text
        await pilot.press("e")
        assert screen.page.text.endswith("search failed")
        assert "a slow disk" not in screen.page.text
        await pilot.press("s")
        assert "The disk is full." in screen.page.text
        await pilot.press("a", "slash", *"search")
        await settle(pilot)
        assert screen.page.found == [2]
        await pilot.press("escape")
        assert app.screen is screen
        await pilot.press("escape")
        assert app.screen is not screen

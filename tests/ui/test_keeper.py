"""User data of another machine is offered, and our own copy is made in quiet moments."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from smartgallery_tui.library import Library
from smartgallery_tui.records.searches import SavedSearch
from smartgallery_tui.ui.keeper import Keeper
from smartgallery_tui.ui.screens.grid import GridScreen
from smartgallery_tui.ui.screens.restore_offer import RestorePopup
from tests.ui.conftest import make_app, screen_text, settle, until

if TYPE_CHECKING:
    from pathlib import Path

    from textual.pilot import Pilot

    from smartgallery_tui.ui.app import SmartGalleryApp

SIZE = (90, 24)


@pytest.fixture(autouse=True)
def _no_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("smartgallery_tui.ui.keeper.GRACE_S", 0.0)


@pytest.fixture
def offered(library: Library, folder: Path, tmp_path: Path) -> Library:
    """The library, and beside its pictures what another machine said of them."""
    with Library.open(data_dir=tmp_path / "there", roots=[folder]) as other:
        other.sync()
        ids = other.search("").ids()
        other.set_rating(ids[:3], 5)
        other.save_search(SavedSearch("Foxes", "fox"))
    return library


async def opened(pilot: Pilot[object]) -> RestorePopup:
    await settle(pilot)
    assert isinstance(pilot.app.screen, RestorePopup)
    return pilot.app.screen


async def test_an_offer_is_restored_and_taken_back(offered: Library) -> None:
    app = make_app(offered)
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await opened(pilot)
        shown = screen_text(app)
        for words in ("another machine", "3 marked files, 1 saved search, last changed 20",
                      "r  restore", "n  not now", "x  never"):  # fmt: skip
            assert words in shown
        await pilot.press("r")
        await settle(pilot)
        assert isinstance(app.screen, GridScreen)
        assert offered.search("rating:5").total == 3
        assert app.last_said == "Restored 4 values; u takes it back."
        await pilot.press("u")
        await settle(pilot)
        assert offered.search("rating:5").total == 0
        assert offered.saved_searches() == []
        assert offered.backups()


@pytest.mark.parametrize("key", ["n", "escape", "enter"])
async def test_not_now_asks_again(offered: Library, key: str) -> None:
    for _start in range(2):
        app = make_app(offered)
        async with app.run_test(size=SIZE) as pilot:
            await opened(pilot)
            await pilot.press(key)
            await settle(pilot)
            assert isinstance(app.screen, GridScreen)
    assert offered.search("rating:5").total == 0


async def test_never_is_for_ever_but_can_be_asked_for(offered: Library) -> None:
    app = make_app(offered)
    async with app.run_test(size=SIZE) as pilot:
        await opened(pilot)
        await pilot.press("x")
        await settle(pilot)
    app = make_app(offered)
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        assert isinstance(app.screen, GridScreen)
        await pilot.press(":", *"restore user", "enter")
        await opened(pilot)


async def test_keys_typed_before_it_was_seen_answer_nothing(
    offered: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("smartgallery_tui.ui.keeper.GRACE_S", 60.0)
    app = make_app(offered)
    async with app.run_test(size=SIZE) as pilot:
        popup = await opened(pilot)
        await pilot.press("r", "x", "enter")
        await settle(pilot)
        assert app.screen is popup
        popup._grace_s = 0.0
        await pilot.press("q")
        await settle(pilot)
        assert isinstance(app.screen, GridScreen)


async def test_an_offer_waits_for_dialogs_the_search_box_and_hands_on_the_keys(
    offered: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("smartgallery_tui.ui.keeper._LOOK_S", 0.01)
    found, read = [], Keeper.offers_read
    monkeypatch.setattr(Keeper, "offers_read", lambda _self, message: found.append(message))

    def hands_off(seconds: float) -> None:
        monkeypatch.setattr("smartgallery_tui.ui.keeper.HANDS_OFF_S", seconds)

    app = make_app(offered)
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: bool(found))
        await pilot.press("comma")
        await settle(pilot)
        read(app.keeper, found[0])
        for keys in ((), ("escape", "slash", "r")):
            hands_off(60.0)
            await pilot.press(*keys)
            await settle(pilot)
            hands_off(0.0)
            await pilot.pause(0.05)
            assert "another machine" not in screen_text(app), "not over a dialog, nor in a search"
        hands_off(60.0)
        await pilot.press("escape", "escape")
        await pilot.pause(0.05)
        assert "another machine" not in screen_text(app), "not between two keys"
        hands_off(0.0)
        await until(pilot, lambda: "another machine" in screen_text(app))


async def test_nothing_is_offered_in_read_only_mode(
    offered: Library, folder: Path, tmp_path: Path
) -> None:
    with Library.open(data_dir=tmp_path / "data", roots=[folder], read_only=True) as closed:
        app = make_app(closed)
        async with app.run_test(size=SIZE) as pilot:
            await settle(pilot)
            assert isinstance(app.screen, GridScreen)
    assert offered.restore_offers()


async def test_marks_are_copied_in_a_quiet_moment(
    app: SmartGalleryApp, library: Library, folder: Path
) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await pilot.press("4")
        await settle(pilot)
        assert not (folder / ".smartgallery").exists()
        app.keeper.use_quiet_moment()
        await settle(pilot)
        (copy,) = (folder / ".smartgallery").glob("userdata-*.jsonl")
        assert '"rating":4' in copy.read_text()
        assert library.backups()


async def test_a_damaged_index_is_said_once(
    app: SmartGalleryApp, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(library, "keep_safe", lambda: ["the index is damaged"])
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await settle(pilot)
        said = []
        monkeypatch.setattr(app, "say", lambda text, _severity: said.append(text))
        for _ in range(2):
            app.keeper.use_quiet_moment()
            await settle(pilot)
        assert said == ["the index is damaged"]
        assert isinstance(app.keeper, Keeper)

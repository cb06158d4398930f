"""Settings: changed on their screen or in the file, used at once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from smartgallery_tui.errors import UsageError
from smartgallery_tui.ui.screens.grid import GridScreen
from smartgallery_tui.ui.screens.path_picker import PathPopup
from smartgallery_tui.ui.screens.settings import FIELDS, SettingsScreen
from smartgallery_tui.ui.settings_values import with_values
from tests.ui.conftest import COUNT, make_app, make_picture, settle
from tests.ui.test_grid_keys import grid_of

if TYPE_CHECKING:
    from pathlib import Path

    from textual.pilot import Pilot

    from smartgallery_tui.library import Library
    from smartgallery_tui.ui.app import SmartGalleryApp


class Settled:
    """Notes what is written; refuses folders that are not known."""

    def __init__(self, *known: str) -> None:
        self.known = known
        self.written: dict[str, object] = {}

    def check(self, name: str, value: object) -> None:
        if name.startswith("library.") and value and value not in self.known:
            raise UsageError(f"no such folder: {value}")

    def save(self, name: str, value: object) -> None:
        self.written[name] = value

    def options(self) -> dict[str, object]:
        return {"save_setting": self.save, "check_setting": self.check}


def app_with(library: Library, file: Settled, **more: object) -> SmartGalleryApp:
    return make_app(library, **file.options(), **more)


async def open_settings(pilot: Pilot[object], key: str) -> SettingsScreen:
    """Open the settings with the highlight on one of them."""
    await settle(pilot)
    await pilot.press("g", "comma")
    await settle(pilot)
    screen = pilot.app.screen
    assert isinstance(screen, SettingsScreen)
    keys = [field.key for field in FIELDS]
    screen.query_one("#settings").highlighted = keys.index(key)
    return screen


async def test_a_theme_is_shown_while_it_is_chosen(library: Library) -> None:
    file = Settled()
    app = app_with(library, file)
    async with app.run_test(size=(80, 24)) as pilot:
        await open_settings(pilot, "view.theme")
        await pilot.press("enter", "j")
        await pilot.pause()
        shown = app.theme
        assert shown != "dark"
        await pilot.press("escape")
        await pilot.pause()
        assert app.theme == "dark"
        await pilot.press("enter", "j", "enter", "s")
        await settle(pilot)
        assert app.theme == shown
        assert file.written == {"view.theme": shown}
        assert library.settings.view.theme == shown


async def test_size_density_and_limit_hold_at_once(library: Library) -> None:
    file = Settled()
    app = app_with(library, file)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await open_settings(pilot, "view.density")
        await pilot.press("enter", "k", "enter")
        screen.query_one("#settings").highlighted = 2
        await pilot.press("enter", "k", "enter", "s")
        await settle(pilot)
        grid = grid_of(app)
        assert (grid.grid.density, grid.grid.picture_px) == ("compact", 192)
        assert file.written == {"view.density": "compact", "view.thumbnail_size": 192}


async def test_a_folder_is_picked_and_must_exist(library: Library, tmp_path: Path) -> None:
    other = tmp_path / "other" / "inner"
    other.mkdir(parents=True)
    make_picture(other / "new.png", 3)
    file = Settled(str(other))
    folders = {f"{tmp_path}/": ["other", "output"], f"{tmp_path}/other/": ["inner"]}
    app = app_with(library, file, list_folders=lambda path: folders.get(path, []))
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await open_settings(pilot, "library.output_path")
        await pilot.press("enter")
        popup = app.screen
        assert isinstance(popup, PathPopup)
        field = popup.query_one("#path")
        field.value = f"{tmp_path}/nowhere"
        await pilot.press("enter", "s")
        await settle(pilot)
        assert "no such folder" in app.last_said
        assert file.written == {}
        await pilot.press("enter")
        app.screen.query_one("#path").value = f"{tmp_path}/"
        await settle(pilot)
        await pilot.press("tab")
        await settle(pilot)
        await pilot.press("tab", "enter", "s")
        await settle(pilot)
        assert file.written == {"library.output_path": str(other)}
        assert isinstance(app.screen, GridScreen)
        await pilot.pause(0.6)
        await settle(pilot)
        assert grid_of(app).session.view is not None
        assert grid_of(app).session.view.total == COUNT + 1


async def test_an_edited_file_is_used(library: Library) -> None:
    news = [({"view.theme": "nord", "view.density": "comfortable", "keys.grid.filter": "b"}, [])]
    app = make_app(library, changed_settings=lambda: news.pop() if news else ({}, []))
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        app.look_at_settings()
        await settle(pilot)
        assert app.theme == "nord"
        assert grid_of(app).grid.density == "comfortable"
        await pilot.press("b")
        await settle(pilot)
        assert grid_of(app).is_filtering


async def test_what_is_wrong_with_an_edited_file_is_said(library: Library) -> None:
    app = make_app(library, changed_settings=lambda: ({}, ["line 3: no such key"]))
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settle(pilot)
        app.look_at_settings()
        await settle(pilot)
        assert "line 3" in app.last_said


@pytest.mark.parametrize("is_forced", [True, False])
async def test_read_only_holds_at_once(library: Library, is_forced: bool) -> None:
    app = make_app(library, is_read_only_forced=is_forced)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settle(pilot)
        app.use_settings({"safety.read_only": True})
        await settle(pilot)
        await pilot.press("f")
        await settle(pilot)
        assert "Read-only" in app.last_said
        assert grid_of(app).current is not None
        assert not grid_of(app).current.is_favorite
        app.use_settings({"safety.read_only": False})
        await settle(pilot)
        assert library.read_only is is_forced


async def test_pictures_are_drawn_another_way(library: Library) -> None:
    app = make_app(library)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("colon", *"graphics half")
        await pilot.pause(0.3)
        await pilot.press("enter")
        await settle(pilot)
        assert app.pictures.caps.protocol == "halfblock"
        app.use_settings({"graphics.protocol": "none"})
        await settle(pilot)
        assert app.pictures.caps.protocol == "none"


def test_unknown_names_change_nothing(library: Library) -> None:
    settings = library.settings
    assert with_values(settings, {"view.colour": 1, "x.y": 2}) == settings
    changed = with_values(settings, {"cache.max_size_mb": 200})
    assert changed == replace(settings, cache=replace(settings.cache, max_size_mb=200))


async def test_hidden_files_come_and_go(library: Library, folder: Path) -> None:
    (folder / ".kept").mkdir()
    make_picture(folder / ".kept" / "secret.png", 3)
    library.sync()
    app = make_app(library)
    async with app.run_test(size=(80, 24)) as pilot:
        for wanted in (COUNT + 1, COUNT, COUNT + 1):
            await settle(pilot)
            await pilot.press("g", "h")
            await settle(pilot)
            assert grid_of(app).session.view is not None
            assert grid_of(app).session.view.total == wanted

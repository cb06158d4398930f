"""Settings: changed on their screen or in the file, used at once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from smartgallery_tui.cli.settings_file import SettingsFile
from smartgallery_tui.config import all_settings
from smartgallery_tui.errors import UsageError
from smartgallery_tui.ui.screens.grid import GridScreen
from smartgallery_tui.ui.screens.path_picker import PathPopup
from smartgallery_tui.ui.screens.settings import SettingsScreen
from smartgallery_tui.ui.settings_fields import FIELDS
from smartgallery_tui.ui.settings_values import with_values
from smartgallery_tui.ui.widgets.choice_list import ChoiceList
from tests.ui.conftest import COUNT, make_app, make_picture, settle, until
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

    def check(self, name: str, value: object) -> str:
        folders = value if isinstance(value, tuple) else (value,)
        for folder in folders if name.startswith("library.") else ():
            if folder and folder not in self.known:
                raise UsageError(f"no such folder: {folder}")
        return "ffmpeg is not found" if name == "tools.ffmpeg" else ""

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
    go_to(screen, key)
    return screen


def go_to(screen: SettingsScreen, key: str) -> None:
    """Put the highlight on a setting."""
    settings = screen.query_one("#settings", ChoiceList)
    settings.highlighted = settings.get_option_index(key)


def shown(app: SmartGalleryApp) -> str:
    """Return what the screen shows."""
    rows = app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in row) for row in rows)


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
        go_to(screen, "view.thumbnail_size")
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
        popup.field.value = f"{tmp_path}/nowhere"
        await pilot.press("enter", "s")
        await settle(pilot)
        assert "no such folder" in shown(app)
        assert file.written == {}
        await pilot.press("enter")
        app.screen.query_one("#field").value = f"{tmp_path}/"
        await settle(pilot)
        await pilot.press("tab")
        await settle(pilot)
        await pilot.press("tab", "enter", "s")
        await settle(pilot)
        assert file.written == {"library.output_path": str(other)}
        assert isinstance(app.screen, GridScreen)
        await until(pilot, lambda: getattr(grid_of(app).session.view, "total", 0) == COUNT + 1)


async def test_an_edited_file_is_used(library: Library) -> None:
    news = [({"view.theme": "nord", "view.density": "comfortable", "keys.grid.filter": "b"}, [])]
    app = make_app(library, changed_settings=lambda: news.pop() if news else ({}, []))
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        app.settings_use.look()
        await settle(pilot)
        assert app.theme == "nord"
        assert grid_of(app).grid.density == "comfortable"
        await pilot.press("b")
        await settle(pilot)
        assert grid_of(app).filtering.is_open


async def test_what_is_wrong_with_an_edited_file_is_said(library: Library) -> None:
    app = make_app(library, changed_settings=lambda: ({}, ["line 3: no such key"]))
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settle(pilot)
        app.settings_use.look()
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
        assert app.last_said.startswith("Read-only")
        assert "[safety] read_only is on in the settings" in app.last_said
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


def test_the_screen_has_every_setting() -> None:
    known = {each.name: each for each in all_settings()}
    assert sorted(field.key for field in FIELDS) == sorted(known)
    for field in FIELDS:
        setting = known[field.key]
        assert (field.kind == "switch") is (setting.type is bool), field.key
        assert (field.kind in {"folders", "lines"}) is (setting.type is tuple), field.key
        assert not setting.choices or field.choices == setting.choices, field.key


async def test_numbers_are_checked_and_a_wrong_one_is_not_saved(library: Library) -> None:
    file = SettingsFile("/nowhere/config.toml")
    written: dict[str, object] = {}
    app = make_app(library, check_setting=file.check, save_setting=written.__setitem__)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        screen = await open_settings(pilot, "cache.max_size_mb")
        await pilot.press("enter", *["backspace"] * 4, *"50", "enter")
        await settle(pilot)
        assert "a whole number from 100 to 10000" in shown(app)
        go_to(screen, "view.theme")
        await pilot.press("s")
        await settle(pilot)
        assert app.screen is screen
        assert written == {}
        await pilot.press("enter", *"0", "enter", "s")
        await settle(pilot)
        assert written == {"cache.max_size_mb": 500}
        assert library.settings.cache.max_size_mb == 500


async def test_more_folders_are_added_and_taken_out(library: Library, tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        make_picture(tmp_path / name / f"{name}.png", 3)
    one, two = str(tmp_path / "one"), str(tmp_path / "two")
    file = Settled(one, two)
    app = app_with(library, file)
    async with app.run_test(size=(80, 24)) as pilot:
        await open_settings(pilot, "library.extra_roots")
        await pilot.press("enter", "a", *one, "enter", "a", *two, "enter", "enter")
        await pilot.press("enter", "d", "enter", "s")
        await settle(pilot)
        assert file.written == {"library.extra_roots": (two,)}
        assert library.settings.library.extra_roots == (two,)
        await until(pilot, lambda: grid_of(app).session.view.total == COUNT + 1)


async def test_what_the_environment_decides_is_not_changed(library: Library) -> None:
    file = Settled()
    app = app_with(library, file, fixed_settings={"view.mouse": "SMARTGALLERY_VIEW_MOUSE"})
    async with app.run_test(size=(80, 24)) as pilot:
        await open_settings(pilot, "view.mouse")
        assert "on  (SMARTGALLERY_VIEW_MOUSE)" in shown(app)
        await pilot.press("enter", "l", "s")
        await settle(pilot)
        assert file.written == {}


async def test_values_turn_with_the_arrows_and_escape_drops_them(library: Library) -> None:
    file = Settled()
    app = app_with(library, file)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await open_settings(pilot, "view.theme")
        await pilot.press("right", "right", "left")
        assert app.theme != "dark"
        go_to(screen, "view.mouse")
        await pilot.press("space")
        await settle(pilot)
        assert "2 changed" in shown(app)
        await pilot.press("escape")
        await settle(pilot)
        assert app.theme == "dark"
        assert file.written == {}
        assert isinstance(app.screen, GridScreen)


async def test_a_warning_is_said_and_the_value_kept(library: Library) -> None:
    file = Settled()
    app = app_with(library, file)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await open_settings(pilot, "tools.ffmpeg")
        await pilot.press("enter", *"x", "enter")
        await settle(pilot)
        assert "ffmpeg is not found" in shown(app)
        await pilot.press("s")
        await settle(pilot)
        assert file.written == {"tools.ffmpeg": "ffmpegx"}


async def test_a_folder_that_was_opened_by_name_is_forgotten(
    library: Library, tmp_path: Path
) -> None:
    (tmp_path / "other").mkdir()
    make_picture(tmp_path / "other" / "other.png", 3)
    library.add_root(tmp_path / "other")
    library.sync()
    file = Settled()
    app = app_with(library, file)
    async with app.run_test(size=(240, 24)) as pilot:
        await open_settings(pilot, "library.extra_roots")
        await settle(pilot)
        await pilot.press("enter", "j")
        await settle(pilot)
        assert str(tmp_path / "other") in shown(app)
        await pilot.press("d", "enter")
        await settle(pilot)
        assert "1 changed" in shown(app)
        await pilot.press("s")
        await settle(pilot)
        assert file.written == {}
        await until(pilot, lambda: grid_of(app).session.view.total == COUNT)
        assert [root.path for root in library.roots()] == [str(tmp_path / "output")]
        assert (tmp_path / "other" / "other.png").exists()


async def test_a_linked_folder_is_offered(library: Library, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    make_picture(tmp_path / "elsewhere" / "linked.png", 3)
    (folder / "link").symlink_to(tmp_path / "elsewhere")
    library.sync()
    file = Settled(str(folder / "link"))
    app = app_with(library, file)
    async with app.run_test(size=(240, 24)) as pilot:
        await open_settings(pilot, "library.extra_roots")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert "Linked, not followed" in shown(app)
        await pilot.press("a", "enter", "enter", "s")
        await settle(pilot)
        assert file.written == {"library.extra_roots": (str(folder / "link"),)}
        await until(pilot, lambda: grid_of(app).session.view.total == COUNT + 1)
        await open_settings(pilot, "library.extra_roots")
        await settle(pilot)
        assert str(tmp_path / "elsewhere") not in shown(app)


async def test_a_list_of_texts_is_changed_in_place(library: Library) -> None:
    file = Settled()
    app = app_with(library, file)
    async with app.run_test(size=(80, 24)) as pilot:
        await open_settings(pilot, "scan.exclude")
        await pilot.press("enter", "a", *"tmp", "enter", "a", *"old", "enter", "k")
        await pilot.press("e", *"_x", "enter")
        await settle(pilot)
        assert "tmp_x" in shown(app)
        await pilot.press("escape")
        await settle(pilot)
        assert "tmp_x" not in shown(app)
        await pilot.press("enter", "a", *"tmp", "enter", "enter", "s")
        await settle(pilot)
        assert file.written == {"scan.exclude": ("tmp",)}

"""How each screen looks: 80 x 24 dark and 160 x 48 light, without pictures."""

from __future__ import annotations

import fcntl
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from smartgallery_tui.cli.settings_file import SettingsFile
from smartgallery_tui.library import Library
from smartgallery_tui.ui.options import FirstRun
from tests.ui.conftest import COUNT, make_app, make_picture, settle

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from textual.pilot import Pilot

    SnapCompare = Callable[..., bool]

PLACE = Path("/tmp/smartgallery-snapshots")
"""Paths are part of the pictures, so they must be the same everywhere."""
PICTURES = Path(__file__).parent / "__snapshots__"
LOOKS = [((80, 24), "dark"), ((160, 48), "light")]
SCREENS: dict[str, list[str]] = {
    "grid": ["l", "f", "3", "l", "x"],
    "filter": ["F", "slash", *"euler", "enter", "enter", "escape"],
    "range": ["F", "slash", *"cfg", "enter", "enter"],
    "filter-narrowed": ["F", "slash", "u"],
    "groups": ["g", "b", "m"],
    "group-menu": ["g", "b"],
    "empty": ["slash", *"zeppelin", "enter"],
    "error": ["slash", *"cfg:>x", "enter"],
    "detail": ["enter"],
    "detail-info": ["enter", "i"],
    "detail-nodes": ["enter", "i", "tab", "tab"],
    "help": ["question_mark"],
    "help-detail": ["enter", "question_mark"],
    "sort": ["comma"],
    "status": ["Y"],
    "tags": ["t"],
    "alike": ["asterisk"],
    "settings": ["g", "comma"],
    "searches": ["apostrophe"],
    "list": ["g", "v", "l", "j", "f", "3"],
    "complete": ["slash", *"model:", "down"],
    "comfortable": ["Z", "slash", *"cat", "enter"],
    "palette": ["colon", *"density"],
    "compare": ["x", "l", "x", "c"],
}


@pytest.fixture
def place() -> Iterator[Path]:
    """The place of the library, which one test at a time may use, of all processes."""
    with PLACE.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        shutil.rmtree(PLACE, ignore_errors=True)
        PLACE.mkdir()
        yield PLACE
        shutil.rmtree(PLACE, ignore_errors=True)


@pytest.fixture
def shown_library(place: Path, fresh_data: Path) -> Iterator[Library]:
    """A library at a place that is the same in every run."""
    root = place / "output"
    root.mkdir()
    for number in range(COUNT):
        make_picture(root / f"pic_{number:02}.png", number)
    data = shutil.copytree(fresh_data, place / "data")
    opened = Library.open(data_dir=data, cache_dir=place / "cache", roots=[root])
    opened.sync()
    yield opened
    opened.close()


@pytest.mark.parametrize(("size", "theme"), LOOKS, ids=["dark", "light"])
@pytest.mark.parametrize("name", SCREENS)
def test_screen(
    snap_compare: SnapCompare, shown_library: Library, name: str, size: tuple[int, int], theme: str
) -> None:
    async def press(pilot: Pilot[object]) -> None:
        await settle(pilot)
        for key in SCREENS[name]:
            await pilot.press(key)
            await settle(pilot)
        pilot.app.clear_notifications()
        await settle(pilot)

    texts = SettingsFile("config.toml").texts()
    app = make_app(
        shown_library, theme=theme, setting_texts=texts, save_setting=lambda _key, _value: None
    )
    assert snap_compare(app, terminal_size=size, run_before=press)


@pytest.mark.parametrize(("size", "theme"), LOOKS, ids=["dark", "light"])
def test_first_run(snap_compare: SnapCompare, size: tuple[int, int], theme: str) -> None:
    first_run = FirstRun(looked=("COMFYUI_PATH (not set)", "/workspace/ComfyUI", "/opt/ComfyUI"))

    async def press(pilot: Pilot[object]) -> None:
        await pilot.press("escape")
        await settle(pilot)

    app = make_app(None, theme=theme, first_run=first_run)
    assert snap_compare(app, terminal_size=size, run_before=press)


def test_every_picture_is_compared() -> None:
    tests = {f"test_screen[{name}-{look}]" for name in SCREENS for look in ("dark", "light")}
    tests |= {"test_first_run[dark]", "test_first_run[light]", "test_too_small"}
    assert {path.stem for path in (PICTURES / "test_snapshots").iterdir()} == tests


def test_too_small(snap_compare: SnapCompare, shown_library: Library) -> None:
    assert snap_compare(make_app(shown_library), terminal_size=(24, 6), run_before=settle)

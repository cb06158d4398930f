"""How dialogs and pages look: 80 x 24 dark and 160 x 48 light, without pictures.

What is different in every run, such as sizes of databases and the hour, is put in its place.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from smartgallery_tui.library.handing_over import HandingOver
from smartgallery_tui.library.looking import Looking
from smartgallery_tui.library.opening import Opening
from smartgallery_tui.ui import format as words
from tests.ui.conftest import make_app, settle, until
from tests.ui.test_snapshots import LOOKS, PICTURES, PLACE, place, shown_library

if TYPE_CHECKING:
    from textual.pilot import Pilot

    from smartgallery_tui.library import Library
    from smartgallery_tui.records import LibraryStats
    from tests.ui.test_snapshots import SnapCompare

__all__ = ["place", "shown_library"]

SCREENS: dict[str, list[str]] = {
    "trash": ["d", "g", "t"],
    "statistics": ["g", "s"],
    "log": ["g", "l"],
    "log-found": ["g", "l", "slash", *"failed"],
    "jobs": ["g", "j"],
    "storyboard": ["slash", *"kind:animated", "enter", "E"],
    "move": ["m"],
    "rename": ["r"],
    "delete": ["D"],
    "confirm": ["exclamation_mark", *"ls -l {}", "enter"],
    "openers": ["O"],
    "values": ["y", "y"],
    "detail-find": ["enter", "i", "tab", "tab", "slash", *"clip"],
    "detail-files": ["enter", "i", "shift+tab", "shift+tab"],
    "compare-four": ["space", "space", "space", "space", "c"],
    "compare-keys": ["space", "space", "c", "question_mark"],
    "nodes-folded": ["enter", "F", "j", "j", "h"],
    "album-note": ["apostrophe", "tab", "n"],
    "which-key": ["y"],
}
NOTE = """# Alps

Some *words*, **more** and `code`.

- one
- two
  - below it

| model | cfg |
| --- | --- |
| fluxdev | 3.5 |
| sdxl base | 7 |

1. first
2. second
"""
LOG = [
    "2026-01-02 03:04:05 info    smartgallery_tui.library the library was opened",
    "2026-01-02 03:04:06 warning smartgallery_tui.scan reading takes 40 ms a file",
    "2026-01-02 03:04:07 error   smartgallery_tui.ui search failed: no space left on the disk",
]


@pytest.fixture(autouse=True)
def _same_in_every_run(monkeypatch: pytest.MonkeyPatch) -> None:
    count, date = Looking.stats, words.date

    def stats(looking: Looking) -> LibraryStats:
        return replace(
            count(looking), index_bytes=421_888, cache_bytes=0, trash_bytes=0, unrated_old=12
        )

    def same_date(mtime_ns: int) -> str:
        return date(mtime_ns) if mtime_ns < 1_770_000_000 * 10**9 else "2026-02-03 04:05"

    monkeypatch.setattr(Looking, "stats", stats)
    monkeypatch.setattr(HandingOver, "log_lines", lambda _part, _count=100: LOG)
    monkeypatch.setattr(Opening, "openers", lambda _part, _item: [])
    monkeypatch.setattr(words, "date", same_date)


def add_animation(library: Library) -> None:
    """Put an animation of twenty frames into the library."""
    frames = [Image.new("RGB", (16, 16), (number * 10, 0, 0)) for number in range(20)]
    target = PLACE / "output" / "moving.gif"
    frames[0].save(target, save_all=True, append_images=frames[1:], duration=50)
    library.sync()


def test_every_picture_is_compared() -> None:
    tests = {f"test_dialog[{name}-{look}]" for name in SCREENS for look in ("dark", "light")}
    assert {path.stem for path in (PICTURES / "test_snapshots_of_dialogs").iterdir()} == tests


@pytest.mark.parametrize(("size", "theme"), LOOKS, ids=["dark", "light"])
@pytest.mark.parametrize("name", SCREENS)
def test_dialog(
    snap_compare: SnapCompare,
    shown_library: Library,
    name: str,
    size: tuple[int, int],
    theme: str,
) -> None:
    if name == "storyboard":
        add_animation(shown_library)
    if name == "album-note":
        shown_library.album_add(shown_library.search("").ids()[:3], "Alps")
        shown_library.set_album_note("Alps", NOTE)

    async def press(pilot: Pilot[object]) -> None:
        await settle(pilot)
        for key in SCREENS[name]:
            await pilot.press(key)
            await settle(pilot)
        if name == "which-key":
            await until(pilot, lambda: pilot.app.screen.query_one("WhichKey").has_class("-shown"))
        if name == "storyboard":
            await until(pilot, lambda: len(pilot.app.screen.query(".frame")) == 11)
        pilot.app.clear_notifications()
        await settle(pilot)

    app = make_app(shown_library, theme=theme, save_setting=lambda _key, _value: None)
    assert snap_compare(app, terminal_size=size, run_before=press)

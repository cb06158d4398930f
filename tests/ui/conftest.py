"""Small real pictures, a real library on them, and an app to press keys in."""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image, PngImagePlugin
from textual._context import active_app
from textual.widgets import Input, TextArea

from smartgallery_tui.config import load_themes
from smartgallery_tui.library import Library
from smartgallery_tui.terminal.caps import TerminalCaps
from smartgallery_tui.ui.app import SmartGalleryApp
from smartgallery_tui.ui.background import Lane
from smartgallery_tui.ui.options import AppOptions
from smartgallery_tui.ui.widgets.thumb_grid import ThumbGrid

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from textual.pilot import Pilot

MODELS = ("fluxdev.safetensors", "sdxl_base.safetensors", "juggernaut.safetensors")
PROMPTS = ("a red fox in the snow", "a castle by the sea", "a city at night", "portrait of a cat")
COUNT = 12
PATIENCE_S = 60.0
"""How long an app may work before a test says that it will not come to rest."""
QUIET_ROUNDS = 4
"""Rounds of the event loop without a message that count as quiet."""
NOON_S = 1_760_000_000
"""Modification time of the first picture; the others follow a minute apart."""


def graph(number: int) -> dict[str, object]:
    """Return the API graph of a picture, as ComfyUI would have saved it."""
    return {
        "3": {"class_type": "KSampler", "inputs": {
            "seed": 1000 + number, "steps": 20 + number, "cfg": 4.0 + number % 4,
            "sampler_name": ("euler", "dpmpp_2m")[number % 2], "scheduler": "karras",
            "denoise": 1.0, "model": ["4", 0], "positive": ["6", 0], "negative": ["7", 0],
            "latent_image": ["5", 0]}},
        "4": {"class_type": "CheckpointLoaderSimple",
              "inputs": {"ckpt_name": MODELS[number % len(MODELS)]}},
        "5": {"class_type": "EmptyLatentImage",
              "inputs": {"width": 64, "height": 48, "batch_size": 1}},
        "6": {"class_type": "CLIPTextEncode",
              "inputs": {"text": PROMPTS[number % len(PROMPTS)], "clip": ["4", 1]}},
        "7": {"class_type": "CLIPTextEncode", "inputs": {"text": "blurry", "clip": ["4", 1]}},
        "8": {"class_type": "VAEDecode", "inputs": {"samples": ["3", 0], "vae": ["4", 2]}},
        "9": {"class_type": "SaveImage",
              "inputs": {"filename_prefix": "pic", "images": ["8", 0]}},
    }  # fmt: skip


def make_picture(path: Path, number: int) -> None:
    """Write a small PNG with metadata and a modification time of its own."""
    info = PngImagePlugin.PngInfo()
    info.add_text("prompt", json.dumps(graph(number)))
    color = (number * 20 % 256, 255 - number * 17 % 256, 120)
    Image.new("RGB", (64, 48), color).save(path, pnginfo=info)
    when = NOON_S + number * 60
    os.utime(path, (when, when))


@contextmanager
def library_of(place: Path, folders: Sequence[str]) -> Iterator[Library]:
    """Open a scanned library with a picture in each of some folders of `place`; close it."""
    root = place / "output"
    for number, name in enumerate(folders):
        (root / name).mkdir(parents=True, exist_ok=True)
        make_picture(root / name / f"pic_{number}.png", number)
    opened = Library.open(data_dir=place / "data", cache_dir=place / "cache", roots=[root])
    try:
        opened.sync()
        yield opened
    finally:
        opened.close()


async def wait_until_quiet(min_sleep: float = 0.0, max_sleep: float = 2.0) -> None:
    """Wait until no widget of the app has a message to handle.

    Stands in for Textual's own way, which watches the processor's time and sleeps for at least
    20 ms: a suite of a thousand keys would spend most of its time asleep.
    """
    app = active_app.get()
    until_s = time.monotonic() + max(min_sleep, max_sleep)
    quiet_rounds = 0
    while quiet_rounds < QUIET_ROUNDS and time.monotonic() < until_s:
        await asyncio.sleep(0)
        pumps = (app, *app._registry)
        is_busy = any(pump.message_queue_size or pump._next_callbacks for pump in pumps)
        quiet_rounds = 0 if is_busy else quiet_rounds + 1


@pytest.fixture(autouse=True)
def _quick_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("textual.pilot", "textual.app"):
        monkeypatch.setattr(f"{module}.wait_for_idle", wait_until_quiet)


@pytest.fixture(autouse=True)
def _steady_cursors(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no cursor blink: how a field looks would hang on how long a test took."""
    monkeypatch.setattr(Input, "_toggle_cursor", lambda _field: None)
    monkeypatch.setattr(TextArea, "_toggle_cursor_blink_visible", lambda _field: None)


@pytest.fixture(autouse=True)
def _counted_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    """Count the calls that every lane is given, for `settle`."""
    counts: Counter[Lane] = Counter()
    submit = Lane.submit

    def counted(lane: Lane, *arguments: Any) -> None:
        counts[lane] += 1
        submit(lane, *arguments)

    monkeypatch.setattr(Lane, "submit", counted)
    monkeypatch.setattr(Lane, "submissions", counts, raising=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of twelve pictures; `pic_11.png` is the newest."""
    root = tmp_path / "output"
    root.mkdir()
    for number in range(COUNT):
        make_picture(root / f"pic_{number:02}.png", number)
    return root


@pytest.fixture
def library(folder: Path, data_dir: Path, tmp_path: Path) -> Iterator[Library]:
    """A library that knows the folder."""
    opened = Library.open(data_dir=data_dir, cache_dir=tmp_path / "cache", roots=[folder])
    opened.sync()
    yield opened
    opened.close()


@pytest.fixture
def app(library: Library) -> SmartGalleryApp:
    """An app without pictures, so that screens look the same everywhere."""
    return make_app(library)


def make_app(library: Library | None, **options: object) -> SmartGalleryApp:
    """Return an app that draws no pictures and scans nothing by itself."""
    themes, _problems = load_themes()
    given = {"themes": tuple(themes), "theme": "dark", "is_syncing": False, **options}
    return SmartGalleryApp(library, TerminalCaps(protocol="none"), AppOptions(**given))


def screen_text(app: SmartGalleryApp) -> str:
    """Return what is on the screen, line by line."""
    lines = app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip) for strip in lines)


async def settle(pilot: Pilot[object]) -> None:
    """Wait until no lane works, no search waits, every message is handled and all is laid out.

    An answer may ask the next question: what was still before is still only if nothing was asked
    while its messages were handled.
    """
    app = pilot.app
    assert isinstance(app, SmartGalleryApp)
    until_s = time.monotonic() + PATIENCE_S
    while True:
        while not _is_still(app):
            if app._exception is not None:
                raise app._exception
            assert time.monotonic() < until_s, "it did not come to rest"
            await asyncio.sleep(0.002)
        asked = _asked_count(app)
        await pilot.pause()
        if asked == _asked_count(app) and _is_still(app):
            return


def _is_still(app: SmartGalleryApp) -> bool:
    """Tell whether nothing runs or waits and every screen has its place."""
    screen = app.screen
    has_place = not (app._resize_event or screen._layout_required or screen._callbacks)
    return has_place and app.is_settled and _are_grids_laid_out(app)


def _asked_count(app: SmartGalleryApp) -> int:
    """Return how many calls the lanes have been given."""
    return sum(Lane.submissions[lane] for lane in app.background.lanes)


async def until(pilot: Pilot[object], is_reached: Callable[[], bool]) -> None:
    """Wait until something holds that Textual does in its own time: a resize, a timer."""
    await reached(is_reached)
    await settle(pilot)


async def reached(is_reached: Callable[[], bool]) -> None:
    """Wait until something holds, whatever else goes on."""
    until_s = time.monotonic() + PATIENCE_S
    while not is_reached():
        assert time.monotonic() < until_s, "it did not come"
        await asyncio.sleep(0.005)


def _are_grids_laid_out(app: SmartGalleryApp) -> bool:
    """Tell whether every grid that has room has drawn itself for the first time."""
    grids = app.screen.query(ThumbGrid)
    return all(grid.is_settled for grid in grids if grid.size and grid.display)

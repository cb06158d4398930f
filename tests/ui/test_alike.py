"""More like this: each choice means something else, and says how many files it finds."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest
from PIL import Image, PngImagePlugin

from smartgallery_tui.library import Library
from smartgallery_tui.ui.screens.picks import alike
from tests.ui.conftest import NOON_S, graph, make_app, settle
from tests.ui.test_asked_row import press
from tests.ui.test_grid_keys import grid_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def save(path: Path, seconds: int, seed: int, *, has_lora: bool = False) -> None:
    """Write a picture of one workflow, or of one with a LoRA loader more."""
    nodes = graph(0)
    nodes["3"]["inputs"]["seed"] = seed  # type: ignore[index]
    if has_lora:
        inputs = {"lora_name": "x.safetensors", "strength_model": 1.0, "strength_clip": 1.0}
        nodes["10"] = {
            "class_type": "LoraLoader",
            "inputs": {**inputs, "model": ["4", 0], "clip": ["4", 1]},
        }
        nodes["3"]["inputs"]["model"] = ["10", 0]  # type: ignore[index]
    info = PngImagePlugin.PngInfo()
    info.add_text("prompt", json.dumps(nodes))
    Image.new("RGB", (64, 48), (seed % 255, seconds % 255, 9)).save(path, pnginfo=info)
    os.utime(path, (NOON_S + seconds, NOON_S + seconds))


@pytest.fixture
def runs(tmp_path: Path) -> Iterator[Library]:
    """Two files of a batch, one of the same seed much later, one of another workflow."""
    root = tmp_path / "output"
    root.mkdir()
    save(root / "my_cool_00001_.png", 0, 7)
    save(root / "my_cool_00002_.png", 2, 7)
    save(root / "my_cool_00003_.png", 9_000, 7)
    save(root / "my_cool_00004_.png", 4, 8)
    save(root / "other_00001_.png", 3, 7, has_lora=True)
    opened = Library.open(data_dir=tmp_path / "data", cache_dir=tmp_path / "cache", roots=[root])
    opened.sync()
    yield opened
    opened.close()


def test_each_choice_finds_its_own(runs: Library) -> None:
    item = next(one for one in runs.search("").page(0, 9) if one.name == "my_cool_00001_.png")
    found = {
        pick.label: sorted(one.name[:-5] for one in runs.search(pick.query).page(0, 9))
        for pick in alike(runs, item)(None).picks
    }
    mine = [f"my_cool_0000{number}" for number in (1, 2, 3, 4)]
    assert found["Same batch"] == mine[:2]
    assert found["Same workflow"] == mine
    assert found["Same name prefix"] == mine
    assert found["Same seed"] == [*mine[:3], "other_00001"]
    assert found["Same workflow and model"] == mine


async def test_the_choices_tell_their_counts(runs: Library) -> None:
    app = make_app(runs, query="00001 my")
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        await press(pilot, "asterisk")
        await press(pilot, *"batch")
        rows = [str(option.prompt) for option in app.screen.query_one("#rows").options]  # type: ignore[attr-defined]
        assert rows[0] == "Same batch  same prefix and seed, within a minute  2 files"
        await press(pilot, "enter")
        grid = grid_of(app)
        assert grid.session.view is not None
        assert grid.session.view.total == 2

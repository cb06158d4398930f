from __future__ import annotations

import hashlib
import json
import shutil
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from smartgallery_tui.demo import DemoReport, make_demo
from smartgallery_tui.demo.library import _encode
from smartgallery_tui.demo.plan import make_plan
from smartgallery_tui.library.inspect import Inspector

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "new"
    make_demo(folder)
    return folder


def test_there_is_enough_to_browse(demo: Path) -> None:
    files = [path for path in demo.rglob("*") if path.is_file() and not path.name.startswith(".")]
    assert len(files) >= 60
    assert {path.suffix for path in files} >= {".png", ".webp", ".jpg"}
    assert len({path.parent for path in files}) >= 6


def test_the_metadata_reads_back(demo: Path) -> None:
    with Inspector() as inspector:
        found = [(entry, inspector.inspect(str(demo / entry.path))) for entry in make_plan()
                 if (demo / entry.path).exists()]  # fmt: skip
    seeds = set()
    for entry, inspection in found:
        assert inspection.problem is None, entry.path
        headline = inspection.generation.headline
        if entry.form.startswith("bare"):
            assert headline is None
        elif entry.form != "a1111":
            assert headline is not None, entry.path
            assert headline.positive == (entry.recipe.prompt,)
            assert {lora.name for lora in headline.loras} == {x.name for x in entry.recipe.loras}
            seeds.add(headline.seed)
    assert 2**64 - 1 in seeds
    assert max(len(inspection.generation.passes) for _, inspection in found) == 2


def test_a_second_run_changes_nothing(demo: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in demo.rglob("*")}
    assert make_demo(demo) == DemoReport(str(demo), 0)
    assert {path: path.stat().st_mtime_ns for path in demo.rglob("*")} == before


def test_the_pictures_are_the_same_on_every_run(demo: Path) -> None:
    for entry in make_plan()[:4]:
        data = _encode(entry)
        assert data is not None
        assert hashlib.sha256(data).digest() == _digest(demo / entry.path)


def _digest(path: Path) -> bytes:
    return hashlib.sha256(path.read_bytes()).digest()


def test_an_animation_has_frames(demo: Path) -> None:
    with Image.open(demo / "video" / "ripples_00001_.webp") as picture:
        assert picture.n_frames > 5


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="needs ffmpeg")
def test_a_video_carries_its_prompt(demo: Path) -> None:
    with Inspector() as inspector:
        found = inspector.inspect(str(demo / "video" / "drift_00001_.mp4"))
    assert found.container.kind == "video"
    assert "prompt" in found.generation.sources


def test_files_of_the_user_stay(tmp_path: Path) -> None:
    mine = tmp_path / make_plan()[0].path
    mine.parent.mkdir()
    mine.write_text("mine")
    make_demo(tmp_path)
    assert mine.read_text() == "mine"


def test_the_editor_graph_matches_the_prompt() -> None:
    for entry in make_plan():
        graph = entry.graph(entry.recipe)
        prompt, workflow = graph.prompt(), graph.workflow()
        json.dumps(workflow)
        assert {str(node["id"]) for node in workflow["nodes"]} == set(prompt)
        for link_id, source, _, target, slot, _ in workflow["links"]:
            node = next(node for node in workflow["nodes"] if node["id"] == target)
            assert node["inputs"][slot]["link"] == link_id
            name = node["inputs"][slot]["name"]
            assert prompt[str(target)]["inputs"][name][0] == str(source)

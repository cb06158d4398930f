from __future__ import annotations

import json
from typing import TYPE_CHECKING

from smartgallery_tui.library.inspect import explain_file, inspect_file
from smartgallery_tui.library.node_rules import load_node_rules

if TYPE_CHECKING:
    from pathlib import Path

RULES = '[[node]]\nclass = "Oddball"\nsampler = "algo"\nsteps = "count"\nwrong = "x"\n'
GRAPH = {
    "1": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "a.safetensors"}},
    "2": {
        "class_type": "Oddball",
        "inputs": {"model": ["1", 0], "algo": "warp", "count": 9, "seed": 4},
    },
    "3": {"class_type": "SaveImage", "inputs": {"images": ["2", 0]}},
}


def test_rules_of_a_file_teach_inspect_and_explain(tmp_path: Path):
    file = tmp_path / "nodes.toml"
    file.write_text(RULES, encoding="utf-8")
    graph = tmp_path / "graph.json"
    graph.write_text(json.dumps(GRAPH), encoding="utf-8")
    rules = load_node_rules(file)
    assert rules.problems == (f"{file}:5: unknown field 'wrong'",)
    plain = inspect_file(str(graph))
    assert plain.generation.headline is None
    taught = inspect_file(str(graph), rules).generation.headline
    assert taught is not None
    assert (taught.sampler, taught.steps, taught.seed) == ("warp", 9, 4)
    assert any(("sampler", "warp") in one.gave for one in explain_file(str(graph), rules))


def test_files_that_hold_no_rules(tmp_path: Path):
    assert load_node_rules(None).problems == ()
    assert load_node_rules(tmp_path / "none.toml").problems == ()
    assert "cannot be read" in load_node_rules(tmp_path).problems[0]
    file = tmp_path / "nodes.toml"
    file.write_bytes(b"\xff\xfe")
    assert "UTF-8" in load_node_rules(file).problems[0]
    file.write_text("[[node]]\nclass = 'x\n", encoding="utf-8")
    assert f"{file}:2:" in load_node_rules(file).problems[0]

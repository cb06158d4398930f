from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest

from smartgallery_tui.errors import SmartGalleryError
from smartgallery_tui.library import Library
from smartgallery_tui.library.inspect import Inspector, explain_file
from smartgallery_tui.library.node_rules import load_node_rules
from smartgallery_tui.library.readers import ReaderPool
from smartgallery_tui.library.reading import FileReader
from smartgallery_tui.library.tasks import Task
from smartgallery_tui.metadata import parse_rules
from tests.library.samples import png, write

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
    with Inspector() as plain, Inspector(rules) as pupil:
        assert plain.inspect(str(graph)).generation.headline is None
        taught = pupil.inspect(str(graph)).generation.headline
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


def test_a_library_shows_the_graph_of_a_file(tmp_path: Path):
    root = tmp_path / "root"
    write(root / "a.png", png(json.dumps(GRAPH)))
    file = tmp_path / "nodes.toml"
    file.write_text(RULES, encoding="utf-8")
    with Library.open(data_dir=tmp_path / "data", roots=[root]) as library:
        assert library.use_node_rules(file).problems
        library.sync()
        file_id = library.find_path(root / "a.png")
        assert file_id is not None
        tree = library.node_tree(file_id)
        assert [(one.class_type, one.depth) for one in tree] == [
            ("SaveImage", 0),
            ("Oddball", 1),
            ("CheckpointLoaderSimple", 2),
        ]
        with pytest.raises(SmartGalleryError):
            library.node_tree(10_000)


def test_changed_rules_have_files_read_again(tmp_path: Path):
    roots = [tmp_path / "one", tmp_path / "two"]
    for root in roots:
        write(root / "a.png", png(json.dumps(GRAPH)))
    file = tmp_path / "nodes.toml"
    with Library.open(data_dir=tmp_path / "data", roots=roots) as library:
        library.use_node_rules(file)
        library.sync()
        assert library.search("sampler:warp").total == 0
    file.write_text(RULES, encoding="utf-8")
    # A sync of one folder leaves the other for later.
    for at, root in enumerate(roots):
        with Library.open(data_dir=tmp_path / "data", roots=[root]) as library:
            library.use_node_rules(file)
            library.sync()
            assert library.search("sampler:warp").total == 1, at
            assert library.sync().changed == 0


def test_worker_processes_read_by_the_rules(tmp_path: Path):
    rules = parse_rules(RULES)[0]
    path = write(tmp_path / "a.png", png(json.dumps(GRAPH)))
    task = Task(1, os.fsencode(path), True, "image", "png", 1, 1)
    with ReaderPool(1, rules) as pool:
        rows = [row for chunk in pool.read([task]) for row in chunk]
    assert rows == FileReader(rules).many([task])
    assert "warp" in rows[0][4]


def test_a_file_that_lands_is_read_by_the_rules(tmp_path: Path):
    root = tmp_path / "root"
    write(root / "old.png", png())
    file = tmp_path / "nodes.toml"
    file.write_text(RULES, encoding="utf-8")
    with Library.open(data_dir=tmp_path / "data", roots=[root]) as library:
        library.use_node_rules(file)
        library.sync()
        landed = write(root / "new.png", png(json.dumps(GRAPH)))
        library.index_paths([str(landed)])
        assert library.search("sampler:warp steps:9").total == 1
        assert library.sync().changed == 0

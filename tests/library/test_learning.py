"""A file with both forms of a graph teaches how to read files with the editor's form alone."""

from __future__ import annotations

import json
import os
import struct
import zlib
from typing import TYPE_CHECKING, Any

from smartgallery_tui.library import Library
from smartgallery_tui.library.readers import ReaderPool
from smartgallery_tui.library.tasks import Task
from smartgallery_tui.metadata import Votes
from tests.library.samples import png, write

if TYPE_CHECKING:
    from pathlib import Path

PROMPT = {
    "1": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "a.safetensors"}},
    "2": {
        "class_type": "OddSampler",
        "inputs": {
            "count": 5, "steps": 9, "seed": 4, "sampler_name": "warp", "cfg": 2.5,
            "model": ["1", 0],
        },
    },
    "3": {"class_type": "SaveImage", "inputs": {"images": ["2", 0], "filename_prefix": "x"}},
}  # fmt: skip


def workflow(steps: int) -> dict[str, Any]:
    return {
        "nodes": [
            {
                "id": 1, "type": "CheckpointLoaderSimple", "mode": 0, "inputs": [],
                "outputs": [{"name": "MODEL", "type": "MODEL", "links": [1]}],
                "widgets_values": ["a.safetensors"],
            },
            {
                "id": 2, "type": "OddSampler", "mode": 0,
                "inputs": [{"name": "model", "type": "MODEL", "link": 1}],
                "outputs": [{"name": "IMAGE", "type": "IMAGE", "links": [2]}],
                "widgets_values": [5, steps, 4, "warp", 2.5],
            },
            {
                "id": 3, "type": "SaveImage", "mode": 0,
                "inputs": [{"name": "images", "type": "IMAGE", "link": 2}],
                "outputs": [], "widgets_values": ["x"],
            },
        ],
        "links": [[1, 1, 0, 2, 0, "MODEL"], [2, 2, 0, 3, 0, "IMAGE"]],
    }  # fmt: skip


def picture(**texts: Any) -> bytes:
    """Return a PNG that holds texts."""
    data = png()
    chunks = b""
    for key, value in texts.items():
        body = b"tEXt" + key.encode() + b"\0" + json.dumps(value).encode()
        chunks += struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    return data[:33] + chunks + data[33:]


def test_an_order_learned_from_one_file_reads_another(tmp_path: Path):
    root = tmp_path / "root"
    write(root / "both.png", picture(prompt=PROMPT, workflow=workflow(9)))
    with Library.open(data_dir=tmp_path / "data", roots=[root]) as library:
        library.sync()
        assert library.search("steps:9").total == 1
        write(root / "editor.png", picture(workflow=workflow(17)))
        library.sync()
        assert library.search("steps:17 sampler:warp seed:4").total == 1


def test_worker_processes_send_what_they_learned(tmp_path: Path):
    path = write(tmp_path / "both.png", picture(prompt=PROMPT, workflow=workflow(9)))
    with ReaderPool(1) as pool:
        for answer in pool.read([Task(1, os.fsencode(path), True, "image", "png", 1, 1)]):
            assert len(answer.rows()) == 1
        assert pool.votes == [("OddSampler", ("count", "steps", "seed", "sampler_name", "cfg"))]


def test_votes_are_counted_and_kept_as_text():
    votes = Votes()
    votes.add([("A", ("x", "y")), ("A", ("y", "x")), ("B", ("z",))])
    assert votes.orders() == {"B": ("z",)}
    votes.add([("A", ("y", "x"))])
    again = Votes(votes.as_text())
    assert again.orders() == {"A": ("y", "x"), "B": ("z",)}
    for text in (None, "", "nonsense", "[]", '{"A": [1, [2, 3], [["x"], -1]]}'):
        assert Votes(text).orders() == {}

"""A row made by a recipe is the row that the whole answer gives."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given

from smartgallery_tui.containers import content_id, open_source, read_container
from smartgallery_tui.index.ready import ready
from smartgallery_tui.library.read_rows import row_of
from smartgallery_tui.library.readers import ReaderPool
from smartgallery_tui.library.reading import FileReader
from smartgallery_tui.library.tasks import Task
from smartgallery_tui.metadata import READER_VERSION, extract
from tests.library.samples import png, write
from tests.metadata.test_reader import SHAPES, calm, changed_graphs, switched

if TYPE_CHECKING:
    from smartgallery_tui.index.rows import ReadRow

NAMES = -2
TEXTS = ("a boat", "a train <lora:fast:0.4>", "embedding:bad, a plane", 'a na\u00efve "boat"')


def whole(task: Task) -> ReadRow:
    with open_source(os.fsdecode(task.path)) as source:
        stat = content_id(source), source.size_bytes, source.mtime_ns
        container = read_container(source, "x.png")
    return row_of(task, stat, container, extract(container), READER_VERSION)


def alike(row: ReadRow) -> tuple[Any, ...]:
    """Return a row as it is written, its names in one order: that of a row is of no account."""
    *before, (*uses, names, nodes) = ready(row)
    each = [names[at : at + 4] for at in range(0, len(names), 4)]
    return (*before, *uses, sorted(each, key=repr), nodes)


def tasks_of(folder: Path, graphs: list[dict[str, Any]]) -> list[Task]:
    tasks = []
    for number, graph in enumerate(graphs):
        path = write(folder / f"{number}.png", png(json.dumps(graph), colour=number))
        size = path.stat().st_size + number % 2
        tasks.append(Task(number, os.fsencode(path), number % 3 == 0, "image", "png", size, 1))
    return tasks


@calm
@given(changed_graphs())
def test_a_recipe_changes_no_row(graphs: list[dict[str, Any]]):
    with tempfile.TemporaryDirectory() as folder:
        tasks = tasks_of(Path(folder), [*graphs, *graphs, graphs[0]])
        rows = FileReader().many(tasks)
        assert [alike(row) for row in rows] == [alike(whole(task)) for task in tasks]


@pytest.mark.parametrize("shape", SHAPES)
def test_files_of_one_graph_go_by_one_recipe(shape: Any, tmp_path: Path):
    graphs = []
    for seed in range(1, 9):
        graph = shape()
        graph["5"]["inputs"]["seed"] = seed
        graphs.append(graph)
    tasks = tasks_of(tmp_path, graphs)
    reader = FileReader()
    found, recipes = reader.briefly(tasks)
    assert len(recipes) == 1
    number = recipes[0][0]
    assert [one[0] for one in found[-3:]] == [number] * 3
    rows = FileReader().many(tasks)
    assert [alike(row) for row in rows] == [alike(whole(task)) for task in tasks]


def test_recipes_travel_between_processes(tmp_path: Path):
    graphs = []
    for number in range(40):
        graph = SHAPES[number % 3]()
        graph["2"]["inputs"]["text"] = TEXTS[number % len(TEXTS)]
        graph["5"]["inputs"]["seed"] = 2**64 - 1 - number
        graphs.append(graph)
    tasks = tasks_of(tmp_path, graphs)
    with ReaderPool(2) as pool:
        rows = [row for chunk in pool.read(tasks) for row in chunk]
    assert [alike(row) for row in rows] == [alike(whole(task)) for task in tasks]


def test_names_in_texts_that_a_graph_does_not_use_do_not_count(tmp_path: Path):
    graphs = []
    for number, unused in enumerate(["a plane", "a car", "a bus", "a mill", *TEXTS]):
        graph = switched()
        graph["9"]["inputs"]["value"] = f"way {number}"
        graph["10"]["inputs"]["value"] = unused
        graphs.append(graph)
    tasks = tasks_of(tmp_path, graphs)
    found, _ = FileReader().briefly(tasks)
    assert [len(one) for one in found[-4:]] == [6] * 4
    rows = FileReader().many(tasks)
    assert [alike(row) for row in rows] == [alike(whole(task)) for task in tasks]


@pytest.mark.parametrize("order", [("2", "3"), ("3", "2")])
def test_of_two_texts_that_name_a_lora_the_same_one_counts(tmp_path: Path, order: tuple[str, str]):
    graphs = []
    for number in range(6):
        plain = SHAPES[0]()
        graph = {name: plain[name] for name in (*order, *plain)}
        graph["2"]["inputs"]["text"] = f"a boat {number} <lora:fast:0.4>"
        graph["3"]["inputs"]["text"] = f"a train {number} <lora:fast:0.6>"
        graphs.append(graph)
    tasks = tasks_of(tmp_path, graphs)
    rows = FileReader().many(tasks)
    assert [alike(row) for row in rows] == [alike(whole(task)) for task in tasks]


def test_names_written_in_escapes_are_found(tmp_path: Path):
    texts = ["a boat", "a train", "a plane", "a ship \\u003clora:fast:0.5>", "embeddin\\u0067:bad"]
    tasks = []
    for number, text in enumerate(texts):
        graph = json.dumps(SHAPES[0]()).replace('"a lighthouse"', f'"{text}"')
        assert text in graph
        path = write(tmp_path / f"{number}.png", png(graph, colour=number))
        tasks.append(Task(number, os.fsencode(path), True, "image", "png", 1, 1))
    found, _ = FileReader().briefly(tasks)
    assert [len(one) for one in found[-2:]] == [6, 6]
    rows = FileReader().many(tasks)
    assert [alike(row) for row in rows] == [alike(whole(task)) for task in tasks]
    assert [{name for _, name, *_ in alike(row)[NAMES]} & {"fast", "bad"} for row in rows[-2:]] == [
        {"fast"}, {"bad"},
    ]  # fmt: skip

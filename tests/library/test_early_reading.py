from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest

from smartgallery_tui.library import early_reading, reader_process
from smartgallery_tui.library.early_reading import EarlyReading
from smartgallery_tui.library.reader_group import ReaderGroup
from smartgallery_tui.library.readers import ReaderPool
from smartgallery_tui.library.reading import FileReader
from smartgallery_tui.library.row_recipes import RowMakers
from smartgallery_tui.library.tasks import Task
from smartgallery_tui.scan import walk
from tests.library.samples import picture, png, set_time, write
from tests.library.test_learning import PROMPT as ODD
from tests.library.test_learning import picture as odd_picture
from tests.library.test_learning import workflow as odd_workflow
from tests.library.test_row_recipes import alike, whole
from tests.metadata.test_reader import SHAPES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from smartgallery_tui.library.row_recipes import Briefed
    from smartgallery_tui.scan import Listing, Rules


class Counted(FileReader):
    """A reader that counts what it is asked."""

    def __init__(self) -> None:
        super().__init__()
        self.paths: list[bytes] = []

    def briefly(self, tasks: Sequence[Task]) -> Briefed:  # type: ignore[override]
        self.paths += [task.path for task in tasks]
        return super().briefly(tasks)


def task_of(number: int, path: Path, **changes: object) -> Task:
    found = path.stat()
    task = Task(
        number, os.fsencode(path), True, "image", "png", found.st_size, found.st_mtime_ns
    )  # fmt: skip
    return task._replace(**changes)  # type: ignore[arg-type]


@pytest.fixture
def paths(tmp_path: Path) -> list[Path]:
    return [picture(tmp_path / f"{number:02}.png", number) for number in range(40)]


def is_never_asked() -> bool:
    return False


def test_files_read_ahead_give_the_rows_of_files_that_are_not(paths: list[Path], tmp_path: Path):
    reader = Counted()
    early = EarlyReading(reader)
    early.go_on_until(is_never_asked, [str(tmp_path)])
    assert len(reader.paths) == len(paths)
    reader.paths.clear()
    tasks = [task_of(number, path) for number, path in enumerate(paths, 100)]
    makers = RowMakers()
    rows = [row for some in (tasks[:25], tasks[25:]) for row in makers.rows(early.briefly(some))]
    assert rows == FileReader().many(tasks)
    assert len(reader.paths) < 5, "only those before their graph was known"


def test_a_file_that_changed_since_is_read_again(paths: list[Path], tmp_path: Path):
    reader = Counted()
    early = EarlyReading(reader)
    early.go_on_until(is_never_asked, [str(tmp_path)])
    set_time(paths[20], 10**18)
    picture(paths[21], 7, "another prompt of some length")
    tasks = [
        task_of(1, paths[20]),
        task_of(2, paths[21]),
        task_of(3, paths[22], is_fresh=False),
        task_of(4, paths[23], companions=(os.fsencode(paths[0]),)),
        task_of(5, paths[24]),
    ]
    reader.paths.clear()
    assert RowMakers().rows(early.briefly(tasks)) == FileReader().many(tasks)
    assert reader.paths == [task.path for task in tasks[:4]]


def test_it_stops_when_it_is_asked(paths: list[Path], tmp_path: Path):
    reader = Counted()
    answers = iter([False, False, False, True])
    EarlyReading(reader).go_on_until(lambda: next(answers), [str(tmp_path)])
    assert 0 < len(reader.paths) < len(paths)


def test_it_stops_when_it_is_asked_where_there_is_nothing_to_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    for number in range(20):
        (tmp_path / f"{number:02}").mkdir()
    listed: list[str] = []

    def noted(root: str, rules: Rules) -> Iterator[Listing]:
        for listing in walk(root, rules):
            listed.append(listing.path)
            yield listing

    monkeypatch.setattr(early_reading, "walk", noted)
    EarlyReading(FileReader()).go_on_until(lambda: len(listed) > 3, [str(tmp_path)])
    assert len(listed) == 4


def test_files_of_which_nothing_is_kept_count_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for number in range(60):
        write(tmp_path / f"{number}.png", png(colour=number))
    monkeypatch.setattr(early_reading, "MOST", 30)
    reader = Counted()
    EarlyReading(reader).go_on_until(is_never_asked, [str(tmp_path)])
    assert len(reader.paths) == 30


def test_recipes_whose_numbers_were_given_anew_make_no_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("smartgallery_tui.library.reading._MOST_RECIPES", 2)
    tasks: list[Task] = []
    for number in range(60):
        graph = SHAPES[number // 10]()
        graph["5"]["inputs"]["seed"] = number
        path = write(tmp_path / f"{number:02}.png", png(json.dumps(graph), colour=number))
        tasks.append(task_of(number, path))
    early = EarlyReading(FileReader())
    early.go_on_until(is_never_asked, [str(tmp_path)])
    makers = RowMakers()
    parts = [tasks[at : at + 15] for at in range(0, 60, 15)]
    rows = [row for some in parts for row in makers.rows(early.briefly(some))]
    assert [alike(row) for row in rows] == [alike(whole(task)) for task in tasks]


def test_it_reads_no_more_than_it_may_hold(
    paths: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(early_reading, "MOST", 10)
    reader = Counted()
    EarlyReading(reader).go_on_until(is_never_asked, [str(tmp_path)])
    assert 10 <= len(reader.paths) < len(paths)


def test_what_was_learned_before_a_fork_is_told_by_the_first_process_alone(tmp_path: Path):
    path = write(tmp_path / "both.png", odd_picture(prompt=ODD, workflow=odd_workflow(9)))
    reader = FileReader()
    reader.many([task_of(1, path)])
    questions, ask = os.pipe()
    hear, answers = os.pipe()
    with os.fdopen(ask, "wb") as asked:
        for value in (({}, (), {}), []):
            reader_process.send(asked, value)
    with pytest.raises(EOFError):
        reader_process._serve_too(reader, (questions, answers))
    with os.fdopen(hear, "rb") as heard:
        assert reader_process.receive(heard) == reader_process.READY
        assert reader_process.receive(heard) == (([], []), [])


def test_a_group_that_read_ahead_gives_the_same_rows(paths: list[Path], tmp_path: Path):
    tasks = [task_of(number, path) for number, path in enumerate(paths)]
    for folders in ([str(tmp_path)], [str(tmp_path / "nothing here"), str(tmp_path)]):
        with ReaderGroup(2, folders) as group, ReaderPool(2, group=group) as pool:
            assert [row for answer in pool.read(tasks) for row in answer] == FileReader().many(
                tasks
            )

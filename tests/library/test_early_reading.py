from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from smartgallery_tui.library import early_reading
from smartgallery_tui.library.early_reading import EarlyReading
from smartgallery_tui.library.reader_group import ReaderGroup
from smartgallery_tui.library.readers import ReaderPool
from smartgallery_tui.library.reading import FileReader
from smartgallery_tui.library.row_recipes import RowMakers
from smartgallery_tui.library.tasks import Task
from tests.library.samples import picture, set_time

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from smartgallery_tui.library.row_recipes import Briefed


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
    answers = iter([False, True])
    EarlyReading(reader).go_on_until(lambda: next(answers), [str(tmp_path)])
    assert 0 < len(reader.paths) < len(paths)


def test_it_reads_no_more_than_it_may_hold(
    paths: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(early_reading, "MOST", 10)
    reader = Counted()
    EarlyReading(reader).go_on_until(is_never_asked, [str(tmp_path)])
    assert 10 <= len(reader.paths) < len(paths)


def test_a_group_that_read_ahead_gives_the_same_rows(paths: list[Path], tmp_path: Path):
    tasks = [task_of(number, path) for number, path in enumerate(paths)]
    for folders in ([str(tmp_path)], [str(tmp_path / "nothing here"), str(tmp_path)]):
        with ReaderGroup(2, folders) as group, ReaderPool(2, group=group) as pool:
            assert [row for answer in pool.read(tasks) for row in answer] == FileReader().many(
                tasks
            )

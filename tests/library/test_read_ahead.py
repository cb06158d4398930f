"""Files are read while the walk goes on, and come out as if they were read behind it."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

from smartgallery_tui.library import read_pass
from smartgallery_tui.library.read_ahead import ReadAhead
from smartgallery_tui.library.readers import CHUNK, ReaderPool
from smartgallery_tui.library.reading import FileReader
from tests.containers.make_media import comfy_mp4
from tests.library.samples import picture, write
from tests.library.test_readers import tasks_of

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from tests.library.conftest import Open


def test_what_was_read_ahead_comes_first(tmp_path: Path) -> None:
    tasks = tasks_of(tmp_path, CHUNK * 3 + 5)
    with ReaderPool(2) as pool:
        pool.read_ahead(tasks[:CHUNK])
        pool.read_ahead(tasks[CHUNK : CHUNK + 10])
        rows = [row for chunk in pool.read(tasks[CHUNK + 10 :]) for row in chunk]
    assert rows == FileReader().many(tasks)


def test_a_process_that_died_of_the_walk_costs_nothing(tmp_path: Path) -> None:
    tasks = tasks_of(tmp_path, CHUNK * 3)
    with ReaderPool(2) as pool:
        pool.read_ahead(tasks[:CHUNK])
        os.killpg(pool._groups[0].pid, signal.SIGKILL)
        pool._groups[0]._process.wait()
        assert pool.wants_more()
        rows = [row for chunk in pool.read(tasks[CHUNK:]) for row in chunk]
    assert rows == FileReader().many(tasks)


def test_the_first_process_gets_no_more_than_it_can_do_soon(tmp_path: Path) -> None:
    tasks = tasks_of(tmp_path, 8)
    with ReaderPool(1) as pool:
        given = 0
        while given < len(tasks) and pool.wants_more():
            pool.read_ahead([tasks[given]])
            given += 1
        assert given > 0
        rows = [row for chunk in pool.read(tasks[given:]) for row in chunk]
    assert rows == FileReader().many(tasks)


def test_a_scan_that_reads_ahead_finds_the_same(
    open_library: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "output"
    for number in range(CHUNK * 2 + 20):
        picture(root / f"day{number % 3}" / f"{number}.png", number)
    write(root / "day1" / "film.mp4", comfy_mp4())
    picture(root / "day1" / "film.png", 9999)
    write(root / "day2" / "torn.png", b"\x89PNG")
    ahead: list[int] = []
    take_ids = ReadAhead.take_ids

    def noted(self: ReadAhead) -> set[int]:
        ids = take_ids(self)
        ahead.append(len(ids))
        return ids

    monkeypatch.setattr(ReadAhead, "take_ids", noted)
    monkeypatch.setattr(read_pass, "MANY", 100)
    library = open_library(root)
    report = library.sync()

    assert ahead[0] > 0
    assert (report.found, report.problems, report.unread) == (CHUNK * 2 + 23, 1, 0)
    for number in range(CHUNK * 2 + 20):
        file_id = library.find_path(root / f"day{number % 3}" / f"{number}.png")
        (item,) = library.items([file_id or 0])
        assert (item.state, item.prompt_preview) == ("indexed", f"a castle number {number}")
    assert library.search("").total == CHUNK * 2 + 22
    assert library.sync().changed == 0

from __future__ import annotations

import errno
import os
import signal
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from smartgallery_tui.index.ready import ready
from smartgallery_tui.library import reader_group, readers
from smartgallery_tui.library.readers import CHUNK, ReaderPool
from smartgallery_tui.library.reading import FileReader
from smartgallery_tui.library.tasks import Task
from tests.library.samples import picture, write

if TYPE_CHECKING:
    from tests.library.conftest import Open

PROBLEM = 4
BODIES = 6


def tasks_of(folder: Path, count: int) -> list[Task]:
    return [
        Task(
            number,
            os.fsencode(picture(folder / f"{number}.png", number)),
            True,
            "image",
            "png",
            1,
            1,
        )
        for number in range(count)
    ]


def test_processes_give_rows_in_order(tmp_path: Path):
    tasks = tasks_of(tmp_path, CHUNK * 2 + 5)
    with ReaderPool(2) as pool:
        rows = [row for chunk in pool.read(tasks) for row in chunk]
    assert rows == FileReader().many(tasks)


def test_a_killed_process_costs_nothing_else(tmp_path: Path):
    tasks = tasks_of(tmp_path, CHUNK * 4)
    with ReaderPool(1) as pool:
        chunks = pool.read(tasks)
        rows = list(next(chunks))
        os.kill(pool._groups[0].pid, signal.SIGKILL)
        rows += [row for chunk in chunks for row in chunk]
    assert rows == FileReader().many(tasks)


def group_of(pid: int) -> list[int]:
    """Return the processes of a group."""
    found = []
    for entry in Path("/proc").iterdir():
        with suppress(OSError, ValueError):
            if os.getpgid(int(entry.name)) == pid:
                found.append(int(entry.name))
    return found


def test_no_process_is_left(tmp_path: Path):
    with ReaderPool(3) as pool:
        chunks = pool.read(tasks_of(tmp_path, CHUNK * 4))
        next(chunks)
        (group,) = pool._groups
        assert len(group_of(group.pid)) == 3
        chunks.close()
    assert group._process.returncode is not None
    assert group_of(group.pid) == []


def test_their_niceness_counts_beside_this_process(tmp_path: Path):
    with ReaderPool(2) as pool:
        list(pool.read(tasks_of(tmp_path, CHUNK * 2)))
        (group,) = pool._groups
        for pid in group_of(group.pid):
            assert os.getpriority(os.PRIO_PROCESS, pid) == 10
            # Linux compares the niceness of processes within a session only (`autogroup`).
            assert os.getsid(pid) == os.getsid(0)
            assert os.getpgid(pid) != os.getpgid(0)  # Ctrl+C is for this process to hear


def test_all_processes_get_their_share(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(readers, "CHUNK", 1)
    tasks = tasks_of(tmp_path, 200)
    shares = [0, 0]
    with ReaderPool(2) as pool:
        while len(pool._waiting) < 60:
            if pool.wants_more():
                pool.read_ahead([tasks[len(pool._waiting)]])
        ask = pool._ask

        def noted(place: int, chunk: list[Task]) -> None:
            shares[place] += len(chunk)
            ask(place, chunk)

        monkeypatch.setattr(pool, "_ask", noted)
        rows = [row for chunk in pool.read(tasks[60:]) for row in chunk]
    assert rows == FileReader().many(tasks)
    assert sum(shares) == 140
    assert min(shares) > 15


def test_a_fork_that_died_is_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(readers, "CHUNK", 5)
    tasks = tasks_of(tmp_path, 300)
    with ReaderPool(2) as pool:
        chunks = pool.read(tasks)
        rows = list(next(chunks))
        first = pool._groups[0].pid
        for pid in group_of(first):
            if pid != first:
                os.kill(pid, signal.SIGKILL)
        rows += [row for chunk in chunks for row in chunk]
        assert len(pool._groups) == 2
    assert rows == FileReader().many(tasks)


def test_what_cannot_be_read_is_a_row(tmp_path: Path):
    os.mkfifo(tmp_path / "pipe.png")
    for name in ("pipe.png", "nothing.png"):
        path = os.fsencode(tmp_path / name)
        row = FileReader().one(Task(7, path, True, "image", "png", 5, 6))
        assert row[0] == 7
        assert row[2][3] == "error_recorded"
        assert row[2][PROBLEM]


def test_prompts_with_undecodable_text_are_stored(tmp_path: Path):
    from tests.library.samples import png, prompt

    path = write(tmp_path / "x.png", png(prompt("lone \ud800 surrogate")))
    row = FileReader().one(Task(1, os.fsencode(path), True, "image", "png", 1, 1))
    assert ready(row)[BODIES][0] == "lone ? surrogate"


def test_processes_that_are_up_read_as_those_that_are_not(tmp_path: Path):
    tasks = tasks_of(tmp_path, CHUNK + 5)
    with ReaderPool(2) as pool:
        deadline = time.monotonic() + 60
        while not pool.is_ready():
            assert time.monotonic() < deadline
            time.sleep(0.005)
        rows = [row for chunk in pool.read(tasks) for row in chunk]
        assert pool.is_ready()
    assert rows == FileReader().many(tasks)


def test_a_pool_of_dead_processes_reads_all_the_same(tmp_path: Path):
    tasks = tasks_of(tmp_path, 10)
    with ReaderPool(2) as pool:
        os.killpg(pool._groups[0].pid, signal.SIGKILL)
        pool._groups[0]._process.wait()
        assert pool.is_ready()
        rows = [row for chunk in pool.read(tasks) for row in chunk]
    assert rows == FileReader().many(tasks)


def test_a_machine_that_starts_nothing_more_leaks_nothing(monkeypatch: pytest.MonkeyPatch):
    def popen(*_arguments: object, **_options: object) -> None:
        raise OSError(errno.ENOMEM, os.strerror(errno.ENOMEM))

    before = len(list(Path("/proc/self/fd").iterdir()))
    monkeypatch.setattr("subprocess.Popen", popen)
    with pytest.raises(OSError, match="Cannot allocate memory"):
        ReaderPool(3)
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_a_large_scan_goes_on_alone_where_no_process_can_be_started(
    open_library: Open, output: Path, monkeypatch: pytest.MonkeyPatch
):
    def popen(*_arguments: object, **_options: object) -> None:
        raise OSError(errno.EAGAIN, os.strerror(errno.EAGAIN))

    monkeypatch.setattr("smartgallery_tui.library.read_pass.MANY", 2)
    monkeypatch.setattr("subprocess.Popen", popen)
    report = open_library(output).sync()
    assert (report.added, report.unread) == (3, 0)


def test_small_pipes_are_given_less_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(reader_group, "_PIPE_BYTES", 64 * 1024)
    tasks = tasks_of(tmp_path, CHUNK * 6)
    with ReaderPool(1) as pool:
        pool.read_ahead(tasks[:CHUNK])
        pool.read_ahead(tasks[CHUNK : CHUNK * 2])
        assert pool._workers[0].room == 2
        rows = [row for chunk in pool.read(tasks[CHUNK * 2 :]) for row in chunk]
    assert rows == FileReader().many(tasks)

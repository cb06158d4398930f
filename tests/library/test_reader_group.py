from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from smartgallery_tui.library.reader_group import ReaderGroup, early_group, reader_count
from smartgallery_tui.library.readers import ReaderPool
from smartgallery_tui.library.reading import FileReader
from tests.library.test_readers import tasks_of

if TYPE_CHECKING:
    import pytest


def open_count() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def is_gone(pid: int) -> bool:
    try:
        os.killpg(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_a_group_that_nobody_takes_ends_and_leaves_nothing_open():
    before = open_count()
    with ReaderGroup(2) as group:
        assert group.count == 2
    assert is_gone(group.pid)
    assert open_count() == before
    group.close()


def test_a_pool_takes_a_group_that_is_up(tmp_path: Path):
    tasks = tasks_of(tmp_path, 10)
    with ReaderGroup(2) as group:
        with ReaderPool(2, group=group) as pool:
            assert [taken.pid for taken in pool._groups] == [group.pid]
            rows = [row for answer in pool.read(tasks) for row in answer]
            assert group.count == 0
        assert is_gone(group.pid)
    assert rows == FileReader().many(tasks)


def test_a_pool_of_another_size_starts_its_own(tmp_path: Path):
    tasks = tasks_of(tmp_path, 10)
    with ReaderGroup(2) as group, ReaderPool(1, group=group) as pool:
        assert [taken.pid for taken in pool._groups] != [group.pid]
        rows = [row for answer in pool.read(tasks) for row in answer]
        assert group.count == 2
    assert is_gone(group.pid)
    assert rows == FileReader().many(tasks)


def test_only_a_new_library_is_read_by_many_from_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(os, "cpu_count", lambda: 8)
    group = early_group(tmp_path, [], 0)
    assert group is not None
    with group:
        assert group.count == reader_count(0) == 4
    assert early_group(tmp_path, [], 1) is None
    (tmp_path / "index.db").touch()
    assert early_group(tmp_path, [], 0) is None


def test_no_early_group_where_the_data_folder_cannot_be_looked_into():
    assert early_group(Path("/" + "x" * 300), [], 2) is None


def test_no_early_group_where_the_machine_starts_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def popen(*_arguments: object, **_options: object) -> None:
        raise OSError

    monkeypatch.setattr("subprocess.Popen", popen)
    assert early_group(tmp_path, [], 2) is None


def test_starting_one_loads_little():
    code = "import smartgallery_tui.library.reader_group, sys; print('\\n'.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    ours = {name for name in done.stdout.split() if name.startswith("smartgallery_tui")}
    assert ours == {
        "smartgallery_tui", "smartgallery_tui.library", "smartgallery_tui.library.reader_group",
    }  # fmt: skip

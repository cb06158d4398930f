"""Connections: values go in and come out as they are."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from smartgallery_tui.index.connection import connect, primary_code, reason

if TYPE_CHECKING:
    from pathlib import Path


def test_nulls_and_blobs_are_bound_without_a_search_for_an_adapter(tmp_path: Path) -> None:
    values = (None, b"", b"\0\xff", bytearray(b"x"), memoryview(b"y"), True, 1 << 62, 0.5, "\u00e4")
    with closing(connect(tmp_path / "a.db")) as db:
        for kind in (type(None), bytes):
            assert (kind, sqlite3.PrepareProtocol) in sqlite3.adapters
        marks = ", ".join("?" * len(values))
        (found,) = db.execute(f"SELECT {marks}", values).fetchall()
        (kinds,) = db.execute(f"SELECT {', '.join(['typeof(?)'] * len(values))}", values)

    assert found == (None, b"", b"\0\xff", b"x", b"y", 1, 1 << 62, 0.5, "\u00e4")
    assert kinds == (
        "null", "blob", "blob", "blob", "blob", "integer", "integer", "real", "text",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("code", "free_blocks", "words"),
    [
        (sqlite3.SQLITE_FULL, 1000, "there is no room left on the disk of {}"),
        (sqlite3.SQLITE_IOERR_SHMSIZE, 0, "there is no room left on the disk of {}"),
        (sqlite3.SQLITE_IOERR_READ, 1000, "what SQLite says"),
        (None, 0, "what SQLite says"),
    ],
)
def test_a_full_disk_is_called_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int | None, free_blocks: int, words: str
):
    error = sqlite3.OperationalError("what SQLite says")
    if code is not None:
        error.sqlite_errorcode = code
    disk = SimpleNamespace(f_bavail=free_blocks, f_frsize=4096)
    monkeypatch.setattr(os, "statvfs", lambda _path: disk)
    assert reason(error, tmp_path / "index.db") == words.format(tmp_path)


def test_an_error_of_the_module_itself_has_no_code():
    closed = sqlite3.connect(":memory:")
    closed.close()
    with pytest.raises(sqlite3.ProgrammingError) as caught:
        closed.execute("SELECT 1")
    assert primary_code(caught.value) == 0

"""Connections: values go in and come out as they are."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from smartgallery_tui.index.connection import connect

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

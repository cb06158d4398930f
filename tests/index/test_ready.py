"""Rows come into the tables as they are, whichever statement takes them."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

import pytest

from smartgallery_tui.index.ready import NULL, READ_COLUMNS, USUAL, ready
from smartgallery_tui.index.rows import NewRow, RowWriter, WholeRow
from smartgallery_tui.index.store import Store
from smartgallery_tui.index.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

USUAL_ROW = (
    b"c" * 16, "image", "png", "indexed", None, 4, 64, 32, None, None, None, "ComfyUI",
    "prompt,workflow", 1, 1, "a boat", "sd.safetensors", "euler", None, 20, 7.5, None, 1.0,
    "18446744073709551615", 512, None, "", 1,
)  # fmt: skip
FAILED_ROW = (
    None, "image", "png", "error_recorded", "cut off", 4, None, None, None, None, None, None, "",
    0, 0, "", None, None, None, None, None, None, None, None, None, None, "", 0,
)  # fmt: skip
VIDEO_ROW = (
    b"v" * 16, "video", "mp4", "indexed_without_metadata", None, 4, 640, 480, 1200, 30, 25.0, None,
    "", 0, 0, "", None, None, None, None, None, None, None, None, None, None, "", 0,
)  # fmt: skip
PASS = ("3", "KSampler", None, "euler", None, 20, None, None, 1.0, "7", 512, None, "")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path)
    yield store
    store.close()


def whole(columns: tuple[Any, ...], *, is_fresh: bool = True) -> WholeRow:
    names = (("lora", "l", 0.5, None), ("model", "m", None, None))
    prompts = ((0, 0, 0), (1, 1, None))
    texts = ((11, "a boat"), (12, "blurry"))
    return 1, is_fresh, columns, (1, 1, False), texts, prompts, ((PASS, (0,), (1,)),), names, "A"


def written(store: Store, *rows: WholeRow) -> dict[str, list[tuple[Any, ...]]]:
    """Return what the tables hold after these rows of one file."""
    writer = Writer(store)

    def write(db: sqlite3.Connection) -> None:
        put = RowWriter()
        put.insert_new(db, [NewRow(1, 1, b"/a.png", "a.png", "image", "png", 1, 1, 1)])
        for row in rows:
            put.write_read(db, [row])
            put.finish(db)

    writer.run("index", write)
    writer.close()
    with store.read() as db:
        files = f"SELECT {', '.join(READ_COLUMNS)} FROM files"
        tables = {
            "files": files,
            "new": "SELECT companion_of FROM files",
            "passes": "SELECT * FROM workflow_metadata",
            "names": "SELECT name, strength_model, strength_clip FROM file_names JOIN names "
            "ON names.id = name_id ORDER BY name",
            "prompts": "SELECT role, rank FROM file_texts ORDER BY role",
        }
        return {name: db.execute(sql).fetchall() for name, sql in tables.items()}


@pytest.mark.parametrize("columns", [USUAL_ROW, FAILED_ROW, VIDEO_ROW])
def test_values_come_into_the_tables_as_they_are(store: Store, columns: tuple[Any, ...]) -> None:
    found = written(store, whole(columns))
    assert found["files"] == [columns]
    assert found["new"] == [(None,)]
    assert found["passes"] == [(1, 0, *PASS[:-1], "1", "2", "")]
    assert found["names"] == [("l", 0.5, None), ("m", None, None)]
    assert found["prompts"] == [(0, 0), (1, None)]


@pytest.mark.parametrize("before", [FAILED_ROW, VIDEO_ROW])
def test_a_usual_row_leaves_nothing_of_another(store: Store, before: tuple[Any, ...]) -> None:
    found = written(store, whole(before), whole(USUAL_ROW, is_fresh=False))
    assert found["files"] == [USUAL_ROW]


def test_rows_that_differ_in_what_is_usual_go_by_the_other_statement() -> None:
    assert ready(whole(USUAL_ROW))[2] is USUAL
    for at, column in enumerate(READ_COLUMNS):
        if column in {"kind", "format", "state", "problem", "frames", "generator", "has_headline"}:
            other = (*USUAL_ROW[:at], "other", *USUAL_ROW[at + 1 :])
            assert ready(whole(other))[2] == other


def test_a_row_is_made_ready_once() -> None:
    row = ready(whole(VIDEO_ROW))
    assert ready(row) is row


@pytest.mark.parametrize("kind", ["INTEGER", "REAL", "TEXT", "BLOB"])
def test_null_is_bound_as_null(kind: str) -> None:
    db = sqlite3.connect(":memory:")
    db.execute(f"CREATE TABLE t (value {kind})")
    db.execute("INSERT INTO t VALUES (?)", (NULL,))
    assert db.execute("SELECT value, typeof(value) FROM t").fetchall() == [(None, "null")]
    db.close()

"""Rows that wait for others, and texts that wait to be searchable, are there when they must be."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING

import pytest

from smartgallery_tui.errors import DatabaseError
from smartgallery_tui.index.rows import NewRow, ReadRow, RowWriter
from smartgallery_tui.index.store import Store
from smartgallery_tui.index.writer import Writer
from smartgallery_tui.library.reading import FileReader
from smartgallery_tui.library.tasks import Task
from tests.library.samples import picture

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.library.conftest import Open

COUNT = 130


@pytest.fixture
def store(data_dir: Path) -> Iterator[Store]:
    store = Store(data_dir)
    yield store
    store.close()


@pytest.fixture
def writer(store: Store) -> Iterator[Writer]:
    writer = Writer(store)
    yield writer
    writer.close()


@pytest.fixture
def read(tmp_path: Path, writer: Writer) -> list[ReadRow]:
    """Files of which unread rows are there."""
    paths = [os.fsencode(picture(tmp_path / f"{number}.png", number)) for number in range(COUNT)]
    new = [NewRow(1, 1, path, "x.png", "image", "png", 1, 1, at) for at, path in enumerate(paths)]
    writer.run("index", lambda db: RowWriter().insert_new(db, new))
    return FileReader().many(
        [Task(at + 1, path, True, "image", "png", 1, 1) for at, path in enumerate(paths)]
    )


def counts(store: Store) -> tuple[int, ...]:
    tables = ("workflow_metadata", "file_names", "file_texts", "texts")
    with store.read() as db:
        return tuple(db.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in tables)


def found(store: Store, word: str) -> int:
    with store.read() as db:
        sql = "SELECT count(*) FROM texts_fts WHERE texts_fts MATCH ?"
        return int(db.execute(sql, (word,)).fetchone()[0])


def put(db: sqlite3.Connection, rows: RowWriter, parts: list[list[ReadRow]], *, ends: bool) -> None:
    for part in parts:
        rows.write_read(db, part)
    if ends:
        rows.finish(db)
    else:
        rows.put_waiting(db)


def test_small_parts_give_what_one_batch_gives(
    store: Store, writer: Writer, read: list[ReadRow]
) -> None:
    parts = [read[at : at + 7] for at in range(0, COUNT, 7)]
    writer.run("index", partial(put, rows=RowWriter(), parts=parts, ends=True))
    assert counts(store) == (COUNT, COUNT, 2 * COUNT, COUNT + 1)
    assert found(store, "castle") == COUNT


def test_a_prompt_is_stored_once_however_many_are_remembered(
    store: Store, writer: Writer, read: list[ReadRow], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("smartgallery_tui.index.rows._CACHE_LIMIT", 20)
    parts = [read[at : at + 7] for at in range(0, COUNT, 7)]
    writer.run("index", partial(put, rows=RowWriter(), parts=parts, ends=True))
    assert counts(store)[3] == COUNT + 1


def test_texts_of_a_batch_that_never_ended_are_searchable_after_the_next(
    store: Store, writer: Writer, read: list[ReadRow]
) -> None:
    writer.run("index", partial(put, rows=RowWriter(), parts=[read[:60]], ends=False))
    assert counts(store) == (60, 60, 120, 61)
    assert found(store, "castle") == 0
    writer.run("index", partial(put, rows=RowWriter(), parts=[read[60:]], ends=True))
    assert counts(store) == (COUNT, COUNT, 2 * COUNT, COUNT + 1)
    assert found(store, "castle") == COUNT


def test_a_batch_without_new_texts_makes_up_for_one_that_never_ended(
    store: Store, writer: Writer, read: list[ReadRow]
) -> None:
    writer.run("index", partial(put, rows=RowWriter(), parts=[read[:1]], ends=False))
    writer.run("index", partial(put, rows=RowWriter(), parts=[], ends=True))
    assert found(store, "castle") == 1


def test_rows_that_waited_when_a_batch_failed_are_forgotten(
    store: Store, writer: Writer, read: list[ReadRow]
) -> None:
    rows = RowWriter()

    def fail(db: sqlite3.Connection) -> None:
        rows.write_read(db, read[:5])
        raise DatabaseError("full")

    with pytest.raises(DatabaseError, match="full"):
        writer.run("index", fail)
    rows.forget()
    writer.run("index", partial(put, rows=rows, parts=[read], ends=True))
    assert counts(store) == (COUNT, COUNT, 2 * COUNT, COUNT + 1)
    assert found(store, "castle") == COUNT


def test_steps_between_which_marks_pass_give_the_same(
    store: Store, writer: Writer, read: list[ReadRow], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("smartgallery_tui.index.rows._CHARS_AT_ONCE", 300)
    searchable: list[int] = []

    def commit(db: sqlite3.Connection) -> None:
        db.commit()
        searchable.append(found(store, "castle"))
        db.execute("BEGIN IMMEDIATE")

    def batch(db: sqlite3.Connection) -> None:
        rows = RowWriter()
        for at in range(0, 100, 5):
            rows.write_read(db, read[at : at + 5])
        rows.make_searchable(db, commit)
        rows.write_read(db, read[100:])
        rows.finish(db)

    writer.run("index", batch, changes_rows=False)
    assert len(searchable) == 5, "101 short texts in steps of 300 characters"
    assert searchable == sorted(searchable)
    assert counts(store) == (COUNT, COUNT, 2 * COUNT, COUNT + 1)
    assert found(store, "castle") == COUNT


def test_texts_that_a_killed_batch_left_are_made_searchable_in_steps_too(
    store: Store, writer: Writer, read: list[ReadRow], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("smartgallery_tui.index.rows._TEXTS_AT_ONCE", 20)
    writer.run("index", partial(put, rows=RowWriter(), parts=[read[:60]], ends=False))
    steps: list[int] = []

    def batch(db: sqlite3.Connection) -> None:
        rows = RowWriter()
        rows.write_read(db, read[60:])
        rows.make_searchable(db, lambda _db: steps.append(1))
        rows.finish(db)

    writer.run("index", batch)
    assert len(steps) == 3, "61 texts in steps of 20; the last text goes with the new ones"
    assert found(store, "castle") == COUNT


@pytest.mark.parametrize(("letter", "most"), [("a", 0), ("\u00e9", 1), ("\u7f8e", 3)])
def test_texts_that_take_longer_go_in_smaller_steps(
    writer: Writer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, letter: str, most: int
) -> None:
    monkeypatch.setattr("smartgallery_tui.index.rows._CHARS_AT_ONCE", 12_000)
    tasks = []
    for number in range(10):
        path = picture(tmp_path / f"{number}.png", number, letter * 90 + str(number))
        tasks.append(Task(number + 1, os.fsencode(path), True, "image", "png", 1, 1))
    rows, steps = RowWriter(), []

    def batch(db: sqlite3.Connection) -> None:
        for row in FileReader().many(tasks):
            rows.write_read(db, [row])
        rows.make_searchable(db, lambda _db: steps.append(1))
        rows.finish(db)

    writer.run("index", batch)
    assert len(steps) == most


def test_while_texts_are_not_searchable_there_are_unread_files(
    open_library: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that the next scan makes up for one that was killed when a mark had passed it."""
    monkeypatch.setattr("smartgallery_tui.index.rows._CHARS_AT_ONCE", 300)
    monkeypatch.setattr("smartgallery_tui.library.read_pass._PART", 15)
    for number in range(COUNT):
        picture(tmp_path / "many" / f"{number}.png", number)
    states: list[tuple[int, int]] = []
    with open_library(tmp_path / "many") as library:
        index = library.data_dir / "index.db"

        def commit(_writer: Writer, db: sqlite3.Connection) -> None:
            db.commit()
            with closing(sqlite3.connect(index)) as other:
                states.append(other.execute(_STATE).fetchone())
            db.execute("BEGIN IMMEDIATE")

        monkeypatch.setattr(Writer, "is_awaited", lambda _writer: True)
        monkeypatch.setattr(Writer, "let_marks_pass", commit)
        library.sync()
        assert library.search("castle").total == COUNT
    assert any(waiting for waiting, _unread in states)
    assert all(unread for waiting, unread in states if waiting)


_STATE = (
    "SELECT (SELECT count(*) FROM texts) - (SELECT count(*) FROM texts_fts_docsize), "
    "(SELECT count(*) FROM files WHERE state='unread')"
)

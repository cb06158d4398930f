"""Thousands of contents are marked at once: what stands afterwards is what single marks leave."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from smartgallery_tui.index import journal, marks
from smartgallery_tui.index.marks import Change
from smartgallery_tui.index.store import Store

CONTENTS = [number.to_bytes(16, "big") for number in range(1, 1201)]


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    Store(tmp_path).close()
    db = sqlite3.connect(tmp_path / "user.db")
    yield db
    db.close()


def said(db: sqlite3.Connection) -> list[tuple[object, ...]]:
    found = marks.many(db, CONTENTS, "main")
    users = [found.get(content) for content in CONTENTS]
    return [(u and (u.rating, u.note, u.tags, u.albums)) or (0, "", (), ()) for u in users]


def change(db: sqlite3.Connection, *changes: Change) -> int:
    return len(journal.change_marks(db, changes, who="me", now_ns=1))


def step(db: sqlite3.Connection, *, is_undo: bool) -> None:
    entries = journal.last_done(db, "main") if is_undo else journal.next_undone(db, "main")
    journal.step_marks(db, entries, is_undo=is_undo, now_ns=2)


def test_thousands_get_values_and_get_their_own_back(db: sqlite3.Connection):
    single = [Change(content, "rating", n % 6) for n, content in enumerate(CONTENTS)]
    assert change(db, *single) == len(CONTENTS) - len(CONTENTS) // 6
    before = said(db)
    assert change(db, *(Change(content, "rating", 3) for content in CONTENTS)) == 1000
    assert {rating for rating, *_ in said(db)} == {3}
    step(db, is_undo=True)
    assert said(db) == before
    step(db, is_undo=False)
    assert {rating for rating, *_ in said(db)} == {3}


def test_one_action_says_several_things_of_thousands(db: sqlite3.Connection):
    change(db, *(Change(content, "tag", ["old", 1]) for content in CONTENTS[::2]))
    before = said(db)
    changes = [
        Change(content, *what)
        for what in (
            ("note", "a note"), ("tag", ["new", 1]), ("tag", ["old", 0]), ("album", ["a/b", 1]),
        )
        for content in CONTENTS
    ]  # fmt: skip
    assert change(db, *changes) == 3 * len(CONTENTS) + len(CONTENTS) // 2
    assert set(said(db)) == {(0, "a note", ("new",), ("a/b",))}
    step(db, is_undo=True)
    assert said(db) == before
    assert change(db, *(Change(content, "tag", ["old", 1]) for content in CONTENTS[::2])) == 0


def test_each_change_has_a_serial_of_its_own(db: sqlite3.Connection):
    change(db, *(Change(content, "is_favorite", 1) for content in CONTENTS))
    change(db, *(Change(content, "tag", ["x", 1]) for content in CONTENTS[:10]))
    serials = [n for (n,) in db.execute("SELECT serial FROM marks ORDER BY serial")]
    assert len(set(serials)) == len(CONTENTS)
    assert max(serials) == len(CONTENTS) + 10


def test_rows_of_one_action_follow_one_another(db: sqlite3.Connection):
    ids = journal.change_marks(
        db, [Change(content, "note", "n") for content in CONTENTS], who="me", now_ns=1
    )
    rows = db.execute("SELECT id, group_id, content_id FROM journal ORDER BY id").fetchall()
    assert [row[0] for row in rows] == list(ids)
    assert {row[1] for row in rows} == {ids[0]}
    assert [row[2] for row in rows] == CONTENTS


def test_the_plan_asks_the_indices(tmp_path: Path):
    store = Store(tmp_path)
    plans = (
        "SELECT id, path FROM files WHERE content_id IN (?, ?)",
        "SELECT content_id, rating FROM user.marks WHERE content_id IN (?, ?)",
    )
    with store.read() as db:
        for sql in plans:
            plan = db.execute(f"EXPLAIN QUERY PLAN {sql}", (b"", b"")).fetchall()
            assert "SEARCH" in plan[0][3], sql
    store.close()

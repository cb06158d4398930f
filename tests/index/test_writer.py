"""Marks and scans share one writer: who comes when, and what is committed by then."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from smartgallery_tui.errors import DatabaseError
from smartgallery_tui.index import checkpoints
from smartgallery_tui.index.store import Store
from smartgallery_tui.index.writer import MARK, SCAN, Writer

PATIENCE_S = 10


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path)
    yield store
    store.close()


@pytest.fixture
def writer(store: Store) -> Iterator[Writer]:
    writer = Writer(store)
    yield writer
    writer.close()


def put(db: sqlite3.Connection, key: str) -> None:
    db.execute("INSERT INTO meta VALUES (?, '')", (key,))


def keys(store: Store) -> set[str]:
    with store.read() as db:
        return {key for (key,) in db.execute("SELECT key FROM meta WHERE value=''")}


def test_a_mark_passes_between_the_parts_of_a_batch(store: Store, writer: Writer):
    began, queued = threading.Event(), threading.Event()
    seen: list[set[str]] = []

    def batch(db: sqlite3.Connection) -> None:
        put(db, "first part")
        began.set()
        assert queued.wait(PATIENCE_S)
        writer.let_marks_pass(db)
        put(db, "second part")
        assert not writer.is_awaited()

    scan = writer.submit("index", batch, SCAN)
    assert began.wait(PATIENCE_S)
    other = writer.submit("index", lambda db: put(db, "other batch"), SCAN)
    mark = writer.submit("user", lambda _db: seen.append(keys(store)), MARK)
    queued.set()
    for future in (scan, other, mark):
        future.result(PATIENCE_S)
    assert seen == [{"first part"}]
    assert keys(store) == {"first part", "second part", "other batch"}


def test_what_a_batch_committed_stays_when_it_fails_later(store: Store, writer: Writer):
    began, queued = threading.Event(), threading.Event()

    def batch(db: sqlite3.Connection) -> None:
        put(db, "first part")
        began.set()
        assert queued.wait(PATIENCE_S)
        writer.let_marks_pass(db)
        put(db, "second part")
        raise DatabaseError("the disk is full")

    scan = writer.submit("index", batch, SCAN)
    assert began.wait(PATIENCE_S)
    mark = writer.submit("index", lambda db: put(db, "mark"), changes_rows=False)
    queued.set()
    mark.result(PATIENCE_S)
    with pytest.raises(DatabaseError, match="full"):
        scan.result(PATIENCE_S)
    assert keys(store) == {"first part", "mark"}


def test_nothing_comes_between_a_mark_and_its_mirror(writer: Writer):
    order: list[str] = []
    began, gate = threading.Event(), threading.Event()

    def batch(_db: sqlite3.Connection) -> None:
        began.set()
        gate.wait(PATIENCE_S)

    writer.submit("index", batch, SCAN)
    assert began.wait(PATIENCE_S)
    scan = writer.submit("index", lambda _db: order.append("scan"), SCAN)
    thread = threading.Thread(
        target=writer.run_marks,
        args=(lambda _db: order.append("mark"), lambda _db: order.append("mirror")),
    )
    thread.start()
    deadline = time.monotonic() + PATIENCE_S
    while not writer.is_awaited() and time.monotonic() < deadline:
        time.sleep(0)
    gate.set()
    thread.join(PATIENCE_S)
    scan.result(PATIENCE_S)
    assert order == ["mark", "mirror", "scan"]


def test_who_marks_hears_of_a_failure_of_either_half(store: Store, writer: Writer):
    def fail(_db: sqlite3.Connection) -> None:
        raise DatabaseError("no room")

    for work, mirror in ((fail, lambda _db: None), (lambda _db: None, fail)):
        with pytest.raises(DatabaseError, match="no room"):
            writer.run_marks(work, mirror)
    writer.run("index", lambda db: put(db, "later"))
    assert keys(store) == {"later"}


def test_the_log_is_emptied_beside_the_writer_and_does_not_grow(
    store: Store, writer: Writer, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(checkpoints, "DUE_FRAMES", 1000)
    monkeypatch.setattr(checkpoints, "MOST_FRAMES", 4000)

    def fill(db: sqlite3.Connection) -> None:
        rows = [(f"{number}", "x" * 3000) for number in range(500)]
        db.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", rows)

    log = store.index_path.with_name("index.db-wal")
    longest = 0
    for _ in range(40):
        writer.run("index", fill, SCAN)
        longest = max(longest, log.stat().st_size)
    assert 3500 * 4120 < longest < 6000 * 4120


def test_a_log_that_was_started_anew_is_short_whatever_its_size(
    store: Store, writer: Writer, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(checkpoints, "DUE_FRAMES", 20)
    started: list[str] = []
    start = threading.Thread.start

    def noted(thread: threading.Thread) -> None:
        started.append(thread.name)
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", noted)
    rows = [(f"{number}", "x" * 3000) for number in range(50)]
    writer.run(
        "index", lambda db: db.executemany("INSERT INTO meta VALUES (?, ?)", rows), SCAN
    )  # fmt: skip
    assert started == ["writer", "checkpoint"]
    for number in range(5):
        work = partial(put, key=f"small {number}")
        writer.run("index", work, SCAN, changes_rows=False)
    assert started == ["writer", "checkpoint"]
    with closing(sqlite3.connect(store.index_path)) as db:
        assert db.execute("SELECT count(*) FROM meta").fetchone()[0] >= 55


def test_who_waits_for_a_checkpoint_may_come_before_its_thread_runs(
    store: Store, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(checkpoints, "DUE_FRAMES", 1)
    with store.read() as db:
        db.execute("SELECT count(*) FROM meta").fetchone()
    kept = checkpoints.Checkpoints(store.index_path)
    with closing(sqlite3.connect(store.index_path)) as db, db:
        put(db, "one")
        db.commit()
        waited: list[threading.Thread] = []
        start = threading.Thread.start

        def late(thread: threading.Thread) -> None:
            if thread.name == "checkpoint":
                waited.append(threading.Thread(target=kept.wait))
                waited[0].start()
            start(thread)

        monkeypatch.setattr(threading.Thread, "start", late)
        kept.start_if_due()
        assert waited
        waited[0].join(PATIENCE_S)
        assert not waited[0].is_alive()


def test_a_thread_that_cannot_be_started_holds_up_nothing(
    store: Store, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(checkpoints, "DUE_FRAMES", 1)
    kept = checkpoints.Checkpoints(store.index_path)
    with closing(sqlite3.connect(store.index_path)) as db:
        put(db, "one")
        db.commit()
        monkeypatch.setattr(threading.Thread, "start", _no_thread)
        kept.start_if_due()
        kept.wait()
        alone = f"{store.index_path.as_uri()}?immutable=1"
        with closing(sqlite3.connect(alone, uri=True)) as without_log:
            assert ("one",) in without_log.execute("SELECT key FROM meta").fetchall()


def _no_thread(_thread: threading.Thread) -> None:
    raise RuntimeError("can't start new thread")

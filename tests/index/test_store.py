from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import textwrap
import threading
from contextlib import closing
from pathlib import Path

import pytest

from smartgallery_tui.errors import (
    DatabaseError,
    IndexForeignError,
    IndexLockedError,
    IndexNewerError,
)
from smartgallery_tui.index import migrations, schema
from smartgallery_tui.index import store as store_module
from smartgallery_tui.index.change_lock import preparing
from smartgallery_tui.index.connection import connect
from smartgallery_tui.index.lock import ScanLock
from smartgallery_tui.index.store import Store
from smartgallery_tui.index.versions import CATALOG, USER
from smartgallery_tui.index.writer import MARK, SCAN, Writer

PNG = b"\x89PNG\r\n\x1a\n" + bytes(5000)
NAMES = ("index.db", "user.db")


def test_new_databases_are_ours(tmp_path: Path):
    Store(tmp_path / "deep" / "data").close()
    for kind in (CATALOG, USER):
        with closing(sqlite3.connect(tmp_path / "deep" / "data" / kind.file_name)) as db:
            assert db.execute("PRAGMA user_version").fetchone() == (kind.version,)
            assert db.execute("PRAGMA application_id").fetchone() == (kind.application_id,)
            assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def foreign(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE files (x)")


def newer(path: Path) -> None:
    kind = CATALOG if path.name == CATALOG.file_name else USER
    Store(path.parent).close()
    with closing(sqlite3.connect(path)) as db:
        db.execute(f"PRAGMA user_version={kind.version + 1}")


def png(path: Path) -> None:
    path.write_bytes(PNG)


def cut(path: Path) -> None:
    Store(path.parent).close()
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA journal_mode=DELETE")
    path.write_bytes(path.read_bytes()[:5000])


@pytest.mark.parametrize("damage", [foreign, png])
def test_a_foreign_index_is_set_aside(tmp_path: Path, damage):
    damage(tmp_path / "index.db")
    before = (tmp_path / "index.db").read_bytes()
    store = Store(tmp_path)
    assert any("rebuilt" in notice for notice in store.notices)
    (aside,) = tmp_path.glob("index.db.set-aside-*")
    assert aside.read_bytes() == before
    with store.read() as db:
        assert db.execute("SELECT count(*) FROM files").fetchone() == (0,)
    store.close()


@pytest.mark.parametrize("damage", [foreign, png])
def test_a_foreign_user_db_is_never_touched(tmp_path: Path, damage):
    damage(tmp_path / "user.db")
    before = (tmp_path / "user.db").read_bytes()
    with pytest.raises(IndexForeignError, match=r"user\.db"):
        Store(tmp_path)
    assert (tmp_path / "user.db").read_bytes() == before


@pytest.mark.parametrize("name", NAMES)
def test_an_empty_file_is_an_empty_database(tmp_path: Path, name: str):
    (tmp_path / name).touch()
    store = Store(tmp_path)
    with store.read() as db:
        assert db.execute("SELECT count(*) FROM user.marks").fetchone() == (0,)
    store.close()


@pytest.mark.parametrize("name", NAMES)
def test_a_newer_schema_is_read_only(tmp_path: Path, name: str):
    newer(tmp_path / name)
    store = Store(tmp_path)
    assert name in store.newer
    with store.read() as db:
        db.execute("SELECT count(*) FROM files").fetchone()
    with pytest.raises(IndexNewerError, match="newer version"):
        Writer(store).run("index", lambda db: db.execute("DELETE FROM files"))
    store.close()


def test_a_folder_in_the_place_of_a_database(tmp_path: Path):
    (tmp_path / "user.db").mkdir()
    with pytest.raises(DatabaseError):
        Store(tmp_path)


def test_a_file_in_the_place_of_the_folder(tmp_path: Path):
    (tmp_path / "data").touch()
    with pytest.raises(DatabaseError, match="data folder"):
        Store(tmp_path / "data")


def test_a_damaged_user_db_names_the_newest_backup(tmp_path: Path):
    Store(tmp_path).close()
    (tmp_path / "backups").mkdir()
    (tmp_path / "backups" / "user-20260101-000000.db").touch()
    png(tmp_path / "user.db")
    with pytest.raises(IndexForeignError, match="user-20260101"):
        Store(tmp_path)


@pytest.mark.skipif(os.geteuid() != 0, reason="needs another user")
def test_a_folder_that_cannot_be_written_is_read_only(tmp_path: Path):
    folder = Path(tempfile.mkdtemp())
    store = Store(folder)
    Writer(store).run("user", lambda db: db.execute("INSERT INTO tags (name) VALUES ('t')"))
    store.close()
    folder.chmod(0o555)
    code = textwrap.dedent(f"""
        import os
        from smartgallery_tui.errors import ReadOnlyError
        from smartgallery_tui.index.store import Store
        from smartgallery_tui.index.writer import Writer
        os.setgid(65534)
        os.setuid(65534)
        store = Store({str(folder)!r})
        with store.read() as db:
            assert db.execute("SELECT name FROM user.tags").fetchall() == [("t",)]
            assert db.execute("SELECT count(*) FROM files").fetchone() == (0,)
        try:
            Writer(store).run("user", lambda db: None)
        except ReadOnlyError as error:
            print(error)
        store.close()
    """)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    shutil.rmtree(folder)
    assert "cannot be written" in done.stdout, done.stderr


def test_two_processes_create_at_once(tmp_path: Path):
    code = f"from smartgallery_tui.index.store import Store; Store({str(tmp_path / 'd')!r}).close()"
    running = [subprocess.Popen([sys.executable, "-c", code]) for _ in range(3)]
    assert [process.wait(30) for process in running] == [0, 0, 0]


def test_databases_are_made_by_one_at_a_time(tmp_path: Path):
    made: list[Store] = []
    opener = threading.Thread(target=lambda: made.append(Store(tmp_path)))
    with preparing(tmp_path):
        opener.start()
        opener.join(0.2)
        assert opener.is_alive()
        assert not (tmp_path / "user.db").exists()
    opener.join(10)
    assert (tmp_path / "user.db").exists()
    made[0].close()


def test_tables_that_another_process_makes_while_we_look_are_not_foreign(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """The marks of a database are read as they were at one time."""
    path = tmp_path / "index.db"

    class Watched(sqlite3.Connection):
        def execute(self, sql: str, *rest: object) -> sqlite3.Cursor:
            if sql == "PRAGMA user_version":
                migrations.create_or_migrate(CATALOG, path)
            return super().execute(sql, *rest)  # type: ignore[arg-type]

    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA journal_mode=WAL")
    assert path.stat().st_size > 0
    monkeypatch.setattr(
        store_module,
        "connect",
        lambda path, _options="": sqlite3.connect(path, isolation_level=None, factory=Watched),
    )
    store = Store(tmp_path)
    assert store.notices == []
    assert list(tmp_path.glob("*.set-aside-*")) == []
    store.close()


def test_a_failed_transaction_leaves_nothing(tmp_path: Path):
    store = Store(tmp_path)
    writer = Writer(store)

    def fail(db: sqlite3.Connection) -> None:
        db.execute("INSERT INTO meta (key, value) VALUES ('a', 'b')")
        raise KeyError("stop")

    with pytest.raises(KeyError):
        writer.run("index", fail)
    with pytest.raises(DatabaseError, match=r"index\.db"):
        writer.run("index", lambda db: db.execute("INSERT INTO nothing VALUES (1)"))
    with store.read() as db:
        assert db.execute("SELECT * FROM meta").fetchall() == []
    writer.close()
    with pytest.raises(DatabaseError, match="closed"):
        writer.run("index", fail)
    store.close()


def test_marks_overtake_scan_batches(tmp_path: Path):
    store = Store(tmp_path)
    writer = Writer(store)
    order: list[str] = []
    gate = threading.Event()
    first = writer.submit("index", lambda _db: gate.wait(10), SCAN)
    late = [writer.submit("index", lambda _db: order.append("scan"), SCAN) for _ in range(3)]
    mark = writer.submit("user", lambda _db: order.append("mark"), MARK)
    gate.set()
    for future in (first, *late, mark):
        future.result(10)
    assert order[0] == "mark"
    writer.close()
    store.close()


def test_a_reader_cannot_write(tmp_path: Path):
    store = Store(tmp_path)
    with pytest.raises(DatabaseError), store.read() as db:
        db.execute("DELETE FROM files")
    store.close()
    with pytest.raises(DatabaseError, match="closed"), store.read():
        pass


def test_reading_maps_no_database_into_memory(tmp_path: Path):
    store = Store(tmp_path)
    with store.read() as db:
        db.execute("SELECT count(*) FROM main.files").fetchone()
        maps = Path("/proc/self/maps").read_text()
        assert str(store.index_path) not in maps.split()
    store.close()


def test_a_scan_batch_does_not_lock_user_data(tmp_path: Path):
    store = Store(tmp_path)
    writer = Writer(store)
    gate, inside = threading.Event(), threading.Event()

    def hold(db: sqlite3.Connection) -> None:
        db.execute("INSERT INTO meta (key, value) VALUES ('k', 'v')")
        db.execute("SELECT count(*) FROM user.marks").fetchone()
        inside.set()
        gate.wait(10)

    future = writer.submit("index", hold, SCAN)
    assert inside.wait(10)
    with closing(connect(tmp_path / "user.db")) as other:
        other.execute("PRAGMA busy_timeout=0")
        other.execute("BEGIN IMMEDIATE")
        other.execute("INSERT INTO tags (name) VALUES ('t')")
        other.execute("COMMIT")
    gate.set()
    future.result(10)
    writer.close()
    store.close()


def test_the_scan_lock_names_its_holder(tmp_path: Path):
    code = textwrap.dedent(f"""
        import sys
        from pathlib import Path
        from smartgallery_tui.index.lock import ScanLock
        with ScanLock(Path({str(tmp_path)!r})):
            print("held", flush=True)
            sys.stdin.read()
    """)
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stdout.readline() == b"held\n"
    with pytest.raises(IndexLockedError, match=f"process {process.pid}"), ScanLock(tmp_path):
        pass
    process.kill()
    process.wait()
    process.stdin.close()
    process.stdout.close()
    with ScanLock(tmp_path):
        pass


def test_the_scan_lock_holds_where_its_holder_cannot_be_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def pwrite(*_arguments: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "pwrite", pwrite)
    with ScanLock(tmp_path), pytest.raises(IndexLockedError, match="no name"), ScanLock(tmp_path):
        pass


def test_the_models_are_what_is_created(tmp_path: Path):
    Store(tmp_path).close()
    for kind, models in ((CATALOG, schema.CATALOG_MODELS), (USER, schema.USER_MODELS)):
        with closing(sqlite3.connect(tmp_path / kind.file_name)) as db:
            for model in models:
                meta = model._meta
                found = {row[1] for row in db.execute(f"PRAGMA table_info({meta.table_name})")}
                assert found == {field.column_name for field in meta.sorted_fields}


def test_a_migration_is_one_transaction_after_a_backup(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    Store(tmp_path).close()
    path = tmp_path / "user.db"
    with closing(sqlite3.connect(path)) as db:
        db.execute("INSERT INTO tags (name) VALUES ('kept')")
        db.commit()
    newer_kind = type(USER)(USER.file_name, USER.version + 1, USER.application_id)
    broken = ("CREATE TABLE extra (x)", "INSERT INTO nowhere VALUES (1)")
    steps = {"user.db": {USER.version: broken}}
    monkeypatch.setattr(migrations, "STEPS", steps)
    with pytest.raises(sqlite3.OperationalError):
        migrations.create_or_migrate(newer_kind, path)
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (USER.version,)
        assert db.execute("SELECT name FROM sqlite_master WHERE name='extra'").fetchall() == []
    steps["user.db"][USER.version] = ("CREATE TABLE extra (x)",)
    migrations.create_or_migrate(newer_kind, path)
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (USER.version + 1,)
        assert db.execute("SELECT name FROM tags").fetchall() == [("kept",)]
    assert list(tmp_path.glob("user.db.before-schema-*"))


COMMON_FILTERS = (
    ("SELECT id FROM files WHERE state='unread' ORDER BY mtime_ns DESC", "file_unread"),
    ("SELECT id FROM files WHERE content_id=x'00'", "file_content_id"),
    ("SELECT id FROM files WHERE path=x'00'", "file_path"),
    ("SELECT id FROM files WHERE folder_id=1", "file_folder_id"),
    ("SELECT id FROM files WHERE inode=1 AND size_bytes=2 AND mtime_ns=3", "file_inode"),
    ("SELECT id FROM files ORDER BY mtime_ns DESC, id DESC LIMIT 50", "file_mtime_ns_id"),
    ("SELECT id FROM files WHERE missing_since_ns IS NOT NULL", "file_missing"),
    ("SELECT id FROM files WHERE problem IS NOT NULL", "file_problem"),
    ("SELECT id FROM files WHERE companion_of IN (1, 2)", "file_companion"),
    ("SELECT file_id FROM file_names WHERE name_id=3", "filename_name_id"),
    ("SELECT id FROM files WHERE node_set_id IN (1, 2)", "file_node_set"),
    ("SELECT file_id FROM file_texts WHERE text_id=3 AND role=0", "filetext_text_id_role"),
)  # fmt: skip


@pytest.mark.parametrize(("sql", "index"), COMMON_FILTERS)
def test_common_filters_use_an_index(tmp_path: Path, sql: str, index: str):
    store = Store(tmp_path)
    with store.read() as db:
        plan = " ".join(row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {sql}"))
    store.close()
    assert index in plan

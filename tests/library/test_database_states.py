"""Whatever state the databases are in: no traceback, and user.db is never overwritten."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from smartgallery_tui.errors import DatabaseError, SmartGalleryError
from smartgallery_tui.index.versions import CATALOG, USER
from tests.library.samples import picture, png

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from smartgallery_tui.library import Library
    from tests.library.conftest import Open


def is_missing(path: Path) -> None:
    path.unlink()


def is_empty(path: Path) -> None:
    path.write_bytes(b"")


def is_text(path: Path) -> None:
    path.write_text("not a database\n" * 100)


def is_picture(path: Path) -> None:
    path.write_bytes(png())


def is_foreign(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE files (a)")
        db.commit()


def is_newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA user_version=99")


def is_cut_off(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2 // 4096 * 4096])


def is_header_only(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:100])


def has_broken_header(path: Path) -> None:
    path.write_bytes(b"\0" * 100 + path.read_bytes()[100:])


def has_broken_pages(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[:4096] + b"\xff" * (len(data) - 4096))


def has_a_foreign_log(path: Path) -> None:
    path.with_name(f"{path.name}-wal").write_bytes(b"rubbish" * 1000)


def is_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


STATES = [
    is_missing, is_empty, is_text, is_picture, is_foreign, is_newer, is_cut_off, is_header_only,
    has_broken_header, has_broken_pages, has_a_foreign_log, is_a_folder,
]  # fmt: skip
KEPT = {is_text, is_picture, is_foreign, is_newer, is_cut_off, is_header_only,
        has_broken_header, has_broken_pages}  # fmt: skip


@pytest.fixture
def data(open_library: Open, output: Path, tmp_path: Path) -> Path:
    """Databases of a library with a mark, closed."""
    with open_library(output) as library:
        library.sync()
        assert library.set_note(library.search("").ids()[:1], "kept")[0].ok
    return tmp_path / "data"


def use(open_library: Open, output: Path) -> int:
    """Open, scan, search, mark; return how many files there are."""
    with open_library(output) as library:
        library.sync()
        found = library.search("").ids()
        library.item(found[0])
        library.set_favorite(found[:1], on=True)
        return len(found)


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_index_db(data: Path, open_library: Open, output: Path, state: Callable[[Path], None]):
    state(data / CATALOG.file_name)
    for attempt in (1, 2):
        try:
            assert use(open_library, output) == 3
        except DatabaseError:
            # Damage that shows only when a page is read: the next start rebuilds.
            assert attempt == 1 or state in {is_newer, is_a_folder}
    with closing(sqlite3.connect(data / USER.file_name)) as db:
        assert db.execute("SELECT note FROM marks WHERE note <> ''").fetchall() == [("kept",)]


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_user_db(data: Path, open_library: Open, output: Path, state: Callable[[Path], None]):
    path = data / USER.file_name
    state(path)
    before = path.read_bytes() if path.is_file() else b""
    problem = ""
    try:
        assert use(open_library, output) == 3
    except SmartGalleryError as error:
        problem = str(error)
    assert bool(problem) == (state in KEPT | {is_a_folder})
    assert not problem or "user.db" in problem
    if state in KEPT:
        assert path.read_bytes() == before


def limit(library: Library, target: str, extra_pages: int | None) -> None:
    """Let a database grow by so many pages, as a full disk would; None: without end."""

    def work(db: sqlite3.Connection) -> None:
        (pages,) = db.execute("PRAGMA page_count").fetchone()
        most = 1 << 30 if extra_pages is None else pages + extra_pages
        db.execute(f"PRAGMA max_page_count={most}")

    library._parts.context.writer.run(target, work)  # type: ignore[arg-type]


def test_a_full_disk_loses_nothing_that_was_written(library: Library, output: Path):
    for number in range(200):
        picture(output / "more" / f"{number}.png", number, f"tower number {number} " * 50)
    limit(library, "index", 2)
    with pytest.raises(DatabaseError, match=r"cannot write index\.db: database or disk is full"):
        library.sync()
    assert library.sync_progress().state == "error"
    assert library.search("castle").total == 3
    assert library.set_rating(library.search("castle").ids(), 4)[0].ok
    limit(library, "index", None)
    report = library.sync()
    assert (report.unread, library.search("tower").total) == (0, 200)
    assert library.search("rating:4").total == 3


def test_a_mark_on_a_full_disk_fails_with_a_message(library: Library):
    ids = library.search("").ids()
    limit(library, "user", 0)
    with pytest.raises(DatabaseError, match=r"cannot write user\.db: database or disk is full"):
        library.set_note(ids[:1], "long " * 20_000)
    limit(library, "user", None)
    assert library.set_note(ids[:1], "short")[0].ok
    assert library.user_data(ids[0]).note == "short"

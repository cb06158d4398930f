"""What a transaction says of the rows it changed is what it changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from smartgallery_tui.index import news, picture_rows
from smartgallery_tui.index.picture_rows import Damage
from smartgallery_tui.library import Library
from tests.library.samples import picture

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from smartgallery_tui.index.news import Changed


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    for number in range(1, 5):
        picture(tmp_path / "out" / f"{number}.png", number)
    with Library.open(data_dir=tmp_path / "data", roots=[tmp_path / "out"]) as made:
        made.sync()
        yield made


def changed(library: Library, act: Callable[[], object]) -> Changed | None:
    with library._parts.context.store.read() as db:
        before = news.serial_of(db)
    act()
    with library._parts.context.store.read() as db:
        return news.between(db, before, news.serial_of(db))


def run(library: Library, sql: str) -> Callable[[], object]:
    return lambda: library._parts.context.writer.run("index", lambda db: db.execute(sql))


def test_each_change_is_told(library: Library, tmp_path: Path):
    out = tmp_path / "out"
    one, two, three, four = (library.find_path(out / f"{n}.png") or 0 for n in range(1, 5))
    assert changed(library, lambda: library.rename(one, "other.png")) == ({one}, set())
    assert changed(library, lambda: library.trash([two])) == (set(), {two})
    found = changed(library, library.undo)
    assert found is not None
    assert {two} == found.deep | found.shallow
    picture(out / "new.png", 9)
    found = changed(library, library.sync)
    new = library.find_path(out / "new.png")
    assert found is not None
    assert found.deep == {new}
    picture(out / "3.png", 8)
    found = changed(library, library.sync)
    assert found is not None
    assert found.deep == {library.find_path(out / "3.png")}
    (out / "4.png").unlink()
    assert changed(library, library.sync) == (set(), {four})
    item = library.item(three)
    damage = Damage(three, item.size_bytes, item.mtime_ns, "torn")
    act = lambda: library._parts.context.writer.run(  # noqa: E731 - one line
        "index", lambda db: picture_rows.note_damage(db, [damage])
    )
    assert changed(library, act) == ({three}, set())
    assert changed(library, lambda: library.set_rating([three], 4)) == (set(), set())
    assert changed(library, library.sync) == (set(), set())


def test_rows_that_go(library: Library, tmp_path: Path):
    ids = set(library.search("").ids())
    assert changed(library, run(library, "DELETE FROM files WHERE id > 2")) == (ids - {1, 2}, set())
    assert changed(library, lambda: library.forget_root(tmp_path / "out")) == ({1, 2}, set())


def test_a_transaction_that_fails_tells_nothing(library: Library):
    def fail(db: sqlite3.Connection) -> None:
        db.execute("UPDATE files SET name='x' WHERE id=1")
        raise KeyError

    def act() -> None:
        with pytest.raises(KeyError):
            library._parts.context.writer.run("index", fail)

    assert changed(library, act) == (set(), set())
    assert changed(library, run(library, "UPDATE files SET inode=5 WHERE id=2")) == ({2}, set())


def test_a_very_large_change_is_any_change(library: Library, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(news, "MOST", 2)
    assert changed(library, run(library, "UPDATE files SET inode=5")) is None
    assert changed(library, run(library, "UPDATE files SET inode=5 WHERE id < 3")) == (
        {1, 2}, set(),
    )  # fmt: skip


def test_only_the_last_transactions_are_kept(library: Library, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(news, "KEPT", 3)
    touch = run(library, "UPDATE files SET inode=inode+1 WHERE id IN (1, 3)")
    assert changed(library, lambda: [touch() for _ in range(3)]) == ({1, 3}, set())
    assert changed(library, lambda: [touch() for _ in range(4)]) is None

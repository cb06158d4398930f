from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pytest

from smartgallery_tui.errors import IndexNewerError, ReadOnlyError, SmartGalleryError, UsageError
from smartgallery_tui.records import UserData
from smartgallery_tui.records.settings import SafetySettings, Settings
from tests.library.samples import picture

if TYPE_CHECKING:
    from pathlib import Path

    from smartgallery_tui.library import Library
    from tests.library.conftest import Open


def rows(tmp_path: Path, sql: str) -> list[tuple[object, ...]]:
    db = sqlite3.connect(tmp_path / "data" / "user.db")
    try:
        return db.execute(sql).fetchall()
    finally:
        db.close()


def test_all_user_data(library: Library):
    first = library.search("").ids()[0]
    library.set_favorite([first], on=True)
    library.set_rating([first], 5)
    library.set_status([first], "approved")
    library.set_note([first], "for the wall \ud800")
    library.tag([first], "  blue   sky ")
    library.tag([first], "alps")
    library.album_add([first], "Holiday")
    assert library.user_data(first) == UserData(
        True, 5, "approved", "for the wall ?", ("alps", "blue sky"), ("Holiday",)
    )
    item = library.item(first)
    assert (item.is_favorite, item.rating, item.status) == (True, 5, "approved")
    library.untag([first], "ALPS")
    library.album_remove([first], "holiday")
    assert library.user_data(first).tags == ("blue sky",)
    assert library.user_data(first).albums == ()


def test_each_change_is_a_journal_row_with_its_actor(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("USER", "ada")
    ids = library.search("").ids()
    outcomes = library.set_favorite(ids, on=True)
    assert all(outcome.ok for outcome in outcomes)
    library.set_favorite(ids[:1], on=True)
    found = rows(tmp_path, "SELECT actor, action, before, after, state, group_id FROM journal")
    assert found == [("ada", "mark", '["is_favorite", 0]', '["is_favorite", 1]', "done", 1)] * 3


def test_undo_and_redo(library: Library):
    ids = library.search("").ids()
    library.set_rating(ids, 3)
    library.set_rating(ids[:1], 5)
    library.tag(ids, "x")
    assert len(library.undo()) == 3
    assert library.user_data(ids[0]).tags == ()
    library.undo()
    assert [library.item(i).rating for i in ids] == [3, 3, 3]
    library.undo()
    assert [library.item(i).rating for i in ids] == [0, 0, 0]
    assert library.undo() == []
    library.redo()
    library.redo()
    assert [library.item(i).rating for i in ids] == [5, 3, 3]
    library.set_status(ids, "review")
    assert library.redo() == []


def test_an_empty_batch_is_nothing(library: Library, tmp_path: Path):
    assert library.set_favorite([], on=True) == []
    assert rows(tmp_path, "SELECT * FROM journal") == []


def test_items_that_are_gone_and_unread(open_library: Open, output: Path):
    library = open_library(output)
    library.sync()
    outcomes = library.set_favorite([1, 999], on=True)
    assert [(o.ok, o.reason) for o in outcomes] == [(True, ""), (False, "is gone")]
    with pytest.raises(SmartGalleryError):
        library.item(999)
    with pytest.raises(SmartGalleryError):
        library.user_data(999)


def test_wrong_values_are_refused(library: Library):
    with pytest.raises(UsageError):
        library.set_rating([1], 6)
    with pytest.raises(UsageError):
        library.set_status([1], "great")  # type: ignore[arg-type]
    with pytest.raises(UsageError):
        library.tag([1], "  ")


def test_read_only_refuses(library: Library, open_library: Open, output: Path):
    other = open_library(output, read_only=True)
    with pytest.raises(ReadOnlyError, match="started with --read-only"):
        other.set_favorite([1], on=True)
    with pytest.raises(ReadOnlyError):
        other.undo()
    assert other.read_only
    other.close()


def test_what_refuses_is_named(library: Library, open_library: Open, output: Path):
    assert not library.why_read_only
    library.use_settings(Settings(safety=SafetySettings(read_only=True)))
    with pytest.raises(ReadOnlyError, match="read_only is on in the settings"):
        library.set_favorite([1], on=True)
    library.use_settings(Settings())
    assert not library.read_only
    with sqlite3.connect(library.data_dir / "index.db") as db:
        db.execute("PRAGMA user_version = 999")
    db.close()
    library.close()
    newer = open_library(output)
    assert "newer version" in newer.why_read_only
    with pytest.raises(IndexNewerError, match="newer version"):
        newer.set_favorite([1], on=True)


def test_another_process_sees_marks(library: Library, open_library: Open, output: Path):
    other = open_library(output)
    ids = other.search("").ids()
    before = other.data_version()
    library.set_favorite(ids[:1], on=True)
    assert other.data_version() != before
    assert other.item(ids[0]).is_favorite
    assert other.search("fav:yes").total == 1


def test_marks_come_back_after_the_index_is_lost(
    library: Library, open_library: Open, output: Path, tmp_path: Path
):
    library.set_rating(library.search("").ids(), 4)
    library.close()
    for name in ("index.db", "index.db-wal", "index.db-shm"):
        (tmp_path / "data" / name).unlink(missing_ok=True)
    again = open_library(output)
    again.sync()
    assert [item.rating for item in again.search("").page(0, 3)] == [4, 4, 4]


def test_a_copy_of_a_file_shares_its_marks(library: Library, output: Path):
    library.set_rating([library.find_path(output / "one.png") or 0], 2)
    (output / "copy.png").write_bytes((output / "one.png").read_bytes())
    picture(output / "other.png", 9)
    library.sync()
    assert library.item(library.find_path(output / "copy.png") or 0).rating == 2
    assert library.item(library.find_path(output / "other.png") or 0).rating == 0
    groups = library.duplicates()
    assert [len(group.paths) for group in groups] == [2]


def test_the_search_knows_marks_at_once(library: Library):
    ids = library.search("").ids()
    assert library.search("fav:yes").total == 0
    library.set_favorite(ids[:2], on=True)
    assert library.search("fav:yes").total == 2
    library.undo()
    assert library.search("fav:yes").total == 0


def test_words_of_several_files_are_counted(library: Library, output: Path):
    one, two, three = sorted(library.search("").ids())
    library.tag([one, two], "castle", "sea")
    library.untag([two], "sea")
    library.album_add([one, two, three], "wall")
    library.set_note([one], "good")
    library.set_note([two, three], "better\nsecond line")
    said = library.shared_data([one, two, three])
    assert said.total == 3
    assert dict(said.tags) == {"castle": 2, "sea": 1}
    assert dict(said.albums) == {"wall": 3}
    assert said.notes == (("better\nsecond line", 2), ("good", 1))
    picture(output / "unread.png", 9)
    assert library.shared_data([999]).total == 0


def test_several_words_are_one_action_with_a_name(library: Library):
    ids = library.search("").ids()
    library.mark(ids, favorite=True, rating=3, status="select", tags=("a", "b"))
    first = library.user_data(ids[0])
    assert (first.is_favorite, first.rating, first.status, first.tags) == (
        True, 3, "select", ("a", "b"),
    )  # fmt: skip
    undone = library.undo()
    assert len(undone) == len(ids)
    assert undone[0].what == "favourite, rating, status, tags a, b"
    assert library.user_data(ids[0]) == UserData()
    library.album_add(ids, "wall")
    assert library.undo()[0].what == "album wall"

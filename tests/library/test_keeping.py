from __future__ import annotations

import errno
import json
import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from smartgallery_tui.errors import DatabaseError, IndexForeignError, UsageError
from smartgallery_tui.index import keeping

if TYPE_CHECKING:
    from smartgallery_tui.library import Library
    from tests.library.conftest import Open


def mark(library: Library) -> list[int]:
    ids = library.search("").ids()
    library.set_rating(ids, 4)
    library.tag(ids[:1], "best")
    return ids


def test_backup_and_restore(library: Library, tmp_path: Path):
    ids = mark(library)
    copy = library.backup(tmp_path / "copy.db")
    assert copy is not None
    with pytest.raises(DatabaseError, match="exists already"):
        library.backup(copy)
    library.set_rating(ids, 0)
    library.untag(ids, "best")
    kept = library.restore_backup(copy)
    assert kept is not None
    assert kept.exists()
    assert library.item(ids[0]).rating == 4
    assert library.user_data(ids[0]).tags == ("best",)
    assert library.search("rating:4").total == 3


def test_a_backup_must_be_one(library: Library, tmp_path: Path):
    ids = mark(library)
    (tmp_path / "no.db").write_bytes(b"x" * 5000)
    with pytest.raises(IndexForeignError):
        library.restore_backup(tmp_path / "no.db")
    with pytest.raises(IndexForeignError):
        library.restore_backup(tmp_path / "data" / "index.db")
    assert library.item(ids[0]).rating == 4


def test_rolling_backups(library: Library):
    mark(library)
    assert library.backup() is not None
    assert library.backup() is None
    assert len(library.backups()) == 1


def test_user_data_travels_as_lines(
    library: Library, open_library: Open, output: Path, tmp_path: Path
):
    ids = mark(library)
    library.set_note(ids[:1], 'quotes " and \n lines')
    lines = library.export_user_data()
    assert json.loads(lines[0])["format"] == "smartgallery-userdata"
    assert all(json.loads(line) for line in lines)
    other = open_library(output, data_dir=tmp_path / "second")
    other.sync()
    assert other.import_user_data(lines) > 0
    assert other.import_user_data(lines) == 0
    assert [other.user_data(i) for i in other.search("").ids()] == [
        library.user_data(i) for i in ids
    ]
    assert other.search("tag:best").total == 1
    other.undo()
    assert other.search("tag:best").total == 0


@pytest.mark.parametrize(
    "line", ["no json", "[]", "{}", '{"content": "zz"}', '{"content": "00", "rating": 1}']
)
def test_foreign_lines_are_refused(library: Library, line: str):
    with pytest.raises(UsageError, match="line 1"):
        library.import_user_data([line])


@pytest.mark.parametrize(
    "line",
    [
        '{"content": "' + "ab" * 16 + '", "updated_ns": 1e400, "rating": 3}',
        '{"content": "' + "ab" * 16 + '", "rating": 1e400}',
        "[" * 100_000,
        '{"search": "a", "text": "b", "sort": "c", "descending": [' + "[" * 100_000,
    ],
)
def test_lines_that_no_program_wrote_are_refused_in_one_line(library: Library, line: str):
    with pytest.raises(UsageError, match="line 1"):
        library.import_user_data([line])


def test_halves_of_characters_are_kept_as_question_marks(library: Library):
    half = '{"content": "' + "ab" * 16 + '", "note": "a \\ud800", "tags": ["b\\udcff"]}'
    search = '{"search": "\\ud83d", "text": "\\ud83d", "sort": "date", "descending": true}'
    album = '{"album": "c\\ude00", "note": "\\ud800"}'
    assert library.import_user_data([half, search, album]) == 4
    assert [each.name for each in library.albums()] == ["c?"]
    assert [(each.name, each.text) for each in library.saved_searches()] == [("?", "?")]


def test_names_of_nothing_are_left_out_and_words_are_no_lists(library: Library):
    content = '{"content": "' + "ab" * 16 + '", "tags": '
    assert library.import_user_data([content + '["", "  ", " a  b "], "albums": [""]}']) == 1
    with pytest.raises(UsageError, match="tags are a list of names"):
        library.import_user_data([content + '"abc"}'])


def test_what_lies_in_the_place_of_a_copy_stops_nothing(
    library: Library, open_library: Open, output: Path, tmp_path: Path
):
    mark(library)
    library.close()
    folder = output / ".smartgallery"
    os.mkfifo(folder / "userdata-pipe.jsonl")
    (folder / "userdata-deep.jsonl").write_text("[" * 1000)
    (folder / "userdata-huge.jsonl").write_text('{"library": "x", "updated_ns": 1e400}')
    (folder / "userdata-half.jsonl").write_text('{"library": "\\ud800", "updated_ns": 1}')
    (folder / "userdata-folder.jsonl").mkdir()
    box = open_library(output, data_dir=tmp_path / "new box")
    box.sync()
    (offer,) = box.restore_offers()
    assert offer.contents == 3
    os.mkfifo(Path(offer.path).with_name(f"nodes-{offer.library}.toml"))
    assert box.import_user_data(Path(offer.path)) > 0


def test_a_backup_from_the_future_does_not_count(library: Library):
    mark(library)
    first = library.backup()
    assert first is not None
    first = first.rename(first.with_name("user-20990101-000000.db"))
    os.utime(first, (4_000_000_000, 4_000_000_000))
    assert library.backup() is not None
    assert len(library.backups()) == 2


def test_a_backup_where_there_are_no_links(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def link(*_paths: object) -> None:
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "link", link)
    ids = mark(library)
    copy = library.backup(tmp_path / "copy.db")
    assert copy is not None
    with pytest.raises(DatabaseError, match="exists"):
        library.backup(copy)
    library.set_rating(ids, 0)
    library.restore_backup(copy)
    assert library.item(ids[0]).rating == 4
    assert sorted(path.name for path in tmp_path.glob("copy*")) == ["copy.db"]


def test_a_damaged_user_db_is_moved_aside_with_its_log(library: Library, tmp_path: Path):
    mark(library)
    copy = library.backup(tmp_path / "copy.db")
    assert copy is not None
    library.close()
    data = tmp_path / "bare"
    data.mkdir()
    with closing(sqlite3.connect(data / "user.db", isolation_level=None)) as other:
        other.execute("PRAGMA journal_mode=WAL")
        other.execute("CREATE TABLE t (x)")
        other.executemany("INSERT INTO t VALUES (?)", [("x" * 900,)] * 100)
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        other.execute("INSERT INTO t VALUES (1)")
        with (data / "user.db").open("r+b") as file:
            file.seek(4096)
            file.write(b"damaged" * 2000)
        kept = keeping.restore_user(copy, data)
    assert kept is not None
    assert kept.with_name(f"{kept.name}-wal").exists()
    assert keeping.check(data / "user.db") is None


def test_the_volume_carries_a_copy(
    library: Library, open_library: Open, output: Path, tmp_path: Path
):
    ids = mark(library)
    library.close()
    (copy,) = (output / ".smartgallery").glob("userdata-*.jsonl")
    before = copy.read_bytes()
    box = open_library(output, data_dir=tmp_path / "new box")
    box.sync()
    (offer,) = box.restore_offers()
    assert (offer.root, offer.contents) == (str(output), 3)
    assert box.search("rating:4").total == 0
    box.set_note(box.search("").ids()[:1], "marked before the offer was taken")
    box._parts.volumes.copy_user_data_to_volumes()
    assert copy.read_bytes() == before
    (offer,) = box.restore_offers()
    box.import_user_data(Path(offer.path))
    assert box.search("rating:4").total == len(ids)
    assert box.restore_offers() == []


def test_an_offer_can_be_declined(
    library: Library, open_library: Open, output: Path, tmp_path: Path
):
    mark(library)
    library.close()
    box = open_library(output, data_dir=tmp_path / "new box")
    (offer,) = box.restore_offers()
    box.decline_restore(offer)
    assert box.restore_offers() == []


def test_no_marks_leave_nothing_on_the_volume(library: Library, output: Path):
    library.close()
    assert not (output / ".smartgallery").exists()


def test_a_planted_link_is_not_written_through(library: Library, output: Path, tmp_path: Path):
    (tmp_path / "victim").mkdir()
    (output / ".smartgallery").symlink_to(tmp_path / "victim")
    mark(library)
    library.close()
    assert list((tmp_path / "victim").iterdir()) == []


def test_integrity(library: Library, open_library: Open, output: Path, tmp_path: Path):
    mark(library)
    assert library.check_integrity() == []
    library.close()
    index = tmp_path / "data" / "index.db"
    data = bytearray(index.read_bytes())
    for at in range(8192, len(data), 4096):
        data[at : at + 200] = b"\xaa" * 200
    index.write_bytes(data)
    again = open_library(output)
    again.check_integrity()
    again.close()
    rebuilt = open_library(output)
    assert any("rebuilt" in notice for notice in [*again.notices, *rebuilt.notices])
    rebuilt.sync()
    assert rebuilt.search("rating:4").total == 3


def test_user_db_is_one_file_after_closing(library: Library, tmp_path: Path):
    mark(library)
    library.close()
    db = sqlite3.connect(tmp_path / "data" / "user.db")
    assert db.execute("SELECT count(*) FROM marks").fetchone() == (3,)
    db.close()


def test_node_rules_travel_with_the_volume(open_library: Open, output: Path, tmp_path: Path):
    rules = tmp_path / "nodes.toml"
    rules.write_text('["My Sampler"]\n')
    with open_library(output) as first:
        first.use_node_rules(rules)
        first.sync()
        first.set_favorite(first.search("").ids()[:1], on=True)
    assert len(list((output / ".smartgallery").glob("nodes-*.toml"))) == 1
    there, kept = tmp_path / "there.toml", tmp_path / "kept.toml"
    kept.write_text("# mine\n")
    for place, wanted in ((there, rules.read_text()), (kept, "# mine\n")):
        with open_library(output, data_dir=tmp_path / place.stem) as second:
            second.use_node_rules(place)
            second.sync()
            (offer,) = second.restore_offers()
            second.import_user_data(Path(offer.path))
        assert place.read_text() == wanted
        for copy in (output / ".smartgallery").glob("*"):
            if copy.name.split("-")[1].split(".")[0] != offer.library:
                copy.unlink()

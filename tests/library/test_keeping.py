from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from smartgallery_tui.errors import DatabaseError, IndexForeignError, UsageError

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
    box.copy_user_data_to_volumes()
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

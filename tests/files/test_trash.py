"""The trash: on the same file system, listed and restored without any database."""

from __future__ import annotations

import errno
import json
import os
import shutil
from typing import TYPE_CHECKING

import pytest

from smartgallery_tui.errors import FileChangeError, FileGuardError
from smartgallery_tui.files import Change, Guard, Operations, Trash, trash

if TYPE_CHECKING:
    from tests.files.conftest import Place


def test_trash_and_restore(place: Place) -> None:
    before = place.look()
    done = place.operations.trash(place.path("sub/a.png"), {"rating": 5, "tags": ["fox"]})
    assert "sub/a.png" not in place.look()
    entries = list(Trash(Guard([str(place.root)])).entries(str(place.root)))
    assert len(entries) == 1
    found = entries[0]
    assert (found.original, found.path) == (place.path("sub/a.png"), done.path)
    assert found.marks == {"rating": 5, "tags": ["fox"]}
    assert (found.size_bytes, found.is_folder) == (len(before["sub/a.png"] or b""), False)
    place.operations.restore(found)
    assert place.look() == before
    assert not list((place.root / ".smartgallery" / "trash").iterdir())


def test_equal_names_and_folders(place: Place) -> None:
    before = place.look()
    steps = [
        place.operations.trash(place.path("a.png")),
        place.operations.trash(place.path("sub/a.png")),
        place.operations.trash(place.path("sub")),
    ]
    assert sorted(place.trashed()) == [
        place.path("a.png"),
        place.path("sub"),
        place.path("sub/a.png"),
    ]
    for step in reversed(steps):
        place.operations.undo(step.change)
    assert place.look() == before
    assert not place.trashed()


def test_restore_makes_the_folders_again(place: Place) -> None:
    place.operations.trash(place.path("sub/deep/c.gif"))
    shutil.rmtree(place.root / "sub")
    entry = next(place.operations.trash_folder.entries(str(place.root)))
    assert place.operations.restore(entry).path == place.path("sub/deep/c.gif")


def test_failed_restore_takes_made_folders_away(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.operations.trash(place.path("sub/deep/c.gif"))
    shutil.rmtree(place.root / "sub")
    entry = next(place.operations.trash_folder.entries(str(place.root)))

    def fail(*_: object, **__: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr("smartgallery_tui.files.steps.move_entry", fail)
    with pytest.raises(FileChangeError):
        place.operations.restore(entry)
    assert "sub" not in place.look()
    assert place.trashed() == [place.path("sub/deep/c.gif")]


def test_restore_to_a_taken_name(place: Place) -> None:
    done = place.operations.trash(place.path("a.png"))
    (place.root / "a.png").write_bytes(b"new")
    back = place.operations.undo(done.change)
    assert back.path == place.path("a(1).png")
    assert "a(1).png" in back.note


def test_redo_of_a_trash(place: Place) -> None:
    before = place.look()
    done = place.operations.trash(place.path("a.png"))
    after = place.look()
    back = place.operations.undo(done.change)
    assert place.look() == before
    again = place.operations.undo(back.change)
    assert place.look() == after
    place.operations.undo(again.change)
    assert place.look() == before


def test_delete(place: Place) -> None:
    place.operations.trash(place.path("sub"))
    place.operations.trash(place.path("a.png"))
    for entry in list(place.operations.trash_folder.entries(str(place.root))):
        done = place.operations.delete(entry)
        assert done.path == ""
        with pytest.raises(FileChangeError, match="for ever"):
            place.operations.undo(done.change)
    assert not list((place.root / ".smartgallery" / "trash").iterdir())


def test_delete_that_fails(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    place.operations.trash(place.path("a.png"))
    entry = next(place.operations.trash_folder.entries(str(place.root)))

    def fail(*_: object, **__: object) -> None:
        raise OSError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(trash.shutil, "rmtree", fail)
    with pytest.raises(FileChangeError, match="Permission denied"):
        place.operations.delete(entry)
    assert place.trashed() == [place.path("a.png")]


def test_trash_of_a_torn_or_foreign_note_is_skipped(place: Place) -> None:
    place.operations.trash(place.path("a.png"))
    folder = place.root / ".smartgallery" / "trash"
    (folder / "torn.json").write_text("{")
    (folder / "list.json").write_text("[]")
    (folder / "list").mkdir()
    (folder / "empty.json").write_text("{}")
    (folder / "empty").mkdir()
    (folder / "odd.json").write_text(json.dumps({"original": "/x", "marks": 5, "size_bytes": "y"}))
    (folder / "odd").mkdir()
    (folder / "odd" / "x").write_bytes(b"")
    found = {
        entry.trash_id: entry for entry in place.operations.trash_folder.entries(str(place.root))
    }
    assert len(found) == 2
    assert found["odd"].marks == {}
    assert found["odd"].size_bytes == 0


def test_a_pipe_or_numbers_without_end_in_a_note_stop_nothing(place: Place) -> None:
    folder = place.root / ".smartgallery" / "trash"
    for name in ("pipe", "huge", "lone"):
        (folder / name).mkdir(parents=True)
        (folder / name / "x").write_bytes(b"")
    os.mkfifo(folder / "pipe.json")
    note = {"original": "/x", "size_bytes": 10**400, "trashed_ns": -(10**400)}
    (folder / "huge.json").write_text(json.dumps(note))
    lone = json.dumps({"original": place.path("lone \ud800.png")})
    (folder / "lone.json").write_text(lone)
    found = {
        entry.trash_id: entry for entry in place.operations.trash_folder.entries(str(place.root))
    }
    assert set(found) == {"huge", "lone"}
    assert (found["huge"].size_bytes, found["huge"].trashed_ns) == (2**63 - 1, -(2**63 - 1))
    with pytest.raises(FileGuardError, match="is not a path that can be used"):
        place.operations.restore(found["lone"])


def test_no_trash_yet(place: Place) -> None:
    assert not place.trashed()
    place.operations.trash_folder.clear(place.path("a.png"), "x")


def test_link_in_place_of_the_trash_is_refused(place: Place, tmp_path: object) -> None:
    (place.root / ".smartgallery").symlink_to("/tmp")
    before = place.look()
    with pytest.raises(FileChangeError):
        place.operations.trash(place.path("a.png"))
    assert place.look()["a.png"] == before["a.png"]


def test_full_disk_while_the_note_is_written(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.rename

    def fail(source: str, *rest: object, **names: object) -> None:
        if source.endswith(".new"):
            raise OSError(errno.ENOSPC, "No space left on device")
        real(source, *rest, **names)

    before = place.look()
    monkeypatch.setattr(os, "rename", fail)
    with pytest.raises(FileChangeError, match="No space left"):
        place.operations.trash(place.path("a.png"))
    assert place.look() == before
    assert not list((place.root / ".smartgallery" / "trash").iterdir())


def test_undecodable_names_survive_the_note(place: Place) -> None:
    name = os.fsdecode(b"\xff.png")
    (place.root / name).write_bytes(b"x")
    place.operations.trash(place.path(name))
    entry = next(Trash(Guard([str(place.root)])).entries(str(place.root)))
    assert entry.original == place.path(name)
    assert Operations(place.guard, place.journal).restore(entry).path == place.path(name)


def test_change_without_inverse() -> None:
    assert Change("delete", "/a").action == "delete"

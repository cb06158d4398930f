"""Files change through the library: rows, marks and the journal follow."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from smartgallery_tui.errors import ReadOnlyError
from smartgallery_tui.files import Change
from smartgallery_tui.index import journal
from smartgallery_tui.library import Library
from smartgallery_tui.library.row_journal import RowJournal
from tests.library.samples import picture

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Changeable(Library):
    """A library that changes files."""


@pytest.fixture
def lib(output: Path, tmp_path: Path) -> Iterator[Changeable]:
    made = Changeable.open(roots=[output], data_dir=tmp_path / "data", cache_dir=tmp_path / "cache")
    made._parts.syncing.settle_s = 0.0
    made.sync()
    yield made
    made.close()


def id_of(lib: Changeable, path: Path) -> int:
    found = lib.find_path(str(path))
    assert found is not None
    return found


def tree(output: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(output)): path.read_bytes()
        for path in sorted(output.rglob("*"))
        if path.is_file() and ".smartgallery" not in path.parts
    }


def test_rename_keeps_row_and_marks(lib: Changeable, output: Path) -> None:
    before = tree(output)
    one = id_of(lib, output / "one.png")
    lib.set_rating([one], 5)
    outcome = lib.rename(one, "fox")[0]
    assert (outcome.ok, outcome.path) == (True, str(output / "fox.png"))
    assert lib.item(one).name == "fox.png"
    assert lib.item(one).rating == 5
    assert lib.find_path(str(output / "one.png")) is None
    assert lib.undo()[0].path == str(output / "one.png")
    assert tree(output) == before
    assert lib.item(one).path == str(output / "one.png")
    assert lib.redo()[0].path == str(output / "fox.png")
    assert lib.undo()[0].ok
    assert lib.undo()[0].ok
    assert lib.item(one).rating == 0
    assert lib.undo() == []


def test_move_copy_trash_and_back(lib: Changeable, output: Path) -> None:
    before = tree(output)
    one, two = id_of(lib, output / "one.png"), id_of(lib, output / "two.png")
    picture(output / "sub" / "one.png", 9)
    lib.sync()
    moved = lib.move([one, two], str(output / "sub"))
    assert [outcome.path for outcome in moved] == [
        str(output / "sub" / "one(1).png"),
        str(output / "sub" / "two.png"),
    ]
    assert "taken" in moved[0].reason
    assert lib.item(one).path == moved[0].path
    lib.copy([two], str(output))
    assert lib.find_path(str(output / "two.png")) is not None
    lib.trash([one])
    assert lib.search("").total == 4
    assert [entry.original for entry in lib.trashed()] == [moved[0].path]
    for _ in range(3):
        assert all(outcome.ok for outcome in lib.undo())
    (output / "sub" / "one.png").unlink()
    assert tree(output) == before
    for _ in range(3):
        assert all(outcome.ok for outcome in lib.redo())
    assert sorted(tree(output)) == ["sub/three.png", "sub/two.png", "two.png"]


def test_restore_and_delete(lib: Changeable, output: Path) -> None:
    one, two = id_of(lib, output / "one.png"), id_of(lib, output / "two.png")
    lib.set_favorite([one], True)
    lib.tag([one], "fox")
    lib.trash([one, two])
    found = {entry.original: entry for entry in lib.trashed()}
    kept = found[str(output / "one.png")]
    assert kept.marks is not None
    assert (kept.marks["is_favorite"], kept.marks["tags"]) == (True, ["fox"])
    assert lib.restore([kept])[0].path == str(output / "one.png")
    assert lib.item(id_of(lib, output / "one.png")).is_favorite
    assert lib.delete_trashed([found[str(output / "two.png")]])[0].ok
    assert not lib.trashed()


def test_folders(lib: Changeable, output: Path) -> None:
    before = tree(output)
    assert lib.make_folder(str(output), "new").ok
    three = id_of(lib, output / "sub" / "three.png")
    assert lib.rename_folder(str(output / "sub"), "deep").ok
    assert lib.item(three).path == str(output / "deep" / "three.png")
    assert lib.trash_folder(str(output / "deep")).ok
    assert lib.search("").total == 2
    for _ in range(3):
        assert all(outcome.ok for outcome in lib.undo())
    assert tree(output) == before
    assert not (output / "new").exists()
    assert lib.item(three).path == str(output / "sub" / "three.png")
    assert not lib.make_folder(str(output), "../x").ok


def test_one_failure_changes_nothing_else(lib: Changeable, output: Path) -> None:
    one, two = id_of(lib, output / "one.png"), id_of(lib, output / "two.png")
    (output / "one.png").unlink()
    outcomes = lib.move([one, two, 999], str(output / "sub"))
    assert [outcome.ok for outcome in outcomes] == [False, True, False]
    assert all(outcome.reason for outcome in outcomes if not outcome.ok)
    assert not lib.rename(two, "three")[0].ok
    assert not lib.rename(two, "../x")[0].ok


def test_undo_that_is_not_possible_any_more_is_passed(lib: Changeable, output: Path) -> None:
    one = id_of(lib, output / "one.png")
    two = id_of(lib, output / "two.png")
    lib.rename(two, "b")
    lib.rename(one, "a")
    (output / "a.png").unlink()
    assert not lib.undo()[0].ok
    assert lib.undo()[0].path == str(output / "two.png")


def test_export(lib: Changeable, output: Path, tmp_path: Path) -> None:
    one = id_of(lib, output / "one.png")
    assert [o.ok for o in lib.export([one, 999], str(tmp_path / "out"))] == [True, False]
    cleaned = lib.export([one], str(tmp_path / "out"), clean=True)[0]
    assert cleaned.path == str(tmp_path / "out" / "one(1).png")
    assert (tmp_path / "out" / "one.png").read_bytes() == (output / "one.png").read_bytes()
    assert b"prompt" not in (tmp_path / "out" / "one(1).png").read_bytes()
    (output / "one.png").write_bytes(b"broken")
    assert not lib.export([one], str(tmp_path / "out"), clean=True)[0].ok


def test_read_only(output: Path, tmp_path: Path) -> None:
    made = Changeable.open(
        roots=[output], data_dir=tmp_path / "d", cache_dir=tmp_path / "c", read_only=True
    )
    with made, pytest.raises(ReadOnlyError):
        made.make_folder(str(output), "x")


def test_interrupted_changes(lib: Changeable, output: Path) -> None:
    one = id_of(lib, output / "one.png")
    rows = RowJournal(lib._parts.context.writer)
    facts = (output / "one.png").stat()
    known = {"device": facts.st_dev, "inode": facts.st_ino, "size_bytes": facts.st_size}
    rows.intend(Change("move", str(output / "one.png"), str(output / "x.png"), **known))
    rows.intend(Change("move", str(output / "two.png"), str(output / "y.png")))
    rows.intend(Change("move", str(output / "no.png"), str(output / "gone" / "y.png")))
    (output / "one.png").rename(output / "x.png")
    told = lib._parts.recovering.recover_changes()
    assert ["finished" in text for text in told] == [True, False, False]
    assert lib.item(one).path == str(output / "x.png")
    with lib._parts.context.store.read() as db:
        states = [row[0] for row in db.execute("SELECT state FROM user.journal ORDER BY id")]
        assert states == ["done", "failed", "intent"]
        assert len(journal.unfinished(db)) == 1


def test_interrupted_undo(lib: Changeable, output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = id_of(lib, output / "one.png")
    lib.rename(one, "x")
    with monkeypatch.context() as patch:

        def crash(*_: object) -> None:
            raise KeyboardInterrupt

        patch.setattr(RowJournal, "finish", crash)
        with pytest.raises(KeyboardInterrupt):
            lib.undo()
    assert "finished" in lib._parts.recovering.recover_changes()[0]
    assert lib.item(one).path == str(output / "one.png")
    assert lib.redo()[0].path == str(output / "x.png")


def test_companions_follow(lib: Changeable, output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = id_of(lib, output / "one.png"), id_of(lib, output / "two.png")
    item = lib.item(one)

    def act(operations: object, _item: object) -> list[object]:
        paths = [item.path, lib.item(two).path]
        return operations.together(paths, str(output / "sub"))  # type: ignore[attr-defined]

    outcomes = lib._parts.operating.each([one], act)  # type: ignore[arg-type]
    assert outcomes[0].ok
    assert lib.item(two).path == str(output / "sub" / "two.png")
    assert all(outcome.ok for outcome in lib.undo())
    assert lib.item(two).path == str(output / "two.png")


def test_import(lib: Changeable, output: Path, tmp_path: Path) -> None:
    before = tree(output)
    picture(tmp_path / "in" / "deep" / "four.png", 4)
    (tmp_path / "in" / "notes.txt").write_text("x")
    (tmp_path / "in" / "five.png").write_bytes(b"broken")
    (tmp_path / "six.json").write_text("{}")
    (tmp_path / "seven.txt").write_text("x")
    paths = [tmp_path / "in", tmp_path / "six.json", tmp_path / "seven.txt", tmp_path / "no.png"]
    outcomes = lib.import_files([str(path) for path in paths], str(output / "sub"))
    assert [outcome.ok for outcome in outcomes] == [False, True, False, False, False]
    assert outcomes[1].path == str(output / "sub" / "four.png")
    assert lib.item(outcomes[1].id).name == "four.png"
    assert lib.undo()[0].ok
    assert tree(output) == before
    stop = threading.Event()
    stop.set()
    assert not lib.import_files([str(tmp_path / "in")], str(output), cancelled=stop)[0].ok

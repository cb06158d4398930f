"""Rename, move, copy, folders: what they do, what they refuse, what undo gives back."""

from __future__ import annotations

import errno
import os
import stat
import threading
from pathlib import Path

import pytest

from smartgallery_tui.errors import FileChangeError, FileGuardError, ReadOnlyError
from smartgallery_tui.files import (
    Change,
    Done,
    Guard,
    Operations,
    Watch,
    linux,
    operations,
    steps,
    transfer,
)
from tests.files.conftest import FileJournal, Place


def test_rename(place: Place) -> None:
    before = place.look()
    done = place.operations.rename(place.path("a.png"), "fox")
    assert done.path == place.path("fox.png")
    assert place.look()["fox.png"] == before["a.png"]
    assert "a.png" not in place.look()
    place.operations.undo(done.change)
    assert place.look() == before


@pytest.mark.parametrize("name", ["b.png", "b", "../b", "/etc/x", "x/y", "", ".x", "a\nb", "a.png"])
def test_rename_refuses(place: Place, name: str) -> None:
    before = place.look()
    with pytest.raises((FileChangeError, FileGuardError)):
        place.operations.rename(place.path("a.png"), name)
    assert place.look() == before


def test_move_and_copy_number_a_taken_name(place: Place) -> None:
    before = place.look()
    moved = place.operations.move(place.path("a.png"), place.path("sub"))
    assert moved.path == place.path("sub/a(1).png")
    assert "a(1).png" in moved.note
    copied = place.operations.copy(place.path("sub/a.png"), place.path("sub"))
    assert copied.path == place.path("sub/a(2).png")
    assert place.look()["sub/a(2).png"] == before["sub/a.png"]
    facts = [(place.root / "sub" / name).stat() for name in ("a.png", "a(2).png")]
    assert facts[0].st_mtime_ns == facts[1].st_mtime_ns
    assert facts[0].st_mode == facts[1].st_mode
    place.operations.undo(copied.change)
    place.operations.undo(moved.change)
    assert place.look() == before


def test_folders(place: Place) -> None:
    before = place.look()
    done_steps = [
        place.operations.make_folder(str(place.root), "new"),
        place.operations.move(place.path("sub"), place.path("new")),
        place.operations.rename_folder(place.path("new"), "old"),
        place.operations.make_folder(place.path("old"), "empty"),
        place.operations.remove_folder(place.path("old/empty")),
        place.operations.trash(place.path("old/sub/deep")),
    ]
    assert sorted(place.look()) == [
        "a.png", "b.png", "clip.mp4", "clip.png", "old", "old/sub", "old/sub/a.png",
    ]  # fmt: skip
    for step in reversed(done_steps):
        place.operations.undo(step.change)
    assert place.look() == before


def test_folder_refusals(place: Place) -> None:
    before = place.look()
    for call in (
        lambda: place.operations.remove_folder(place.path("sub")),
        lambda: place.operations.make_folder(str(place.root), "sub"),
        lambda: place.operations.rename_folder(place.path("sub"), "../x"),
        lambda: place.operations.move(place.path("sub"), place.path("sub/deep")),
        lambda: place.operations.move(place.path("a.png"), str(place.root)),
        lambda: place.operations.move(place.path("a.png"), "/tmp"),
        lambda: place.operations.move(place.path("nothing.png"), place.path("sub")),
        lambda: place.operations.copy(place.path("sub"), place.path("sub/deep")),
        lambda: place.operations.trash(str(place.root)),
        lambda: place.operations.rename(place.path(".smartgallery"), "x"),
        lambda: place.operations.move("/etc/hostname", place.path("sub")),
    ):
        with pytest.raises((FileChangeError, FileGuardError)):
            call()
    assert place.look() == before


def test_links_are_not_moved(place: Place) -> None:
    (place.root / "link.png").symlink_to("a.png")
    with pytest.raises(FileGuardError):
        place.operations.move(place.path("link.png"), place.path("sub"))
    with pytest.raises(FileGuardError):
        place.operations.trash(place.path("link.png"))


def test_read_only_refuses_everything(place: Place) -> None:
    quiet = Operations(place.guard, place.journal, read_only=True)
    before = place.look()
    for call in (
        lambda: quiet.rename(place.path("a.png"), "x"),
        lambda: quiet.move(place.path("a.png"), place.path("sub")),
        lambda: quiet.copy(place.path("a.png"), place.path("sub")),
        lambda: quiet.trash(place.path("a.png")),
        lambda: quiet.make_folder(str(place.root), "x"),
        lambda: quiet.remove_folder(place.path("sub")),
        lambda: quiet.undo(Change("move", place.path("a.png"), place.path("z.png"))),
    ):
        with pytest.raises(ReadOnlyError):
            call()
    assert place.look() == before
    assert not place.journal.rows()


def test_undo_refuses_another_file(place: Place) -> None:
    done = place.operations.rename(place.path("a.png"), "x")
    Path(done.path).unlink()
    Path(done.path + ".tmp").write_bytes(b"other")
    Path(done.path + ".tmp").rename(done.path)
    with pytest.raises(FileChangeError, match="another file"):
        place.operations.undo(done.change)


def test_undo_to_a_taken_name_gets_a_number(place: Place) -> None:
    done = place.operations.rename(place.path("a.png"), "x")
    (place.root / "a.png").write_bytes(b"new")
    back = place.operations.undo(done.change)
    assert back.path == place.path("a(1).png")
    assert (place.root / "a.png").read_bytes() == b"new"


def test_companions_move_together(place: Place) -> None:
    before = place.look()
    (place.root / "sub" / "clip.png").write_bytes(b"taken")
    paths = [place.path("clip.mp4"), place.path("clip.png")]
    done_steps = place.operations.together(paths, place.path("sub"))
    assert [step.path for step in done_steps] == [
        place.path("sub/clip(1).mp4"),
        place.path("sub/clip(1).png"),
    ]
    for step in reversed(done_steps):
        place.operations.undo(step.change)
    (place.root / "sub" / "clip.png").unlink()
    assert place.look() == before
    (place.root / "clip-audio.mp4").write_bytes(b"x")
    done_steps = place.operations.rename_together([*paths, place.path("clip-audio.mp4")], "dance")
    assert [step.path for step in done_steps] == [
        place.path("dance.mp4"),
        place.path("dance.png"),
        place.path("dance-audio.mp4"),
    ]


def test_companions_go_all_or_none(place: Place) -> None:
    (place.root / "dance.png").write_bytes(b"taken")
    before = place.look()
    with pytest.raises(FileChangeError, match="taken"):
        place.operations.rename_together([place.path("clip.mp4"), place.path("clip.png")], "dance")
    assert place.look() == before


def fail_with(code: int) -> object:
    def call(*_: object, **__: object) -> None:
        raise OSError(code, os.strerror(code))

    return call


def as_if_other_device(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every rename but that of a scratch name fail as across file systems."""
    real = linux.rename_noreplace

    def rename(source_fd: int, source: str, target_fd: int, target: str) -> None:
        if not transfer.is_scratch(source):
            raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))
        real(source_fd, source, target_fd, target)

    monkeypatch.setattr(transfer, "rename_noreplace", rename)


def test_across_devices(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    before = place.look()
    as_if_other_device(monkeypatch)
    done = place.operations.move(place.path("a.png"), place.path("sub"))
    assert done.path == place.path("sub/a(1).png")
    assert place.look()["sub/a(1).png"] == before["a.png"]
    place.operations.undo(done.change)
    assert place.look() == before
    with pytest.raises(FileChangeError, match="another file system"):
        place.operations.rename_folder(place.path("sub"), "x")


@pytest.mark.parametrize("name", ["write", "fsync", "fchmod", "utime"])
def test_full_disk_leaves_nothing_behind(
    place: Place, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    before = place.look()
    as_if_other_device(monkeypatch)

    class Quiet(FileJournal):
        def _add(self, *row: object) -> None:
            pass

        def rows(self) -> list[tuple[int, str, Change | None]]:
            return []

    quiet = Operations(place.guard, Quiet(""))
    monkeypatch.setattr(os, name, fail_with(errno.ENOSPC))
    for call in (quiet.move, quiet.copy):
        with pytest.raises(FileChangeError, match="No space left"):
            call(place.path("a.png"), place.path("sub"))
    monkeypatch.undo()
    assert place.look() == before


def test_a_file_system_that_syncs_no_folders_is_fine(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fsync(fd: int) -> None:
        if stat.S_ISDIR(os.fstat(fd).st_mode):
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))

    monkeypatch.setattr(os, "fsync", fsync)
    done = place.operations.copy(place.path("a.png"), place.path("sub"))
    assert Path(done.path).read_bytes() == (place.root / "a.png").read_bytes()


def test_copy_that_differs_is_refused(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    before = place.look()
    results = iter([b"1", b"2"])
    monkeypatch.setattr(transfer, "digest", lambda _fd, _watch: next(results))
    with pytest.raises(FileChangeError, match="differs"):
        place.operations.copy(place.path("a.png"), place.path("sub"))
    assert place.look() == before


def test_file_that_changes_meanwhile_is_refused(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.read

    def read(fd: int, count: int) -> bytes:
        data = real(fd, count)
        with (place.root / "a.png").open("ab") as file:
            file.write(b"" if data else b"more")
        return data

    monkeypatch.setattr(os, "read", read)
    with pytest.raises(FileChangeError, match="changed while"):
        place.operations.copy(place.path("a.png"), place.path("sub"))
    assert "sub/a(1).png" not in place.look()


def test_cancelled_copy(place: Place) -> None:
    stop = threading.Event()
    stop.set()
    stopped = Operations(place.guard, place.journal, watch=Watch(stop))
    before = place.look()
    with pytest.raises(FileChangeError, match="cancelled"):
        stopped.copy(place.path("a.png"), place.path("sub"))
    assert place.look() == before


def test_name_that_is_taken_in_the_last_moment(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = operations.free_number
    taken: list[str] = []

    def free_number(fd: int, names: list[str], stem: str | None = None, start: int = 0) -> int:
        number = real(fd, names, stem, start)
        if len(taken) < 3:
            taken.append(transfer.numbered(names[0], number))
            (place.root / "sub" / taken[-1]).write_bytes(b"theirs")
        return number

    monkeypatch.setattr(steps, "free_number", free_number)
    done = place.operations.move(place.path("b.png"), place.path("sub"))
    assert done.path == place.path("sub/b(3).png")
    assert all((place.root / "sub" / name).read_bytes() == b"theirs" for name in taken)
    assert [state for _, state, _ in place.journal.rows()] == ["done"]


def test_names_that_get_taken_for_ever(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "move_entry", fail_exists)
    with pytest.raises(FileChangeError, match="gets taken"):
        place.operations.move(place.path("b.png"), place.path("sub"))
    monkeypatch.setattr(transfer, "_MAX_NUMBER", 1)
    with pytest.raises(FileChangeError, match="no free name"):
        place.operations.move(place.path("a.png"), place.path("sub"))


def fail_exists(*_: object, **__: object) -> None:
    raise FileExistsError


def test_rename_of_case_alone(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    done = place.operations.rename(place.path("a.png"), "A.png")
    assert done.path == place.path("A.png")
    monkeypatch.setattr(operations, "_is_same_entry", lambda *_: True)
    done = place.operations.rename(place.path("A.png"), "a.png")
    assert done.path == place.path("a.png")
    assert "a.png" in place.look()


def test_case_rule(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").write_bytes(b"x")
    os.link(tmp_path / "a", tmp_path / "A")
    fd = os.open(tmp_path, os.O_RDONLY)
    try:
        assert not operations._is_same_entry(fd, "a", "A")
        assert not operations._is_same_entry(fd, "a", "b")
        (tmp_path / "A").unlink()
        assert not operations._is_same_entry(fd, "a", "A")
        facts = (tmp_path / "a").stat()
        monkeypatch.setattr(operations, "facts_of", lambda *_: facts)
        assert operations._is_same_entry(fd, "a", "A")
    finally:
        os.close(fd)


def test_a_taken_name_without_room_for_a_number(place: Place) -> None:
    name = "n" * 251 + ".png"
    for folder in ("", "sub"):
        (place.root / folder / name).write_bytes(folder.encode())
    before = place.look()
    for act in (place.operations.together, place.operations.copy_together):
        with pytest.raises(FileChangeError, match="too long for a number"):
            act([place.path(name)], place.path("sub"))
    with pytest.raises(FileChangeError, match="too long for a number"):
        place.operations.move(place.path(name), place.path("sub"))
    assert place.look() == before


def test_undecodable_names(place: Place) -> None:
    name = os.fsdecode(b"caf\xe9\n.png")
    (place.root / name).write_bytes(b"x")
    done = place.operations.move(place.path(name), place.path("sub"))
    assert (place.root / "sub" / name).exists()
    place.operations.undo(done.change)
    assert (place.root / name).read_bytes() == b"x"


def test_done_is_a_value() -> None:
    change = Change("move", "/a", "/b")
    assert Done(change, "/b") == Done(change, "/b", "")


def test_real_other_file_system(place: Place, tmp_path: Path) -> None:
    shm = Path("/dev/shm")
    if not shm.is_dir() or shm.stat().st_dev == place.root.stat().st_dev:
        pytest.skip("/dev/shm is no other file system here")
    other = shm / f"files-{os.getpid()}"
    other.mkdir()
    try:
        both = Operations(Guard([str(place.root), str(other)]), place.journal)
        before = place.look()
        done = both.move(place.path("a.png"), str(other))
        assert (other / "a.png").read_bytes() == before["a.png"]
        assert "a.png" not in place.look()
        assert [path.name for path in other.iterdir()] == ["a.png"]
        both.undo(done.change)
        assert place.look() == before
        assert not list(other.iterdir())
    finally:
        for path in other.iterdir():
            path.unlink()
        other.rmdir()


def test_bring(place: Place, tmp_path: Path) -> None:
    before = place.look()
    (tmp_path / "a.png").write_bytes(b"from outside")
    (tmp_path / "link.png").symlink_to("a.png")
    done = place.operations.bring(str(tmp_path / "a.png"), place.path("sub"))
    assert done.path == place.path("sub/a(1).png")
    assert place.look()["sub/a(1).png"] == b"from outside"
    assert (tmp_path / "a.png").exists()
    place.operations.undo(done.change)
    assert place.look() == before
    for name in ("link.png", "nothing.png", ".hidden.png", "root"):
        with pytest.raises((FileChangeError, FileGuardError)):
            place.operations.bring(str(tmp_path / name), place.path("sub"))
    with pytest.raises(FileGuardError):
        place.operations.bring(str(tmp_path / "a.png"), str(tmp_path))
    assert place.look() == before


def test_undo_through_a_folder_that_was_made_again(place: Place) -> None:
    before = place.look()
    done_steps = [
        place.operations.make_folder(str(place.root), "x"),
        place.operations.move(place.path("x"), place.path("sub")),
        place.operations.remove_folder(place.path("sub/x")),
    ]
    (place.root / "other").mkdir()
    for step in reversed(done_steps):
        place.operations.undo(step.change)
    (place.root / "other").rmdir()
    assert place.look() == before

"""A process killed between any two steps leaves the old or the new state, and no trace."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from smartgallery_tui.errors import FileGuardError
from smartgallery_tui.files import Change, Operations, linux, recover, transfer
from tests.files.conftest import Place, make_place

if TYPE_CHECKING:
    from collections.abc import Callable

_STEPS = ("open", "link", "rename", "unlink", "mkdir", "rmdir", "fsync", "write", "utime", "fchmod")


def run_and_die(place: Place, act: Callable[[Operations], object], at_step: int, mode: str) -> bool:
    """Run in a child that dies before its n-th step; return whether it got to the end."""
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1] == 0
    try:  # pragma: no cover - the child
        set_up_child(at_step, mode)
        act(place.operations)
        os._exit(0)
    finally:
        os._exit(1)


def set_up_child(at_step: int, mode: str) -> None:  # pragma: no cover - in the child
    """Let every step count, and the n-th be the last."""
    count = [0]

    def dying(real: Callable[..., object]) -> Callable[..., object]:
        def call(*args: object, **names: object) -> object:
            count[0] += 1
            if count[0] == at_step:
                os._exit(9)
            return real(*args, **names)

        return call

    def refuse(*_: object) -> None:
        raise OSError(errno.EINVAL, "")

    real_rename = linux.rename_noreplace

    def rename_scratch_only(a: int, b: str, c: int, d: str) -> None:
        if not transfer.is_scratch(b):
            raise OSError(errno.EXDEV, "")
        real_rename(a, b, c, d)

    if mode == "copy":
        transfer.rename_noreplace = rename_scratch_only
    linux._renameat2 = refuse if mode == "link" else dying(linux._renameat2)
    for name in _STEPS:
        setattr(os, name, dying(getattr(os, name)))


def finish(place: Place) -> None:
    """Do what the next start does with open entries."""
    for entry, state, change in place.journal.rows():
        if state == "intent" and change is not None:
            done = recover(place.guard, place.operations, change)
            if done is None:
                place.journal.fail(entry, "taken back")
            else:
                place.journal.finish(entry, done)


def whole(place: Place) -> dict[str, bytes | None]:
    """Return the tree with the trash in it, under the names that were trashed."""
    found = place.look()
    for entry in place.operations.trash_folder.entries(str(place.root)):
        path = Path(entry.path)
        found["trash:" + path.name] = None if path.is_dir() else path.read_bytes()
    return found


ACTS: dict[str, Callable[[Place], Callable[[Operations], object]]] = {
    "rename": lambda p: lambda o: o.rename(p.path("a.png"), "x"),
    "move": lambda p: lambda o: o.move(p.path("a.png"), p.path("sub")),
    "copy": lambda p: lambda o: o.copy(p.path("a.png"), p.path("sub")),
    "import": lambda p: lambda o: o.bring(str(p.root.parent / "journal0"), p.path("sub")),
    "trash": lambda p: lambda o: o.trash(p.path("a.png"), {"rating": 3}),
    "trash folder": lambda p: lambda o: o.trash(p.path("sub")),
    "make folder": lambda p: lambda o: o.make_folder(str(p.root), "new"),
    "remove folder": lambda p: lambda o: o.remove_folder(p.path("empty")),
    "restore": lambda p: lambda o: o.restore(next(o.trash_folder.entries(str(p.root)))),
}
MODES = {
    "rename": ("rename", "link"),
    "move": ("rename", "link", "copy"),
    "copy": ("rename", "link"),
    "trash": ("rename", "link", "copy"),
    "restore": ("rename", "copy"),
}


@pytest.mark.parametrize(
    ("name", "mode"), [(name, mode) for name in ACTS for mode in MODES.get(name, ("rename",))]
)
def test_killed_before_every_step(tmp_path: Path, name: str, mode: str) -> None:
    for step in range(1, 60):
        base = tmp_path / str(step)
        base.mkdir()
        place = make_place(base)
        (place.root / "empty").mkdir()
        (base / "journal0").write_bytes(b"from outside")
        if name == "restore":
            place.operations.trash(place.path("b.png"))
        before = whole(place)
        is_whole = run_and_die(place, ACTS[name](place), step, mode)
        finish(place)
        after = whole(place)
        states = {state for _, state, _ in place.journal.rows()}
        assert "intent" not in states
        last = place.journal.rows()[-1:]
        is_done = bool(last) and last[0][1] == "done" and is_new(last[0][2], name)
        assert (after == before) != is_done, (step, after.keys() ^ before.keys())
        assert not [key for key in after if key.endswith(".part")]
        if is_done and last[0][2] is not None:
            place.operations.undo(last[0][2])
            assert place.look() == restored(before)
        if is_whole:
            assert step > 3
            return
    pytest.fail("more steps than expected")


def is_new(change: Change | None, name: str) -> bool:
    """Return whether the last entry is the act's own, not the preparation's."""
    return change is not None and (name != "restore" or change.action == "restore")


def restored(before: dict[str, bytes | None]) -> dict[str, bytes | None]:
    return {key: value for key, value in before.items() if not key.startswith("trash:")}


def test_delete_is_finished(place: Place) -> None:
    place.operations.trash(place.path("a.png"))
    entry = next(place.operations.trash_folder.entries(str(place.root)))
    change = Change("delete", source=entry.path, trash_id=entry.trash_id)
    assert recover(place.guard, place.operations, change) == change
    assert recover(place.guard, place.operations, change) == change
    assert not place.trashed()


def test_target_made_by_another_stays(place: Place) -> None:
    change = Change("move", place.path("a.png"), place.path("b.png"))
    before = place.look()
    assert recover(place.guard, place.operations, change) is None
    folder = Change("move", place.path("sub"), place.path("a.png"), is_folder=True)
    assert recover(place.guard, place.operations, folder) is None
    assert place.look() == before


def test_neither_source_nor_target(place: Place) -> None:
    change = Change("move", place.path("x"), place.path("y"))
    assert recover(place.guard, place.operations, change) is None


def test_target_folder_is_away(place: Place) -> None:
    change = Change("move", place.path("a.png"), place.path("gone/a.png"))
    assert recover(place.guard, place.operations, change) is None
    change = Change("move", place.path("x.png"), place.path("gone/a.png"))
    with pytest.raises(FileGuardError):
        recover(place.guard, place.operations, change)

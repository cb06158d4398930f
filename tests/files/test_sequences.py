"""Random sequences undo to the same tree; two processes never lose or replace a file."""

from __future__ import annotations

import os
import random
import shutil
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smartgallery_tui.errors import FileChangeError, FileGuardError
from smartgallery_tui.files import Done, Guard, Operations
from tests.files.conftest import FileJournal, Place, make_place

NAMES = st.sampled_from(["a", "b", "x.png", "é", "A.png", "clip", "sub", "deep"])
STEP = st.tuples(
    st.sampled_from(["rename", "move", "copy", "trash", "make", "remove", "folder"]),
    st.integers(0, 50),
    st.integers(0, 50),
    NAMES,
)


def pick(place: Place, number: int, *, is_folder: bool) -> str:
    found = [key for key, value in place.look().items() if (value is None) == is_folder]
    if is_folder:
        found.append("")
    return place.path(found[number % len(found)]).rstrip("/") if found else place.path("none")


def do(place: Place, step: tuple[str, int, int, str]) -> Done:
    kind, one, two, name = step
    files, operations = pick(place, one, is_folder=False), place.operations
    folder, other = pick(place, one, is_folder=True), pick(place, two, is_folder=True)
    if kind == "rename":
        return operations.rename(files, name)
    if kind == "move":
        return operations.move(folder if two % 3 == 0 else files, other)
    if kind == "copy":
        return operations.copy(files, other)
    if kind == "trash":
        return operations.trash(folder if two % 3 == 0 else files)
    if kind == "make":
        return operations.make_folder(other, name)
    if kind == "remove":
        return operations.remove_folder(folder)
    return operations.rename_folder(folder, name)


@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow])
@given(steps=st.lists(STEP, min_size=1, max_size=10))
def test_undo_gives_the_same_tree(steps: list[tuple[str, int, int, str]]) -> None:
    base = Path(tempfile.mkdtemp())
    try:
        place = make_place(base)
        before = place.look()
        contents = {value for value in before.values() if value is not None}
        for step in steps:
            try:
                do(place, step)
            except (FileChangeError, FileGuardError):
                continue
            trash = place.root / ".smartgallery" / "trash"
            now = {value for value in place.look().values() if value is not None}
            now |= {path.read_bytes() for path in trash.rglob("*") if path.is_file()}
            assert contents <= now
        rows = [change for _, state, change in place.journal.rows() if state == "done"]
        for change in reversed(rows):
            if change is not None:
                place.operations.undo(change)
        assert place.look() == before
    finally:
        shutil.rmtree(base)


ROUNDS = 40


def race(place: Place, who: int) -> None:
    """Move and rename the same files as the other process, whatever becomes of it."""
    mine = Operations(Guard([str(place.root)]), FileJournal(f"{place.root}-{who}"))
    dice = random.Random(who)
    for _ in range(ROUNDS):
        files = [path for path in place.root.rglob("*.png") if ".smartgallery" not in path.parts]
        try:
            path = str(dice.choice(files))
            if dice.random() < 0.5:
                mine.rename(path, dice.choice("xyz"))
            else:
                mine.move(path, place.path(dice.choice(["sub", "sub/deep"])))
        except (FileChangeError, FileGuardError):
            continue


def test_two_processes_lose_nothing(tmp_path: Path) -> None:
    place = make_place(tmp_path)
    before = sorted(value for value in place.look().values() if value is not None)
    child = os.fork()
    if not child:  # pragma: no cover - the child
        try:
            race(place, 1)
            os._exit(0)
        finally:
            os._exit(1)
    race(place, 2)
    assert os.waitpid(child, 0)[1] == 0
    after = sorted(value for value in place.look().values() if value is not None)
    assert after == before

"""Random changes of files and marks: undo gives back the very same tree and the same words.

Larger counts on demand: SMARTGALLERY_TEST_SEQUENCES, SMARTGALLERY_TEST_ROUNDS and
SMARTGALLERY_TEST_KILLS in the environment.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import threading
import time
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from smartgallery_tui.errors import SmartGalleryError
from smartgallery_tui.library import Library
from tests.library.samples import picture

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SEQUENCES = int(os.environ.get("SMARTGALLERY_TEST_SEQUENCES", "20"))
ROUNDS = int(os.environ.get("SMARTGALLERY_TEST_ROUNDS", "40"))
KILLS = int(os.environ.get("SMARTGALLERY_TEST_KILLS", "20"))
FILES = ("a.png", "b.png", "c.png", "sub/a.png", "sub/deep/d.png", "subway/e.png")
NAMES = ("a", "b", "x", "é", "A", "sub", "deep", "new")


@pytest.fixture(autouse=True)
def no_waiting_for_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out syncs of files: only a power cut would tell."""
    monkeypatch.setattr(os, "fsync", lambda _fd: None)


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Library, Path]]:
    """One library for all sequences: each of them leaves it as it found it."""
    base = tmp_path_factory.mktemp("sequences")
    root = make_tree(base)
    with Library.open(data_dir=base / "data", cache_dir=base / "cache", roots=[root]) as library:
        library._parts.syncing.settle_s = 0.0
        library.sync()
        yield library, root


def make_tree(base: Path) -> Path:
    root = base / "root"
    for number, name in enumerate(FILES):
        picture(root / name, number)
    return root


def tree(root: Path) -> dict[str, tuple[bytes, int] | None]:
    """Return content and time of each file and each folder, without our own."""
    found: dict[str, tuple[bytes, int] | None] = {}
    for path in sorted(root.rglob("*")):
        relative = path.relative_to(root)
        if relative.parts[0] != ".smartgallery":
            is_file = path.is_file()
            found[str(relative)] = (path.read_bytes(), path.stat().st_mtime_ns) if is_file else None
    return found


def words(library: Library) -> dict[str, object]:
    """Return what is said of each file, by its path."""
    result = library.search("", sort="name")
    return {
        item.path: (library.user_data(item.id), item.is_favorite, item.rating, item.status)
        for item in result.page(0, 1000)
    }


def step(library: Library, root: Path, dice: random.Random) -> None:
    """Do one random thing, possible or not."""
    ids = library.search("").ids()
    some = dice.sample(ids, min(len(ids), dice.choice((1, 1, 2, 3))))
    folders = [folder for folder in library.folders() if Path(folder).is_dir()]
    folder, name = dice.choice(folders), dice.choice(NAMES)
    acts: list[Callable[[], object]] = [
        lambda: library.move(some, folder),
        lambda: library.copy(some, folder),
        lambda: library.trash(some),
        lambda: library.make_folder(folder, name),
        lambda: library.rename_folder(folder, name),
        lambda: library.trash_folder(folder),
        lambda: library.set_rating(some, dice.randint(0, 5)),
        lambda: library.set_favorite(some, on=dice.random() < 0.5),
        lambda: library.tag(some, name),
        lambda: library.set_note(some, name),
        lambda: library.restore(library.trashed()[:1]),
        library.undo,
        library.redo,
    ]
    if some:
        acts += [lambda: library.rename(some[0], name)] * 2
    dice.choice(acts)()


@pytest.mark.parametrize("seed", range(SEQUENCES))
def test_undo_gives_everything_back(opened: tuple[Library, Path], seed: int) -> None:
    library, root = opened
    before, said = tree(root), words(library)
    dice = random.Random(seed)
    for _ in range(dice.randint(1, 8)):
        step(library, root, dice)
    for _ in range(100):
        outcomes = library.undo()
        if not outcomes:
            break
        assert all(outcome.ok for outcome in outcomes), (seed, outcomes)
    assert tree(root) == before
    assert words(library) == said
    library.empty_trash()


def contents(root: Path) -> list[bytes]:
    """Return the content of every file below a root, those in the trash included, sorted."""
    own = root / ".smartgallery"
    return sorted(
        path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and (own not in path.parents or path.suffix == ".png")
    )


def shuffle(base: Path, root: Path, seed: int, rounds: int) -> None:
    """Move, rename, trash, restore and undo in a process of its own, whatever becomes of it."""
    dice = random.Random(seed)
    with Library.open(data_dir=base / "data", cache_dir=base / "cache", roots=[root]) as library:
        for _ in range(rounds):
            with suppress(SmartGalleryError, IndexError):
                shuffle_once(library, root, dice)


def shuffle_once(library: Library, root: Path, dice: random.Random) -> None:
    ids = library.search("").ids()
    some = dice.sample(ids, min(len(ids), 2))
    folder = str(root / dice.choice(("", "sub", "sub/deep"))).rstrip("/")
    acts: list[Callable[[], object]] = [
        lambda: library.move(some, folder),
        lambda: library.rename(some[0], dice.choice(NAMES)),
        lambda: library.trash(some[:1]),
        lambda: library.restore(library.trashed()[:2]),
        library.undo,
    ]
    dice.choice(acts)()


def in_child(act: Callable[[], object]) -> int:
    child = os.fork()
    if child:
        return child
    try:  # pragma: no cover - the child
        act()
        os._exit(0)
    finally:
        os._exit(1)


def test_two_processes_lose_and_replace_nothing(tmp_path: Path) -> None:
    root = make_tree(tmp_path)
    with Library.open(data_dir=tmp_path / "data", cache_dir=tmp_path, roots=[root]) as library:
        library.sync()
    before = contents(root)
    children = [
        in_child(lambda seed=seed: shuffle(tmp_path, root, seed, ROUNDS)) for seed in (1, 2)
    ]
    for child in children:
        assert os.waitpid(child, 0)[1] == 0
    assert contents(root) == before
    with Library.open(data_dir=tmp_path / "data", cache_dir=tmp_path, roots=[root]) as library:
        library.sync()
        library.restore(library.trashed())
        library.sync()
        assert library.search("").total == len(FILES)


def test_no_file_is_lost_in_a_kill(tmp_path: Path) -> None:
    root = make_tree(tmp_path)
    data = {"data_dir": tmp_path / "data", "cache_dir": tmp_path, "roots": [root]}
    with Library.open(**data) as library:  # type: ignore[arg-type]
        library.sync()
    before = contents(root)
    dice = random.Random(7)
    for number in range(KILLS):
        child = in_child(lambda number=number: shuffle(tmp_path, root, number, 10_000))
        timer = threading.Timer(dice.uniform(0.02, 0.25), os.kill, (child, signal.SIGKILL))
        timer.start()
        os.waitpid(child, 0)
        timer.join()
        began = time.perf_counter()
        with Library.open(**data) as library:  # type: ignore[arg-type]
            assert time.perf_counter() - began < 5
            with library._parts.context.store.read() as db:
                rows = db.execute("SELECT count(*) FROM user.journal WHERE state='intent'")
                assert rows.fetchone() == (0,)
        assert contents(root) == before, number
        assert not list(root.rglob("*.part"))
    with Library.open(**data) as library:  # type: ignore[arg-type]
        library.sync()
        library.restore(library.trashed())
        library.sync()
        assert library.search("").total == len(FILES)


def other_disk(tmp_path: Path) -> Iterator[Path]:
    """Yield a folder on another file system where there is one, else a second folder."""
    shm = Path("/dev/shm")
    is_other = shm.is_dir() and shm.stat().st_dev != tmp_path.stat().st_dev
    place = shm / f"sequences-{os.getpid()}" if is_other else tmp_path / "other"
    place.mkdir()
    yield place
    shutil.rmtree(place)


elsewhere = pytest.fixture(other_disk, name="elsewhere")


def bring(base: Path, roots: list[Path], seed: int) -> None:
    """Copy, import, move to the other disk and pack in a process of its own, again and again."""
    dice = random.Random(seed)
    root, other = roots
    with Library.open(data_dir=base / "data", cache_dir=base / "cache", roots=roots) as library:
        while True:
            with suppress(SmartGalleryError, IndexError):
                bring_once(library, base, dice.choice((root, root / "sub", other)), dice)


def bring_once(library: Library, base: Path, folder: Path, dice: random.Random) -> None:
    ids = library.search("").ids()
    some = dice.sample(ids, min(len(ids), 2))
    acts: list[Callable[[], object]] = [
        lambda: library.copy(some, str(folder)),
        lambda: library.move(some, str(folder)),
        lambda: library.import_files([str(base / "in")], str(folder)),
        lambda: library.export_archive(some, str(base / "out" / "x.zip")),
        lambda: library.export(some, str(base / "out")),
        library.undo,
        library.undo,
    ]
    dice.choice(acts)()


def test_no_file_is_lost_or_torn_when_copies_are_killed(tmp_path: Path, elsewhere: Path) -> None:
    root = make_tree(tmp_path)
    for number in (20, 21, 22):
        path = picture(tmp_path / "in" / f"{number}.png", number)
        with path.open("ab") as file:
            file.write(bytes([number]) * 700_000)
    roots = [root, elsewhere]
    data = {"data_dir": tmp_path / "data", "cache_dir": tmp_path / "cache", "roots": roots}
    with Library.open(**data) as library:  # type: ignore[arg-type]
        library.sync()
    mine = set(contents(root))
    known = mine | set(contents(tmp_path / "in"))
    dice = random.Random(8)
    for number in range(KILLS):
        child = in_child(lambda number=number: bring(tmp_path, roots, number))
        timer = threading.Timer(dice.uniform(0.05, 0.4), os.kill, (child, signal.SIGKILL))
        timer.start()
        os.waitpid(child, 0)
        timer.join()
        with Library.open(**data) as library:  # type: ignore[arg-type]
            assert not [text for text in library.notices if "waits" in text]
        found = {*contents(root), *contents(elsewhere)}
        assert mine <= found, "lost"
        assert found <= known, "torn"
        assert not [*root.rglob("*.part"), *elsewhere.rglob("*.part")]
        assert len(contents(tmp_path / "in")) == 3
        for path in (tmp_path / "out").glob("*"):
            assert path.suffix in {".zip", ".png"}
            if path.suffix == ".zip":
                with zipfile.ZipFile(path) as packed:
                    assert packed.testzip() is None
            else:
                assert path.read_bytes() in known
            path.unlink()
        for place in roots:  # so that the next round has not ever more to copy
            keep_one_of_each(place, mine)


def keep_one_of_each(root: Path, wanted: set[bytes]) -> None:
    """Remove what was copied and imported, as somebody outside the program might."""
    for path in list(root.rglob("*.png")):
        if path.read_bytes() not in wanted:
            path.unlink()

"""What happens on a full and on a read-only disk; also run inside a mount namespace.

As a program: `python -m tests.library.small_disk BASE PLACE`, where PLACE is a file system of
`DISK_BYTES`; prints one word for each scenario that held.
"""

from __future__ import annotations

import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from smartgallery_tui.errors import SmartGalleryError
from smartgallery_tui.library import Library
from tests.library.samples import picture

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smartgallery_tui.records import Outcome

DISK_BYTES = 2_000_000
LARGE_BYTES = 3_000_000
NO_SPACE = "No space left"


def tree(root: Path) -> dict[str, bytes]:
    """Return every file below a folder, hidden ones included, without what the trash is made of."""
    return {
        str(path.relative_to(root)): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and path.suffix != ".json"
    }


def large(path: Path, number: int) -> Path:
    """Write a picture that is larger than the disk."""
    picture(path, number)
    with path.open("ab") as file:
        file.truncate(LARGE_BYTES)
    return path


def opened(base: Path, *roots: Path) -> Library:
    """Return a library on some folders, read."""
    library = Library.open(data_dir=base / "data", cache_dir=base / "cache", roots=roots)
    library._parts.syncing.settle_s = 0.0
    library.sync()
    return library


def found(library: Library, path: Path) -> int:
    """Return the row of a file."""
    item_id = library.find_path(path)
    assert item_id is not None, path
    return item_id


def refused(outcomes: Sequence[Outcome], reason: str) -> None:
    """Check that nothing worked, and that each outcome says why in one line."""
    for outcome in outcomes:
        assert not outcome.ok
        assert reason in outcome.reason, outcome
        assert "\n" not in outcome.reason


def full_disk(base: Path, place: Path, *, is_real: bool = True) -> None:
    """Nothing that does not fit leaves a trace; everything is where it was.

    Args:
        base: A folder on a large disk.
        place: The small disk.
        is_real: It is one: moves across disks copy, and every writer meets its end.
    """
    home, other = base / "home", place / "root"
    source = large(home / "large.png", 1)
    picture(home / "small.png", 2)
    picture(other / "there.png", 3)
    with opened(base, home, other) as library:
        one, small = found(library, source), found(library, home / "small.png")
        library.set_rating([one], 4)
        before = tree(home), tree(place)
        refused(library.copy([one], str(other)), NO_SPACE)
        refused(library.import_files([str(source)], str(other)), NO_SPACE)
        refused(library.export([one], str(place / "out")), NO_SPACE)
        if is_real:
            refused(library.move([one], str(other)), NO_SPACE)
            refused(library.export_archive([one], str(place / "out" / "x.zip")), NO_SPACE)
        assert (tree(home), tree(place)) == before
        # What fits goes on: to the other file system and back again.
        library.set_rating([small], 5)
        assert library.move([small], str(other))[0].ok
        assert library.item(small).path == str(other / "small.png")
        assert library.undo()[0].ok
        assert (tree(home), tree(place)) == before
        assert (library.item(small).rating, library.item(one).rating) == (5, 4)


def no_byte_left(base: Path, place: Path) -> None:
    """With no byte left a file is thrown away or stays; it is never lost."""
    other = place / "root"
    picture(other / "there.png", 3)
    with opened(base, other) as library:
        one = found(library, other / "there.png")
        kept = (other / "there.png").read_bytes()
        with (place / "filler").open("wb", buffering=0) as filler, suppress(OSError):
            while filler.write(bytes(4096)):
                pass
        (outcome,) = library.trash([one])
        assert kept in tree(place).values()
        if not outcome.ok:
            assert NO_SPACE in outcome.reason
        (place / "filler").unlink()
        if outcome.ok:
            assert library.undo()[0].ok
        assert (other / "there.png").read_bytes() == kept


def full_data_folder(base: Path, place: Path) -> None:
    """Where the databases cannot grow one still looks around; a mark fails with a sentence."""
    home = base / "home"
    for number in range(20):
        picture(home / f"{number}.png", number)
    with opened(place, home) as library:
        ids = library.search("").ids()
        library.set_note(ids[:1], "before")
        with (place / "filler").open("wb", buffering=0) as filler, suppress(OSError):
            while filler.write(bytes(512)):
                pass
        with suppress(SmartGalleryError):
            for round_number in range(50):
                library.set_note(ids, f"{round_number}" * 2000)
        assert library.search("").total == 20
        assert library.item(ids[0]).name
        (place / "filler").unlink()
        library.set_note(ids[:1], "after")
        assert library.user_data(ids[0]).note == "after"
    with Library.open(data_dir=place / "data", cache_dir=base / "c", roots=[home]) as library:
        assert library.user_data(ids[0]).note == "after"


def read_only_folder(base: Path, place: Path) -> None:
    """Nothing changes on a disk that cannot be written, and each refusal says so."""
    other, home = place / "root", base / "home"
    picture(other / "there.png", 3)
    picture(home / "here.png", 4)
    subprocess.run(["mount", "-o", "remount,ro", str(place)], check=True)
    with opened(base, home, other) as library:
        there, here = (found(library, other / "there.png"), found(library, home / "here.png"))
        before = tree(home), tree(place)
        why = "Read-only file system"
        refused(library.rename(there, "new"), why)
        refused(library.move([there], str(home)), why)
        refused(library.move([here], str(other)), why)
        refused(library.trash([there]), why)
        refused(library.delete([there]), why)
        refused([library.make_folder(str(other), "new")], why)
        refused(library.import_files([str(home / "here.png")], str(other)), why)
        refused(library.export([here], str(place / "out")), why)
        assert (tree(home), tree(place)) == before
        assert library.copy([there], str(home))[0].ok, "reading is all that a copy needs"
        assert library.undo()[0].ok
        assert library.item(there).state == "indexed"


SCENARIOS = (full_disk, no_byte_left, full_data_folder, read_only_folder)


def main() -> None:
    """Run every scenario on a new small disk in this mount namespace."""
    base, place = Path(sys.argv[1]), Path(sys.argv[2])
    for scenario in SCENARIOS:
        size = f"size={DISK_BYTES}"
        subprocess.run(["mount", "-t", "tmpfs", "-o", size, "tmpfs", str(place)], check=True)
        scenario(base / scenario.__name__, place)
        subprocess.run(["umount", str(place)], check=True)
        print(scenario.__name__)


if __name__ == "__main__":
    main()

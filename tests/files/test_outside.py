"""No name, path or link leads out of the roots, whatever is tried."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smartgallery_tui.errors import ContainerError, FileChangeError, FileGuardError
from smartgallery_tui.files import Exporter, Operations
from smartgallery_tui.records import Trashed
from tests.files.conftest import Place, make_place

PARTS = st.sampled_from(
    ["..", ".", "", "a.png", "sub", "deep", "out", "up", "loop", "file", "new", "\0", "x" * 300,
     ".smartgallery", "trash", "-rf", "~", "é", "\udcff", "a\nb", "..\\..", "C:"]
)  # fmt: skip
RELATIVE = st.lists(PARTS, max_size=5).map("/".join)
ABSOLUTE = st.sampled_from(["/", "/etc", "/etc/passwd", "//etc", "", "relative"])
KIND = st.sampled_from(
    ["rename", "rename folder", "move", "copy", "together", "bring", "make", "remove", "trash",
     "restore", "delete", "export", "clean"]
)  # fmt: skip
STEP = st.tuples(KIND, RELATIVE, RELATIVE, ABSOLUTE, st.integers(0, 5))


def outside_of(base: Path) -> dict[str, bytes | None]:
    """Return what lies beside the root, byte by byte."""
    return {
        str(path.relative_to(base)): path.read_bytes() if path.is_file() else None
        for path in sorted((base / "outside").rglob("*"))
    }


def attempt(place: Place, step: tuple[str, str, str, str, int], out: Path) -> None:
    """Try one thing with paths that may be anything."""
    kind, one, two, absolute, dice = step
    operations: Operations = place.operations
    path = absolute if dice == 0 else place.path(one)
    target = absolute if dice == 1 else place.path(two)
    entry = Trashed("id", path, target, 0)
    acts = {
        "rename": lambda: operations.rename(path, two),
        "rename folder": lambda: operations.rename_folder(path, two),
        "move": lambda: operations.move(path, target),
        "copy": lambda: operations.copy(path, target),
        "together": lambda: operations.together([path], target),
        "bring": lambda: operations.bring(path, target),
        "make": lambda: operations.make_folder(path, two),
        "remove": lambda: operations.remove_folder(path),
        "trash": lambda: operations.trash(path),
        "restore": lambda: operations.restore(entry),
        "delete": lambda: operations.delete(entry),
        "export": lambda: Exporter(place.guard, str(out)).original(path),
        "clean": lambda: Exporter(place.guard, str(out)).clean(path),
    }
    acts[kind]()


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(steps=st.lists(STEP, min_size=1, max_size=4))
def test_nothing_outside_is_read_or_changed(steps: list[tuple[str, str, str, str, int]]) -> None:
    base = Path(tempfile.mkdtemp())
    try:
        place = make_place(base)
        mine = {data for data in place.look().values() if data is not None}
        (base / "outside" / "deep").mkdir(parents=True)
        (base / "outside" / "a.png").write_bytes(b"canary")
        (base / "outside" / "deep" / "file").write_bytes(b"canary")
        (place.root / "out").symlink_to(base / "outside")
        (place.root / "up").symlink_to("..")
        (place.root / "loop").symlink_to("loop")
        (place.root / "file").symlink_to(base / "outside" / "a.png")
        before = outside_of(base)
        for step in steps:
            # Whatever is not refused in words is a defect: every other error fails the test.
            with suppress(FileChangeError, FileGuardError, ContainerError):
                attempt(place, step, base / "exports")
        assert outside_of(base) == before
        assert {path.name for path in base.iterdir()} <= {"root", "outside", "journal", "exports"}
        found = [path for path in place.root.rglob("*") if path.is_file() and not path.is_symlink()]
        held = {path.read_bytes() for path in found}
        if not any(step[0] == "bring" for step in steps):
            assert b"canary" not in held, "nothing comes in through a link"
        if not any(step[0] == "delete" for step in steps):
            assert mine <= held
        for copy in (base / "exports").glob("*"):
            assert copy.read_bytes() != b"canary"
    finally:
        shutil.rmtree(base)

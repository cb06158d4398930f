"""No path leads out of the roots, no name does harm."""

from __future__ import annotations

import ctypes
import errno
import os
from typing import TYPE_CHECKING

import pytest

from smartgallery_tui.errors import FileGuardError
from smartgallery_tui.files import Guard, check_name, keep_extension, linux, usable_name
from smartgallery_tui.files.places import names_in

if TYPE_CHECKING:
    from pathlib import Path

    from tests.files.conftest import Place


@pytest.mark.parametrize("name", ["a.png", "東京 (1).png", "🦊.png", "v1.2", "x" * 246 + ".png"])
def test_good_names(name: str) -> None:
    assert check_name(name) == name


def test_usable_names() -> None:
    assert usable_name("a.json") == "a.json"
    assert usable_name("shot: 1?\udcff\n.json") == "shot_ 1___.json"
    assert usable_name("..json") == "json"
    assert usable_name(" . ") == "_"
    long = usable_name("é" * 300 + ".json")
    assert long.endswith("é.json")
    assert len(os.fsencode(long)) <= 251
    assert len(usable_name("n" * 300 + ".json")) <= 246


@pytest.mark.parametrize(
    "name",
    [
        "", ".", "..", "../x", "a/b", "a\\b", "/etc/passwd", ".hidden", "a.", " a", "a ",
        "a\0b", "a\nb", "a\x1b[2J", "a\u202eb", "a:b", "a*b", "a?b", 'a"b', "a<b", "a>b", "a|b",
        "x" * 251, "東" * 100, os.fsdecode(b"\xff"),
    ],
)  # fmt: skip
def test_bad_names(name: str) -> None:
    with pytest.raises(FileGuardError) as caught:
        check_name(name)
    assert "\n" not in str(caught.value)


def test_extension_is_kept() -> None:
    assert keep_extension("a.png", "b") == "b.png"
    assert keep_extension("a.png", "b.PNG") == "b.PNG"
    assert keep_extension("a.png", "v1.2") == "v1.2.png"
    assert keep_extension("a", "b") == "b"


@pytest.mark.parametrize(
    "path",
    [
        "a.png", "/etc/passwd", "ROOT/../x", "ROOT/./x", "ROOT//x", "ROOT2/x", "ROOT/\0",
        "ROOT/" + "x" * 4096,
    ],
)  # fmt: skip
def test_paths_outside_are_refused(place: Place, path: str) -> None:
    with pytest.raises(FileGuardError):
        place.guard.root_of(path.replace("ROOT", str(place.root)))


def test_innermost_root(tmp_path: Path) -> None:
    guard = Guard(["/x", "/x/y/", "/"])
    assert guard.root_of("/x/y/z") == "/x/y"
    assert guard.root_of("/x/z") == "/x"
    assert guard.root_of("/q") == "/"


@pytest.fixture(params=[True, False], ids=["openat2", "walk"])
def kernel(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Run with openat2 and as if the kernel had none."""
    if not request.param:

        class Old:
            def syscall(self, *_: object) -> int:
                ctypes.set_errno(errno.ENOSYS)
                return -1

        monkeypatch.setattr(linux, "_libc", Old)
    return bool(request.param)


def test_links_leading_outside_are_refused(place: Place, kernel: bool, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (place.root / "out").symlink_to(tmp_path / "outside")
    (place.root / "up").symlink_to("..")
    (place.root / "loop").symlink_to("loop")
    for name in ("out", "up", "out/x", "up/outside", "loop", "absent", "a.png"):
        with pytest.raises(FileGuardError), place.guard.folder(place.path(name)):
            pass
    with place.guard.folder(place.path("sub/deep")) as fd:
        assert names_in(fd) == ["c.gif"]
    with place.guard.folder(str(place.root)) as fd:
        assert "sub" in names_in(fd)


def test_walk_refuses_going_up(place: Place) -> None:
    fd = os.open(place.root, os.O_RDONLY)
    try:
        with pytest.raises(OSError, match="cross-device"):
            linux._walk_beneath(fd, "sub/../..")
        os.close(linux._walk_beneath(fd, "./sub"))
    finally:
        os.close(fd)


def test_own_folder_and_roots_are_refused(place: Place) -> None:
    (place.root / ".smartgallery" / "trash").mkdir(parents=True)
    for name in (".smartgallery", ".smartgallery/trash"):
        with pytest.raises(FileGuardError), place.guard.folder(place.path(name)):
            pass
        with pytest.raises(FileGuardError), place.guard.entry(place.path(name)):
            pass
        with place.guard.folder(place.path(name), is_own=True):
            pass
    with pytest.raises(FileGuardError), place.guard.entry(str(place.root)):
        pass


def test_absent_root(tmp_path: Path) -> None:
    guard = Guard([str(tmp_path / "gone")])
    with pytest.raises(FileGuardError, match="No such file"), guard.folder(str(tmp_path / "gone")):
        pass

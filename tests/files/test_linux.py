"""Nothing is ever replaced, whatever the kernel and the file system can do."""

from __future__ import annotations

import ctypes
import errno
import os
from typing import TYPE_CHECKING

import pytest

from smartgallery_tui.files import linux

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[int]:
    (tmp_path / "a").write_bytes(b"A")
    (tmp_path / "b").write_bytes(b"B")
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "x").write_bytes(b"X")
    (tmp_path / "e").mkdir()
    fd = os.open(tmp_path, os.O_RDONLY)
    yield fd
    os.close(fd)


def fail(code: int) -> object:
    def call(*_: object, **__: object) -> None:
        raise OSError(code, os.strerror(code))

    return call


@pytest.fixture(params=["renameat2", "no function", "link", "no link"])
def ability(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "no function":
        monkeypatch.setattr(linux, "_libc", object)
    elif request.param != "renameat2":
        monkeypatch.setattr(linux, "_renameat2", fail(errno.EINVAL))
    if request.param == "no link":
        monkeypatch.setattr(os, "link", fail(errno.EPERM))
    return str(request.param)


def test_moves_what_is_free(folder: int, ability: str, tmp_path: Path) -> None:
    linux.rename_noreplace(folder, "a", folder, "c")
    linux.rename_noreplace(folder, "d", folder, "f")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b", "c", "e", "f"]
    assert (tmp_path / "c").read_bytes() == b"A"
    assert (tmp_path / "f" / "x").read_bytes() == b"X"


@pytest.mark.parametrize(("source", "target"), [("a", "b"), ("a", "e"), ("d", "b"), ("d", "e")])
def test_refuses_what_is_taken(
    folder: int, ability: str, source: str, target: str, tmp_path: Path
) -> None:
    before = sorted(str(path) for path in tmp_path.rglob("*"))
    with pytest.raises(FileExistsError):
        linux.rename_noreplace(folder, source, folder, target)
    assert sorted(str(path) for path in tmp_path.rglob("*")) == before
    assert (tmp_path / "b").read_bytes() == b"B"


def test_absent_source(folder: int, ability: str) -> None:
    with pytest.raises(FileNotFoundError):
        linux.rename_noreplace(folder, "nothing", folder, "z")


def test_reserved_name_is_taken_away_on_failure(
    folder: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(linux, "_renameat2", fail(errno.ENOSYS))
    monkeypatch.setattr(os, "link", fail(errno.EPERM))
    monkeypatch.setattr(os, "rename", fail(errno.EIO))
    for source in ("a", "d"):
        with pytest.raises(OSError, match="Input/output"):
            linux.rename_noreplace(folder, source, folder, "z")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b", "d", "e"]


def test_other_errors_pass(folder: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linux, "_renameat2", fail(errno.EXDEV))
    with pytest.raises(OSError, match="cross-device"):
        linux.rename_noreplace(folder, "a", folder, "z")
    monkeypatch.setattr(linux, "_renameat2", fail(errno.ENOSYS))
    monkeypatch.setattr(os, "link", fail(errno.EXDEV))
    with pytest.raises(OSError, match="cross-device"):
        linux.rename_noreplace(folder, "a", folder, "z")


def test_other_openat2_errors_pass(folder: int) -> None:
    with pytest.raises(FileNotFoundError):
        linux.open_beneath(folder, "nothing")


@pytest.mark.parametrize("times", [3, 1000])
def test_opening_is_tried_again_while_others_rename(
    folder: int, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    calls: list[object] = []

    class Busy:
        @staticmethod
        def syscall(*arguments: object) -> int:
            calls.append(arguments)
            if len(calls) > times:
                return os.open(".", os.O_RDONLY, dir_fd=folder)
            ctypes.set_errno(errno.EAGAIN)
            return -1

    monkeypatch.setattr(linux, "_libc", Busy)
    if times > 100:
        with pytest.raises(BlockingIOError):
            linux.open_beneath(folder, "sub")
        return
    os.close(linux.open_beneath(folder, "sub"))
    assert len(calls) == times + 1

from __future__ import annotations

import io
import os
import tarfile
import threading
import zipfile
from typing import TYPE_CHECKING

import pytest

from smartgallery_tui.errors import FileChangeError
from smartgallery_tui.files import Packer, Watch, writing
from smartgallery_tui.files.archive import beside, inside_names

if TYPE_CHECKING:
    from pathlib import Path


def packed(place: Path, name: str, contents: dict[str, bytes]) -> Path:
    target = place / name
    fd = os.open(target, os.O_RDWR | os.O_CREAT)
    try:
        with writing(name, fd) as archive:
            packer = Packer(archive, Watch())
            for inside, data in contents.items():
                packer.content(inside, io.BytesIO(data), len(data), 1_700_000_000_000_000_000)
            assert packer.count == len(contents)
    finally:
        os.close(fd)
    return target


CONTENTS = {
    "sub/a.png": b"one" * 5_000_000,
    "Sub/A.png": b"two",
    "b\udcff.png": b"",
    "é.json": b"{}",
}


def test_zip(tmp_path: Path) -> None:
    with zipfile.ZipFile(packed(tmp_path, "x.ZIP", CONTENTS)) as found:
        assert found.testzip() is None
        names = found.namelist()
        assert names == ["sub/a.png", "Sub/A(1).png", "b\ufffd.png", "é.json"]
        assert [found.read(name) for name in names] == list(CONTENTS.values())
        assert found.getinfo("sub/a.png").date_time[0] == 2023


@pytest.mark.parametrize("name", ["x.tar", "x.tar.gz", "x.tgz"])
def test_tar(tmp_path: Path, name: str) -> None:
    with tarfile.open(packed(tmp_path, name, CONTENTS)) as found:
        assert found.getnames() == ["sub/a.png", "Sub/A(1).png", "b\udcff.png", "é.json"]
        assert found.extractfile("sub/a.png").read() == CONTENTS["sub/a.png"]
        assert found.getmember("sub/a.png").mtime == 1_700_000_000


@pytest.mark.parametrize("name", ["x.zip", "x.tar"])
def test_names_that_would_become_one_are_told_apart(tmp_path: Path, name: str) -> None:
    names = [os.fsdecode(name) for name in (b"b\xff.png", b"b\xfe.png", b"B\xfd.PNG")]
    contents = dict(zip(names, (b"one", b"two", b"three"), strict=True))
    target = packed(tmp_path, name, contents)
    if name.endswith("zip"):
        with zipfile.ZipFile(target) as found:
            assert found.namelist() == ["b\ufffd.png", "b\ufffd(1).png", "B\ufffd(2).PNG"]
            assert [found.read(each) for each in found.namelist()] == list(contents.values())
    else:
        with tarfile.open(target) as found:
            assert len({each.casefold() for each in found.getnames()}) == 3


def test_times_that_no_zip_knows(tmp_path: Path) -> None:
    times = (-(10**30), -1, 0, 2**62, 2**63 - 1, 10**30)
    with (tmp_path / "x.zip").open("w+b") as file, writing("x.zip", file.fileno()) as archive:
        packer = Packer(archive, Watch())
        for time_ns in times:
            packer.content(f"{time_ns}.txt", io.BytesIO(), 0, time_ns)
    with zipfile.ZipFile(tmp_path / "x.zip") as found:
        assert all(1980 <= entry.date_time[0] < 2108 for entry in found.infolist())


def test_no_other_kind(tmp_path: Path) -> None:
    with pytest.raises(FileChangeError, match="ends in none"):
        packed(tmp_path, "x.rar", {})


def torn(place: Path, name: str, data: bytes, size: int, watch: Watch) -> Packer:
    """Pack bytes that are said to be another number; return the packer."""
    with (place / name).open("w+b") as file, writing(name, file.fileno()) as archive:
        packer = Packer(archive, watch)
        with pytest.raises(FileChangeError, match=r"changed|cancelled"):
            packer.content("a.png", io.BytesIO(data), size, 0)
        return packer


@pytest.mark.parametrize(("name", "size"), [("x.zip", 2), ("x.zip", 9), ("x.tar", 9)])
def test_a_file_of_another_size_tears_the_archive(tmp_path: Path, name: str, size: int) -> None:
    packer = torn(tmp_path, name, b"12345", size, Watch())
    assert (packer.is_torn, packer.count) == (True, 0)


def test_it_can_be_stopped_and_tells_how_far_it_is(tmp_path: Path) -> None:
    stop = threading.Event()
    heard: list[int] = []

    def copied(size_bytes: int) -> None:
        heard.append(size_bytes)
        if sum(heard) > 2_000_000:
            stop.set()

    torn(tmp_path, "x.zip", b"x" * 9_000_000, 9_000_000, Watch(stop, copied))
    assert 2_000_000 < sum(heard) < 9_000_000


def test_only_regular_files(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to("x.zip")
    here = os.open(tmp_path, os.O_RDONLY)
    try:
        with (tmp_path / "x.zip").open("w+b") as file, writing("x.zip", file.fileno()) as archive:
            packer = Packer(archive, Watch())
            for name in ("folder", "link", "absent"):
                with pytest.raises(FileChangeError):
                    packer.file(here, name, name)
            assert not packer.is_torn
            packer.text("a.txt", b"text")
        with zipfile.ZipFile(tmp_path / "x.zip") as found:
            assert found.namelist() == ["a.txt"]
    finally:
        os.close(here)


def test_names_inside() -> None:
    assert inside_names(["/a/out/x.png", "/a/out/s/y.png"], ["/a/out", "/b"]) == [
        "x.png", "s/y.png",
    ]  # fmt: skip
    assert inside_names(["/a/out/x.png", "/b/in/s/y.png"], ["/a/out", "/b/in", "/b"]) == [
        "out/x.png", "in/s/y.png",
    ]  # fmt: skip
    assert beside("s/a.b.png", ".json") == "s/a.b.json"

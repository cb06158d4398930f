"""Copies out of the library: new files only, nothing half."""

from __future__ import annotations

import errno
import os
import threading
from typing import TYPE_CHECKING

import pytest

from smartgallery_tui.errors import FileChangeError, FileGuardError
from smartgallery_tui.files import export, transfer
from smartgallery_tui.files.export import Exporter
from smartgallery_tui.files.watch import Watch
from tests.containers.make_pictures import PROMPT, png, png_text

if TYPE_CHECKING:
    from pathlib import Path

    from tests.files.conftest import Place


def test_originals_and_texts(place: Place, tmp_path: Path) -> None:
    out = tmp_path / "deep" / "out"
    exporter = Exporter(place.guard, str(out))
    assert exporter.original(place.path("a.png")) == str(out / "a.png")
    assert exporter.original(place.path("sub/a.png")) == str(out / "a(1).png")
    assert (out / "a(1).png").read_bytes() == place.look()["sub/a.png"]
    assert exporter.text("a.json", b"{}") == str(out / "a.json")
    assert exporter.text("a.json", b"[]") == str(out / "a(1).json")
    assert (out / "a.json").read_bytes() == b"{}"


def test_clean(place: Place, tmp_path: Path) -> None:
    (place.root / "fox.png").write_bytes(png(png_text("prompt", PROMPT)))
    out = tmp_path / "out"
    path = Exporter(place.guard, str(out)).clean(place.path("fox.png"))
    assert (out / "fox.png").read_bytes() == png()
    assert path == str(out / "fox.png")


def test_refusals_leave_nothing(place: Place, tmp_path: Path) -> None:
    out = tmp_path / "out"
    exporter = Exporter(place.guard, str(out))
    with pytest.raises(FileChangeError):
        exporter.clean(place.path("a.png"))
    with pytest.raises(FileGuardError):
        exporter.original("/etc/hostname")
    with pytest.raises(FileGuardError):
        exporter.text("../x", b"")
    with pytest.raises(FileChangeError, match="no regular file"):
        exporter.original(place.path("sub"))
    stop = threading.Event()
    stop.set()
    with pytest.raises(FileChangeError, match="cancelled"):
        Exporter(place.guard, str(out), watch=Watch(stop)).original(place.path("a.png"))
    assert not list(out.iterdir())


def test_folder_that_cannot_be_made(place: Place) -> None:
    with pytest.raises(FileChangeError, match="cannot be written"):
        Exporter(place.guard, place.path("a.png/x")).text("a", b"")


def test_name_that_gets_taken_for_ever(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def taken(*_: object, **__: object) -> None:
        raise FileExistsError

    monkeypatch.setattr(export, "make_file", taken)
    with pytest.raises(FileChangeError, match="gets taken"):
        Exporter(place.guard, str(tmp_path)).text("a", b"")


@pytest.mark.parametrize("ability", ["nameless", "no temporary files", "no links"])
def test_a_file_has_its_name_when_it_is_complete(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ability: str
) -> None:
    seen: list[list[str]] = []
    nameless = getattr(os, "O_TMPFILE", 0)

    def fill(fd: int) -> None:
        seen.append([path.suffix for path in tmp_path.iterdir()])
        os.write(fd, b"content")

    def refuse(*_arguments: object, **_options: object) -> None:
        raise OSError(errno.EPERM, "no")

    if ability == "no temporary files":
        monkeypatch.setattr(os, "O_TMPFILE", 0)
    elif ability == "no links":
        monkeypatch.setattr(os, "link", refuse)
    here = os.open(tmp_path, os.O_RDONLY)
    try:
        transfer.make_file(here, "a.txt", fill)
        assert (tmp_path / "a.txt").read_bytes() == b"content"
        assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]
        if nameless and ability == "nameless":
            assert seen == [[]], "nothing is there before"
        else:
            assert seen[-1] == [".part"]
        with pytest.raises(FileExistsError):
            transfer.make_file(here, "a.txt", fill)
        assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]
    finally:
        os.close(here)

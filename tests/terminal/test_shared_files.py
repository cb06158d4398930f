"""Files that a terminal reads: private, gone with their object, none left behind."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from smartgallery_tui.records import Picture
from smartgallery_tui.terminal.caps import TerminalCaps
from smartgallery_tui.terminal.encode import encode
from smartgallery_tui.terminal.kitty import transmit_file
from smartgallery_tui.terminal.shared_files import SharedFiles


def test_a_file_lives_as_long_as_somebody_holds_it(tmp_path: Path) -> None:
    files = SharedFiles(tmp_path)
    file = files.write(b"pixels")
    path = Path(file.path)
    assert path.read_bytes() == b"pixels"
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    del file
    assert not path.exists()
    kept = files.write(b"more")
    files.close()
    assert not list(tmp_path.iterdir())
    with pytest.raises(FileNotFoundError):
        files.write(b"too late")
    del kept


def test_what_a_killed_process_left_is_removed(tmp_path: Path) -> None:
    child = os.fork()
    if child == 0:  # pragma: no cover - the child
        os._exit(0)
    os.waitpid(child, 0)
    left = tmp_path / f"smartgallery-pictures-{child}-abc"
    alive = tmp_path / f"smartgallery-pictures-{os.getppid()}-abc"
    for folder in (left, alive):
        folder.mkdir()
        (folder / "1.rgb").write_bytes(b"x")
    files = SharedFiles(tmp_path)
    assert not left.exists()
    assert alive.exists(), "its process still runs"
    files.close()


def test_pixels_in_a_file_keep_all_their_colours(tmp_path: Path) -> None:
    caps = TerminalCaps(protocol="kitty", sees_our_files=True)
    rgb = bytes(range(256)) * 75
    payload = encode(Picture(80, 80, rgb), caps, (8, 4))
    files = SharedFiles(tmp_path)
    shared = payload.shared(files)
    assert shared.file is not None
    assert (shared.data, shared.held_bytes) == (b"", len(rgb))
    assert Path(shared.file.path).read_bytes() == rgb
    code = transmit_file(7, shared.file.path, shared.raw_px, 8, 4)
    assert code.startswith("\x1b_Ga=T,U=1,f=24,t=f,s=80,v=80,i=7,c=8,r=4,q=2;")
    files.close()

"""Full and read-only disks: a real small one where a namespace may mount it, else by injection."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.library import small_disk

NAMESPACE = ("unshare", "--user", "--map-root-user", "--mount")


def can_mount() -> bool:
    """Tell whether this user may mount file systems of their own."""
    try:
        done = subprocess.run(
            [*NAMESPACE, "mount", "-t", "tmpfs", "tmpfs", "/mnt"], capture_output=True, check=False
        )
    except OSError:
        return False
    return done.returncode == 0


def test_on_a_real_small_disk(tmp_path: Path) -> None:
    if not can_mount():
        pytest.skip("no file system may be mounted here")
    place = tmp_path / "place"
    place.mkdir()
    command = [*NAMESPACE, sys.executable, "-m", "tests.library.small_disk"]
    done = subprocess.run(
        [*command, str(tmp_path / "base"), str(place)], capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    assert done.stdout.split() == [scenario.__name__ for scenario in small_disk.SCENARIOS]


def test_where_writing_says_that_the_disk_is_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = dict[int, int]()
    write = os.write

    def limited(fd: int, data: bytes) -> int:
        """Write to files of the small disk only until it would be full."""
        path = str(Path(f"/proc/self/fd/{fd}").readlink())
        if path.startswith(str(tmp_path / "place")):
            inode = os.fstat(fd).st_ino
            written[inode] = written.get(inode, 0) + len(data)
            if written[inode] > small_disk.DISK_BYTES:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(fd, data)

    class Limited:
        """`os` for the writer of pieces: only its writes are limited."""

        write = staticmethod(limited)

    monkeypatch.setattr("smartgallery_tui.files.pieces.os", Limited)
    small_disk.full_disk(tmp_path / "base", tmp_path / "place", is_real=False)

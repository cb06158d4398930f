from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from tests.cli.terminal import Terminal

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three pictures; `c.png` is the newest."""
    root = tmp_path / "out put"
    root.mkdir()
    for number, name in enumerate(("a", "b", "c")):
        Image.new("RGB", (32, 32), (number * 80, 90, 120)).save(root / f"{name}.png")
        os.utime(root / f"{name}.png", (1_760_000_000 + number, 1_760_000_000 + number))
    data = ["--data-dir", str(tmp_path / "data"), "--cache-dir", str(tmp_path / "cache")]
    scan = [sys.executable, "-m", "smartgallery_tui", "scan", str(root), *data]
    subprocess.run(scan, check=True, capture_output=True)
    return root


def start(tmp_path: Path, target: Path) -> Terminal:
    """Run `pick` with its output in a pipe, as `$(smartgallery pick)` does."""
    data = f"--data-dir '{tmp_path / 'data'}' --cache-dir '{tmp_path / 'cache'}'"
    line = f"'{sys.executable}' -m smartgallery_tui pick {data} | cat > '{target}'; exit $?"
    script = f"set -o pipefail; {line}"
    return Terminal(program=["bash", "-c", script])


def test_marked_paths_come_out_of_the_pipe(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "picked"
    with start(tmp_path, target) as terminal:
        terminal.read_until("c.png")
        terminal.send(b"xlx")
        terminal.read_until("2 marked")
        terminal.send(b"\r")
        assert terminal.wait() == 0
    picked = target.read_text().splitlines()
    assert picked == [str(folder / "c.png"), str(folder / "b.png")]


def test_nothing_picked_is_one(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "picked"
    with start(tmp_path, target) as terminal:
        terminal.read_until("c.png")
        terminal.send(b"q")
        assert terminal.wait() == 1
    assert target.read_text() == ""

"""The mouse on a terminal: buttons, wheel and drags are reported, other motions are not."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from tests.cli.terminal import PATIENCE_S, Terminal

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Done

MODES = (b"1000", b"1002", b"1003", b"1005", b"1006", b"1015", b"1016")


@pytest.fixture
def scanned(sg: Callable[..., Done], pictures: Path) -> Path:
    assert sg("scan", pictures).code == 0
    return pictures


def mouse(button: int, column: int, row: int, *, is_release: bool = False) -> bytes:
    """Return what a terminal sends for a button at a cell, both counted from one."""
    return f"\x1b[<{button};{column};{row}{'m' if is_release else 'M'}".encode()


def click(column: int, row: int) -> bytes:
    return mouse(0, column, row) + mouse(0, column, row, is_release=True)


def modes(seen: bytes) -> set[bytes]:
    """Return the ways of reporting the mouse that were switched on."""
    return {mode for mode in MODES if b"\x1b[?%sh" % mode in seen}


def test_click_drag_wheel_and_double_click(scanned: Path) -> None:
    with Terminal(scanned, "--graphics", "halfblock") as terminal:
        terminal.read_until("1/6")
        assert modes(terminal.seen) == {b"1000", b"1002", b"1006"}
        terminal.send(click(35, 6))
        terminal.read_until("2/6")
        drag = mouse(32, 60, 6) + mouse(0, 60, 6, is_release=True)
        terminal.send(mouse(0, 10, 6) + drag)
        terminal.read_until("3 marked")
        terminal.send(mouse(64 + 1, 10, 6))
        terminal.read_until("6/6")
        terminal.send(b"\x1b\x1b")
        terminal.send(click(10, 6) + click(10, 6))
        terminal.read_until("Back")
        terminal.send(b"Q")
        assert terminal.wait() == 0
        for mode in (b"1000", b"1002", b"1006"):
            assert b"\x1b[?%sl" % mode in terminal.seen


def test_the_mouse_is_left_to_the_terminal(scanned: Path, tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text("[view]\nmouse = false\n")
    with Terminal(scanned, "--graphics", "none", "--config", config) as terminal:
        terminal.read_until("1/6")
        terminal.send(b"q")
        assert terminal.wait() == 0
        assert modes(terminal.seen) == set()


def test_the_settings_give_it_back_at_once(scanned: Path) -> None:
    with Terminal(scanned, "--graphics", "none") as terminal:
        terminal.read_until("1/6")
        terminal.send(b"g,")
        terminal.read_until("Mouse")
        before = len(terminal.seen)
        terminal.send(b"j" * 12 + b" ")
        terminal.read_until("1 changed")
        terminal.send(b"s")
        terminal.read_until("1/6")
        end = time.monotonic() + PATIENCE_S
        while b"\x1b[?1002l" not in terminal.seen[before:] and time.monotonic() < end:
            terminal._read(0.05, end)
        assert b"\x1b[?1002l" in terminal.seen[before:]
        terminal.send(b"q")
        assert terminal.wait() == 0

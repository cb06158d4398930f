"""The Esc key and torn sequences on a real pty: near, and over a slow link."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.ui.pty.counting_terminal import PATIENCE_S, PLAIN, SILENT, Brand, CountingTerminal

if TYPE_CHECKING:
    from collections.abc import Iterator

FAR = {"SSH_CONNECTION": "1 2 3 4"}


class Typist:
    """Types on a terminal and reads what came as which key."""

    def __init__(self, terminal: CountingTerminal, notes: Path) -> None:
        self._terminal, self._notes = terminal, notes
        self._read = 0
        self.keys(1)
        terminal.settle()
        time.sleep(terminal.rtt_s)

    def send(self, data: bytes) -> float:
        """Type and return when."""
        sent_s = time.monotonic()
        self._terminal.send(data)
        return sent_s

    def keys(self, count: int) -> list[tuple[str, float]]:
        """Wait for so many more keys and return them with their times."""
        until_s = time.monotonic() + PATIENCE_S
        while True:
            lines = self._notes.read_text("utf-8").splitlines() if self._notes.exists() else []
            if len(lines) >= self._read + count:
                break
            assert time.monotonic() < until_s, f"{count} keys did not come: {lines[self._read :]}"
            time.sleep(0.002)
        found = [one.split(" ") for one in lines[self._read :]]
        self._read = len(lines)
        return [(key, float(when)) for key, when in found]

    def names(self, count: int) -> list[str]:
        """Wait for so many more keys and return their names."""
        return [key for key, _when in self.keys(count)]


def typing(notes: Path, brand: Brand = PLAIN, rtt_s: float = 0.0, **env: str) -> Iterator[Typist]:
    """Yield a typist before an app that notes its keys."""
    base = {"TERM": "xterm-256color", "TMUX": "", "SSH_CONNECTION": "", "SSH_TTY": "", "STY": "",
            "ESCDELAY": "", "PYTHONPATH": str(Path.cwd()), "PYTHONWARNINGS": "ignore"}  # fmt: skip
    argv = [sys.executable, "-m", "tests.ui.pty.key_app", str(notes)]
    with CountingTerminal(argv, brand, env={**base, **env}, rtt_s=rtt_s) as terminal:
        yield Typist(terminal, notes)
        terminal.send(b"Q")
        terminal.exit_code()


@pytest.fixture
def near(tmp_path: Path) -> Iterator[Typist]:
    """A typist on this machine."""
    yield from typing(tmp_path / "keys")


@pytest.fixture
def far(tmp_path: Path) -> Iterator[Typist]:
    """A typist over SSH, 150 ms away."""
    yield from typing(tmp_path / "keys", rtt_s=0.15, **FAR)


def quickest_escape(typist: Typist, least_s: float, most_s: float) -> None:
    """Check how long Esc waits for what may follow: a busy machine is slow now and then."""
    waits = []
    while not waits or (min(waits) >= most_s and len(waits) < 20):
        sent_s = typist.send(b"\x1b")
        [(key, when_s)] = typist.keys(1)
        assert key == "escape"
        waits.append(when_s - sent_s)
    assert least_s <= min(waits) < most_s, waits


def test_escape_is_answered_at_once_and_what_follows_is_a_key(near: Typist) -> None:
    quickest_escape(near, 0, 0.05)
    near.send(b"\x1bj")
    assert near.names(2) == ["escape", "j"]
    near.send(b"\x1b\x1b[B\x1b[A\x1b\x1bq")
    assert near.names(6) == ["escape", "down", "up", "escape", "escape", "q"]


def test_a_sequence_that_comes_in_two_parts_is_one_key_far_away(far: Typist) -> None:
    for at in (1, 2):
        far.send(b"\x1b[B"[:at])
        time.sleep(0.1)
        far.send(b"\x1b[B"[at:])
        assert far.names(1) == ["down"]
    far.send(b"\x1b")
    time.sleep(0.1)
    far.send(b"j")
    assert far.names(2) == ["escape", "j"]
    quickest_escape(far, 0.15, 0.35)


def test_a_far_terminal_that_does_not_answer_waits_for_the_delay(tmp_path: Path) -> None:
    for typist in typing(tmp_path / "keys", SILENT, **FAR):
        quickest_escape(typist, 0.4, 0.6)

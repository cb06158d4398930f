"""The line to the terminal: measured by the doctor, and noted when the program leaves."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from tests.ui.pty.counting_terminal import KITTY, SILENT, CountingTerminal

ENV = {"TERM": "xterm-256color", "TMUX": "", "SSH_CONNECTION": "1", "PYTHONPATH": str(Path.cwd())}
DOCTOR = [sys.executable, "-m", "smartgallery_tui", "doctor"]


def test_the_doctor_measures_the_line() -> None:
    with CountingTerminal(DOCTOR, KITTY, rtt_s=0.05, rate=256_000, env=ENV) as terminal:
        assert terminal.exit_code() == 0
    found = re.search(rb"line +(\d+) ms, ([\d.]+) kB/s", bytes(terminal.output))
    assert found is not None
    assert 50 <= int(found[1]) < 1000
    assert 20 < float(found[2]) < 320, "what it sends is seen by nobody, but it takes its time"
    assert b"kitty(0.41.1)" in terminal.output


def test_the_doctor_says_that_a_terminal_does_not_answer() -> None:
    with CountingTerminal(DOCTOR, SILENT, env=ENV) as terminal:
        assert terminal.exit_code() == 0
    assert b"not measured" in terminal.output

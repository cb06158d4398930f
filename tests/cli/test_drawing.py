"""Streams that go elsewhere: what still draws on the terminal, and what is refused."""

from __future__ import annotations

import os
import pty
import shutil
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from smartgallery_tui.cli.drawing import lend_terminal
from tests.cli.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SG = f"'{sys.executable}' -m smartgallery_tui"


def test_stderr_may_go_to_a_file(pictures: Path, tmp_path: Path) -> None:
    log = tmp_path / "log"
    script = f"{SG} '{pictures}' 2>'{log}'"
    with Terminal(program=["bash", "-c", script]) as terminal:
        terminal.read_until("1/6")
        terminal.send(b"q")
        assert terminal.wait() == 0
        assert terminal.is_cooked()
    assert log.read_text() == ""


def test_an_old_locale_draws_blocks_all_the_same(pictures: Path) -> None:
    old = "LC_ALL=C PYTHONUTF8=0 PYTHONCOERCECLOCALE=0"
    with Terminal(program=["bash", "-c", f"{old} {SG} '{pictures}' --graphics halfblock"]) as seen:
        seen.read_until("\u2580")
        seen.send(b"q")
        assert seen.wait(15) == 0
    assert b"\\u" not in seen.seen


def test_an_old_locale_prints_what_it_cannot_read_as_marks(pictures: Path) -> None:
    shutil.copy(next(pictures.rglob("*.png")), pictures / "caf\u00e9 \u6f22.png")
    old = "export LC_ALL=C PYTHONUTF8=0 PYTHONCOERCECLOCALE=0"
    script = f"{old}; {SG} scan '{pictures}'; {SG} find name:caf"
    with Terminal(program=["bash", "-c", script]) as terminal:
        assert terminal.wait(30) == 0
    assert "/caf\ufffd\ufffd \ufffd\ufffd\ufffd.png".encode() in terminal.seen


def test_a_folder_whose_name_is_no_text_can_be_asked_for(pictures: Path) -> None:
    odd = pictures / os.fsdecode(b"caf\xe9")
    odd.mkdir()
    shutil.copy(next(pictures.rglob("*.png")), odd / "only.png")
    script = f"{SG} scan '{pictures}' >/dev/null 2>&1; {SG} pick $'folder:\"caf\\xe9\"'"
    with Terminal(program=["bash", "-c", script]) as terminal:
        terminal.read_until("only.png")
        terminal.send(b"?")
        terminal.read_until("Keys of the grid")
        assert b"\xed\xb3\xa9" not in terminal.seen
        assert b"\\udce9" not in terminal.seen


def test_pick_needs_neither_stdout_nor_stderr(pictures: Path, tmp_path: Path) -> None:
    target, log = tmp_path / "picked", tmp_path / "log"
    script = f"{SG} scan '{pictures}' --json >/dev/null; {SG} pick >'{target}' 2>'{log}'"
    with Terminal(program=["bash", "-c", script]) as terminal:
        terminal.read_until("1/6")
        terminal.send(b"A")
        terminal.read_until("6 marked")
        terminal.send(b"\r")
        assert terminal.wait() == 0
    assert len(target.read_text().splitlines()) == 6
    assert "\x1b" not in log.read_text()


@pytest.mark.parametrize(
    ("streams", "said"),
    [
        ("| cat", "stdout is not a terminal"),
        ("< /dev/null", "stdin is not a terminal"),
        ("2>&-", ""),
    ],
)
def test_refusals_are_one_line(tmp_path: Path, streams: str, said: str) -> None:
    script = f"set -o pipefail; {SG} '{tmp_path}' {streams}"
    with Terminal(program=["bash", "-c", script]) as terminal:
        assert terminal.wait() == 2
        lines = [line for line in terminal.shown.text().splitlines() if line.strip()]
        assert len(lines) <= 2
        assert said in "".join(lines)
        assert b"\x1b[?1049h" not in terminal.seen


@contextmanager
def ends(*numbers: int) -> Iterator[None]:
    """Keep what descriptors mean and give it back."""
    kept = {number: os.dup(number) for number in numbers}
    try:
        yield
    finally:
        for number, copy in kept.items():
            os.dup2(copy, number)
            os.close(copy)


def test_what_was_lent_is_given_back(tmp_path: Path) -> None:
    master, slave = pty.openpty()
    with (tmp_path / "log").open("wb") as log, ends(0, 1, 2):
        os.dup2(slave, 0)
        os.dup2(slave, 1)
        os.dup2(log.fileno(), 2)
        with lend_terminal():
            os.write(2, b"drawn")
        os.write(2, b"logged")
    os.close(slave)
    assert os.read(master, 100) == b"drawn"
    os.close(master)
    assert (tmp_path / "log").read_bytes() == b"logged"

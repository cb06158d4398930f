"""Inside tmux: asked once whether pictures may pass, for the pane of the program alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from smartgallery_tui.paths import find_paths
from tests.cli.terminal import Terminal

if TYPE_CHECKING:
    from pathlib import Path

QUESTION = "tmux keeps pictures back"


@pytest.fixture
def pane(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A tmux on kitty that notes what it is told; passthrough is off until it is set."""
    said = tmp_path / "said"
    said.touch()
    program = tmp_path / "bin" / "tmux"
    program.parent.mkdir()
    line = "kitty(0.41.1)\\tRGB\\t1\\t%s\\t77\\t3.5a\\t10x20\\n"
    program.write_text(
        f'#!/bin/sh\n[ "$1" = set-option ] && echo "$*" >> {said}\n'
        f'[ -s {said} ] && on=1 || on=0\n[ "$1" = display-message ] && printf "{line}" $on\n'
        "exit 0\n"
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
    monkeypatch.setenv("TMUX", "/tmp/tmux-0/default,1,0")
    monkeypatch.setenv("TMUX_PANE", "%7")
    return said


def visit(folder: Path, answer: bytes | None) -> str:
    """Start, answer the question, leave; return what was seen."""
    with Terminal(folder) as terminal:
        if answer is not None:
            terminal.read_until(QUESTION)
            terminal.send(answer)
        terminal.read_until("1/6")
        terminal.send(b"q")
        assert terminal.wait() == 0
        return terminal.seen.decode("utf-8", "replace")


@pytest.mark.parametrize(("answer", "kept"), [(b"\n", "yes"), (b"n\n", "no")])
def test_the_question_is_put_once(pictures: Path, pane: Path, answer: bytes, kept: str) -> None:
    visit(pictures, answer)
    expected = "set-option -p -t %7 allow-passthrough on\n" if kept == "yes" else ""
    assert pane.read_text() == expected, "this pane alone, and only after a yes"
    assert f'passthrough = "{kept}"' in find_paths().config_file.read_text()
    pane.write_text("")
    assert QUESTION not in visit(pictures, None)
    assert pane.read_text() == expected, "another pane, the same answer"


def test_a_tmux_without_utf8_is_told_of(pictures: Path, pane: Path) -> None:
    program = pane.parent / "bin" / "tmux"
    program.write_text(program.read_text().replace("\\tRGB\\t1", "\\tRGB\\t0"))
    with Terminal(pictures) as terminal:
        terminal.read_until("tmux -u")
        terminal.send(b"Q")
        assert terminal.wait() == 0
    assert QUESTION not in terminal.seen.decode("utf-8", "replace")

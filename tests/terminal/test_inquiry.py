"""A question to the terminal: what is asked where, and when its answer is whole."""

from __future__ import annotations

import base64
import re
from pathlib import Path
from typing import TYPE_CHECKING

from smartgallery_tui.terminal.inquiry import Inquiry
from smartgallery_tui.terminal.shared_files import SharedFiles
from smartgallery_tui.terminal.tmux import TmuxClient, ask_tmux

if TYPE_CHECKING:
    import pytest

NOWHERE = (0, 0, 0, 0)
OK = b"\x1b_Gi=31;OK\x1b\\"
SEEN = b"\x1b_Gi=32;OK\x1b\\"
REST = b"\x1bP>|kitty(0.41.1)\x1b\\\x1b[?62;22c"


def shared_path(inquiry: Inquiry) -> Path:
    """Return the file that the terminal is asked to read."""
    found = re.search(r"t=f,f=24;([^\x1b]*)", inquiry.text)
    assert found is not None
    return Path(base64.b64decode(found[1]).decode())


def test_a_terminal_that_reads_our_file_is_on_this_machine() -> None:
    for answer, expected in ((SEEN, True), (b"\x1b_Gi=32;EBADF:no\x1b\\", False), (b"", False)):
        inquiry = Inquiry("auto", {}, None)
        path = shared_path(inquiry)
        assert path.read_bytes() == bytes(3)
        assert inquiry.hear(OK + answer + REST)
        assert inquiry.caps(NOWHERE).sees_our_files is expected
        assert not path.parent.exists()


def test_over_ssh_no_file_is_offered() -> None:
    assert "t=f" not in Inquiry("auto", {"SSH_TTY": "/dev/pts/1"}, None).text


def test_sixel_needs_no_file_even_where_it_is_seen() -> None:
    inquiry = Inquiry("sixel", {}, None)
    inquiry.hear(OK + SEEN + REST)
    assert not inquiry.caps(NOWHERE).sees_our_files


def test_what_passes_through_tmux_comes_behind_its_own_answers() -> None:
    env = {"TMUX": "x", "SSH_TTY": "x"}
    kitty = TmuxClient("kitty(0.41.1)", ("RGB",), has_passthrough=True)
    inquiry = Inquiry("auto", env, kitty)
    assert not inquiry.hear(b"\x1bP>|tmux 3.5a\x1b\\\x1b[?1;2;4c")
    assert inquiry.hear(OK)
    assert inquiry.caps(NOWHERE).protocol == "kitty"
    for client in (TmuxClient("XTerm(398)"), TmuxClient("kitty(0.41.1)")):
        assert Inquiry("auto", env, client).hear(b"\x1b[?1;2;4c"), "nothing else will come"


def test_a_live_question_asks_nothing_whose_answer_might_be_a_key() -> None:
    inquiry = Inquiry("auto", {"SSH_TTY": "x"}, None, is_live=True)
    assert "\x1b[16t" not in inquiry.text
    before = Inquiry("auto", {"SSH_TTY": "x"}, None)
    before.hear(b"\x1b[6;30;15t" + OK + REST)
    known = before.caps(NOWHERE)
    inquiry.hear(OK + REST)
    caps = inquiry.caps(NOWHERE, before=known)
    assert (caps.cell_width_px, caps.cell_height_px) == (15, 30)


def test_tmux_says_who_is_attached(tmp_path: Path) -> None:
    program = tmp_path / "tmux"

    def ask(line: str) -> TmuxClient:
        program.write_text(f"#!/bin/sh\nprintf '{line}\\n'\n")
        program.chmod(0o755)
        return ask_tmux({"PATH": f"{tmp_path}:/bin", "TMUX": "x"})

    known = ask("kitty(0.41.1)\\tRGB,title\\t1\\t1\\t77\\t3.5a\\t10x20")
    assert known == TmuxClient(
        "kitty(0.41.1)", ("RGB", "title"), has_passthrough=True, has_repeat=True, process="77",
        cell_px=(10, 20),
    )  # fmt: skip
    assert not ask("kitty(0.41.1)\\tRGB\\t1\\t1\\t77\\t3.3a\\t10x20").has_repeat
    assert ask("kitty(0.41.1)\\tRGB\\t1\\t1\\t77\\tnext-3.6\\tx").has_repeat
    assert ask("\\t\\t\\t0\\t\\t3.3a\\tx").process == "", "nobody is attached"
    assert ask("foot\\t\\t0\\t\\t7\\t3.2\\tx").has_passthrough, "older ones let everything pass"
    assert not ask("foot\\t\\t0\\t\\t7\\t3.2\\tx").is_utf8
    assert not ask("no such format").is_known
    odd = ask("caf\\351\\tRGB\\t1\\t1\\t77\\t3.5a\\t10x20")
    assert odd.name == "caf\ufffd", "bytes that are no text"
    assert not ask_tmux({"PATH": str(tmp_path / "empty"), "TMUX": "x"}).is_known


def test_answers_that_no_terminal_gives_stop_nothing() -> None:
    inquiry = Inquiry("auto", {"SSH_TTY": "x"}, None)
    assert not inquiry.hear(b"\x1b[?" + b"9" * 10_000 + b"c")
    assert not inquiry.hear(b"\x1b[6;" + b"9" * 10_000 + b";5t" + b"pasted " * 100_000)
    assert inquiry.hear(b"\x1b[6;30;15t" + OK + REST)
    caps = inquiry.caps(NOWHERE)
    assert (caps.protocol, caps.cell_width_px, caps.cell_height_px) == ("kitty", 15, 30)


def test_no_room_for_the_test_file_leaves_no_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write(_self: SharedFiles, _data: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("smartgallery_tui.terminal.shared_files._base", lambda: tmp_path)
    monkeypatch.setattr(SharedFiles, "write", write)
    assert "t=f" not in Inquiry("auto", {}, None).text
    assert list(tmp_path.iterdir()) == []

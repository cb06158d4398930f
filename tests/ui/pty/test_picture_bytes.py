"""What goes over the line: bytes, pictures, answers, and what is left behind."""

from __future__ import annotations

import os
import re
import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.ui.pty.counting_terminal import (
    FOOT,
    KITTY,
    PLAIN,
    SILENT,
    WEZTERM,
    Brand,
    CountingTerminal,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

PROTOCOLS = {"kitty": KITTY, "sixel": FOOT, "iterm": WEZTERM, "halfblock": PLAIN}
RIGHT, LEFT, PAGE_DOWN, PAGE_UP = b"\x1b[C", b"\x1b[D", b"\x1b[6~", b"\x1b[5~"


def start(
    brand: Brand, *arguments: str, env: Mapping[str, str] | None = None, **options: float
) -> CountingTerminal:
    """Return the test app on a terminal of that brand."""
    given = env or {}
    env = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "SSH_CONNECTION": "1 2 3 4"}
    env |= {"PYTHONPATH": str(Path.cwd()), "TMUX": "", "NO_COLOR": "", "PYTHONWARNINGS": "ignore"}
    env |= {"TEST_LINK": "" if "rate" in options else "fast", **given}
    argv = [sys.executable, "-m", "tests.ui.pty.picture_app", *arguments]
    return CountingTerminal(argv, brand, env=env, **options)


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_bytes_of_a_session(protocol: str) -> None:
    is_drawn_in_cells = protocol == "halfblock"
    with start(PROTOCOLS[protocol]) as terminal:
        terminal.wait_for(b"ComfyUI_00002")
        terminal.rest()
        shown = len(set(re.findall(rb"ComfyUI_(\d+)", bytes(terminal.output)))) - 1
        total = bytes(terminal.output)
        assert shown >= 7, "one of them is broken and has no picture"
        assert len(total) < 900_000
        if not is_drawn_in_cells:
            assert count_once(total) == shown, "every picture once"
        assert b"ends in the" in total, "the broken one says why"

        for at, key in enumerate((RIGHT, RIGHT, LEFT)):
            move = terminal.step(key)
            assert 20 <= len(move.data) < (300 if at else 1000)
            assert move.pictures == 0

        if not is_drawn_in_cells:
            notice = terminal.step(b"t")
            assert b"a notice" in notice.data
            assert notice.pictures <= (0 if protocol == "kitty" else 3), "only what it covered"
            assert len(notice.data) - notice.picture_bytes < 8_000

        page = terminal.step(PAGE_DOWN)
        assert is_drawn_in_cells or page.pictures >= shown
        back = terminal.step(PAGE_UP)
        if protocol == "kitty":
            assert back.pictures == 0
            assert 500 < len(back.data) < 60_000

        opened = terminal.step(b"\r")
        assert b"lightbox" in opened.data
        assert len(opened.data) < (600_000 if protocol == "sixel" else 450_000)
        closed = terminal.step(b"\x1b")
        if protocol == "kitty":
            assert closed.pictures == 0
            assert len(closed.data) < 60_000

        check_dialog(terminal)
        leave(terminal, protocol)


def count_once(output: bytes) -> int:
    """Return the number of pictures sent; a sixel may come in strips, but nothing twice."""
    found = re.findall(rb'\x1b\[(\d+);(\d+)H\x1bP0;1;0q"1;1;\d+;(\d+)', output)
    strips = [(int(line), int(column), int(height)) for line, column, height in found]
    places = {(line, column) for line, column, _ in strips}
    assert len(places) == len(strips)
    ends = {(line + height / 20, column) for line, column, height in strips}
    whole = len(re.findall(rb"a=T|1337;File", output))
    return whole + len(places - ends)


def check_dialog(terminal: CountingTerminal) -> None:
    """Open a dialog and close it; no picture is drawn over it."""
    at = len(terminal.output)
    terminal.send(b"m")
    terminal.wait_for(b"a dialog", start=at)
    terminal.rest()
    dialog = bytes(terminal.output[at:]).split(b"a dialog", 1)[1]
    assert not re.search(rb"a=T|\x1bP0;1;0q|1337;File", dialog), "nothing covers a dialog"
    terminal.step(b"\x1b")


def leave(terminal: CountingTerminal, protocol: str) -> None:
    """Quit; the terminal must be as it was."""
    terminal.send(b"q")
    assert terminal.exit_code() == 0
    end = bytes(terminal.output[-3000:])
    assert b"\x1b[?1049l" in end
    assert b"\x1b[?25h" in end
    if protocol == "kitty":
        assert end.index(b"a=d,d=I") < end.index(b"\x1b[?1049l")


def test_nothing_of_the_grid_is_painted_twice_at_the_start() -> None:
    with start(KITTY) as terminal:
        terminal.wait_for(b"ComfyUI_00002")
        terminal.rest()
        assert bytes(terminal.output).count(b"ComfyUI_00005") == 1


def test_sixels_keep_off_the_last_line_and_select_colours() -> None:
    with start(FOOT) as terminal:
        terminal.wait_for(b"ComfyUI_00002")
        terminal.rest()
        output = bytes(terminal.output)
        places = re.findall(rb'\x1b\[(\d+);\d+H\x1bP0;1;0q"1;1;\d+;(\d+)', output)
        assert places
        for line, height in places:
            assert int(line) - 1 + int(height) / 20 <= terminal.rows - 1
            assert int(height) % 6 == 0
        assert not re.search(rb"#(\d+);2;\d+;\d+;\d+(?![\d#])", output)


@pytest.mark.parametrize("protocol", ["kitty", "sixel", "halfblock"])
def test_keys_are_answered_while_pictures_load_over_a_slow_link(protocol: str) -> None:
    with start(PROTOCOLS[protocol], rate=256_000, rtt_s=0.05) as terminal:
        terminal.wait_for(b"ComfyUI_00002")
        assert bytes(terminal.output).index(b"ready") < 0.2 * 256_000
        worst = 0
        for _ in range(6):
            start_at = len(terminal.output)
            terminal.send(RIGHT)
            # The captions are painted in a small frame of their own.
            answer = rb"\x1b7\x1b\[\d+;\d+H\x1b\[[\d;]*m[^\x1b]{0,4}ComfyUI"
            terminal.wait_for(answer, start=start_at)
            ahead = re.compile(answer).search(bytes(terminal.output), start_at)
            worst = max(worst, ahead.start() - start_at)
            time.sleep(0.1)
        assert worst < 0.2 * 256_000, "bytes that came before the answer, whatever the load"


def test_a_slow_link_gets_low_quality_first_and_then_the_full_one() -> None:
    with start(KITTY, rate=150_000, rtt_s=0.02, env={"TEST_LINK": "slow"}) as terminal:
        terminal.wait_for(b"ComfyUI_00002")

        def sizes() -> list[int]:
            return [image.width for image in terminal.screen.pictures().values()]

        terminal.wait_until(lambda: len(sizes()) == 7 and max(sizes()) < 150)
        small = b"".join(re.findall(rb"\x1b_G[^\x1b]*\x1b\\", bytes(terminal.output)))
        assert len(small) < 7 * 5_000, "a page of tiny ones comes first"
        terminal.wait_until(lambda: min(sizes(), default=0) > 200)
        assert len(re.findall(rb"a=T", bytes(terminal.output))) == 14, (
            "each of them small and then sharp"
        )
        assert bytes(terminal.output).count(b"a=d,d=I") >= 1, "the small ones were freed"


@pytest.mark.parametrize("rtt_s", [0.0, 1.0])
def test_the_probe_takes_one_round_trip_and_leaves_nothing(rtt_s: float) -> None:
    with start(KITTY, "--probe", rtt_s=rtt_s) as terminal:
        terminal.wait_for(rb"kitty\|kitty\(0.41.1\) draws Unicode placeholders\|\d+")
        rtt_ms = int(re.search(rb"placeholders\|(\d+)", bytes(terminal.output))[1])
        assert rtt_s * 1000 <= rtt_ms < rtt_s * 1000 + 1000
        written = bytes(terminal.output).split(b"kitty|")[0]
        assert written.count(b"\x1b[c") == 1
        terminal.send(b"x\n")
        assert terminal.exit_code() == 0


def test_a_silent_terminal_is_given_up_after_two_seconds() -> None:
    with start(SILENT, "--probe") as terminal:
        terminal.wait_for(rb"\x1b\[c")
        asked = time.monotonic()
        terminal.wait_for(rb"halfblock\|the terminal answered nothing in time")
        assert 1.8 < time.monotonic() - asked < 10


def test_a_torn_sequence_is_no_key() -> None:
    with start(KITTY) as terminal:
        terminal.wait_for(b"ComfyUI_00002")
        terminal.rest()
        terminal.send(b"\x1b")
        time.sleep(0.6)
        terminal.send(b"[A")
        terminal.send(b"\x1b[")
        time.sleep(0.6)
        terminal.send(b"A")
        terminal.rest()
        assert b"note A" not in terminal.output
        terminal.send(b"A")
        terminal.wait_for(b"note A")


def test_pictures_are_sent_again_after_a_suspension() -> None:
    with start(KITTY) as terminal:
        terminal.wait_for(b"ComfyUI_00002")
        terminal.rest()
        at = len(terminal.output)
        os.kill(terminal.pid, signal.SIGTSTP)
        terminal.wait_for(rb"a=d,d=I.*\x1b\[\?1049l", start=at)
        os.waitpid(terminal.pid, os.WUNTRACED)
        at = len(terminal.output)
        os.kill(terminal.pid, signal.SIGCONT)
        terminal.wait_for(rb"\x1b\[\?1049h.*a=T", start=at)
        terminal.rest()
        terminal.send(b"q")
        assert terminal.exit_code() == 0


def test_a_font_zoom_is_noticed() -> None:
    with start(KITTY) as terminal:
        terminal.wait_for(b"ComfyUI_00002")
        terminal.rest()
        at = len(terminal.output)
        terminal.resize(60, 20, cell_px=(20, 40))
        terminal.wait_for(b"a=T", start=at)
        terminal.rest()
        columns = re.findall(rb"a=T[^;]*,c=(\d+)", bytes(terminal.output[at:]))
        assert max(map(int, columns)) <= 15, "256 pixels are 13 columns of 20"


def test_the_next_two_large_pictures_are_sent_while_the_link_rests() -> None:
    with start(KITTY) as terminal:
        terminal.wait_for(b"ComfyUI_00002")
        terminal.rest()
        terminal.step(RIGHT * 4)
        opened = terminal.step(b"\r")
        assert len(transmissions(opened.data)) == 2, "a preview and it"
        at = len(terminal.output)
        terminal.send(b"n")
        terminal.wait_for(rb"(a=T.*){3}", start=at)
        terminal.rest()
        sent = transmissions(bytes(terminal.output[at:]))
        assert len(sent) in {3, 4}, "perhaps a preview, it, and the next two"
        known = terminal.step(b"n")
        assert not transmissions(known.data)


def transmissions(output: bytes) -> list[bytes]:
    """Return the pictures that were sent."""
    return re.findall(rb"a=T[^;]*;", output)

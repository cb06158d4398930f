"""What is seen: every card its own picture, however little was written; other terminals."""

from __future__ import annotations

import os
import random
import re
import signal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image, ImageChops, ImageStat

from tests.ui.pty.counting_terminal import FOOT, KITTY, LOCAL_KITTY, PLAIN, WEZTERM
from tests.ui.pty.pictures import draw
from tests.ui.pty.test_picture_bytes import LEFT, PAGE_DOWN, PAGE_UP, RIGHT, start

if TYPE_CHECKING:
    from tests.ui.pty.counting_terminal import Brand, CountingTerminal
    from tests.ui.pty.screen import Place, Screen

BRANDS = {"kitty": KITTY, "sixel": FOOT, "iterm": WEZTERM}
BROKEN = 3
ESCAPE = b"\x1b"


def begun(brand: Brand, **options: float) -> CountingTerminal:
    """Return the test app with all its pictures on the screen."""
    terminal = start(brand, **options).__enter__()
    terminal.wait_for(b"ComfyUI_00002")
    terminal.rest()
    return terminal


def press(terminal: CountingTerminal, key: bytes) -> None:
    """Press a key and wait for all that follows."""
    terminal.send(key)
    terminal.rest()


def check_cards(screen: Screen) -> int:
    """Check that over every caption stands its own picture; return how many there are."""
    pictures = screen.pictures()
    count = 0
    for y, line in enumerate(screen.text().split("\n")):
        for caption in re.finditer(r"ComfyUI_(\d+)_", line):
            number = int(caption[1])
            if number == BROKEN:
                continue
            place = _above(pictures, y, caption.start())
            assert _distance(pictures[place], number) < 12, f"{number} has another's picture"
            count += 1
    assert count == len(pictures), "no picture without its card"
    return count


def _above(pictures: dict[Place, Image.Image], y: int, x: int) -> Place:
    found = [
        place for place in pictures if place.y + place.height <= y and x <= place.x + 1 < x + 28
    ]
    assert found, f"nothing is drawn above line {y}, column {x}"
    return max(found)


def _distance(image: Image.Image, number: int) -> float:
    """Return how far a picture is from the drawn one, both blurred."""
    drawn = draw(number, 64, 64)
    real = Image.frombytes("RGB", (64, 64), drawn.rgb)
    seen, meant = (each.resize((4, 4), Image.Resampling.BOX) for each in (image, real))
    return sum(ImageStat.Stat(ImageChops.difference(seen, meant)).mean) / 3


def largest(screen: Screen) -> int:
    """Return the width in pixels of the largest picture that is shown."""
    return max((image.width for image in screen.pictures().values()), default=0)


def check_redraw(terminal: CountingTerminal) -> None:
    """Check that writing everything again shows what is shown."""
    before = terminal.screen.state()
    terminal.send(b"r")
    terminal.rest()
    assert terminal.screen.state() == before


@pytest.mark.parametrize("name", BRANDS)
def test_every_card_shows_its_own_picture(name: str) -> None:
    terminal = begun(BRANDS[name])
    try:
        shown = check_cards(terminal.screen)
        assert shown >= 7
        press(terminal, PAGE_DOWN)
        assert check_cards(terminal.screen) >= shown
        check_redraw(terminal)

        press(terminal, b"m")
        assert "a dialog" in terminal.screen.text()
        if name != "kitty":
            boxes = [place for place in terminal.screen.pictures() if place.x < 80]
            assert not any(place.x + place.width > 40 and 15 <= place.y < 25 for place in boxes)
        check_redraw(terminal)
        press(terminal, ESCAPE)
        assert check_cards(terminal.screen) >= shown

        terminal.send(b"\r")
        terminal.rest()
        assert largest(terminal.screen) >= 300
        assert len(terminal.screen.pictures()) == 1
        press(terminal, ESCAPE)
        check_cards(terminal.screen)
    finally:
        terminal.__exit__()


@pytest.mark.parametrize("name", ["kitty", "sixel"])
@pytest.mark.parametrize("seed", [1])
def test_after_any_keys_the_screen_is_as_if_drawn_at_once(name: str, seed: int) -> None:
    keys = [RIGHT, LEFT, b"j", b"k", PAGE_DOWN, PAGE_UP, b"m", ESCAPE, b"\r", ESCAPE, b"t", b"A"]
    rng = random.Random(seed)
    terminal = begun(BRANDS[name])
    try:
        for _ in range(2):
            for key in rng.choices(keys, k=5):
                terminal.send(key)
                terminal.rest()
            check_redraw(terminal)
    finally:
        terminal.__exit__()


@pytest.mark.parametrize("name", BRANDS)
def test_frames_change_one_card_alone(name: str) -> None:
    terminal = begun(BRANDS[name])
    try:
        press(terminal, RIGHT)
        before = terminal.screen.pictures()
        for key, number in ((b"f", 500), (b"g", 501), (b"f", 500)):
            press(terminal, key)
            now = terminal.screen.pictures()
            assert set(now) == set(before)
            changed = [place for place in now if now[place].tobytes() != before[place].tobytes()]
            assert len(changed) == 1
            assert _distance(now[changed[0]], number) < 12
            check_redraw(terminal)
        at = len(terminal.output)
        press(terminal, b"F")
        assert check_cards(terminal.screen) == len(before)
        if name == "kitty":
            assert len(terminal.output) - at < 6_000, "the thumbnail was still there"
    finally:
        terminal.__exit__()


@pytest.mark.parametrize("name", BRANDS)
def test_a_picture_that_becomes_narrow_leaves_nothing_beside_it(name: str) -> None:
    terminal = begun(BRANDS[name])
    try:
        for key in (b"s", b"\r"):
            terminal.send(key)
            terminal.rest()
        assert len(terminal.screen.pictures()) == 1
        terminal.send(b"\r")
        terminal.rest()
        assert len(terminal.screen.pictures()) == 2
        press(terminal, ESCAPE)
        check_cards(terminal.screen)
        check_redraw(terminal)
    finally:
        terminal.__exit__()


def test_a_terminal_on_this_machine_reads_the_pictures_itself() -> None:
    with start(LOCAL_KITTY, env={"SSH_CONNECTION": ""}) as terminal:
        terminal.wait_for(b"ComfyUI_00002")
        terminal.rest()
        assert check_cards(terminal.screen) >= 7
        total = bytes(terminal.output)
        codes = re.findall(rb"\x1b_Ga=T[^\x1b]*\x1b\\", total)
        assert all(b"f=24,t=f," in code and len(code) < 250 for code in codes)
        assert len(total) < 20_000
        folder = terminal.shared_folder()
        assert folder.stat().st_mode & 0o077 == 0, "nobody else looks into it"
        terminal.send(b"q")
        assert terminal.exit_code() == 0
        assert not folder.exists()


@pytest.mark.parametrize(("before", "after"), [(KITTY, FOOT), (FOOT, KITTY), (KITTY, KITTY)])
def test_after_a_suspension_the_terminal_may_be_another(before: Brand, after: Brand) -> None:
    terminal = begun(before)
    try:
        at = len(terminal.output)
        os.kill(terminal.pid, signal.SIGTSTP)
        terminal.wait_for(rb"\x1b\[\?1049l", start=at)
        os.waitpid(terminal.pid, os.WUNTRACED)
        terminal.become(after)
        at = len(terminal.output)
        os.kill(terminal.pid, signal.SIGCONT)
        terminal.wait_for(rb"\x1bP0;1;0q" if after is FOOT else b"a=T", start=at)
        terminal.rest()
        assert check_cards(terminal.screen) >= 7
        assert (terminal.screen.held > 0) is (after is KITTY)
        terminal.send(b"A")
        terminal.wait_for(b"note A", start=at)
    finally:
        terminal.__exit__()


def test_a_stop_that_nobody_announced_leaves_one_reader_of_keys() -> None:
    terminal = begun(KITTY)
    try:
        at = len(terminal.output)
        before = len(list(Path(f"/proc/{terminal.pid}/task").iterdir()))
        os.kill(terminal.pid, signal.SIGSTOP)
        os.waitpid(terminal.pid, os.WUNTRACED)
        os.kill(terminal.pid, signal.SIGCONT)
        terminal.wait_for(rb"\x1b\[\?1049h.*a=T", start=at)
        terminal.rest()
        assert check_cards(terminal.screen) >= 7
        tasks = Path(f"/proc/{terminal.pid}/task").iterdir()
        assert len(list(tasks)) <= before, "no thread was left behind"
        terminal.send(b"q")
        assert terminal.exit_code() == 0
    finally:
        terminal.__exit__()


def test_another_client_of_tmux_is_asked_at_once(tmp_path: Path) -> None:
    client = tmp_path / "client"
    program = tmp_path / "tmux"
    program.write_text(f'#!/bin/sh\n[ "$1" = display-message ] && cat {client}\nexit 0\n')
    program.chmod(0o755)

    def attach(name: str, process: int) -> None:
        new = tmp_path / "new"
        new.write_text(f"{name}\tRGB\t1\t1\t{process}\t3.5a\t10x20\n")
        new.rename(client)

    attach("XTerm(398)", 11)
    env = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "TMUX": "x", "TMUX_PANE": "%1"}
    with start(KITTY, env=env) as terminal:
        terminal.wait_for(b"ComfyUI_00002")
        terminal.rest()
        assert not terminal.screen.held
        attach("kitty(0.41.1)", 12)
        terminal.resize(118, 40)
        terminal.wait_for(rb"draws placeholders through tmux")
        terminal.rest()
        assert bytes(terminal.output).count(b"\x1bPtmux;\x1b\x1b_Ga=T,U=1") >= 7
        at = len(terminal.output)
        attach("XTerm(398)", 13)
        terminal.resize(120, 40)
        terminal.wait_for(rb"only kitty and Ghostty", start=at)
        terminal.send(b"A")
        terminal.wait_for(b"note A", start=at)


@pytest.mark.parametrize("term", ["linux", "xterm-16color", "rxvt"])
def test_sixteen_colours_are_all_that_is_written(term: str) -> None:
    with start(PLAIN, env={"TERM": term, "COLORTERM": ""}) as terminal:
        terminal.wait_for(b"ComfyUI_00002")
        terminal.rest()
        press(terminal, RIGHT)
        press(terminal, b"\r")
        output = bytes(terminal.output)
        assert "▀".encode() in output
        parameters = set(re.findall(rb"\x1b\[([\d;]*)m", output))
        codes = {int(code) for each in parameters for code in each.split(b";") if code}
        assert not codes & {38, 48}, "no palette and no RGB"
        assert codes & set(range(90, 98)), "bright ones"
        assert codes & set(range(41, 48))
        terminal.send(b"q")

"""What is left out of a frame was on the screen already."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from smartgallery_tui.terminal.kitty import PLACEHOLDER, compress, placeholder_cells
from smartgallery_tui.terminal.screen_cells import overlay_code
from smartgallery_tui.terminal.screen_memory import ScreenMemory
from tests.ui.pty.screen import Screen

STYLES = ["", "1", "31", "38;2;1;2;3", "0;48;2;9;9;9", "7;38;5;9", "0;1;38;5;9;48;5;1"]
PICTURE = b"".join(
    b"\x1b_Ga=T,U=1,f=24,s=1,v=1,i=%d,c=9,r=9,q=2;%s\x1b\\" % (number, pixel)
    for number, pixel in ((0x010203, b"AAAA"), (9, b"////"))
)
"""Two pictures of one pixel, by the ids that two of the styles stand for."""
TEXTS = ["a", "ab c", "   ", "♥ ★", PLACEHOLDER + "\u0305", placeholder_cells(2, 3, 6)]


pieces = st.tuples(
    st.integers(1, 2),
    st.integers(1, 6),
    st.lists(st.tuples(st.sampled_from(STYLES), st.sampled_from(TEXTS)), min_size=1, max_size=3),
)


@given(st.lists(st.lists(pieces, min_size=1, max_size=3), min_size=1, max_size=6))
def test_a_reduced_frame_shows_the_same(frames: list[list[tuple[int, int, list]]]) -> None:
    memory, whole, reduced = ScreenMemory(), Screen(40, 4), Screen(40, 4)
    for screen in (whole, reduced):
        screen.feed(PICTURE)
    for frame in frames:
        text = ""
        for y, x, parts in frame:
            styled = "".join(f"\x1b[{style}m{part}\x1b[0m" for style, part in parts)
            text += f"\x1b[{y};{x}H{styled}\r\n"
        whole.feed(text.encode())
        less, _ = memory.reduced(text)
        reduced.feed(compress(less, has_repeat=True).encode())
        assert reduced.state() == whole.state()
        assert memory.reduced(text)[0] == "" or len(frame) > 1


def test_only_changed_cells_are_written() -> None:
    memory = ScreenMemory()
    memory.reduced("\x1b[3;1H\x1b[1m12/240\x1b[0m  first.png\x1b[1;1H")
    less, _ = memory.reduced("\x1b[3;1H\x1b[1m13/240\x1b[0m  first.png\x1b[1;1H")
    assert less == "\x1b[3;2H\x1b[1m3\x1b[m\x1b[1;1H"
    assert memory.reduced("\x1b[3;1H\x1b[1m13/240\x1b[0m  first.png\x1b[1;1H")[0] == ""


def test_a_moved_cursor_is_a_change() -> None:
    memory = ScreenMemory()
    memory.reduced("\x1b[3;1Habc\x1b[1;1H")
    assert memory.reduced("\x1b[3;1Habc\x1b[1;2H")[0] == "\x1b[1;2H"


def test_what_is_not_understood_is_written_as_it_is() -> None:
    memory = ScreenMemory()
    for text in ("猫 cat", "e\u0301", "\x1b]8;;x\x07link\x1b]8;;\x07", "\x1b[4:3mwavy\x1b[0m"):
        frame = f"\x1b[1;1H{text}"
        assert memory.reduced(frame)[0] == frame
        assert memory.reduced(f"\x1b[1;3H{text}")[0] == f"\x1b[1;3H{text}"
        assert memory.reduced(frame)[0] == frame


def test_the_screen_can_be_forgotten() -> None:
    memory = ScreenMemory()
    frame = "\x1b[1;1Habc"
    memory.reduced(frame)
    memory.forget()
    assert memory.reduced(frame)[0] == frame


def test_blanks_under_a_picture_are_written_when_another_lies_there() -> None:
    memory = ScreenMemory()
    blanks = " " * 4

    def frame(number: int, line: int) -> str:
        return f"\x1b[2;1H{overlay_code(number, line, 0, 4)}{blanks}  x"

    less, erased = memory.reduced(frame(1, 0))
    assert (less, erased) == (f"\x1b[2;1H{blanks}  x", {1})
    assert memory.reduced(frame(1, 0)) == ("", set())
    less, erased = memory.reduced(frame(2, 0))
    assert (less, erased) == (f"\x1b[2;1H{blanks}", {2})
    assert memory.reduced(frame(2, 1))[1] == {2}, "it moved"
    assert memory.reduced(f"\x1b[2;1H{blanks}")[0] == f"\x1b[2;1H{blanks}"
    assert memory.reduced(frame(2, 1))[1] == {2}


def test_placeholders_are_compared_cell_by_cell_and_shortened_again() -> None:
    memory = ScreenMemory()
    run = f"\x1b[38;2;1;2;3m{PLACEHOLDER}\u0305{PLACEHOLDER}\x1b[9b\x1b[0m"
    memory.reduced(f"\x1b[1;1H{run}")
    assert memory.reduced(f"\x1b[1;1H{run}")[0] == ""
    memory.reduced("\x1b[1;5Hdialog")
    less, _ = memory.reduced(f"\x1b[1;1H{run} ")
    marks = f"{PLACEHOLDER}\u0305\u0312"
    assert compress(less, has_repeat=True).startswith(f"\x1b[1;5H\x1b[38;2;1;2;3m{marks}")


def test_a_placeholder_whose_left_neighbour_changes_says_what_it_shows() -> None:
    memory = ScreenMemory()
    memory.reduced(f"\x1b[1;1H\x1b[31m{PLACEHOLDER}\u0305{PLACEHOLDER * 5}\x1b[0m")
    less, _ = memory.reduced("\x1b[1;2Hxy")
    assert less == f"\x1b[1;2Hxy\x1b[31m{placeholder_cells(0, 3, 4)}\x1b[m"
    whole = f"\x1b[1;1Hab\x1b[31m{placeholder_cells(0, 2, 6)}\x1b[0m"
    less, _ = memory.reduced(whole)
    assert placeholder_cells(0, 2, 4) in less
    memory.reduced(whole)
    less, _ = memory.reduced("\x1b[1;3H\x1b[1m\u732b\x1b[0m")
    assert less.endswith(f"\x1b[1;5H\x1b[31m{placeholder_cells(0, 4, 5)}\x1b[m")

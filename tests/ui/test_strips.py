"""Lines of runs: cut anywhere, they show the same cells."""

from __future__ import annotations

import re
from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.color import ColorSystem
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter, Monochrome
from textual.strip import Strip

from smartgallery_tui.terminal.blocks import block_rows
from smartgallery_tui.terminal.rows import BlankRow, OverlayRow, PlaceholderRow
from smartgallery_tui.terminal.screen_cells import overlays_in
from smartgallery_tui.ui.control_filter import ControlFilter
from smartgallery_tui.ui.pictures.strips import (
    RunStrip,
    TextRun,
    cut_text,
    fit_text,
    shown_style,
    style_codes,
)

BASE = Style.parse("white on #101010")
CODES = style_codes(BASE, ColorSystem.TRUECOLOR)
CONSOLE = Console(color_system="truecolor", force_terminal=True)
(BLOCKS,) = block_rows(bytes(range(60)), 10, 1, "truecolor")


def line() -> RunStrip:
    """Return blanks, a placeholder row, half blocks and a caption with wide characters."""
    text = "猫 cat"
    style = Style.parse("bold red")
    caption = TextRun(text, cell_len(text), style_codes(style, ColorSystem.TRUECOLOR), style)
    runs = [BlankRow(3), PlaceholderRow(0x123456, 2, 12), BlankRow(2), BLOCKS, caption]
    return RunStrip(runs, sum(run.width_cells for run in runs), BASE, CODES)


def cells(ansi: str) -> list[tuple[str, str]]:
    """Return every cell of a line with the codes in force, as a terminal sees them."""
    found: list[tuple[str, str]] = []
    style: dict[str, str] = {}
    for code, repeat, char in re.findall(r"\x1b\[([\d;]*)m|\x1b\[(\d+)b|([^\x1b])", ansi):
        if repeat:
            found += [found[-1]] * int(repeat)
        elif char:
            if cell_len(char) == 0 and char != "\U0010eeee":
                continue
            visible = style.get("bg", "") if char == " " else str(sorted(style.items()))
            found.append((char, visible))
        else:
            _apply(style, code.split(";"))
    return found


def _apply(style: dict[str, str], codes: list[str]) -> None:
    while codes:
        code = codes.pop(0)
        if code in {"0", ""}:
            style.clear()
        elif code in {"38", "48"}:
            length = 4 if codes[0] == "2" else 2
            style["fg" if code == "38" else "bg"] = ";".join(codes[:length])
            del codes[:length]
        elif code in {"37", "31"}:
            style["fg"] = code
        else:
            style[code] = code


def test_the_whole_line_and_its_parts_show_the_same() -> None:
    whole = line()
    expected = cells(whole.render(CONSOLE))
    for cut in range(1, 27):
        parts = whole.divide([cut, whole.cell_length])
        assert [part.cell_length for part in parts] == [cut, whole.cell_length - cut]
        shown = [cell for part in parts for cell in cells(part.render(CONSOLE))]
        assert shown == expected


def test_a_line_is_never_wider_than_it_says() -> None:
    picture = PlaceholderRow(0x123456, 2, 30)
    strip = RunStrip([BlankRow(3), picture, BlankRow(2)], 12, BASE, CODES)
    assert len(cells(strip.render(CONSOLE))) == cell_len(strip.text) == 12


def test_segments_show_the_same_text() -> None:
    whole = line()
    assert cell_len(whole.text) == whole.cell_length
    placeholder = next(segment for segment in whole if "\U0010eeee" in segment.text)
    assert placeholder.style.color.triplet.hex == "#123456"
    assert Strip.join([whole, Strip.blank(2)]).cell_length == whole.cell_length + 2


def test_overlay_rows_name_their_picture() -> None:
    runs = [OverlayRow(5, 1, 0), OverlayRow(5, 2, 3)]
    strip = RunStrip(runs, 10, BASE, CODES)
    assert overlays_in(strip.crop(0, 5).render(CONSOLE)) == {1}
    assert overlays_in(strip.crop(4, 10).render(CONSOLE)) == {1, 2}


@given(st.text(alphabet="ab猫👍é\u0301 ", max_size=12), st.integers(0, 12), st.integers(0, 12))
def test_cuts_are_as_wide_as_asked(text: str, start: int, width: int) -> None:
    end = min(start + width, cell_len(text))
    if start <= end:
        assert cell_len(cut_text(text, start, end)) == end - start
    assert cell_len(fit_text(text, width)) == width


def test_the_net_replaces_controls_in_text_alone() -> None:
    net = ControlFilter()
    segments = [Segment("a\x1b[2Jb\x07"), Segment("\x1b[5;5H", None, [(1, 5)])]
    filtered = net.apply(segments, Color.parse("black"))
    assert filtered[0].text == "a·[2Jb·"
    assert filtered[1] is segments[1]
    clean = [Segment("clean")]
    assert net.apply(clean, Color.parse("black")) is clean


@dataclass
class AppOf:
    """What a line asks of an app: its terminal's colours."""

    console: Console
    no_color: bool = False

    def get_line_filters(self) -> list[LineFilter]:
        """Return the filters of an app under NO_COLOR."""
        return [Monochrome()]


def test_no_color_leaves_no_color_in_ready_lines() -> None:
    app = AppOf(CONSOLE, no_color=True)
    shown = shown_style(Style.parse("bold #ff0000 on #0000ff"), app)
    for color in (shown.color, shown.bgcolor):
        red, green, blue = color.triplet
        assert red == green == blue
    assert shown.bold
    assert shown_style(BASE, AppOf(CONSOLE)) is BASE


def test_a_highlight_in_sixteen_colours_is_reversed() -> None:
    app = AppOf(Console(color_system="standard", force_terminal=True))
    assert shown_style(Style.parse("bold #16181d on #6ea4dc"), app) == Style(reverse=True)
    assert shown_style(BASE, app) is BASE, "the ground stays"

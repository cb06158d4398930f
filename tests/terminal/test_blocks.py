"""Half blocks in all colours, cut anywhere."""

from __future__ import annotations

import re

from smartgallery_tui.terminal.blocks import block_rows, palette_number

RGB = bytes(
    [255, 0, 0] * 2 + [0, 0, 255] * 2  # upper pixels
    + [255, 0, 0] + [0, 252, 0] * 3  # lower pixels
)  # fmt: skip


def test_colours_are_written_where_they_change() -> None:
    (row,) = block_rows(RGB, 4, 1, "truecolor")
    assert row.width_cells == 4
    body = row.body(0, 4)
    assert re.sub(r"\x1b\[[\d;]*m", "", body) == " ▀▀▀"
    assert body.count("\x1b[") == 3


def test_a_slice_carries_its_own_colours() -> None:
    (row,) = block_rows(RGB, 4, 1, "truecolor")
    assert row.body(2, 4) == "\x1b[38;2;0;0;252;48;2;0;252;0m▀▀"
    assert [span.foreground for span in row.spans(2, 4)] == ["#0000fc", "#0000fc"]


def test_256_colours() -> None:
    (row,) = block_rows(RGB, 4, 1, "256")
    assert "38;5;" in row.body(0, 4)
    assert palette_number(255, 0, 0) == 196
    assert palette_number(0, 0, 0) == 16
    assert palette_number(128, 128, 128) == 244


def test_sixteen_colours_are_written_in_the_codes_of_their_time() -> None:
    (row,) = block_rows(RGB, 4, 1, "16")
    codes = set(re.findall(r"\d+", ";".join(re.findall(r"\x1b\[([\d;]*)m", row.body(0, 4)))))
    assert codes <= {str(n) for n in (*range(30, 38), *range(40, 48), *range(90, 98))}
    assert row.body(2, 4).startswith("\x1b[94;42m") or row.body(2, 4).startswith("\x1b[34;42m")
    assert {span.background for span in row.spans(2, 4)} == {"2"}


def test_sixteen_colours_stand_for_those_between_by_a_pattern() -> None:
    grey = bytes([90, 90, 90]) * 64
    rows = block_rows(grey, 8, 4, "16")
    names = [name for row in rows for cell in row.cells for name in cell]
    assert len(set(names)) >= 2
    assert set(names) <= {"0", "7", "8"}


def test_no_colours_are_shades() -> None:
    (row,) = block_rows(bytes(12) + b"\xff" * 12, 4, 1, "none")
    assert row.body(0, 4) == "▒▒▒▒"
    (row,) = block_rows(b"\xff" * 24, 4, 1, "none")
    assert row.body(1, 3) == "██"

"""Kitty's codes: sent in chunks, placed by text, shortened on the wire, freed."""

from __future__ import annotations

import base64
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from smartgallery_tui.terminal import kitty


def test_marks_are_the_protocols_table() -> None:
    from textual_image.renderable.tgp import _NUMBER_TO_DIACRITIC

    assert kitty.marks() == tuple(map(chr, _NUMBER_TO_DIACRITIC))
    assert len(kitty.marks()) == 297


def test_transmission_can_be_put_together_again() -> None:
    png = bytes(range(256)) * 40
    codes = list(kitty.transmit(77, png, 26, 13))
    assert len(codes) > 2
    assert codes[0].startswith("\x1b_Ga=T,U=1,f=100,i=77,c=26,r=13,q=2,m=1;")
    texts = [re.fullmatch(r"\x1b_G[^;]*;([^\x1b]*)\x1b\\", code)[1] for code in codes]
    assert base64.b64decode("".join(texts)) == png
    assert max(map(len, texts)) <= 4096
    assert [code.count("m=1") for code in codes] == [1] * (len(codes) - 1) + [0]


def test_a_small_picture_is_one_code() -> None:
    (code,) = kitty.transmit(1, b"x", 1, 1)
    assert "m=0" in code


def test_free_frees_the_pixels_by_id() -> None:
    assert kitty.free(5) == "\x1b_Ga=d,d=I,i=5,q=2\x1b\\"


def test_codes_pass_through_tmux() -> None:
    assert kitty.free(5, is_tmux=True) == "\x1bPtmux;\x1b\x1b_Ga=d,d=I,i=5,q=2\x1b\x1b\\\x1b\\"


@pytest.mark.parametrize(("number", "sgr"), [(7, "38;5;7"), (0x0A0B0C, "38;2;10;11;12")])
def test_ids_are_colours(number: int, sgr: str) -> None:
    assert kitty.id_sgr(number) == sgr


def test_cells_are_one_column_wide() -> None:
    assert cell_len(kitty.placeholder_cells(3, 0, 20)) == 20


def expand(run: str) -> list[tuple[int, int]]:
    """Return line and column of every cell of a run, as a terminal understands it."""
    numbers = {mark: number for number, mark in enumerate(kitty.marks())}
    run = re.sub("(\U0010eeee)\x1b\\[(\\d+)b", lambda match: match[1] * (1 + int(match[2])), run)
    cells: list[tuple[int, int]] = []
    for cell in run.split(kitty.PLACEHOLDER)[1:]:
        if not cell:
            cells.append((cells[-1][0], cells[-1][1] + 1))
        else:
            column = numbers[cell[1]] if len(cell) > 1 else 0
            cells.append((numbers[cell[0]], column))
    return cells


@given(
    line=st.integers(0, 296),
    start=st.integers(0, 200),
    width=st.integers(0, 96),
    has_repeat=st.booleans(),
)
def test_runs_mean_the_same_as_cells(line: int, start: int, width: int, has_repeat: bool) -> None:
    run = kitty.placeholder_run(line, start, start + width, has_repeat=has_repeat)
    assert expand(run) == [(line, start + offset) for offset in range(width)]


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 40), st.integers(1, 30)), max_size=5))
def test_compressed_output_means_the_same(parts: list[tuple[int, int, int]]) -> None:
    full = "".join(kitty.placeholder_cells(line, at, at + width) for line, at, width in parts)
    wire = kitty.compress(f"\x1b[31m{full}\x1b[0m", has_repeat=True)
    assert expand(wire[5:-4]) == expand(full)
    assert len(wire) <= len(full) + 9


def test_a_run_of_thirty_cells_costs_little() -> None:
    assert len(kitty.placeholder_run(4, 0, 30, has_repeat=True).encode()) < 20


def test_other_text_is_left_alone() -> None:
    assert kitty.compress("\x1b[1mtext\x1b[0m", has_repeat=True) == "\x1b[1mtext\x1b[0m"

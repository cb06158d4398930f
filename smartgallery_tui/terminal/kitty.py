"""Kitty graphics: pictures sent once and placed as text by Unicode placeholders.

A picture is transmitted under an id with a virtual placement of so many columns and lines. A cell
that holds U+10EEEE, with the id as its foreground colour and its line and column as combining
marks, then shows that part of the picture. Text can be moved, covered and restored for a few
bytes; the pixels stay in the terminal until they are freed.

Source: kitty, "Terminal graphics protocol", sections "Transferring pixel data", "Unicode
placeholders" and "Deleting images".
"""

from __future__ import annotations

import base64
import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

PLACEHOLDER = "\U0010eeee"
CHUNK_CHARS = 4096
"""Longest piece of base64 text that the protocol allows in one escape code."""


# The marks that number lines and columns, in order: the protocol's `rowcolumn-diacritics` table.
_MARK_RANGES = (
    "305 30d-30e 310 312 33d-33f 346 34a-34c 350-352 357 35b 363-36f 483-487 592-595 "
    "597-599 59c-5a1 5a8-5a9 5ab-5ac 5af 5c4 610-617 657-65b 65d-65e 6d6-6dc 6df-6e2 6e4 "
    "6e7-6e8 6eb-6ec 730 732-733 735-736 73a 73d 73f-741 743 745 747 749-74a 7eb-7f1 7f3 "
    "816-819 81b-823 825-827 829-82d 951 953-954 f82-f83 f86-f87 135d-135f 17dd 193a 1a17 "
    "1a75-1a7c 1b6b 1b6d-1b73 1cd0-1cd2 1cda-1cdb 1ce0 1dc0-1dc1 1dc3-1dc9 1dcb-1dcc "
    "1dd1-1de6 1dfe 20d0-20d1 20d4-20d7 20db-20dc 20e1 20e7 20e9 20f0 2cef-2cf1 2de0-2dff "
    "a66f a67c-a67d a6f0-a6f1 a8e0-a8f1 aab0 aab2-aab3 aab7-aab8 aabe-aabf aac1 fe20-fe26 "
    "10a0f 10a38 1d185-1d189 1d1aa-1d1ad 1d242-1d244"
)

_SHORTEST_REPEAT = 6
"""Fewer placeholders than this are shorter written out than as a repeat command."""


@cache
def marks() -> tuple[str, ...]:
    """Return the 297 combining marks; the n-th stands for line or column n."""
    found: list[str] = []
    for part in _MARK_RANGES.split():
        first, _, last = part.partition("-")
        found += [chr(code) for code in range(int(first, 16), int(last or first, 16) + 1)]
    return tuple(found)


def id_sgr(picture_id: int) -> str:
    """Return the SGR parameters that select a picture: its id as a foreground colour."""
    if picture_id < 256:
        return f"38;5;{picture_id}"
    return f"38;2;{picture_id >> 16 & 255};{picture_id >> 8 & 255};{picture_id & 255}"


def placeholder_cells(line: int, start: int, end: int) -> str:
    """Return cells that each carry line and column: safe to cut, long to send."""
    table = marks()
    mark = table[line]
    return "".join(f"{PLACEHOLDER}{mark}{table[column]}" for column in range(start, end))


def placeholder_run(line: int, start: int, end: int, *, has_repeat: bool) -> str:
    """Return the shortest text for a run of cells.

    Only the first cell carries marks: a bare placeholder continues its left neighbour.
    """
    if end <= start:
        return ""
    table = marks()
    first = PLACEHOLDER + table[line] + (table[start] if start else "")
    rest = end - start - 1
    if rest < _SHORTEST_REPEAT or not has_repeat:
        return first + PLACEHOLDER * rest
    return f"{first}{PLACEHOLDER}\x1b[{rest - 1}b"


def transmit(
    picture_id: int, png: bytes, width_cells: int, height_cells: int, *, is_tmux: bool = False
) -> Iterator[str]:
    """Yield the escape codes that send a PNG and place it virtually, at most 4 KiB each.

    Other output may go between two of them, other graphics commands may not.
    """
    text = base64.b64encode(png).decode("ascii")
    for at in range(0, max(len(text), 1), CHUNK_CHARS):
        more = int(at + CHUNK_CHARS < len(text))
        if at == 0:
            keys = f"a=T,U=1,f=100,i={picture_id},c={width_cells},r={height_cells},q=2,m={more}"
        else:
            keys = f"q=2,m={more}"
        yield wrap(f"\x1b_G{keys};{text[at : at + CHUNK_CHARS]}\x1b\\", is_tmux=is_tmux)


def transmit_file(
    picture_id: int,
    path: str,
    size_px: tuple[int, int],
    width_cells: int,
    height_cells: int,
    *,
    is_tmux: bool = False,
) -> str:
    """Return the escape code that lets the terminal read a file of RGB pixels itself."""
    name = base64.b64encode(path.encode("utf-8", "surrogateescape")).decode("ascii")
    place = f"i={picture_id},c={width_cells},r={height_cells}"
    keys = f"a=T,U=1,f=24,t=f,s={size_px[0]},v={size_px[1]},{place},q=2"
    return wrap(f"\x1b_G{keys};{name}\x1b\\", is_tmux=is_tmux)


def free(picture_id: int, *, is_tmux: bool = False) -> str:
    """Return the escape code that frees a picture's pixels.

    Lower-case `d=i` would only remove visible placements and leave the pixels in memory.
    """
    return wrap(f"\x1b_Ga=d,d=I,i={picture_id},q=2\x1b\\", is_tmux=is_tmux)


def wrap(code: str, *, is_tmux: bool) -> str:
    """Return an escape code that passes through tmux unchanged, or the code itself."""
    if not is_tmux:
        return code
    return "\x1bPtmux;" + code.replace("\x1b", "\x1b\x1b") + "\x1b\\"


@cache
def _run_pattern() -> re.Pattern[str]:
    mark = "[" + "".join(marks()) + "]"
    return re.compile(f"(?:{PLACEHOLDER}{mark}{mark}){{2,}}")


@cache
def _mark_numbers() -> dict[str, int]:
    return {mark: number for number, mark in enumerate(marks())}


def compress(text: str, *, has_repeat: bool) -> str:
    """Return terminal output with runs of fully marked placeholders shortened.

    What Textual draws under a dialog carries both marks in every cell; this is for the wire.
    """
    if PLACEHOLDER not in text:
        return text

    def shorten(match: re.Match[str]) -> str:
        return _shorten(match[0], has_repeat=has_repeat)

    return _run_pattern().sub(shorten, text)


def _shorten(cells: str, *, has_repeat: bool) -> str:
    numbers = _mark_numbers()
    lines, columns = cells[1::3], [numbers[mark] for mark in cells[2::3]]
    out: list[str] = []
    first = 0
    for at in range(1, len(columns) + 1):
        continues = (
            at < len(columns) and lines[at] == lines[first] and columns[at] == columns[at - 1] + 1
        )
        if continues:
            continue
        out.append(
            placeholder_run(
                numbers[lines[first]], columns[first], columns[at - 1] + 1, has_repeat=has_repeat
            )
        )
        first = at
    return "".join(out)

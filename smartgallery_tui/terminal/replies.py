"""What terminals answer to the probe, taken apart."""

from __future__ import annotations

import re
from dataclasses import dataclass

QUERY_ID, FILE_QUERY_ID = 31, 32
"""Ids of the test pictures: one sent, one in a file."""
_NAME = re.compile(rb"\x1bP>\|([^\x1b]*)\x1b\\")
_KITTY = re.compile(rb"\x1b_Gi=%d[^;\x1b]*;([^\x1b]*)\x1b\\" % QUERY_ID)
_KITTY_FILE = re.compile(rb"\x1b_Gi=%d[^;\x1b]*;([^\x1b]*)\x1b\\" % FILE_QUERY_ID)
_CELL = re.compile(rb"\x1b\[6;(\d{1,5});(\d{1,5})t")
_SYNC = re.compile(rb"\x1b\[\?2026;(\d)\$y")
_ATTRIBUTES = re.compile(rb"\x1b\[\?([\d;]{0,200})c")
_POSITION = re.compile(rb"\x1b\[\d+;\d+R")
_NAME_CHARS = 60


@dataclass(frozen=True, slots=True)
class Replies:
    """Answers of a terminal; None where a question was not answered."""

    names: tuple[str, ...] = ()
    """What it calls itself; inside tmux first tmux, then perhaps the terminal outside."""
    kitty: str | None = None
    """`OK` or an error."""
    kitty_file: str | None = None
    """The same for a picture in a file of ours."""
    cell_px: tuple[int, int] | None = None
    """Width and height of a cell."""
    has_sync: bool = False
    attributes: tuple[int, ...] | None = None
    """Primary device attributes; 4 stands for sixel."""
    rtt_ms: float = 0.0
    window: tuple[int, int, int, int] = (0, 0, 0, 0)
    """Columns, rows, width and height in pixels, from the kernel."""


def parse_replies(answer: bytes, *, rtt_ms: float = 0.0) -> Replies:
    """Return the answers found in what a terminal sent; keys typed meanwhile are ignored.

    Source: xterm "Control Sequences" (XTVERSION, DA1, window operations), kitty graphics
    protocol "Querying support", contour "Synchronized Output" for mode 2026.
    """
    kitty = _KITTY.search(answer)
    kitty_file = _KITTY_FILE.search(answer)
    cell = _CELL.search(answer)
    sync = _SYNC.search(answer)
    attributes = _ATTRIBUTES.search(answer)
    return Replies(
        names=tuple(_printable(name) for name in _NAME.findall(answer)),
        kitty=_printable(kitty[1]) if kitty else None,
        kitty_file=_printable(kitty_file[1]) if kitty_file else None,
        cell_px=_cell(cell),
        has_sync=sync is not None and sync[1] in (b"1", b"2", b"3"),
        attributes=_numbers(attributes[1]) if attributes else None,
        rtt_ms=rtt_ms,
    )


def parse_position(answer: bytes) -> bool:
    """Tell whether a terminal has said where its cursor is."""
    return _POSITION.search(answer) is not None


def _cell(match: re.Match[bytes] | None) -> tuple[int, int] | None:
    if match is None:
        return None
    height, width = int(match[1]), int(match[2])
    return (width, height) if 2 <= width <= 200 and 4 <= height <= 400 else None


def _numbers(text: bytes) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(b";") if part)


def _printable(text: bytes) -> str:
    shown = text.decode("ascii", "replace")[:_NAME_CHARS]
    return "".join(char if char.isprintable() else "?" for char in shown)

"""Cells of terminal output: what a line of escape codes shows, and the shortest way to say it."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from smartgallery_tui.terminal.kitty import PLACEHOLDER, marks

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

OVERLAY_END = "z"
"""Ends our own code before blanks under a drawn picture: `CSI number ; line ; column ; width z`.

It is taken out before anything is written.
"""


class Look(NamedTuple):
    """Colours and attributes as SGR parameters; "" is the terminal's own."""

    foreground: str = ""
    background: str = ""
    attributes: tuple[str, ...] = ()


class Cell(NamedTuple):
    """One column."""

    char: str
    """A character; a placeholder has both its marks."""
    look: Look
    overlay: tuple[int, int, int] | None = None
    """Number, line and column of the picture that is drawn over it."""


PLAIN = Look()
_TOKEN = re.compile(
    r"\x1b\[(?P<sgr>[\d;]*)m"
    r"|\x1b\[(?P<repeat>\d+)b"
    rf"|\x1b\[(?P<overlay>\d+;\d+;\d+;\d+){OVERLAY_END}"
    r"|(?P<text>[^\x00-\x1f\x7f]+)"
    r"|(?P<other>[\x00-\x1f\x7f])"
)
_ATTRIBUTES = frozenset({"1", "2", "3", "4", "5", "6", "7", "8", "9", "21", "53"})
_SHOWN_ON_BLANKS = frozenset({"4", "7", "9", "21", "53"})
_MERGED_GAP = 3
"""So few unchanged cells between two changes are sent again: jumping over them costs as much."""


def overlay_code(number: int, line: int, column: int, width_cells: int) -> str:
    """Return what marks so many blanks that follow as lying under a drawn picture."""
    return f"\x1b[{number};{line};{column};{width_cells}{OVERLAY_END}"


_OVERLAY_CODE = re.compile(rf"\x1b\[(\d+);\d+;\d+;\d+{OVERLAY_END}")


def without_overlay_codes(text: str) -> str:
    """Return output without our own codes."""
    return _OVERLAY_CODE.sub("", text) if OVERLAY_END in text else text


def overlays_in(text: str) -> set[int]:
    """Return the numbers of the pictures whose blanks a text writes."""
    return {int(number) for number in _OVERLAY_CODE.findall(text)}


def read_cells(text: str) -> list[Cell] | None:
    """Return the cells that a piece of one line shows, or None where that is not certain.

    Only text of characters one column wide and the codes that we write ourselves are understood.
    """
    cells: list[Cell] = []
    look = PLAIN
    overlay = ""
    for token in _TOKEN.finditer(text):
        kind, value = token.lastgroup, token[token.lastgroup or 0]
        if kind == "text":
            rest = _read_overlay(value, look, overlay, cells) if overlay else value
            overlay = ""
            if not _read_text(rest, look, cells):
                return None
        elif kind == "sgr":
            changed = _changed_look(look, value)
            if changed is None:
                return None
            look = changed
        elif kind == "repeat" and cells:
            cells += _repeated(cells[-1], int(value))
        elif kind == "overlay":
            overlay = value
        else:
            return None
    return cells


def _read_overlay(text: str, look: Look, overlay: str, cells: list[Cell]) -> str:
    """Add the blanks under a drawn picture; return the text behind them."""
    number, line, column, width = map(int, overlay.split(";"))
    blank = _blank(look)
    cells += [Cell(" ", blank, (number, line, at)) for at in range(column, column + width)]
    return text[width:]


def _read_text(text: str, look: Look, cells: list[Cell]) -> bool:
    if PLACEHOLDER in text:
        return _read_placeholders(text, look, cells)
    if not (text.isascii() or _is_narrow(text)):
        return False
    blank = _blank(look)
    if text.isspace():
        cells += [Cell(" ", blank)] * len(text)
    else:
        cells += [Cell(char, blank if char == " " else look) for char in text]
    return True


def _read_placeholders(text: str, look: Look, cells: list[Cell]) -> bool:
    at = 0
    while at < len(text):
        char = text[at]
        at += 1
        if char != PLACEHOLDER:
            if not _is_narrow(char):
                return False
            cells.append(Cell(char, _blank(look) if char == " " else look))
            continue
        found = text[at : at + 2]
        count = sum(mark in _mark_set() for mark in found) if found[:1] in _mark_set() else 0
        at += count
        if count == 2:
            cells.append(Cell(char + found, look))
        elif count == 1:
            cells.append(Cell(char + found[0] + marks()[0], look))
        elif cells and cells[-1].char[0] == PLACEHOLDER:
            cells += _repeated(cells[-1], 1)
        else:
            return False
    return True


def _repeated(cell: Cell, count: int) -> list[Cell]:
    """Return what so many bare placeholders, or a repeat command, show behind a cell."""
    char, look, overlay = cell
    if char[0] != PLACEHOLDER:
        return [cell] * count
    table = marks()
    start = _mark_numbers()[char[2]] + 1
    columns = table[start : start + count]
    columns += table[-1:] * (count - len(columns))
    head = char[:2]
    return [Cell(head + column, look, overlay) for column in columns]


@lru_cache(maxsize=1)
def _mark_numbers() -> dict[str, int]:
    return {mark: number for number, mark in enumerate(marks())}


@lru_cache(maxsize=1)
def _mark_set() -> frozenset[str]:
    return frozenset(marks())


def _is_narrow(text: str) -> bool:
    return all(map(_is_narrow_char, text))


@lru_cache(maxsize=4096)
def _is_narrow_char(char: str) -> bool:
    """Tell whether a character surely takes one column and joins with no other."""
    is_joining = unicodedata.category(char) in {"Mn", "Me", "Mc", "Cf", "Cs", "Cn"}
    return not is_joining and unicodedata.east_asian_width(char) not in {"W", "F"}


@lru_cache(maxsize=4096)
def _changed_look(look: Look, parameters: str) -> Look | None:
    """Return a look after SGR parameters, or None for parameters that we do not use."""
    codes = parameters.split(";")
    at = 0
    while at < len(codes):
        code = codes[at]
        length = 1
        if code in {"", "0"}:
            look = PLAIN
        elif code in {"38", "48"}:
            length = {"2": 5, "5": 3}.get("".join(codes[at + 1 : at + 2]), 0)
            color = ";".join(codes[at : at + length])
            if not length or at + length > len(codes):
                return None
            if code == "38":
                look = look._replace(foreground=color)
            else:
                look = look._replace(background=color)
        elif code in _ATTRIBUTES:
            look = look._replace(attributes=tuple(sorted({*look.attributes, code})))
        elif code in {"39", "49"} or len(code) in {2, 3}:
            changed = _basic_color(look, code)
            if changed is None:
                return None
            look = changed
        else:
            return None
        at += length
    return look


def _basic_color(look: Look, code: str) -> Look | None:
    number = int(code)
    if 30 <= number <= 37 or 90 <= number <= 97:
        return look._replace(foreground=code)
    if 40 <= number <= 47 or 100 <= number <= 107:
        return look._replace(background=code)
    if number == 39:
        return look._replace(foreground="")
    return look._replace(background="") if number == 49 else None


@lru_cache(maxsize=1024)
def _blank(look: Look) -> Look:
    """Return the part of a look that a blank shows."""
    if _SHOWN_ON_BLANKS.isdisjoint(look.attributes):
        return Look("", look.background)
    return look


_CODE = re.compile(r"\x1b\[[\d;:?]*[A-Za-z]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\\\)")


def width_cells(text: str) -> int:
    """Return about how many columns a text with escape codes takes."""
    width = 0
    for char in _CODE.sub("", text):
        if unicodedata.category(char) not in {"Mn", "Me", "Cf", "Cc"}:
            width += 2 if unicodedata.east_asian_width(char) in {"W", "F"} else 1
    return width


def changes(y: int, x: int, known: Sequence[Cell | None], cells: Sequence[Cell]) -> str:
    """Return the codes that make `cells` out of what is `known` to be there.

    Args:
        y: Line, from 0.
        x: First column, from 0.
        known: What the terminal shows there; None is unknown.
        cells: What it should show; as many.
    """
    out: list[str] = []
    look = PLAIN
    at = 0
    for start, end in _spans(known, cells):
        out.append(f"\x1b[{start - at}C" if out else f"\x1b[{y + 1};{x + start + 1}H")
        for cell in cells[start:end]:
            if cell.look is not look:
                code = _look_code(look, cell)
                if code is not None:
                    out.append(code)
                    look = cell.look
            out.append(cell.char)
        at = end
    if look != PLAIN:
        out.append("\x1b[m")
    return "".join(out)


def _spans(known: Sequence[Cell | None], cells: Sequence[Cell]) -> Iterator[tuple[int, int]]:
    start = end = -1
    has_changed = False
    for at, cell in enumerate(cells):
        # A placeholder may go by its left neighbour: where that changes, it has to say itself
        # what it shows.
        is_orphaned = has_changed and cell.char[0] == PLACEHOLDER
        has_changed = known[at] != cell
        if not (has_changed or is_orphaned):
            continue
        if start >= 0 and at - end <= _MERGED_GAP:
            end = at + 1
            continue
        if start >= 0:
            yield start, end
        start, end = at, at + 1
    if start >= 0:
        yield start, end


def _look_code(before: Look, cell: Cell) -> str | None:
    """Return what changes the look for a cell, or None if it shows the same."""
    after = cell.look
    if before == after:
        return None
    if cell.char == " " and _blank(before) == after:
        return None
    return _transition(before, after)


@lru_cache(maxsize=4096)
def _transition(before: Look, after: Look) -> str:
    is_fresh = (
        not set(before.attributes) <= set(after.attributes)
        or (before.foreground and not after.foreground)
        or (before.background and not after.background)
    )
    codes = ["0"] if is_fresh else []
    base = PLAIN if is_fresh else before
    codes += [code for code in after.attributes if code not in base.attributes]
    for old, new in zip(base[:2], after[:2], strict=True):
        if new != old:
            codes.append(str(new))
    return f"\x1b[{';'.join(codes)}m"

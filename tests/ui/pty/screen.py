"""What a terminal shows with pictures: cells with their looks, and the pixels drawn over them."""

from __future__ import annotations

import base64
import io
import re
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PIL import Image

from smartgallery_tui.terminal.kitty import PLACEHOLDER, marks
from tests.cli.shown import Shown

if TYPE_CHECKING:
    from collections.abc import Iterable

CELL_PX = (10, 20)
_SIXEL_ROWS = [[row for row in range(6) if bits >> row & 1] for bits in range(64)]
_SIXEL = re.compile(r"\x1bP[\d;]*q(.*)\x1b\\", re.DOTALL)


class Place(NamedTuple):
    """Cells that one picture covers."""

    y: int
    x: int
    height: int
    width: int


class Screen(Shown):
    """A terminal's screen; knows kitty's placeholders, sixels and iTerm2's inline pictures."""

    def __init__(self, columns: int, rows: int) -> None:
        super().__init__(columns, rows)
        self._columns_now, self._rows_now = columns, rows
        self._look: dict[str, str] = {}
        self._cells_looks: dict[tuple[int, int], tuple[tuple[str, str], ...]] = {}
        self._marks: dict[tuple[int, int], str] = {}
        self._pictures: dict[int, tuple[Image.Image, int, int]] = {}
        self._chunks: tuple[dict[str, str], str] | None = None
        self._digests: dict[int, int] = {}
        self._drawn: dict[tuple[int, int], bytes] = {}
        self._place = (0, 0)

    # What tests ask

    def state(self) -> dict[tuple[int, int], tuple[str, object, object]]:
        """Return every cell that shows something: text, look and part of a picture."""
        found: dict[tuple[int, int], tuple[str, object, object]] = {}
        parts = self._parts()
        for place, char in self._cells.items():
            look = dict(self._cells_looks.get(place, ()))
            if char == " " and not {"4", "7", "9"} & look.keys():
                look = {name: value for name, value in look.items() if name == "48"}
            if char == PLACEHOLDER:
                char, look = " ", {"48": look["48"]} if "48" in look else {}
            part = parts.get(place)
            picture = (self._digests.get(part[0], 0), *part[1:]) if part else None
            drawn = self._drawn.get(place)
            if char != " " or look or part or drawn:
                found[place] = (char, tuple(sorted(look.items())), picture or drawn)
        return found

    def pictures(self) -> dict[Place, Image.Image]:
        """Return the pictures that are seen, whole or in part, with the cells they cover."""
        cells: dict[tuple[int, int, int], list[tuple[int, int]]] = {}
        for (y, x), (picture, line, column) in self._parts().items():
            if picture in self._pictures:
                cells.setdefault((picture, y - line, x - column), []).append((y, x))
        found = {_around(places): self._pictures[key[0]][0] for key, places in cells.items()}
        left = set(self._drawn)
        while left:
            places = _connected(left)
            left -= places
            place = _around(places)
            image = Image.new("RGB", (place.width * CELL_PX[0], place.height * CELL_PX[1]))
            for y, x in places:
                cell = Image.frombytes("RGB", CELL_PX, self._drawn[y, x])
                image.paste(cell, ((x - place.x) * CELL_PX[0], (y - place.y) * CELL_PX[1]))
            found[place] = image
        return found

    @property
    def held(self) -> int:
        """Return how many pictures the terminal holds in its memory."""
        return len(self._pictures)

    # What programs write

    def _put(self, char: str) -> None:
        if unicodedata.combining(char):
            y, x = self._place
            self._marks[y, x] = self._marks.get((y, x), "") + char
            return
        if char >= " ":
            self._keep_inside()
            self._place = (self._y, self._x)
            self._cells_looks[self._place] = tuple(self._look.items())
            self._marks.pop(self._place, None)
            self._drawn.pop(self._place, None)
        super()._put(char)

    def _obey(self, code: re.Match[str]) -> None:
        text = code[0]
        if text.startswith("\x1b_G"):
            self._graphics(text[3:-2])
        elif found := _SIXEL.match(text):
            self._draw(_sixel(found[1]))
        elif text.startswith("\x1b]1337;File="):
            data = text[2:].removesuffix("\x07").partition(":")[2]
            self._draw(Image.open(io.BytesIO(base64.b64decode(data))).convert("RGB"))
        else:
            super()._obey(code)

    def _control(self, final: str, numbers: list[int], *, is_private: bool) -> None:
        if final == "m" and not is_private:
            self._style([str(number) for number in numbers])
            return
        if is_private and 1049 in numbers:
            self._drawn.clear()
        super()._control(final, numbers, is_private=is_private)

    def _style(self, codes: list[str]) -> None:
        while codes:
            code = codes.pop(0)
            if code == "0":
                self._look = {}
            elif code in {"38", "48"}:
                length = 4 if codes[0] == "2" else 2
                self._look = {**self._look, code: ";".join(codes[:length])}
                del codes[:length]
            elif code in {"39", "49"} or (code[0] in "349" and len(code) > 1):
                ground = "48" if code.startswith(("4", "10")) else "38"
                self._look = {**self._look, ground: code}
                if code in {"39", "49"}:
                    self._look.pop(ground)
            else:
                self._look = {**self._look, code: ""}

    def _graphics(self, command: str) -> None:
        control, _, data = command.partition(";")
        keys = dict(pair.split("=") for pair in control.split(",") if "=" in pair)
        if keys.get("a") == "q":
            return
        if keys.get("a") == "d":
            self._pictures.pop(int(keys.get("i", 0)), None)
            return
        first, before = self._chunks or (keys, "")
        self._chunks = (first, before + data)
        if keys.get("m") != "1":
            self._chunks = None
            self._pictures[int(first["i"])] = (
                _kitty_image(first, before + data), int(first["c"]), int(first["r"]),
            )  # fmt: skip

    def _draw(self, image: Image.Image) -> None:
        width, height = -(-image.width // CELL_PX[0]), -(-image.height // CELL_PX[1])
        assert self._y + height < self._rows_now, "a picture in the last line scrolls the screen"
        for line in range(height):
            for column in range(width):
                x, y = column * CELL_PX[0], line * CELL_PX[1]
                place = (self._y + line, self._x + column)
                cell = image.crop((x, y, x + CELL_PX[0], y + CELL_PX[1]))
                self._drawn[place] = cell.tobytes()
                self._cells.setdefault(place, " ")

    # What follows

    def _parts(self) -> dict[tuple[int, int], tuple[int, int, int]]:
        """Return which picture a cell with a placeholder shows, and which line and column of it."""
        found: dict[tuple[int, int], tuple[int, int, int]] = {}
        numbers = {mark: number for number, mark in enumerate(marks())}
        for y, x in sorted(place for place, char in self._cells.items() if char == PLACEHOLDER):
            picture = 0
            for part in dict(self._cells_looks[y, x]).get("38", "").split(";")[1:]:
                picture = picture << 8 | int(part)
            said = [numbers[mark] for mark in self._marks.get((y, x), "")]
            if not said:
                left = found.get((y, x - 1))
                assert left is not None, "a bare placeholder needs a neighbour"
                assert left[0] == picture, "of its own picture"
                said = [left[1], left[2] + 1]
            found[y, x] = (picture, said[0], said[1] if len(said) > 1 else 0)
        return found


def _around(places: Iterable[tuple[int, int]]) -> Place:
    ys, xs = zip(*places, strict=True)
    return Place(min(ys), min(xs), max(ys) - min(ys) + 1, max(xs) - min(xs) + 1)


def _connected(places: set[tuple[int, int]]) -> set[tuple[int, int]]:
    """Return the cells that hang together with any one of them."""
    found: set[tuple[int, int]] = set()
    open_places = [next(iter(places))]
    while open_places:
        y, x = open_places.pop()
        if (y, x) in places and (y, x) not in found:
            found.add((y, x))
            open_places += [(y + 1, x), (y - 1, x), (y, x + 1), (y, x - 1)]
    return found


def _kitty_image(keys: dict[str, str], data: str) -> Image.Image:
    content = base64.b64decode(data)
    if keys.get("t") == "f":
        content = Path(content.decode()).read_bytes()
    if keys["f"] == "24":
        return Image.frombytes("RGB", (int(keys["s"]), int(keys["v"])), content)
    return Image.open(io.BytesIO(content)).convert("RGB")


def _sixel(text: str) -> Image.Image:
    """Return a decoded sixel. Colours are selected, not only defined, as foot wants it."""
    size = re.match(r'"1;1;(\d+);(\d+)', text)
    assert size is not None
    width, height = int(size[1]), int(size[2])
    pixels = bytearray(width * height * 3)
    colors: dict[str, bytes] = {}
    color = bytes(3)
    x = top = 0
    pattern = r"#(\d+);2;(\d+);(\d+);(\d+)|#(\d+)|!(\d+)(.)|([$-])|([?-~])"
    for match in re.finditer(pattern, text[size.end() :]):
        if match[1]:
            colors[match[1]] = bytes(int(match[at]) * 255 // 100 for at in (2, 3, 4))
        elif match[5]:
            color = colors[match[5]]
        elif match[8]:
            x, top = 0, top + (6 if match[8] == "-" else 0)
        else:
            bits = ord(match[7] or match[9]) - 63
            run = color * min(int(match[6] or 1), width - x)
            for row in _SIXEL_ROWS[bits]:
                if top + row < height:
                    at = ((top + row) * width + x) * 3
                    pixels[at : at + len(run)] = run
            x += int(match[6] or 1)
    return Image.frombytes("RGB", (width, height), bytes(pixels))

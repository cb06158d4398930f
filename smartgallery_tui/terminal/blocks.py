"""Half-block pictures: RGB pixels to rows of cells, in true colour, 256 colours, 16 or none."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from smartgallery_tui.terminal.rows import BlockRow, Row, ShadeRow, block_text

if TYPE_CHECKING:
    from smartgallery_tui.terminal.caps import Colors

_SHADES = " \u2591\u2592\u2593\u2588"
_CUBE = (0, 95, 135, 175, 215, 255)
_SIXTEEN = (
    (0, 0, 0), (205, 0, 0), (0, 205, 0), (205, 205, 0),
    (0, 0, 238), (205, 0, 205), (0, 205, 205), (229, 229, 229),
    (127, 127, 127), (255, 0, 0), (0, 255, 0), (255, 255, 0),
    (92, 92, 255), (255, 0, 255), (0, 255, 255), (255, 255, 255),
)  # fmt: skip
"""The old colours as xterm shows them; a terminal may show others."""
_GROUNDS = 8
"""So many of them can be a background everywhere."""
_SPREAD = 96
_ORDER = (0, 8, 2, 10, 12, 4, 14, 6, 3, 11, 1, 9, 15, 7, 13, 5)
"""In which order the pixels of a field of 4 x 4 become bright (Bayer)."""


def block_rows(rgb: bytes, width_cells: int, height_cells: int, colors: Colors) -> tuple[Row, ...]:
    """Return the rows of a picture of `width_cells` by `2 * height_cells` pixels.

    Args:
        rgb: Three bytes a pixel, rows from the top.
        width_cells: Columns; one pixel each.
        height_cells: Lines; two pixels each.
        colors: What the terminal can show.
    """
    stride = width_cells * 3
    rows: list[Row] = []
    for line in range(height_cells):
        upper = rgb[2 * line * stride : (2 * line + 1) * stride]
        lower = rgb[(2 * line + 1) * stride : (2 * line + 2) * stride]
        if colors == "none":
            rows.append(_shade_row(upper, lower))
            continue
        if colors == "16":
            names = _old_color(upper, 2 * line, 16), _old_color(lower, 2 * line + 1, _GROUNDS)
        else:
            name = _true_color if colors == "truecolor" else _palette_color
            names = name(upper), name(lower)
        cells = tuple(zip(*names, strict=True))
        rows.append(BlockRow(cells, block_text(cells)))
    return tuple(rows)


def palette_number(red: int, green: int, blue: int) -> int:
    """Return the nearest of the 240 fixed colours of a 256-colour terminal.

    Source: xterm's 256-colour table: a 6x6x6 cube from 16 on, 24 greys from 232 on.
    """
    cube = tuple(_cube_step(value) for value in (red, green, blue))
    near = tuple(_CUBE[step] for step in cube)
    cube_error = (near[0] - red) ** 2 + (near[1] - green) ** 2 + (near[2] - blue) ** 2
    grey_step = min(23, max(0, ((red + green + blue) // 3 - 3) // 10))
    grey = 8 + 10 * grey_step
    grey_error = (grey - red) ** 2 + (grey - green) ** 2 + (grey - blue) ** 2
    if grey_error < cube_error:
        return 232 + grey_step
    return 16 + 36 * cube[0] + 6 * cube[1] + cube[2]


def _cube_step(value: int) -> int:
    if value < 48:
        return 0
    if value < 115:
        return 1
    return (value - 35) // 40


def _true_color(pixels: bytes) -> list[str]:
    # Dropping the lowest two bits merges neighbours that no eye can tell apart: fewer bytes.
    values = [value & 0xFC for value in pixels]
    return [
        f"2;{r};{g};{b}" for r, g, b in zip(values[::3], values[1::3], values[2::3], strict=True)
    ]


def _palette_color(pixels: bytes) -> list[str]:
    return [
        f"5;{palette_number(r, g, b)}"
        for r, g, b in zip(pixels[::3], pixels[1::3], pixels[2::3], strict=True)
    ]


def _old_color(pixels: bytes, y: int, most: int) -> list[str]:
    """Return the nearest of the first old colours; a pattern stands for what is between them."""
    found = []
    for x in range(len(pixels) // 3):
        shift = (_ORDER[y % 4 * 4 + x % 4] - 7.5) / 16 * _SPREAD
        red, green, blue = (
            min(15, max(0, int(value + shift) >> 4)) for value in pixels[3 * x : 3 * x + 3]
        )
        found.append(_nearest(red, green, blue, most))
    return found


@lru_cache(maxsize=2 * 16**3)
def _nearest(red: int, green: int, blue: int, most: int) -> str:
    """Return the number of the nearest of the first old colours; channels go from 0 to 15."""
    wanted = _light_and_hue(17 * red, 17 * green, 17 * blue)

    def error(number: int) -> float:
        light, blueness, redness = (
            one - other
            for one, other in zip(_light_and_hue(*_SIXTEEN[number]), wanted, strict=True)
        )
        # A tint in what is grey is seen before a wrong brightness.
        return 2 * light**2 + 1.5 * (blueness**2 + redness**2)

    return str(min(range(most), key=error))


def _light_and_hue(red: int, green: int, blue: int) -> tuple[float, float, float]:
    light = (2 * red + 5 * green + blue) / 8
    return light, blue - light, red - light


def _shade_row(upper: bytes, lower: bytes) -> ShadeRow:
    text = []
    for at in range(0, len(upper), 3):
        light = sum(upper[at : at + 3]) + sum(lower[at : at + 3])
        text.append(_SHADES[min(4, light * 5 // 1531)])
    return ShadeRow("".join(text))

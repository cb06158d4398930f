"""Half-block pictures: RGB pixels to rows of cells, in true colour, 256 colours or none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartgallery_tui.terminal.rows import BlockRow, Row, ShadeRow, block_text

if TYPE_CHECKING:
    from smartgallery_tui.terminal.caps import Colors

_SHADES = " \u2591\u2592\u2593\u2588"
_CUBE = (0, 95, 135, 175, 215, 255)


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
        else:
            name = _true_color if colors == "truecolor" else _palette_color
            cells = tuple(zip(name(upper), name(lower), strict=True))
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


def _shade_row(upper: bytes, lower: bytes) -> ShadeRow:
    text = []
    for at in range(0, len(upper), 3):
        light = sum(upper[at : at + 3]) + sum(lower[at : at + 3])
        text.append(_SHADES[min(4, light * 5 // 1531)])
    return ShadeRow("".join(text))

"""Colours for the drawn pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Sequence

Color = tuple[int, int, int]

PALETTES: tuple[tuple[Color, ...], ...] = (
    ((20, 24, 54), (66, 52, 110), (178, 82, 120), (247, 150, 110), (255, 222, 160)),
    ((8, 28, 44), (18, 74, 96), (60, 138, 142), (150, 202, 176), (240, 240, 210)),
    ((30, 14, 30), (92, 24, 58), (170, 44, 60), (232, 116, 60), (252, 210, 120)),
    ((12, 22, 20), (30, 66, 48), (86, 122, 68), (172, 178, 98), (240, 230, 170)),
    ((16, 16, 40), (44, 56, 132), (84, 126, 208), (150, 200, 240), (240, 248, 255)),
    ((36, 26, 22), (98, 66, 48), (164, 118, 82), (214, 178, 134), (246, 232, 206)),
    ((10, 10, 22), (60, 20, 90), (140, 40, 160), (230, 90, 180), (255, 210, 230)),
    ((22, 32, 38), (62, 84, 92), (120, 146, 150), (186, 204, 202), (242, 246, 244)),
)
"""From dark to light, five stops each."""


def mix(first: Color, second: Color, share: float) -> Color:
    """Return the colour at `share` (0 to 1) of the way from `first` to `second`."""
    return (
        round(first[0] + (second[0] - first[0]) * share),
        round(first[1] + (second[1] - first[1]) * share),
        round(first[2] + (second[2] - first[2]) * share),
    )


def stop(palette: Sequence[Color], place: float) -> Color:
    """Return the colour at `place` (0 dark to 1 light) of a palette."""
    scaled = min(max(place, 0.0), 1.0) * (len(palette) - 1)
    below = min(int(scaled), len(palette) - 2)
    return mix(palette[below], palette[below + 1], scaled - below)


def tint(gray: Image.Image, palette: Sequence[Color]) -> Image.Image:
    """Return a grey picture with each level replaced by the palette's colour."""
    table = [stop(palette, level / 255) for level in range(256)]
    channels = [gray.point([color[channel] for color in table]) for channel in range(3)]
    return Image.merge("RGB", channels)


def vertical_gradient(size: tuple[int, int], colors: Sequence[Color]) -> Image.Image:
    """Return a picture that runs from the first colour at the top to the last at the bottom."""
    column = Image.new("RGB", (1, 64))
    column.putdata([stop(colors, row / 63) for row in range(64)])
    return column.resize(size, Image.Resampling.BICUBIC)

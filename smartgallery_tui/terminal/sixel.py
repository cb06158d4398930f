"""Sixel pictures: textual-image's encoder, its output corrected for terminals that read strictly.

Source: DEC STD 070, chapter "Sixel graphics"; behaviour of xterm 398 and foot 1.21.
"""

from __future__ import annotations

import re
from math import lcm
from typing import TYPE_CHECKING

from smartgallery_tui.terminal.palette import few_colors

if TYPE_CHECKING:
    from PIL import Image

BAND_PX = 6
"""A sixel is a column of this many pixels; pictures are cut to whole ones."""

_RICHEST_FIRST = ((256, True), (256, False), (128, False))
"""Colours, and whether they are mixed."""
_FEWEST = 64
_SAMPLE_BANDS = 10

_DEFINITION = re.compile(r"#(\d+);2;(\d+;\d+;\d+)")
_DEFINED = re.compile(r"#(\d+);2;\d+;\d+;\d+")
_SELECTED = re.compile(r"#(\d+)(?![\d;])")
_PARTS = re.compile(r"(\x1bP[0-9;]*q)\"1;1;(\d+);(\d+)(.*)\x1b\\\Z", re.DOTALL)
_HEADER = re.compile(r"\A\x1bP[0-9;]*q")


def encode_sixel(image: Image.Image, colors: int) -> bytes:
    """Return the escape code that draws an RGB picture at the cursor.

    The height is cut to whole bands: a broken one would be filled up and push the screen. Colours
    are defined and then selected (a definition alone selects nothing in foot), and pixels that
    are not drawn keep the background (P2=1).
    """
    return _encoded(few_colors(_whole_bands(image), colors))


def sixel_within(image: Image.Image, most_bytes: int) -> bytes:
    """Return the best escape code of at most so many bytes; the last resort may have more.

    Few colours show bands in skies and other smooth areas. So as many as a terminal has registers
    are taken, mixed where that fits, and fewer where a picture is too rich for them.
    """
    from PIL import Image as Pillow

    image = _whole_bands(image)
    for colors, is_mixed in _RICHEST_FIRST:
        reduced = few_colors(image, colors)
        if is_mixed:
            mixing = Pillow.Dither.FLOYDSTEINBERG
            reduced = image.quantize(palette=reduced, dither=mixing)
        if _expected_bytes(reduced) <= most_bytes:
            data = _encoded(reduced)
            if len(data) <= most_bytes:
                return data
    return _encoded(few_colors(image, _FEWEST))


def _whole_bands(image: Image.Image) -> Image.Image:
    height = max(BAND_PX, image.height // BAND_PX * BAND_PX)
    return image if height == image.height else image.crop((0, 0, image.width, height))


def _encoded(reduced: Image.Image) -> bytes:
    from textual_image._sixel import SixelOptions, image_to_sixels

    return corrected(image_to_sixels(reduced, SixelOptions())).encode("ascii")


def _expected_bytes(reduced: Image.Image) -> float:
    """Return what a picture with a palette will take, from some of its bands."""
    bands = reduced.height // BAND_PX
    if bands <= 3 * _SAMPLE_BANDS:
        return 0.0
    sample = reduced.crop((0, 0, reduced.width, _SAMPLE_BANDS * BAND_PX))
    for number in range(_SAMPLE_BANDS):
        top = (2 * number + 1) * bands // (2 * _SAMPLE_BANDS) * BAND_PX
        band = reduced.crop((0, top, reduced.width, top + BAND_PX))
        sample.paste(band, (0, number * BAND_PX))
    return len(_encoded(sample)) * bands / _SAMPLE_BANDS


def corrected(text: str) -> str:
    """Return a sixel escape code with explicit colour selection and a transparent ground."""
    text = _HEADER.sub("\x1bP0;1;0q", text, count=1)
    return _DEFINITION.sub(r"#\1;2;\2#\1", text)


class SixelBands:
    """A sixel picture that can be drawn in several strips, so that other output gets between.

    Args:
        data: An escape code that `encode_sixel` made.
        cell_height_px: Strips begin where a cell begins.
    """

    def __init__(self, data: bytes, cell_height_px: int) -> None:
        match = _PARTS.match(data.decode("ascii"))
        if match is None:
            raise ValueError("not a sixel of ours")
        self._start, self._width, self._height = match[1], match[2], int(match[3])
        body = match[4]
        self._definitions = {found[1]: found[0] for found in _DEFINED.finditer(body)}
        self._bands = _DEFINED.sub("", body).removesuffix("-").split("-")
        self._active = self._colors_at_starts()
        self.bands_per_step = lcm(BAND_PX, cell_height_px) // BAND_PX
        self._lines_per_step = lcm(BAND_PX, cell_height_px) // cell_height_px

    @property
    def steps(self) -> int:
        """Return the number of the shortest strips."""
        return -(-len(self._bands) // self.bands_per_step)

    def line(self, step: int) -> int:
        """Return the line of cells on which a strip begins."""
        return step * self._lines_per_step

    def strip(self, first: int, last: int) -> str:
        """Return the escape code of the strips from `first` up to `last`."""
        start, end = first * self.bands_per_step, last * self.bands_per_step
        bands = self._bands[start:end]
        body = "-".join(bands)
        used = {*_SELECTED.findall(body), self._active[start]} & self._definitions.keys()
        colors = "".join(self._definitions[number] for number in sorted(used, key=int))
        active = f"#{self._active[start]}" if self._active[start] else ""
        height = min(len(bands) * BAND_PX, self._height - start * BAND_PX)
        return f'{self._start}"1;1;{self._width};{height}{colors}{active}{body}\x1b\\'

    def _colors_at_starts(self) -> list[str]:
        """Return the colour in force where each band begins: it is not selected again there."""
        active = ""
        found: list[str] = []
        for band in self._bands:
            found.append(active)
            at = band.rfind("#")
            if at >= 0:
                match = _SELECTED.match(band, at)
                active = match[1] if match else active
        return found

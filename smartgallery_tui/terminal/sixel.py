"""Sixel pictures: textual-image's encoder, its output corrected for terminals that read strictly.

Source: DEC STD 070, chapter "Sixel graphics"; behaviour of xterm 398 and foot 1.21.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

BAND_PX = 6
"""A sixel is a column of this many pixels; pictures are cut to whole ones."""

_DEFINITION = re.compile(r"#(\d+);2;(\d+;\d+;\d+)")
_HEADER = re.compile(r"\A\x1bP[0-9;]*q")


def encode_sixel(image: Image.Image, colors: int) -> bytes:
    """Return the escape code that draws an RGB picture at the cursor.

    The height is cut to whole bands: a broken one would be filled up and push the screen. Colours
    are defined and then selected (a definition alone selects nothing in foot), and pixels that
    are not drawn keep the background (P2=1).
    """
    from textual_image._sixel import SixelOptions, image_to_sixels

    height = max(BAND_PX, image.height // BAND_PX * BAND_PX)
    if height != image.height:
        image = image.crop((0, 0, image.width, height))
    text = image_to_sixels(image, SixelOptions(colors=colors))
    return corrected(text).encode("ascii")


def corrected(text: str) -> str:
    """Return a sixel escape code with explicit colour selection and a transparent ground."""
    text = _HEADER.sub("\x1bP0;1;0q", text, count=1)
    return _DEFINITION.sub(r"#\1;2;\2#\1", text)

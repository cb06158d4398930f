"""Decodes a whole picture to RGBA, for texts that some tools hide in the lowest bits of pixels."""

from __future__ import annotations

import os
import warnings
from typing import NamedTuple

from PIL import Image

from smartgallery_tui.errors import MediaError
from smartgallery_tui.media.decode import DECODE_ERRORS, open_regular

MAX_PIXELS = 40_000_000
"""Larger pictures are not searched: they would take hundreds of megabytes."""
_FORMATS = ("PNG", "WEBP")
"""Formats without loss: elsewhere the lowest bits are noise."""


class Pixels(NamedTuple):
    """`rgba` is `height_px * width_px * 4` bytes, rows from the top."""

    rgba: bytes
    width_px: int
    height_px: int


def read_rgba(path: str) -> Pixels:
    """Return all pixels of a PNG or WebP file.

    Raises:
        MediaError: It is none of them, too large, or damaged.
    """
    descriptor = open_regular(path)
    with os.fdopen(descriptor, "rb") as file, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with Image.open(file, formats=_FORMATS) as picture:
                if picture.width * picture.height > MAX_PIXELS:
                    raise MediaError("the picture is too large to look for hidden text")
                rgba = picture.convert("RGBA")
        except DECODE_ERRORS as error:
            raise MediaError(f"cannot decode the picture: {type(error).__name__}") from error
    return Pixels(rgba.tobytes(), rgba.width, rgba.height)

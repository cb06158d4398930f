"""Thumbnails as they are stored: sizes, names, and pixels out of our own JPEGs."""

from __future__ import annotations

import io

from PIL import Image, JpegImagePlugin

from smartgallery_tui.errors import MediaError
from smartgallery_tui.media.decode import DECODE_ERRORS, Part, Size, Wanted, fit, shrink, to_jpeg
from smartgallery_tui.records import Picture

VERSION = 1
"""Raised when stored thumbnails of older versions must be made again."""
MICRO_PX = 64
"""Longest side of the picture for the first instant."""
MAX_STORED_PX = 512
"""Longest side of the largest stored thumbnail; what is larger is decoded from the file."""
_STEP_PX = 64
_MIN_STORED_PX = 128


def stored_size_px(box_px: tuple[int, int], preferred_px: int) -> int:
    """Return the longest side of the thumbnail to store for a box; 0 if the box is too large.

    Sizes go in steps, so that a slightly larger cell does not make every thumbnail again.

    Args:
        box_px: Where the thumbnail will be shown.
        preferred_px: The size that the settings ask for; smaller boxes use it too.
    """
    wanted = max(*box_px, min(preferred_px, MAX_STORED_PX), _MIN_STORED_PX)
    side_px = -(-wanted // _STEP_PX) * _STEP_PX
    return side_px if side_px <= MAX_STORED_PX else 0


def picture_of_jpeg(data: bytes, box_px: tuple[int, int]) -> Picture:
    """Return the pixels of a JPEG that this program made, fitted to a box; never enlarged.

    Takes about a millisecond; call off the event loop.

    Raises:
        MediaError: The stored bytes are damaged.
    """
    try:
        with JpegImagePlugin.JpegImageFile(io.BytesIO(data)) as image:
            source = Size(*image.size)
            if source.width_px > MAX_STORED_PX or source.height_px > MAX_STORED_PX:
                raise MediaError("not a stored thumbnail")
            image.draft("RGB", fit(source, box_px))
            image.load()
            small = shrink(image.convert("RGB"), box_px)
    except DECODE_ERRORS as error:
        raise MediaError(f"damaged thumbnail: {error}") from error
    return Picture(small.width, small.height, small.tobytes())


def jpeg_of_picture(picture: Picture, longest_px: int, quality: int) -> bytes:
    """Return a picture as JPEG bytes, made smaller to the longest side given."""
    image = Image.frombytes("RGB", (picture.width_px, picture.height_px), picture.rgb)
    return to_jpeg(shrink(image, (longest_px, longest_px)), quality)


def cut_picture(picture: Picture, part: Part) -> Picture:
    """Return a part of a picture, named by fractions."""
    size = Size(picture.width_px, picture.height_px)
    image = Image.frombytes("RGB", size, picture.rgb).crop(Wanted(size, part).pixels_of(size))
    return Picture(image.width, image.height, image.tobytes())


def shrink_picture(picture: Picture, box_px: tuple[int, int]) -> Picture:
    """Return a picture made smaller to fit a box, or itself where it does."""
    size = Size(picture.width_px, picture.height_px)
    if fit(size, box_px) == size:
        return picture
    image = shrink(Image.frombytes("RGB", size, picture.rgb), box_px)
    return Picture(image.width, image.height, image.tobytes())

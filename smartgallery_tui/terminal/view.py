"""What part of a picture is shown, and how it is turned: a view never changes the file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from smartgallery_tui.records import Picture

if TYPE_CHECKING:
    from PIL import Image

MOST_ZOOM = 8.0


@dataclass(frozen=True, slots=True)
class ViewSpec:
    """A look at a picture; the default is the whole of it, fitted."""

    zoom: float = 1.0
    """Factor over the fitted size; above 1 a part is shown."""
    center_x: float = 0.5
    center_y: float = 0.5
    """Middle of the shown part, as fractions of the turned picture."""
    quarter_turns: int = 0
    """Turns clockwise."""
    is_mirrored: bool = False
    """Left and right swapped."""
    is_flipped: bool = False
    """Upside down."""

    @property
    def is_plain(self) -> bool:
        """Tell whether the picture is shown as it is."""
        return self == ViewSpec()


def turned_size(size_px: tuple[int, int], view: ViewSpec) -> tuple[int, int]:
    """Return width and height after the turns."""
    return size_px if view.quarter_turns % 2 == 0 else (size_px[1], size_px[0])


def shown_box(
    size_px: tuple[int, int], box_px: tuple[int, int], view: ViewSpec
) -> tuple[float, float, float, float]:
    """Return the shown part of a turned picture: left, top, right, bottom as fractions.

    Args:
        size_px: Size of the turned picture.
        box_px: Room on the screen.
        view: Zoom and middle; the middle is moved so that no part lies outside the picture.
    """
    fit = min(box_px[0] / size_px[0], box_px[1] / size_px[1])
    part_x = min(1.0, box_px[0] / (size_px[0] * fit * view.zoom))
    part_y = min(1.0, box_px[1] / (size_px[1] * fit * view.zoom))
    left = min(max(view.center_x - part_x / 2, 0.0), 1.0 - part_x)
    top = min(max(view.center_y - part_y / 2, 0.0), 1.0 - part_y)
    return left, top, left + part_x, top + part_y


def arrange(picture: Picture, view: ViewSpec, box_px: tuple[int, int]) -> Picture:
    """Return the shown part of `picture`, turned and scaled to the box.

    Runs in a worker thread. A picture smaller than its zoomed size is enlarged with sharp pixel
    edges from three times on, smoothly below.
    """
    from PIL import Image  # costs 50 ms: not before the first picture

    image = Image.frombytes("RGB", (picture.width_px, picture.height_px), picture.rgb)
    if view.quarter_turns % 4:
        turn = (Image.Transpose.ROTATE_270, Image.Transpose.ROTATE_180, Image.Transpose.ROTATE_90)
        image = image.transpose(turn[view.quarter_turns % 4 - 1])
    if view.is_mirrored:
        image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    if view.is_flipped:
        image = image.transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    if view.zoom > 1.0:
        image = _cut(image, view, box_px)
    return Picture(image.width, image.height, image.tobytes())


def _cut(image: Image.Image, view: ViewSpec, box_px: tuple[int, int]) -> Image.Image:
    from PIL import Image as Pillow

    left, top, right, bottom = shown_box(image.size, box_px, view)
    part = (
        left * image.width, top * image.height, right * image.width, bottom * image.height,
    )  # fmt: skip
    width, height = max(1.0, part[2] - part[0]), max(1.0, part[3] - part[1])
    scale = min(box_px[0] / width, box_px[1] / height)
    method = Pillow.Resampling.NEAREST if scale >= 3 else Pillow.Resampling.BICUBIC
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return image.resize(size, method, box=part)

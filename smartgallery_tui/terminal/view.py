"""What part of a picture is shown, how large and how turned: a view never changes the file."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from smartgallery_tui.records import Picture

if TYPE_CHECKING:
    from PIL import Image

MOST_ZOOM = 8.0
"""Largest factor over the fitted size, and over actual pixels."""
LEAST_ZOOM = 0.5
MOST_ENLARGED = 1.125
"""A fitted picture is enlarged by so much at most, or doubled: enough to fill the cells that it
begins, too little to blur it."""
DOUBLED = 2.0
"""What a picture is enlarged by that is less than half as large as its room."""
MOST_WHOLE_PX = 8_000_000
"""A picture of so many pixels is decoded whole, so that moving over it needs no decoder."""
_MOST_AROUND_PX = 8_000_000


@dataclass(frozen=True, slots=True)
class ViewSpec:
    """A look at a picture; the default is the whole of it, fitted."""

    zoom: float = 1.0
    """Factor over the fitted size; where the box is too small for it, a part is shown."""
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


class Part(NamedTuple):
    """A part of a picture as fractions of its width and height."""

    left: float = 0.0
    top: float = 0.0
    right: float = 1.0
    bottom: float = 1.0

    @property
    def width(self) -> float:
        """Its share of the width."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Its share of the height."""
        return self.bottom - self.top


WHOLE = Part()


class Cut(NamedTuple):
    """What to decode for a view."""

    part: Part
    """Of the picture that is not turned; `WHOLE`, or what is shown and some around it."""
    box_px: tuple[int, int]
    """Largest size of the part that is of use."""


def turned_size(size_px: tuple[int, int], view: ViewSpec) -> tuple[int, int]:
    """Return width and height after the turns."""
    return size_px if view.quarter_turns % 2 == 0 else (size_px[1], size_px[0])


def fit_scale(size_px: tuple[int, int], box_px: tuple[int, int]) -> float:
    """Return screen pixels for a pixel of the fitted picture.

    A small one is doubled where that fits, so that it is no stamp on a screen of fine pixels, and
    no part of a pixel blurs it; else it keeps its size.
    """
    scale = min(box_px[0] / max(1, size_px[0]), box_px[1] / max(1, size_px[1]))
    if scale <= MOST_ENLARGED:
        return scale
    return DOUBLED if scale >= DOUBLED else 1.0


def most_zoom(size_px: tuple[int, int], box_px: tuple[int, int]) -> float:
    """Return the largest zoom: eight times the fitted size, or eight times actual pixels."""
    return max(MOST_ZOOM, MOST_ZOOM / fit_scale(size_px, box_px))


def in_words(view: ViewSpec, size_px: tuple[int, int] | None, box_px: tuple[int, int]) -> str:
    """Return how a picture is shown: percent of actual pixels, and how it is turned.

    Args:
        view: How it is shown.
        size_px: Size of the turned picture, if it is known.
        box_px: Room on the screen.
    """
    words = []
    if size_px is not None:
        percent = f"{100 * fit_scale(size_px, box_px) * view.zoom:.0f} %"
        words.append(f"fit {percent}" if view.zoom == 1.0 else percent)
    if view.quarter_turns:
        words.append(f"turned {90 * view.quarter_turns}°")
    if view.is_mirrored:
        words.append("mirrored")
    if view.is_flipped:
        words.append("upside down")
    return ", ".join(words)


def shown_box(size_px: tuple[int, int], box_px: tuple[int, int], view: ViewSpec) -> Part:
    """Return the shown part of a turned picture.

    Args:
        size_px: Size of the turned picture.
        box_px: Room on the screen.
        view: Zoom and middle; the middle is moved so that no part lies outside the picture.
    """
    scale = fit_scale(size_px, box_px) * view.zoom
    part_x = min(1.0, box_px[0] / (size_px[0] * scale))
    part_y = min(1.0, box_px[1] / (size_px[1] * scale))
    left = min(max(view.center_x - part_x / 2, 0.0), 1.0 - part_x)
    top = min(max(view.center_y - part_y / 2, 0.0), 1.0 - part_y)
    return Part(left, top, left + part_x, top + part_y)


def moved(
    size_px: tuple[int, int], box_px: tuple[int, int], view: ViewSpec, dx: float, dy: float
) -> ViewSpec:
    """Return a view whose shown part was moved; it never leaves the picture.

    Args:
        size_px: Size of the turned picture.
        box_px: Room on the screen.
        view: How it is shown.
        dx: How far to the right, as a fraction of the shown width.
        dy: How far down, as a fraction of the shown height.
    """
    part = shown_box(size_px, box_px, view)
    x = (part.left + part.right) / 2 + dx * part.width
    y = (part.top + part.bottom) / 2 + dy * part.height
    return replace(
        view,
        center_x=min(max(x, part.width / 2), 1 - part.width / 2),
        center_y=min(max(y, part.height / 2), 1 - part.height / 2),
    )


def shown_size(
    size_px: tuple[int, int], box_px: tuple[int, int], view: ViewSpec
) -> tuple[int, int]:
    """Return the pixels of the screen that the view of a picture takes.

    Args:
        size_px: Size of the picture, not turned.
        box_px: Room on the screen.
        view: How it is shown.
    """
    turned = turned_size(size_px, view)
    part = shown_box(turned, box_px, view)
    scale = fit_scale(turned, box_px) * view.zoom
    width, height = part.width * turned[0] * scale, part.height * turned[1] * scale
    return max(1, round(width)), max(1, round(height))


def needed(size_px: tuple[int, int], box_px: tuple[int, int], view: ViewSpec) -> Cut:
    """Return what has to be decoded so that `arrange` can show a view sharply.

    A large picture that is zoomed in is decoded in parts, each wider than what is shown, so that
    a few steps over it need no new one. A whole picture is decoded in few sizes, whatever the
    zoom and the turn.

    Args:
        size_px: Size of the picture, not turned.
        box_px: Room on the screen.
        view: How it is shown.
    """
    turned = turned_size(size_px, view)
    scale = min(1.0, fit_scale(turned, box_px) * view.zoom)
    fitted = min(1.0, max(fit_scale(size_px, box_px), fit_scale(size_px[::-1], box_px)))
    step = min(1.0, fitted * 2 ** math.ceil(max(0.0, math.log2(scale / fitted)) - 1e-9))
    for each in (step, scale):
        whole = max(1, round(size_px[0] * each)), max(1, round(size_px[1] * each))
        if view.zoom <= 1.0 or whole[0] * whole[1] <= MOST_WHOLE_PX:
            return Cut(WHOLE, whole)
    part = _unturned(_around(shown_box(turned, box_px, view), box_px), view)
    width, height = part.width * whole[0], part.height * whole[1]
    return Cut(part, (max(1, round(width)), max(1, round(height))))


def arrange(
    picture: Picture,
    view: ViewSpec,
    box_px: tuple[int, int],
    size_px: tuple[int, int] | None = None,
    covered: Part = WHOLE,
    *,
    most_px: int = 0,
) -> Picture:
    """Return the shown part of `picture`, turned and scaled to its size on the screen.

    Runs in a worker thread. A picture smaller than its zoomed size is enlarged with sharp pixel
    edges from three times on, smoothly below.

    Args:
        picture: Pixels of the covered part.
        view: How it is shown.
        box_px: Room on the screen.
        size_px: Size of the whole picture, not turned; None: that of `picture`.
        covered: Which part of the whole picture these pixels are.
        most_px: Longest side of the result, for a stand-in that will be enlarged; 0: as shown.
    """
    from PIL import Image  # costs 50 ms: not before the first picture

    size_px = size_px or (picture.width_px, picture.height_px)
    image = Image.frombytes("RGB", (picture.width_px, picture.height_px), picture.rgb)
    image = _turned(image, view)
    turned = turned_size(size_px, view)
    shown = shown_box(turned, box_px, view)
    have = _turned_part(covered, view)
    crop = (
        max(0.0, (shown.left - have.left) / have.width * image.width),
        max(0.0, (shown.top - have.top) / have.height * image.height),
        min(image.width, (shown.right - have.left) / have.width * image.width),
        min(image.height, (shown.bottom - have.top) / have.height * image.height),
    )
    target = shown_size(size_px, box_px, view)
    if most_px:
        small = min(1.0, most_px / max(target))
        target = max(1, round(target[0] * small)), max(1, round(target[1] * small))
    if crop != (0.0, 0.0, *image.size) or target != image.size:
        image = image.resize(target, _method(crop, target), box=crop)
    return Picture(image.width, image.height, image.tobytes())


def enlarged(picture: Picture, size_px: tuple[int, int]) -> Picture:
    """Return a picture in a larger size with sharp pixel edges, which pack well."""
    from PIL import Image  # costs 50 ms: not before the first picture

    image = Image.frombytes("RGB", (picture.width_px, picture.height_px), picture.rgb)
    image = image.resize(size_px, Image.Resampling.NEAREST)
    return Picture(image.width, image.height, image.tobytes())


def _method(crop: tuple[float, float, float, float], target: tuple[int, int]) -> Image.Resampling:
    from PIL import Image

    scale = target[0] / max(1.0, crop[2] - crop[0])
    if scale >= 3:
        return Image.Resampling.NEAREST
    return Image.Resampling.BICUBIC if scale >= 1 else Image.Resampling.LANCZOS


def _turned(image: Image.Image, view: ViewSpec) -> Image.Image:
    from PIL import Image as Pillow

    turns = Pillow.Transpose
    if view.quarter_turns % 4:
        turn = (turns.ROTATE_270, turns.ROTATE_180, turns.ROTATE_90)[view.quarter_turns % 4 - 1]
        image = image.transpose(turn)
    if view.is_mirrored:
        image = image.transpose(turns.FLIP_LEFT_RIGHT)
    if view.is_flipped:
        image = image.transpose(turns.FLIP_TOP_BOTTOM)
    return image


def _turned_part(part: Part, view: ViewSpec) -> Part:
    """Return where a part lies after the picture was turned."""
    left, top, right, bottom = part
    for _ in range(view.quarter_turns % 4):
        left, top, right, bottom = 1 - bottom, left, 1 - top, right
    if view.is_mirrored:
        left, right = 1 - right, 1 - left
    if view.is_flipped:
        top, bottom = 1 - bottom, 1 - top
    return Part(left, top, right, bottom)


def _unturned(part: Part, view: ViewSpec) -> Part:
    """Return where a part of the turned picture lies in the one that is not turned."""
    left, top, right, bottom = part
    if view.is_flipped:
        top, bottom = 1 - bottom, 1 - top
    if view.is_mirrored:
        left, right = 1 - right, 1 - left
    for _ in range(-view.quarter_turns % 4):
        left, top, right, bottom = 1 - bottom, left, 1 - top, right
    return Part(left, top, right, bottom)


def _around(shown: Part, box_px: tuple[int, int]) -> Part:
    """Return the field of a fixed grid that holds what is shown; the larger the box, the closer."""
    steps = next(
        (n for n in (1, 2) if box_px[0] * box_px[1] * (1 + 1 / n) ** 2 <= _MOST_AROUND_PX), 4
    )
    left, right = _field(shown.left, shown.width, steps)
    top, bottom = _field(shown.top, shown.height, steps)
    return Part(left, top, right, bottom)


def _field(start: float, length: float, steps: int) -> tuple[float, float]:
    step = length / steps
    first = math.floor(start / step + 1e-9) * step
    return max(0.0, min(first, start)), min(1.0, max(first + length + step, start + length))

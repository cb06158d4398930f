"""Pixels to what one protocol sends: fitted, reduced to a palette, compressed.

Runs in worker threads only: Pillow is imported on the first call.
"""

from __future__ import annotations

import io
import math
import struct
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from smartgallery_tui.terminal.palette import few_colors

if TYPE_CHECKING:
    from PIL import Image

    from smartgallery_tui.records import Picture
    from smartgallery_tui.terminal.caps import Protocol, TerminalCaps
    from smartgallery_tui.terminal.shared_files import SharedFile, SharedFiles

Quality = Literal["low", "fair", "full"]

_HEADER = struct.Struct(">4sHHHH")
_MAGIC = b"SGP1"
_LOW_COLORS = 64
_FULL_COLORS = 256
_THUMBNAIL_COLORS = 104
_THUMBNAIL_PX = 200_000
"""A palette PNG of at most so many pixels gets fewer colours: a page of them is a sixth smaller."""
_TINY_COLORS = 32
_TINY_PX = 64 * 64
"""A picture of so few pixels loses no more of them."""
FINE_BYTES = 300_000
"""Most bytes for a picture that is shown large; base64 makes a third more of them."""
FINE_SIXEL_BYTES = 470_000
_FINE = frozenset({"kitty", "sixel"})
_SIXEL_COLORS = {"low": 12, "fair": 36, "full": 64}
_JPEG_QUALITY = {"low": 50, "fair": 85, "full": 85}


@dataclass(frozen=True, slots=True)
class Payload:
    """An encoded picture and the cells it covers."""

    width_cells: int
    height_cells: int
    width_px: int
    height_px: int
    data: bytes
    """PNG, sixel escape code, JPEG, or RGB: of one pixel a column and two a line for half blocks,
    of `raw_px` for a file that the terminal reads."""
    raw_px: tuple[int, int] = (0, 0)
    """Width and height of plain RGB pixels; (0, 0) where they are encoded."""
    file: SharedFile | None = None
    """Holds the pixels in place of `data`."""

    @property
    def decoded_bytes(self) -> int:
        """Return what the terminal needs to hold it decoded, as RGBA."""
        return self.width_px * self.height_px * 4

    @property
    def held_bytes(self) -> int:
        """Return what keeping it costs."""
        return len(self.data) + (3 * self.raw_px[0] * self.raw_px[1] if self.file else 0)

    def shared(self, files: SharedFiles) -> Payload:
        """Return the same with its plain pixels in a file.

        Raises:
            OSError: There is no room for it.
        """
        return replace(self, data=b"", file=files.write(self.data))


def encode(
    picture: Picture,
    caps: TerminalCaps,
    box_cells: tuple[int, int],
    quality: Quality = "full",
    shown_px: tuple[int, int] | None = None,
    *,
    is_fine: bool = False,
) -> Payload:
    """Return `picture` fitted into a box of cells, encoded for the terminal's protocol.

    Args:
        picture: Decoded pixels, at least as large as they should be shown, or all there are.
        caps: Protocol, cell size and colours.
        box_cells: Columns and lines that may be used; the aspect is kept.
        quality: `low` is a quarter to a tenth of the bytes, shown at the same size; `fair` is
            between where a protocol has something there (sixel).
        shown_px: Size on the screen where `picture` is a smaller stand-in for it. Kitty and cells
            enlarge it; elsewhere it stays small, enlarging would only cost bytes.
        is_fine: A palette PNG or a sixel may become a better one within `FINE_BYTES`, and
            `FINE_SIXEL_BYTES`.
    """
    from PIL import Image  # costs 50 ms: not before the first picture

    image = Image.frombytes("RGB", (picture.width_px, picture.height_px), picture.rgb)
    box_px = (box_cells[0] * caps.cell_width_px, box_cells[1] * caps.cell_height_px)
    width_px, height_px = fitted(image.size, box_px)
    if shown_px is not None and (caps.protocol not in {"sixel", "iterm"} or shown_px == image.size):
        width_px, height_px = shown_px
    columns = min(box_cells[0], max(1, math.ceil(width_px / caps.cell_width_px)))
    lines = min(box_cells[1], max(1, math.ceil(height_px / caps.cell_height_px)))
    if caps.protocol in {"halfblock", "none"}:
        small = image.resize((columns, 2 * lines), Image.Resampling.BOX, reducing_gap=2.0)
        return Payload(columns, lines, columns, 2 * lines, small.tobytes())
    if shown_px is None and image.size != (width_px, height_px):
        image = image.resize((width_px, height_px), Image.Resampling.LANCZOS, reducing_gap=3.0)
    if caps.sees_our_files:
        return Payload(columns, lines, width_px, height_px, image.tobytes(), image.size)
    if is_fine and caps.protocol in _FINE and quality == "full":
        data = _fine(image, caps.protocol)
    else:
        data = _encode_pixels(image, caps.protocol, quality, (columns, lines))
    return Payload(columns, lines, width_px, height_px, data)


def _fine(image: Image.Image, protocol: Protocol) -> bytes:
    if protocol == "kitty":
        return png_within(image, FINE_BYTES)
    from smartgallery_tui.terminal.sixel import sixel_within  # brings textual-image in

    return sixel_within(image, FINE_SIXEL_BYTES)


def fitted(size_px: tuple[int, int], box_px: tuple[int, int]) -> tuple[int, int]:
    """Return the largest size with the same aspect inside the box.

    A picture that is smaller is enlarged by at most an eighth: enough to fill the cells that it
    begins, too little to blur it.
    """
    scale = min(box_px[0] / size_px[0], box_px[1] / size_px[1])
    if scale > 1.125:
        scale = 1.0
    return max(1, round(size_px[0] * scale)), max(1, round(size_px[1] * scale))


def pack(payload: Payload) -> bytes:
    """Return a payload as bytes for the thumbnail store."""
    head = (payload.width_cells, payload.height_cells, payload.width_px, payload.height_px)
    return _HEADER.pack(_MAGIC, *head) + payload.data


def unpack(stored: bytes) -> Payload | None:
    """Return a stored payload, or None if the bytes are not one of ours."""
    if len(stored) <= _HEADER.size or not stored.startswith(_MAGIC):
        return None
    _, columns, lines, width_px, height_px = _HEADER.unpack_from(stored)
    return Payload(columns, lines, width_px, height_px, stored[_HEADER.size :])


def payload_name(caps: TerminalCaps, box_cells: tuple[int, int], quality: Quality) -> str:
    """Return the name under which a payload of this terminal and size is stored."""
    cell = f"{caps.cell_width_px}x{caps.cell_height_px}"
    return f"{caps.protocol}-7:{box_cells[0]}x{box_cells[1]}:{cell}:{quality}"


def _encode_pixels(
    image: Image.Image, protocol: Protocol, quality: Quality, cells: tuple[int, int]
) -> bytes:
    if protocol == "sixel":
        from smartgallery_tui.terminal.sixel import encode_sixel  # brings textual-image in

        return encode_sixel(image, _SIXEL_COLORS[quality])
    if protocol == "iterm":
        from smartgallery_tui.terminal.iterm import inline_image

        out = io.BytesIO()
        image.save(out, "JPEG", quality=_JPEG_QUALITY[quality])
        return inline_image(out.getvalue(), *cells)
    return png8(image, quality)


def png8(image: Image.Image, quality: Quality) -> bytes:
    """Return a palette PNG; in low quality half the size and 64 colours.

    Kitty scales a picture to its columns and lines, so the low version covers the same cells.
    """
    from PIL import Image as Pillow

    if quality == "low" and image.width * image.height <= _TINY_PX:
        return _png(few_colors(image, _TINY_COLORS), 6)
    if quality == "low":
        half = (max(1, image.width // 2), max(1, image.height // 2))
        return _png(few_colors(image.resize(half, Pillow.Resampling.BOX), _LOW_COLORS), 6)
    if image.width * image.height <= _THUMBNAIL_PX:
        return _png(few_colors(image, _THUMBNAIL_COLORS), 6)
    octree = Pillow.Quantize.FASTOCTREE
    return _png(image.quantize(_FULL_COLORS, octree, dither=Pillow.Dither.NONE), 6)


def png_within(image: Image.Image, most_bytes: int) -> bytes:
    """Return the best PNG of at most so many bytes: all colours, dithered, or a plain palette.

    A palette without dithering shows bands in skies and other smooth areas; just those pictures
    are small with all their colours. The plain palette is the last resort whatever its size.
    """
    from PIL import Image as Pillow

    if _expected_bytes(image) <= most_bytes:
        best = _png(image, 4)
        if len(best) <= most_bytes:
            return best
    reduced = image.quantize(_FULL_COLORS, Pillow.Quantize.FASTOCTREE, dither=Pillow.Dither.NONE)
    plain = _png(reduced, 6)
    if len(plain) > most_bytes * 0.8:
        return plain
    dithered = _png(image.quantize(palette=reduced, dither=Pillow.Dither.FLOYDSTEINBERG), 6)
    return dithered if len(dithered) <= most_bytes else plain


def _expected_bytes(image: Image.Image) -> float:
    """Return what a PNG with all colours will take, from a few samples of its lines."""
    from PIL import Image as Pillow

    lines, parts = 20, 6
    if image.height < 4 * lines * parts:
        return 0.0
    sample = Pillow.new("RGB", (image.width, lines * parts))
    for part in range(parts):
        top = (2 * part + 1) * image.height // (2 * parts)
        sample.paste(image.crop((0, top, image.width, top + lines)), (0, part * lines))
    return len(_png(sample, 4)) * image.height / sample.height


def _png(image: Image.Image, level: int) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=level)
    return out.getvalue()

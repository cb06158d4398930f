"""Decode one picture file to RGB of a wanted size. Runs in a decode process, not in ours."""

from __future__ import annotations

import contextlib
import importlib
import io
import math
import os
import stat
import struct
import zlib
from typing import TYPE_CHECKING, NamedTuple, cast

from PIL import Image, PngImagePlugin

from smartgallery_tui.errors import MediaError, NoPreviewError
from smartgallery_tui.media.png import SIGNATURE, PixelFile

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_PIXELS = 80_000_000
"""Most pixels that are decoded at once."""
MAX_STREAMED_PIXELS = 250_000_000
"""Most pixels of formats that can be made smaller while they are decoded (PNG, JPEG)."""
STREAM_FROM_PIXELS = 32_000_000
"""Larger PNGs are decoded strip by strip."""
MAX_RGBA_PIXELS = 40_000_000
"""Larger pictures are not looked at bit by bit: they would take hundreds of megabytes."""
_WITHOUT_LOSS = frozenset({"png", "webp"})
MAX_FILE_BYTES = 2 << 30

DECODE_ERRORS = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    RuntimeError,
    MemoryError,
    struct.error,
    zlib.error,
)
"""What Pillow and its codecs are known to raise on damaged files."""

_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_EDGE = 1e-6
_SQUARE_PX = 8
_LIGHT, _DARK = 0xC8, 0x96
_NO_PREVIEW = {
    "svg": "SVG drawings have no preview; open the file with another program",
    "glb": "3D models have no preview; open the file with another program",
    "audio": "sound has no picture",
    "video": "video is not decoded here",
    "json": "a workflow file has no picture",
}


class Size(NamedTuple):
    """Width and height in pixels."""

    width_px: int
    height_px: int


Part = tuple[float, float, float, float]
WHOLE: Part = (0.0, 0.0, 1.0, 1.0)


class Wanted(NamedTuple):
    """What shall come out of a picture, as seen."""

    box_px: tuple[int, int]
    part: Part = WHOLE
    is_sharp: bool = False

    def before(self, turn: int) -> Wanted:
        """Return the same of the picture before an EXIF orientation is applied."""
        left, top, right, bottom = self.part
        if turn >= 5:
            left, top, right, bottom = top, left, bottom, right
        if turn in {2, 3, 7, 8}:
            left, right = 1 - right, 1 - left
        if turn in {3, 4, 6, 7}:
            top, bottom = 1 - bottom, 1 - top
        box_px = (self.box_px[1], self.box_px[0]) if turn >= 5 else self.box_px
        return Wanted(box_px, (left, top, right, bottom), is_sharp=self.is_sharp)

    def pixels_of(self, size: Size) -> tuple[int, int, int, int]:
        """Return left, top, right and bottom in pixels of a picture; never empty."""
        left, top, right, bottom = self.part
        left_px = min(size.width_px - 1, max(0, math.floor(left * size.width_px + _EDGE)))
        top_px = min(size.height_px - 1, max(0, math.floor(top * size.height_px + _EDGE)))
        right_px = min(size.width_px, max(left_px + 1, math.ceil(right * size.width_px - _EDGE)))
        bottom_px = min(size.height_px, max(top_px + 1, math.ceil(bottom * size.height_px - _EDGE)))
        return left_px, top_px, right_px, bottom_px


class Still(NamedTuple):
    """A decoded picture and the size of its source, both as seen (orientation applied)."""

    image: Image.Image
    source: Size


def open_regular(path: str) -> int:
    """Return a file descriptor of a regular file; never blocks on a FIFO, follows no link.

    Raises:
        MediaError: It cannot be opened, or is not a regular file.
    """
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    try:
        fd = os.open(path, flags)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a usable path"
        raise MediaError(f"cannot open the file: {reason}") from error
    state = os.fstat(fd)
    if not stat.S_ISREG(state.st_mode) or state.st_size > MAX_FILE_BYTES:
        os.close(fd)
        is_regular = stat.S_ISREG(state.st_mode)
        raise MediaError("too large to decode" if is_regular else "not a regular file")
    return fd


def sniff(head: bytes) -> str:
    """Return the format that the first 32 bytes show; "" for none that we know.

    Source: the signatures of each format; RFC 9649 (WebP), ISO/IEC 14496-12 (`ftyp`).
    """
    starts = (
        (SIGNATURE, "png"), (b"\xff\xd8\xff", "jpeg"), (b"GIF87a", "gif"), (b"GIF89a", "gif"),
        (b"II*\0", "tiff"), (b"MM\0*", "tiff"), (b"II+\0", "tiff"), (b"v/1\x01", "exr"),
        (b"glTF", "glb"), (b"fLaC", "audio"), (b"OggS", "audio"), (b"ID3", "audio"),
        (b"\x1aE\xdf\xa3", "video"), (b"{", "json"), (b"BM", "bmp"),
        (b"<svg", "svg"), (b"<?xml", "svg"),
    )  # fmt: skip
    for start, name in starts:
        if head.startswith(start):
            return name
    if head[:4] == b"RIFF":
        return {b"WEBP": "webp", b"WAVE": "audio", b"AVI ": "video"}.get(head[8:12], "")
    if head[4:8] == b"ftyp":
        return "avif" if head[8:12] in {b"avif", b"avis", b"mif1", b"miaf"} else "video"
    return ""


def decode_still(
    fd: int, box_px: tuple[int, int], *, is_sharp: bool = False, part: Part = WHOLE
) -> Still:
    """Return the first frame, or a part of it, as an RGB image that fits the box; never enlarged.

    Orientation is applied, transparency lies on a checkerboard. Of a large PNG the pixels beside
    a part are never held in memory.

    Args:
        fd: An open regular file.
        box_px: Largest width and height.
        is_sharp: Take the better, slower filter.
        part: Left, top, right and bottom as fractions of the picture as seen.

    Raises:
        MediaError: The file is damaged, too large, or of no kind that has pixels.
    """
    name = sniff(os.pread(fd, 32, 0))
    try:
        if name == "png":
            return _png(fd, Wanted(box_px, part, is_sharp=is_sharp))
        with open_image(fd, name) as image:
            return _reduced(image, orientation_of(image), Wanted(box_px, part, is_sharp=is_sharp))
    except DECODE_ERRORS as error:
        raise failure(name, error) from error


def decode_frames(fd: int, box_px: tuple[int, int], limit: int) -> Iterator[tuple[Still, int]]:
    """Yield up to `limit` frames of an animated picture from its start, with milliseconds.

    A still picture gives one frame of 0 ms.

    Raises:
        MediaError: As `decode_still`, for the frame that cannot be decoded.
    """
    name = sniff(os.pread(fd, 32, 0))
    try:
        with open_image(fd, name, with_frames=True) as image:
            turn = orientation_of(image)
            for index in range(limit):
                try:
                    image.seek(index)
                except EOFError:
                    return
                still = _reduced(image, turn, Wanted(box_px))
                if still.image is image:  # the next frame would be drawn into it
                    still = Still(image.copy(), still.source)
                yield still, round(float(image.info.get("duration") or 0))
                if not getattr(image, "is_animated", False):
                    return
    except DECODE_ERRORS as error:
        raise failure(name, error) from error


def decode_rgba(fd: int) -> Image.Image:
    """Return all pixels of a format that keeps their lowest bits, as RGBA.

    Raises:
        MediaError: It is no such file, damaged, or larger than `MAX_RGBA_PIXELS`.
    """
    name = sniff(os.pread(fd, 32, 0))
    if name not in _WITHOUT_LOSS:
        raise NoPreviewError("only PNG and WebP keep the lowest bits of their pixels")
    try:
        with open_image(fd, name) as image:
            check_size(Size(*image.size), MAX_RGBA_PIXELS)
            return image.convert("RGBA")
    except DECODE_ERRORS as error:
        raise failure(name, error) from error


def shrink(image: Image.Image, box_px: tuple[int, int]) -> Image.Image:
    """Return an RGB image made smaller to fit the box, or itself where it does."""
    size = Size(*image.size)
    target = fit(size, box_px)
    if size == target:
        return image
    return image.resize(target, _filter(size, target, is_sharp=False))


def to_jpeg(image: Image.Image, quality: int) -> bytes:
    """Return an RGB image as JPEG bytes, without metadata."""
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality)
    return out.getvalue()


def frame_count(fd: int) -> int:
    """Return the number of frames; may walk the whole file.

    Raises:
        MediaError: The frames cannot be counted.
    """
    name = sniff(os.pread(fd, 32, 0))
    try:
        with open_image(fd, name, with_frames=True) as image:
            return int(getattr(image, "n_frames", 1))
    except DECODE_ERRORS as error:
        raise failure(name, error) from error


def open_image(fd: int, name: str, *, with_frames: bool = False) -> Image.Image:
    """Return an opened, not yet decoded picture; only the plugin of its format is asked.

    Raises:
        MediaError: No picture, or too many pixels.
    """
    if name in _NO_PREVIEW:
        raise NoPreviewError(_NO_PREVIEW[name])
    if not os.fstat(fd).st_size:
        raise MediaError("the file is empty")
    Image.MAX_IMAGE_PIXELS = None  # the limit below is ours, and an error instead of a warning
    if name == "exr":
        # Imported here: few files need it, every process would carry it.
        from smartgallery_tui.media.exr import read_exr

        return read_exr(fd)
    image = _opened(fd, name, with_frames=with_frames)
    try:
        check_size(Size(*image.size), MAX_STREAMED_PIXELS if name == "jpeg" else MAX_PIXELS)
    except MediaError:
        image.close()
        raise
    return image


def check_size(size: Size, limit: int) -> None:
    """Refuse a picture without pixels or with more than `limit`.

    Raises:
        MediaError: It is refused.
    """
    pixels = size.width_px * size.height_px
    if pixels <= 0:
        raise MediaError(f"damaged picture: {size.width_px} x {size.height_px} pixels")
    if pixels > limit:
        shape = f"{size.width_px} x {size.height_px}"
        raise MediaError(f"too large to show: {shape} pixels, the limit is {limit // 10**6} MP")


def fit(size: Size, box_px: tuple[int, int]) -> Size:
    """Return the largest size of the same shape inside the box, at most `size`."""
    scale = min(box_px[0] / size.width_px, box_px[1] / size.height_px, 1.0)
    return Size(max(1, round(size.width_px * scale)), max(1, round(size.height_px * scale)))


def failure(name: str, error: BaseException) -> MediaError:
    """Return what an error of a decoder says about a file, in one line."""
    if isinstance(error, MemoryError):
        return MediaError("too large to decode in the memory allowed")
    if is_of_system(error):
        return MediaError(f"cannot read the file: {getattr(error, 'strerror', error)}")
    reason = " ".join(str(error).split()) or type(error).__name__
    return MediaError(f"damaged {name.upper() or 'picture'}: {reason[:120]}")


def is_of_system(error: BaseException | None) -> bool:
    """Tell whether the system reports an error, and not a decoder: the disk, a network share."""
    return isinstance(error, OSError) and bool(error.errno)


def orientation_of(image: Image.Image) -> int:
    """Return the EXIF orientation, 1 to 8; 1 where none is told or it is applied already."""
    if image.format == "TIFF":  # Pillow turns TIFFs itself while it loads them
        return 1
    exif = image.info.get("exif")
    return read_orientation(exif) if isinstance(exif, bytes) else 1


def read_orientation(exif: bytes) -> int:
    """Return the orientation that an EXIF block tells, or 1. Reads the first directory only.

    Source: TIFF 6.0 §2 (header, IFD), EXIF 2.32 tag 0x0112.
    """
    block = exif.removeprefix(b"Exif\0\0")
    order = {b"II": "<", b"MM": ">"}.get(block[:2])
    if order is None or len(block) < 8:
        return 1
    (start,) = struct.unpack_from(f"{order}I", block, 4)
    if start + 2 > len(block):
        return 1
    (count,) = struct.unpack_from(f"{order}H", block, start)
    for place in range(start + 2, min(start + 2 + 12 * count, len(block) - 11), 12):
        tag, kind, _, value = struct.unpack_from(f"{order}HHIH", block, place)
        if tag == 0x0112 and kind == 3:
            return value if value in _TURNS else 1
    return 1


def to_rgb(image: Image.Image) -> Image.Image:
    """Return a picture of any mode as RGB; what shines through shows a checkerboard."""
    if image.mode in {"RGBA", "LA", "PA", "La", "RGBa"}:
        image = image.convert("RGBA")
        alpha = image.getchannel("A")
        if alpha.getextrema() == (255, 255):
            return image.convert("RGB")
        board = _checkerboard(Size(*image.size))
        board.paste(image, mask=alpha)
        return board
    return image if image.mode == "RGB" else image.convert("RGB")


def _png(fd: int, wanted: Wanted) -> Still:
    pixels = PixelFile(fd)
    size = Size(pixels.header.width_px, pixels.header.height_px)
    turn = read_orientation(pixels.exif)
    is_large = size.width_px * size.height_px > STREAM_FROM_PIXELS
    if is_large and pixels.header.can_stream:
        check_size(size, MAX_STREAMED_PIXELS)
        raw = wanted.before(turn)
        crop = raw.pixels_of(size)
        part = Size(crop[2] - crop[0], crop[3] - crop[1])
        target = fit(part, raw.box_px)
        step = min(part.width_px // target.width_px, part.height_px // target.height_px)
        if step > 1 or raw.part != WHOLE:
            small = _streamed(pixels, crop, max(1, step))
            return _finished(small, turn, target, size, is_sharp=wanted.is_sharp)
    check_size(size, MAX_PIXELS)
    with PngImagePlugin.PngImageFile(pixels) as image:  # type: ignore[arg-type]
        return _reduced(image, turn, wanted)


def _streamed(pixels: PixelFile, crop: tuple[int, int, int, int], step: int) -> Image.Image:
    """Return a part of a large PNG made smaller by a whole factor, holding a strip at a time."""
    left, top, right, bottom = crop
    size = (-(-(right - left) // step), -(-(bottom - top) // step))
    whole: Image.Image | None = None
    above = filled = 0
    for strip in pixels.strips(step):
        first, last = max(top - above, 0), min(bottom - above, strip.height)
        above += strip.height
        if first >= last:
            continue
        inside = strip.crop((left, first, right, last))
        inside.info = strip.info
        part = _plain(inside).reduce(step)
        if whole is None:
            whole = Image.new(part.mode, size)
        whole.paste(part, (0, filled))
        filled += part.height
        if above >= bottom:
            break
    if whole is None:
        raise MediaError("damaged PNG: no pixels")
    return whole


def _reduced(image: Image.Image, turn: int, wanted: Wanted) -> Still:
    source = Size(*image.size)
    raw = wanted.before(turn)
    left, top, right, bottom = raw.pixels_of(source)
    target = fit(Size(right - left, bottom - top), raw.box_px)
    if image.format == "JPEG":
        scale = max(target.width_px / (right - left), target.height_px / (bottom - top))
        image.draft(None, (round(source.width_px * scale), round(source.height_px * scale)))
        # Of a part the decoder has to make the whole; of a whole so large nothing would be seen.
        limit = MAX_PIXELS if raw.part == WHOLE else MAX_STREAMED_PIXELS
        check_size(Size(*image.size), limit)
    image.load()
    if image.format == "TIFF":
        source = Size(*image.size)  # turned while it was loaded
    if image.format == "TIFF" or image.size != source:
        left, top, right, bottom = raw.pixels_of(Size(*image.size))
        if image.format == "TIFF":
            target = fit(Size(right - left, bottom - top), raw.box_px)
    if (left, top, right, bottom) != (0, 0, *image.size):
        info = image.info
        image = image.crop((left, top, right, bottom))
        image.info = info
    return _finished(_plain(image), turn, target, source, is_sharp=wanted.is_sharp)


def _finished(
    plain: Image.Image, turn: int, target: Size, source: Size, *, is_sharp: bool
) -> Still:
    if plain.size != target:
        plain = plain.resize(target, _filter(Size(*plain.size), target, is_sharp=is_sharp))
    rgb = to_rgb(plain)
    if turn in _TURNS:
        rgb = rgb.transpose(_TURNS[turn])
        source = Size(*source[::-1]) if turn >= 5 else source
    return Still(rgb, source)


def _filter(size: Size, target: Size, *, is_sharp: bool) -> Image.Resampling:
    if is_sharp:
        return Image.Resampling.LANCZOS
    # The plain mean is quick and good for a strong reduction, and rough for a slight one.
    is_strong = size.width_px >= 2 * target.width_px
    return Image.Resampling.BOX if is_strong else Image.Resampling.BICUBIC


def _plain(image: Image.Image) -> Image.Image:
    """Return the picture in a mode whose pixels can be averaged and have 8 bits a channel."""
    mode = image.mode
    if mode in {"RGB", "L", "CMYK", "YCbCr"} and "transparency" not in image.info:
        return image
    if mode in {"RGBA", "LA"}:
        return image
    if mode in {"P", "PA", "RGB", "L"}:
        return image.convert("RGBA" if "transparency" in image.info else "RGB")
    if mode.startswith("I"):
        return image.convert("I").point([value >> 8 for value in range(1 << 16)], "L")
    if mode == "F":
        low, high = image.getextrema()
        span = max(float(high) - float(low), 1e-9)  # type: ignore[arg-type]
        return image.point(lambda value: (value - float(low)) * (255 / span)).convert("L")  # type: ignore[arg-type]
    return image.convert("L" if mode == "1" else "RGB")


def _checkerboard(size: Size) -> Image.Image:
    width = size.width_px
    pair = bytes([_LIGHT] * _SQUARE_PX + [_DARK] * _SQUARE_PX)
    line = pair * (width // len(pair) + 2)
    band = line[:width] * _SQUARE_PX + line[_SQUARE_PX : width + _SQUARE_PX] * _SQUARE_PX
    rows = band * (size.height_px // (2 * _SQUARE_PX) + 1)
    return Image.frombytes("L", size, rows[: width * size.height_px]).convert("RGB")


def _opened(fd: int, name: str, *, with_frames: bool) -> Image.Image:
    # A plugin is imported when its first file comes; `Image.open` would import all of them.
    if name == "png":
        return PngImagePlugin.PngImageFile(PixelFile(fd, with_frames=with_frames))  # type: ignore[arg-type]
    module, kind = {
        "jpeg": ("JpegImagePlugin", "JpegImageFile"),
        "webp": ("WebPImagePlugin", "WebPImageFile"),
        "gif": ("GifImagePlugin", "GifImageFile"),
        "bmp": ("BmpImagePlugin", "BmpImageFile"),
        "avif": ("AvifImagePlugin", "AvifImageFile"),
        "tiff": ("TiffImagePlugin", "TiffImageFile"),
    }.get(name, ("", ""))
    if not module:
        raise MediaError("not a picture that can be shown: unknown content")
    plugin = importlib.import_module(f"PIL.{module}")
    with contextlib.ExitStack() as on_error:
        file = on_error.enter_context(os.fdopen(os.dup(fd), "rb"))
        file.seek(0)
        opened = getattr(plugin, kind)(file)
        opened._exclusive_fp = True  # noqa: SLF001 - closes the file with the picture
        on_error.pop_all()
    return cast("Image.Image", opened)

"""OpenEXR pictures as 8-bit RGB: scan lines of half or float samples, plain or zip.

Everything that touches samples runs in C: tables turn 16 bits into 8, and the byte differences
of zip blocks are summed up by a PNG decoder, whose `Sub` filter is the same sum.
"""

from __future__ import annotations

import io
import math
import os
import struct
import zlib
from typing import TYPE_CHECKING, Final, NamedTuple

from PIL import Image, PngImagePlugin

from smartgallery_tui.errors import MediaError, NoPreviewError
from smartgallery_tui.media.png import one_row_png

if TYPE_CHECKING:
    from collections.abc import Iterator

MAGIC: Final = b"v/1\x01"
MAX_PIXELS: Final = 32_000_000
_HEADER_BYTES: Final = 1 << 18
_MAX_CHANNELS: Final = 64
_SAMPLE_BYTES: Final = {1: 2, 2: 4}
_LINES: Final = {0: 1, 2: 1, 3: 16}
_OTHER: Final = {1: "RLE", 4: "PIZ", 5: "PXR24", 6: "B44", 7: "B44A", 8: "DWAA", 9: "DWAB"}
_FLIP: Final = bytes((value + 128) & 255 for value in range(256))
_SHOULDER: Final = 0.75
_WHITE: Final = 1.01


class _Channel(NamedTuple):
    name: str
    kind: int
    """1: half, 2: float."""

    @property
    def sample_bytes(self) -> int:
        return _SAMPLE_BYTES[self.kind]


class _Header(NamedTuple):
    channels: tuple[_Channel, ...]
    compression: int
    width_px: int
    height_px: int
    top: int
    end: int
    """Where the table of offsets begins."""

    @property
    def line_bytes(self) -> int:
        return self.width_px * sum(channel.sample_bytes for channel in self.channels)


def read_exr(fd: int) -> Image.Image:
    """Return an EXR as an RGB image, brightness as a screen wants it.

    Values are encoded as sRGB. Where some are brighter than white, everything above 0.75 is
    pressed together instead of cut.

    Args:
        fd: An open regular file.

    Raises:
        NoPreviewError: A kind of EXR that is not read here: tiles, several parts, PIZ ...
        MediaError: It is damaged or too large.

    Source: OpenEXR file layout, openexr.com/en/latest/OpenEXRFileLayout.html.
    """
    header = _read_header(os.pread(fd, _HEADER_BYTES, 0))
    if header.width_px * header.height_px > MAX_PIXELS:
        limit = MAX_PIXELS // 1_000_000
        raise MediaError(f"too large to show: EXR above {limit} MP")
    shown = _shown(header.channels)
    rows = {name: _Plane(header, name) for name in shown}
    for top, data in _blocks(fd, header):
        for plane in rows.values():
            plane.put(top, data)
    planes = [(rows[name].kind, rows[name].image().convert("I")) for name in shown]
    values = {kind: _values(kind) for kind, _ in planes}
    is_bright = any(_is_above_white(plane, values[kind]) for kind, plane in planes)
    tables = {kind: [_level(one, is_bright) for one in values[kind]] for kind in values}
    made = [plane.point(tables[kind], "L") for kind, plane in planes]
    return Image.merge("RGB", made if len(made) == 3 else made * 3)


class _Plane:
    """The samples of one channel, 16 bits each."""

    def __init__(self, header: _Header, name: str) -> None:
        self._header = header
        self._data = bytearray(2 * header.width_px * header.height_px)
        self._before = 0
        for channel in header.channels:
            self.kind = channel.kind
            if channel.name == name:
                break
            self._before += header.width_px * channel.sample_bytes

    def put(self, top: int, block: bytes) -> None:
        """Take this channel's part of a block of lines."""
        width, line_bytes = self._header.width_px, self._header.line_bytes
        for index in range(len(block) // line_bytes):
            start = index * line_bytes + self._before
            line = block[start : start + width * _SAMPLE_BYTES[self.kind]]
            place = 2 * width * (top + index)
            if self.kind == 1:
                self._data[place : place + 2 * width] = line
            else:  # the upper half of a float is enough for eight bits
                self._data[place : place + 2 * width : 2] = line[2::4]
                self._data[place + 1 : place + 2 * width : 2] = line[3::4]

    def image(self) -> Image.Image:
        size = (self._header.width_px, self._header.height_px)
        return Image.frombytes("I;16", size, bytes(self._data))


def _blocks(fd: int, header: _Header) -> Iterator[tuple[int, bytes]]:
    """Yield blocks of lines: the first line's place and the samples, channel after channel."""
    lines = _LINES[header.compression]
    count = -(-header.height_px // lines)
    table = os.pread(fd, 8 * count, header.end)
    if len(table) != 8 * count:
        raise MediaError("damaged EXR: the table of blocks is cut")
    for (offset,) in struct.iter_unpack("<Q", table):
        head = os.pread(fd, 8, offset) if offset < (1 << 62) else b""
        if len(head) < 8:
            raise MediaError("damaged EXR: a block is missing")
        line, size = struct.unpack("<ii", head)
        top = line - header.top
        if not 0 <= top < header.height_px:
            raise MediaError("damaged EXR: a block lies outside the picture")
        wanted = min(lines, header.height_px - top) * header.line_bytes
        if not 0 <= size <= wanted:
            raise MediaError("damaged EXR: impossible block size")
        data = os.pread(fd, size, offset + 8)
        if len(data) != size:
            raise MediaError("damaged EXR: a block is cut")
        if header.compression and size < wanted:
            data = _unzip(data, wanted)
        if len(data) != wanted:
            raise MediaError("damaged EXR: a block is too short")
        yield top, data


def _unzip(data: bytes, wanted: int) -> bytes:
    inflate = zlib.decompressobj()
    raw = inflate.decompress(data, wanted + 1)
    if len(raw) != wanted:
        raise MediaError("damaged EXR: a block does not inflate to its size")
    # Bytes are differences from the one before plus 128, low and high bytes stand apart.
    summed = _running_sum(raw[:1] + raw[1:].translate(_FLIP))
    half = -(-wanted // 2)
    out = bytearray(wanted)
    out[0::2] = summed[:half]
    out[1::2] = summed[half:]
    return bytes(out)


def _running_sum(data: bytes) -> bytes:
    image = PngImagePlugin.PngImageFile(io.BytesIO(one_row_png(data, row_filter=1)))
    return image.tobytes()


def _values(kind: int) -> tuple[float, ...]:
    """Return what each 16-bit pattern means: a half, or a float's upper half."""
    patterns = range(1 << 16)
    if kind == 1:
        return struct.unpack("<65536e", struct.pack("<65536H", *patterns))
    return struct.unpack("<65536f", struct.pack("<65536I", *(one << 16 for one in patterns)))


def _is_above_white(plane: Image.Image, values: tuple[float, ...]) -> bool:
    table = [255 if _WHITE < value < math.inf else 0 for value in values]
    return plane.point(table, "L").getbbox() is not None


def _level(value: float, is_bright: bool) -> int:
    """Return brightness as sRGB; a bright picture's highlights are pressed below white."""
    if not value > 0:  # NaN, too
        return 0
    if is_bright and value > _SHOULDER:
        room = 1 - _SHOULDER
        value = 1 - room * math.exp(-(value - _SHOULDER) / room)
    value = min(value, 1.0)
    encoded = 12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055
    return round(255 * encoded)


def _shown(channels: tuple[_Channel, ...]) -> list[str]:
    names = [channel.name for channel in channels]
    for layer in dict.fromkeys(name.rpartition(".")[0] for name in names):
        dot = f"{layer}." if layer else ""
        colours = [f"{dot}{letter}" for letter in "RGB"]
        if set(colours) <= set(names):
            return colours
    return ["Y"] if "Y" in names else names[:1]


def _read_header(head: bytes) -> _Header:
    version = int.from_bytes(head[4:8], "little")
    for flag, what in ((0x200, "tiles"), (0x800, "deep samples"), (0x1000, "several parts")):
        if version & flag:
            raise NoPreviewError(f"EXR with {what} has no preview")
    found, end = _attributes(head)
    compression = found["compression"][0]
    if compression not in _LINES:
        name = _OTHER.get(compression, str(compression))
        raise NoPreviewError(f"EXR with {name} compression has no preview")
    left, top, right, bottom = struct.unpack("<4i", found["dataWindow"])
    if right < left or bottom < top:
        raise MediaError("damaged EXR: no pixels")
    channels = _channels(found["channels"])
    return _Header(channels, compression, right - left + 1, bottom - top + 1, top, end)


def _attributes(head: bytes) -> tuple[dict[str, bytes], int]:
    found: dict[str, bytes] = {}
    place = 8
    while head[place] != 0:
        name, place = _name(head, place)
        _, place = _name(head, place)
        (size,) = struct.unpack_from("<i", head, place)
        if size < 0 or place + 4 + size > len(head):
            raise MediaError("damaged EXR: its header is cut or too long")
        found[name] = head[place + 4 : place + 4 + size]
        place += 4 + size
    return found, place + 1


def _channels(block: bytes) -> tuple[_Channel, ...]:
    channels: list[_Channel] = []
    place = 0
    while block[place] != 0 and len(channels) < _MAX_CHANNELS:
        name, place = _name(block, place)
        kind, _, x_step, y_step = struct.unpack_from("<iIii", block, place)
        if kind not in _SAMPLE_BYTES or (x_step, y_step) != (1, 1):
            raise NoPreviewError("EXR with integer or subsampled channels has no preview")
        channels.append(_Channel(name, kind))
        place += 16
    if not channels:
        raise MediaError("damaged EXR: no channels")
    return tuple(channels)


def _name(data: bytes, place: int) -> tuple[str, int]:
    end = data.index(b"\0", place, place + 256)
    return data[place:end].decode("latin-1"), end + 1

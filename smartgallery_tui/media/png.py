"""Feed Pillow the parts of a PNG that carry pixels, whole or in strips.

Text and profile chunks can hold bombs, and Pillow refuses a whole picture for a long prompt in
one. They are never read here.
"""

from __future__ import annotations

import bisect
import io
import os
import struct
import zlib
from typing import TYPE_CHECKING, NamedTuple

from PIL import PngImagePlugin

from smartgallery_tui.errors import MediaError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PIL import Image

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_STILL = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"})
_MOVING = _STILL | {b"acTL", b"fcTL", b"fdAT"}
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_MAX_CHUNKS = 1_000_000
_MAX_EXIF_BYTES = 1 << 16
_PIECE_BYTES = 1 << 18
_STRIP_BYTES = 4 << 20


class PngHeader(NamedTuple):
    """What the first chunk says."""

    width_px: int
    height_px: int
    bit_depth: int
    color_type: int
    is_interlaced: bool

    @property
    def row_bytes(self) -> int:
        """Bytes of one row of 8-bit samples, without its filter byte."""
        return self.width_px * _CHANNELS.get(self.color_type, 0)

    @property
    def can_stream(self) -> bool:
        """Tell whether `strips` can decode it: 8 bits a sample, not interlaced."""
        return self.bit_depth == 8 and self.row_bytes > 0 and not self.is_interlaced


class PixelFile(io.RawIOBase):
    """A read-only view of a PNG that shows only the chunks which carry pixels.

    Args:
        fd: An open regular file; stays the caller's.
        with_frames: Show the chunks of an animation too.

    Raises:
        MediaError: The chunks cannot be walked.

    Source: PNG specification, third edition, §4.7, §5.3 and §11.2.
    """

    def __init__(self, fd: int, *, with_frames: bool = False) -> None:
        super().__init__()
        self._fd = fd
        self._parts = [(0, len(SIGNATURE))]
        self._starts = [0]
        self._size_bytes = len(SIGNATURE)
        self._offset = 0
        self._data_parts: list[tuple[int, int]] = []
        self._palette = b""
        self.exif = b""
        """The EXIF block, or b""."""
        self._walk(_MOVING if with_frames else _STILL)
        self.header = self._read_header()

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def seekable(self) -> bool:
        """Tell that it can be sought."""
        return True

    def tell(self) -> int:
        """Return the position in the view."""
        return self._offset

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Move to a position in the view and return it."""
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._offset, os.SEEK_END: self._size_bytes}[whence]
        self._offset = max(0, base + offset)
        return self._offset

    def read(self, size: int = -1) -> bytes:
        """Return the next `size` bytes; fewer at the end."""
        wanted = self._size_bytes - self._offset if size < 0 else size
        pieces = []
        while wanted > 0 and (piece := self._piece(wanted)):
            pieces.append(piece)
            wanted -= len(piece)
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def strips(self, rows_multiple: int) -> Iterator[Image.Image]:
        """Yield the picture from the top in strips; holds one strip in memory.

        A strip is made a small PNG of its own: the filtered rows as they are, below the last
        row before them, because a filter looks one row up and no further.

        Args:
            rows_multiple: Heights of all strips but the last are multiples of this.

        Raises:
            MediaError: The pixel data is damaged or too short.

        Source: PNG specification, third edition, §9.2 (filters) and §10.1 (one zlib stream).
        """
        header = self.header
        line_bytes = header.row_bytes + 1
        rows = max(1, _STRIP_BYTES // (line_bytes * rows_multiple)) * rows_multiple
        lines = _Inflater(self._fd, self._data_parts)
        above = bytes(header.row_bytes)
        for top in range(0, header.height_px, rows):
            count = min(rows, header.height_px - top)
            data = b"\0" + above + lines.take(count * line_bytes)
            small = self._small_png(data, count + 1)
            image = PngImagePlugin.PngImageFile(io.BytesIO(small))
            image.load()
            strip = image.crop((0, 1, header.width_px, count + 1))
            above = strip.crop((0, count - 1, header.width_px, count)).tobytes()
            strip.info = image.info
            yield strip

    def _small_png(self, filtered: bytes, height_px: int) -> bytes:
        kind = self.header.color_type
        ihdr = struct.pack(">IIBBBBB", self.header.width_px, height_px, 8, kind, 0, 0, 0)
        pixels = _chunk(b"IDAT", zlib.compress(filtered, 0))
        head = SIGNATURE + _chunk(b"IHDR", ihdr) + self._palette
        return head + pixels + _chunk(b"IEND", b"")

    def _piece(self, wanted: int) -> bytes:
        if self._offset >= self._size_bytes:
            return b""
        index = bisect.bisect_right(self._starts, self._offset) - 1
        place, length = self._parts[index]
        inner = self._offset - self._starts[index]
        data = os.pread(self._fd, min(wanted, length - inner), place + inner)
        self._offset += len(data)
        return data

    def _walk(self, wanted: frozenset[bytes]) -> None:
        end = os.fstat(self._fd).st_size
        offset = len(SIGNATURE)
        for _ in range(_MAX_CHUNKS):
            head = os.pread(self._fd, 8, offset)
            if len(head) < 8:
                return
            length = int.from_bytes(head[:4], "big")
            kind = head[4:]
            if length > 0x7FFFFFFF:
                raise MediaError("damaged PNG: impossible chunk length")
            if kind == b"eXIf" and length <= _MAX_EXIF_BYTES:
                self.exif = os.pread(self._fd, length, offset + 8)
            elif kind in wanted and self._is_usable(kind, offset, length, end):
                self._take(kind, offset, length, min(length + 12, end - offset))
            offset += length + 12
            if kind == b"IEND" or offset >= end:
                return
        raise MediaError("damaged PNG: too many chunks")

    def _is_usable(self, kind: bytes, offset: int, length: int, end: int) -> bool:
        # A second header could change the size after it was checked; of cut chunks only pixel
        # data is of use.
        is_whole = offset + length + 12 <= end
        is_first = kind != b"IHDR" or offset == len(SIGNATURE)
        return is_first and (is_whole or kind == b"IDAT")

    def _take(self, kind: bytes, offset: int, length: int, present: int) -> None:
        if kind == b"IDAT":
            self._data_parts.append((offset + 8, min(length, present - 8)))
        elif kind in {b"PLTE", b"tRNS"} and length <= 1024:
            self._palette += os.pread(self._fd, present, offset)
        place, size = self._parts[-1]
        if place + size == offset:
            self._parts[-1] = (place, size + present)
        else:
            self._starts.append(self._size_bytes)
            self._parts.append((offset, present))
        self._size_bytes += present

    def _read_header(self) -> PngHeader:
        head = os.pread(self._fd, 21, len(SIGNATURE))
        if len(head) < 21 or head[4:8] != b"IHDR":
            raise MediaError("damaged PNG: no header")
        width, height, depth, kind, _, _, interlace = struct.unpack(">IIBBBBB", head[8:])
        return PngHeader(width, height, depth, kind, interlace != 0)


def one_row_png(data: bytes, row_filter: int) -> bytes:
    """Return a grey PNG of one row whose filtered bytes are `data`: a way to undo a filter in C."""
    ihdr = struct.pack(">IIBBBBB", len(data), 1, 8, 0, 0, 0, 0)
    pixels = zlib.compress(bytes([row_filter]) + data, 0)
    return SIGNATURE + _chunk(b"IHDR", ihdr) + _chunk(b"IDAT", pixels) + _chunk(b"IEND", b"")


class _Inflater:
    """The bytes of a zlib stream that lies in pieces, a few at a time."""

    def __init__(self, fd: int, parts: list[tuple[int, int]]) -> None:
        self._pieces = _pieces(fd, parts)
        self._inflate = zlib.decompressobj()
        self._input = b""

    def take(self, count: int) -> bytes:
        """Return the next `count` bytes.

        Raises:
            MediaError: The stream is damaged or ends too early.
        """
        out = []
        while count > 0:
            if not self._input:
                self._input = next(self._pieces, b"")
                if not self._input or self._inflate.eof:
                    raise MediaError("damaged PNG: pixel data ends too early")
            try:
                data = self._inflate.decompress(self._input, count)
            except zlib.error as error:
                raise MediaError(f"damaged PNG: {error}") from error
            self._input = self._inflate.unconsumed_tail
            out.append(data)
            count -= len(data)
        return b"".join(out)


def _pieces(fd: int, parts: list[tuple[int, int]]) -> Iterator[bytes]:
    for place, length in parts:
        for inner in range(0, length, _PIECE_BYTES):
            if data := os.pread(fd, min(_PIECE_BYTES, length - inner), place + inner):
                yield data


def _chunk(kind: bytes, data: bytes) -> bytes:
    crc = zlib.crc32(data, zlib.crc32(kind))
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", crc)

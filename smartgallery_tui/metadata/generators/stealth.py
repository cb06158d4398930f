"""Generation texts hidden in the lowest bits of a picture's pixels.

Used when a single file is inspected; a scan never decodes pixels.

Source: NovelAI's and the web UI extension's open readers: bits run down the columns, a
15-character signature, a 32-bit length in bits, then UTF-8 or gzip data.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_SIGNATURE_BYTES = 15
_SIGNATURES = {
    b"stealth_pnginfo": (1, False),
    b"stealth_pngcomp": (1, True),
    b"stealth_rgbinfo": (3, False),
    b"stealth_rgbcomp": (3, True),
}
_MAX_BYTES = 8 << 20


def read_stealth_alpha(rgba: bytes, width: int, height: int) -> str | None:
    """Return the text hidden in a picture's pixels, or None if there is none.

    Args:
        rgba: `width * height * 4` bytes, rows from the top.
        width: Width in pixels.
        height: Height in pixels.
    """
    if width <= 0 or height <= 0 or len(rgba) < width * height * 4:
        return None
    for channels in (1, 3):
        bits = _bits(rgba, width, height, channels)
        signature = _take(bits, _SIGNATURE_BYTES)
        kind = _SIGNATURES.get(signature)
        if kind is None or kind[0] != channels:
            continue
        length = int.from_bytes(_take(bits, 4), "big") // 8
        if not 0 < length <= min(_MAX_BYTES, width * height * channels // 8):
            return None
        return _decoded(_take(bits, length), kind[1])
    return None


def _bits(rgba: bytes, width: int, height: int, channels: int) -> Iterator[int]:
    offsets = (3,) if channels == 1 else (0, 1, 2)
    for x in range(width):
        for y in range(height):
            at = (y * width + x) * 4
            for offset in offsets:
                yield rgba[at + offset] & 1


def _take(bits: Iterator[int], count: int) -> bytes:
    out = bytearray()
    for _ in range(count):
        value = 0
        for _bit in range(8):
            value = value << 1 | next(bits, 0)
        out.append(value)
    return bytes(out)


def _decoded(data: bytes, is_packed: bool) -> str | None:
    if is_packed:
        try:
            data = zlib.decompressobj(31).decompress(data, _MAX_BYTES)
        except zlib.error:
            return None
    return data.decode("utf-8", "replace") or None

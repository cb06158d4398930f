"""Reads PNG and APNG: chunks before the pixels in one read, text behind them by their headers."""

from __future__ import annotations

import zlib
from struct import Struct
from typing import TYPE_CHECKING, NamedTuple

from smartgallery_tui.containers.exif import read_exif
from smartgallery_tui.containers.findings import MAX_PIXELS, Findings, decode
from smartgallery_tui.errors import ContainerError
from smartgallery_tui.records import Container, NamedText

if TYPE_CHECKING:
    from smartgallery_tui.containers.source import Source

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_IEND = b"\0\0\0\0IEND\xaeB`\x82"
_MAX_CHUNK_BYTES = 0x7FFFFFFF
_DEFLATE_RATIO = 1032

_chunk = Struct(">I4s").unpack_from
_two = Struct(">II").unpack_from
_one = Struct(">I").unpack_from
_delay = Struct(">HH").unpack_from

_DEPTHS = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
# Depth, colour type, compression, filter and interlace of every legal header: bits of a pixel.
_PIXEL_BITS = {
    bytes((depth, colour, 0, 0, interlace)): depth * _CHANNELS[colour]
    for colour, depths in _DEPTHS.items()
    for depth in depths
    for interlace in (0, 1)
}
_WITH_TEXT = frozenset({b"iTXt", b"zTXt", b"eXIf", b"comf", b"acTL", b"IEND", b"IHDR"})


def read_png(source: Source) -> Container:
    """Return what a PNG says, from its first 32 KiB wherever they are enough.

    Later duplicates are kept; their order is the file's. Pixels are not touched.

    Source: PNG specification (third edition) 5, 11.3.3; ComfyUI writes `prompt` and `workflow`
    as tEXt before the pixels, its animated PNG writer as `comf` behind them.
    """
    plain = read_plain(source)
    if plain is not None:
        return plain.container()
    findings = Findings(source, "png", "image")
    try:
        _read_header(findings)
        _walk(findings)
    except ContainerError as error:
        findings.fail(str(error))
    return findings.finish()


class PlainPng(NamedTuple):
    """A sound PNG with a prompt and no other text than tEXt before its pixels."""

    width: int
    height: int
    head: bytes
    """The first bytes of the file, with all its texts."""
    spans: list[tuple[bytes, int, int]]
    """Key in lower case, start and end of what stands under it, in the order of the file."""

    def container(self) -> Container:
        """Return it as any other file; its texts are decoded."""
        texts = [
            NamedText(key.decode("latin-1"), decode(self.head[start:end]), "PNG tEXt")
            for key, start, end in self.spans
        ]
        return Container(
            "png", "image", self.width, self.height, None, None, None, tuple(texts), None
        )


def read_plain(source: Source) -> PlainPng | None:
    """Return what a sound PNG with a prompt and tEXt only says, or None for every other file.

    This is the path of nearly all files: one pass over the first read, nothing kept but texts.
    """
    head = source.head
    size = len(head)
    if size < 64 or head[:8] != SIGNATURE or head[12:16] != b"IHDR":
        return None
    if zlib.crc32(head[12:29]) != _one(head, 29)[0]:
        return None
    width, height = _two(head, 16)
    spans: list[tuple[bytes, int, int]] = []
    has_prompt = False
    at = 33
    while at + 10 <= size:
        length, kind = _chunk(head, at)
        if kind == b"tEXt":
            end = at + 8 + length
            split = head.find(b"\0", at + 8, at + 88)
            if end > size or not at + 8 < split < end:
                return None
            key = head[at + 8 : split].lower()
            has_prompt = has_prompt or key == b"prompt"
            spans.append((key, split + 1, end))
        elif kind == b"IDAT":
            if has_prompt and length > 1 and _is_sound(source, at, width, height):
                return PlainPng(width, height, head, spans)
            return None
        elif kind in _WITH_TEXT:
            return None
        at += 12 + length
    return None


def _is_sound(source: Source, at: int, width: int, height: int) -> bool:
    """Return whether header, first pixel bytes and end of the file are as they must be."""
    head = source.head
    bits = _PIXEL_BITS.get(head[24:29])
    if bits is None or not 0 < width * height <= MAX_PIXELS:
        return False
    raw_bytes = height * (1 + (width * bits + 7) // 8)
    if raw_bytes > (source.size_bytes - at - 24) * _DEFLATE_RATIO:
        return False
    start = (head[at + 8] << 8) | head[at + 9]
    if start % 31 or start & 0x0F00 != 0x0800:
        return False
    size = source.size_bytes
    if size == len(head):
        return head.endswith(_IEND)
    end = source.tail if source.has_tail else source.read_at(size - 12, 12)
    return end.endswith(_IEND)


def _read_header(findings: Findings) -> None:
    head = findings.source.head
    if len(head) < 33 or head[12:16] != b"IHDR":
        message = "is cut off in its header"
        raise ContainerError(message)
    width, height = _two(head, 16)
    if zlib.crc32(head[12:29]) != _one(head, 29)[0]:
        message = "its header is damaged (checksum)"
        raise ContainerError(message)
    findings.set_size(width, height)
    if head[24:29] not in _PIXEL_BITS:
        findings.fail("its header names an impossible pixel format")


class _Pixels:
    """What the walk learns of pixel data and frames."""

    __slots__ = ("data_bytes", "declared_frames", "delay_ms", "frames", "start")

    def __init__(self) -> None:
        self.data_bytes = 0
        self.start = b""
        self.declared_frames: int | None = None
        self.frames = 0
        self.delay_ms = 0.0


def _walk(findings: Findings) -> None:
    """Visit chunk after chunk until nothing of interest can follow."""
    pixels = _Pixels()
    try:
        _visit_chunks(findings, pixels)
        _judge_pixels(findings, pixels)
    finally:
        _set_frames(findings, pixels)


def _visit_chunks(findings: Findings, pixels: _Pixels) -> None:
    source = findings.source
    at = 33
    while True:
        findings.spend()
        header = source.peek(at, 10)
        if len(header) < 8:
            return
        length, kind = _chunk(header)
        if length > _MAX_CHUNK_BYTES or not kind.isalpha():
            message = f"a chunk at byte {at} is damaged"
            raise ContainerError(message)
        if kind == b"IEND":
            return
        if kind == b"IDAT":
            if not pixels.data_bytes and length > 1:
                pixels.start = header[8:10]
                if _can_stop(findings, pixels):
                    pixels.data_bytes = source.size_bytes - at - 24
                    return
            pixels.data_bytes += length
        if at + 12 + length > source.size_bytes:
            message = f"is cut off in a {decode(kind)} chunk"
            raise ContainerError(message)
        handler = _HANDLERS.get(kind)
        if handler is not None:
            handler(findings, pixels, at + 8, length)
        at += 12 + length


def _can_stop(findings: Findings, pixels: _Pixels) -> bool:
    """Return whether nothing behind the pixels is needed and the file has its end."""
    if pixels.declared_frames is not None or not findings.has("prompt"):
        return False
    return findings.source.tail.endswith(_IEND)


def _judge_pixels(findings: Findings, pixels: _Pixels) -> None:
    if not pixels.data_bytes:
        findings.fail("has no pixel data")
        return
    start = int.from_bytes(pixels.start, "big")
    if pixels.start and (start % 31 or start & 0x0F00 != 0x0800):
        findings.fail("its pixel data is damaged")
    bits = _PIXEL_BITS.get(findings.source.head[24:29], 1)
    raw_bytes = (findings.height or 0) * (1 + ((findings.width or 0) * bits + 7) // 8)
    if raw_bytes > pixels.data_bytes * _DEFLATE_RATIO:
        findings.fail("holds less pixel data than its header says")


def _set_frames(findings: Findings, pixels: _Pixels) -> None:
    if pixels.declared_frames is None:
        return
    frames = pixels.frames
    if frames > 1:
        findings.kind = "animated"
    findings.set_timing(round(pixels.delay_ms) if frames > 1 else None, frames)


def _on_text(findings: Findings, _pixels: _Pixels, at: int, length: int) -> None:
    _add_keyed(findings, at, length, "PNG tEXt")


def _on_comf(findings: Findings, _pixels: _Pixels, at: int, length: int) -> None:
    _add_keyed(findings, at, length, "PNG comf")


def _add_keyed(findings: Findings, at: int, length: int, place: str) -> None:
    key, data = _split_key(findings, at, length)
    if key:
        findings.add_bytes(key, data, place)


def _split_key(findings: Findings, at: int, length: int) -> tuple[str, bytes]:
    """Return keyword and rest of a text chunk; ("", b"") when it has none or is too long."""
    source = findings.source
    start = source.peek(at, min(length, 80))
    key, separator, rest = start.partition(b"\0")
    if not key or not separator:
        return "", b""
    name = key.decode("latin-1").lower()
    if not findings.takes(name, length - len(key) - 1):
        return "", b""
    if length > 80:
        rest = source.read_at(at + len(key) + 1, length - len(key) - 1)
    return name, rest


def _on_ztxt(findings: Findings, _pixels: _Pixels, at: int, length: int) -> None:
    key, data = _split_key(findings, at, length)
    if key and data[:1] == b"\0":
        findings.add_inflated(key, data[1:], "PNG zTXt")


def _on_itxt(findings: Findings, _pixels: _Pixels, at: int, length: int) -> None:
    key, data = _split_key(findings, at, length)
    parts = data[2:].split(b"\0", 2)
    if not key or len(parts) < 3:
        return
    if key == "xml:com.adobe.xmp":
        key = "xmp"
    if data[:2] == b"\1\0":
        findings.add_inflated(key, parts[2], "PNG iTXt")
    elif data[:1] == b"\0":
        findings.add_bytes(key, parts[2], "PNG iTXt")


def _on_exif(findings: Findings, _pixels: _Pixels, at: int, length: int) -> None:
    read_exif(findings, at, length)


def _on_animation(findings: Findings, pixels: _Pixels, at: int, length: int) -> None:
    if length >= 8:
        pixels.declared_frames = _one(findings.source.peek(at, 4))[0]


def _on_frame(findings: Findings, pixels: _Pixels, at: int, length: int) -> None:
    if length < 26:
        return
    numerator, denominator = _delay(findings.source.peek(at, 26), 20)
    pixels.frames += 1
    pixels.delay_ms += numerator * 1000 / (denominator or 100)


_HANDLERS = {
    b"tEXt": _on_text,
    b"zTXt": _on_ztxt,
    b"iTXt": _on_itxt,
    b"comf": _on_comf,
    b"eXIf": _on_exif,
    b"acTL": _on_animation,
    b"fcTL": _on_frame,
}

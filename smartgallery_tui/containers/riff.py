"""Reads RIFF files: WebP, WAV and AVI."""

from __future__ import annotations

from struct import unpack_from
from typing import TYPE_CHECKING

from smartgallery_tui.containers.exif import read_exif
from smartgallery_tui.containers.findings import decode, need
from smartgallery_tui.containers.mp3 import read_id3
from smartgallery_tui.errors import ContainerError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smartgallery_tui.containers.findings import Findings


def chunks(findings: Findings, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Yield name, data offset and size of each RIFF chunk between two offsets.

    Raises:
        ContainerError: When a chunk reaches past the end of the file.
    """
    source = findings.source
    end = min(end, source.size_bytes)
    while at + 8 <= end:
        findings.spend(3)
        header = source.peek(at, 8)
        name = header[:4]
        size = unpack_from("<I", header, 4)[0]
        is_cut = at + 8 + size > source.size_bytes
        yield name, at + 8, min(size, source.size_bytes - at - 8)
        if is_cut:
            message = f"is cut off in its {name.decode('latin-1').strip()!r} chunk"
            raise ContainerError(message)
        at += 8 + size + (size & 1)


def riff_end(findings: Findings) -> int:
    """Return where the RIFF form ends; a file that is shorter is a problem."""
    end = int(unpack_from("<I", need(findings.source.head, 12, "its header"), 4)[0]) + 8
    if end > findings.source.size_bytes + 1:
        findings.fail("is cut off")
    return end


def read_webp(findings: Findings) -> None:
    """Add size, frames and the EXIF and XMP texts of a WebP.

    Source: WebP container specification; ComfyUI puts `prompt:` in tag 0x0110 of an EXIF chunk
    at the end of the file.
    """
    source = findings.source
    end = riff_end(findings)
    frames = 0
    duration_ms = 0
    has_pixels = False
    try:
        for name, at, size in chunks(findings, 12, end):
            if name == b"EXIF":
                read_exif(findings, at, size)
            elif name == b"XMP ":
                findings.add_bytes("xmp", source.read_at(at, size), "WebP XMP")
            elif name == b"ANMF":
                frames += 1
                has_pixels = True
                frame = source.peek(at, 16)
                duration_ms += int.from_bytes(frame[12:15], "little")
            elif name in _SIZES:
                has_pixels = has_pixels or name != b"VP8X"
                if findings.width is None:
                    _SIZES[name](findings, source.peek(at, min(size, 16)))
        if not has_pixels:
            findings.fail("has no pixel data")
    finally:
        if frames > 1:
            findings.kind = "animated"
            findings.set_timing(duration_ms, frames)


def _size_of_canvas(findings: Findings, data: bytes) -> None:
    need(data, 10, "its header")
    width = int.from_bytes(data[4:7], "little") + 1
    findings.set_size(width, int.from_bytes(data[7:10], "little") + 1)


def _size_of_lossy(findings: Findings, data: bytes) -> None:
    need(data, 10, "its header")
    if data[3:6] != b"\x9d\x01\x2a":
        findings.fail("its pixel data is damaged")
        return
    width, height = unpack_from("<HH", data, 6)
    findings.set_size(width & 0x3FFF, height & 0x3FFF)


def _size_of_lossless(findings: Findings, data: bytes) -> None:
    need(data, 5, "its header")
    bits = unpack_from("<I", data, 1)[0]
    if data[0] != 0x2F:
        findings.fail("its pixel data is damaged")
        return
    findings.set_size((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)


_SIZES = {b"VP8X": _size_of_canvas, b"VP8 ": _size_of_lossy, b"VP8L": _size_of_lossless}


def read_wav(findings: Findings) -> None:
    """Add duration and texts of a WAV.

    Source: Multimedia Programming Interface and Data Specifications 1.0 (RIFF WAVE, INFO).
    """
    rate_bytes = data_bytes = 0
    end = riff_end(findings)
    try:
        for name, at, size in chunks(findings, 12, end):
            if name == b"fmt " and size >= 12:
                rate_bytes = unpack_from("<I", findings.source.peek(at, 12), 8)[0]
            elif name == b"data":
                data_bytes += size
            elif name == b"LIST":
                _take_info(findings, at, size)
            elif name in {b"id3 ", b"ID3 "}:
                read_id3(findings, at)
    finally:
        if rate_bytes and data_bytes:
            findings.duration_ms = round(data_bytes * 1000 / rate_bytes)
    if not data_bytes:
        findings.fail("has no sound in it")


def read_avi(findings: Findings) -> None:
    """Add size, timing and texts of an AVI.

    Source: AVI RIFF File Reference (avih, LIST hdrl, INFO).
    """
    source = findings.source
    has_data = False
    for name, at, size in chunks(findings, 12, riff_end(findings)):
        if name == b"LIST":
            kind = source.peek(at, 4)
            has_data = has_data or kind == b"movi"
            if kind == b"hdrl" and source.peek(at + 4, 4) == b"avih":
                header = need(source.peek(at + 12, 40), 40, "its header")
                frame_us, frames = (unpack_from("<I", header, i)[0] for i in (0, 16))
                findings.set_size(*unpack_from("<II", header, 32))
                findings.set_timing(round(frame_us * frames / 1000), frames)
            else:
                _take_info(findings, at, size)
    if not has_data:
        findings.fail("has no pictures in it")


def _take_info(findings: Findings, at: int, size: int) -> None:
    """Add the texts of a LIST chunk of kind INFO."""
    source = findings.source
    if source.peek(at, 4) != b"INFO":
        return
    for name, start, length in chunks(findings, at + 4, at + size):
        key = _INFO_NAMES.get(name, decode(name).lower())
        if findings.takes(key, length):
            findings.add_bytes(key, source.read_at(start, length).rstrip(b"\0"), "RIFF INFO")


_INFO_NAMES = {b"ICMT": "comment", b"INAM": "title", b"ISFT": "software", b"IART": "artist"}

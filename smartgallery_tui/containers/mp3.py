"""Reads MP3: ID3v2 texts and the duration that the first frame tells."""

from __future__ import annotations

import zlib
from struct import unpack_from
from typing import TYPE_CHECKING

from smartgallery_tui.containers.findings import MAX_TEXT_BYTES, decode
from smartgallery_tui.errors import ContainerError

if TYPE_CHECKING:
    from smartgallery_tui.containers.findings import Findings

_MAX_FRAMES = 5000
_FIRST_FRAME_SEARCH_BYTES = 64 << 10
_UNSYNCHRONISED = 0x80
_COMPRESSED, _FRAME_UNSYNCHRONISED, _HAS_LENGTH = 0x08, 0x02, 0x01
_BITRATES = {
    (1, 1): (32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (1, 2): (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (1, 3): (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (2, 1): (32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (2, 2): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (2, 3): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_RATES_HZ = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}
_ENCODINGS = ("latin-1", "utf-16", "utf-16-be", "utf-8")


def is_frame(head: bytes) -> bool:
    """Return whether bytes start with the header of an MPEG audio frame."""
    return _frame_facts(head) is not None


def read_mp3(findings: Findings) -> None:
    """Add texts and duration of an MP3.

    Source: id3v2.3.0, id3v2.4.0-structure; ISO/IEC 11172-3, 2.4.1.3; Xing and VBRI headers.
    """
    head = findings.source.head
    audio_at = 0
    if head[:3] == b"ID3":
        audio_at = read_id3(findings, 0)
    _take_duration(findings, audio_at)


def read_id3(findings: Findings, at: int) -> int:
    """Add the texts of an ID3v2 tag at `at`; return the offset behind it."""
    source = findings.source
    header = source.peek(at, 10)
    if len(header) < 10:
        message = "is cut off in its tag"
        raise ContainerError(message)
    version, flags, size = header[3], header[5], _synchsafe(header[6:10])
    if at + 10 + size > source.size_bytes:
        findings.fail("is cut off in its tag")
    body = source.read_at(at + 10, min(size, MAX_TEXT_BYTES))
    if flags & _UNSYNCHRONISED and version < 4:
        body = body.replace(b"\xff\0", b"\xff")
    start = 0
    if flags & 0x40 and version > 2 and len(body) >= 4:
        start = _synchsafe(body[:4]) if version == 4 else 4 + unpack_from(">I", body)[0]
    _take_frames(findings, body, start, version)
    return at + 10 + size


def _take_frames(findings: Findings, body: bytes, at: int, version: int) -> None:
    header_bytes = 6 if version == 2 else 10
    for _ in range(_MAX_FRAMES):
        header = body[at : at + header_bytes]
        if len(header) < header_bytes or not header[0]:
            return
        if version == 2:
            name, size, flags = header[:3], int.from_bytes(header[3:6], "big"), 0
        else:
            name, flags = header[:4], header[9]
            size = _synchsafe(header[4:8]) if version == 4 else unpack_from(">I", header, 4)[0]
        at += header_bytes
        if name[:1] == b"T" or name in {b"COMM", b"COM"}:
            data = body[at : at + size]
            if version == 4:
                data = _undo_flags(data, flags)
            _take_text(findings, name, data)
        at += size


def _undo_flags(data: bytes, flags: int) -> bytes:
    """Return a frame's content without what its flags say was done to it."""
    if flags & _HAS_LENGTH:
        data = data[4:]
    if flags & _FRAME_UNSYNCHRONISED:
        data = data.replace(b"\xff\0", b"\xff")
    if flags & _COMPRESSED:
        try:
            data = zlib.decompressobj().decompress(data, MAX_TEXT_BYTES)
        except zlib.error:
            return b""
    return data


def _take_text(findings: Findings, name: bytes, data: bytes) -> None:
    if not data or data[0] > 3:
        return
    encoding = data[0]
    text = data[1:]
    if name in {b"COMM", b"COM"}:
        description, value = _split(text[3:], encoding)
        findings.add(description or "comment", value, "ID3 COMM")
    elif name in {b"TXXX", b"TXX"}:
        description, value = _split(text, encoding)
        findings.add_prefixed(description or "txxx", value, "ID3 TXXX")
    else:
        findings.add(_NAMES.get(name, decode(name)), _decode(text, encoding), "ID3 text")


_NAMES = {b"TIT2": "title", b"TPE1": "artist", b"TSSE": "encoder", b"TALB": "album"}


def _split(data: bytes, encoding: int) -> tuple[str, str]:
    """Return description and value, divided by the NUL of their encoding."""
    if encoding in {1, 2}:
        at = data.find(b"\0\0")
        while at > 0 and at % 2:
            at = data.find(b"\0\0", at + 1)
        key, value = (data[:at], data[at + 2 :]) if at >= 0 else (b"", data)
    else:
        key, separator, value = data.partition(b"\0")
        if not separator:
            key, value = b"", data
    return _decode(key, encoding), _decode(value, encoding)


def _decode(data: bytes, encoding: int) -> str:
    if encoding == 3:
        return decode(data.rstrip(b"\0"))
    return data.decode(_ENCODINGS[encoding], "replace").rstrip("\0")


def _synchsafe(data: bytes) -> int:
    value = 0
    for byte in data:
        value = value << 7 | byte & 0x7F
    return value


def _frame_facts(header: bytes) -> tuple[int, int, int, int] | None:
    """Return version bits, layer, bitrate in kbit/s and rate in Hz of a frame header."""
    if len(header) < 4 or header[0] != 0xFF or header[1] & 0xE0 != 0xE0:
        return None
    version, layer = header[1] >> 3 & 3, 4 - (header[1] >> 1 & 3)
    bitrate, rate = header[2] >> 4, header[2] >> 2 & 3
    if version == 1 or layer == 4 or bitrate in {0, 15} or rate == 3:
        return None
    table = _BITRATES[1 if version == 3 else 2, layer]
    return version, layer, table[bitrate - 1], _RATES_HZ[version][rate]


def _take_duration(findings: Findings, at: int) -> None:
    source = findings.source
    data = source.read_at(at, _FIRST_FRAME_SEARCH_BYTES)
    start = data.find(b"\xff")
    while start >= 0 and _frame_facts(data[start : start + 4]) is None:
        start = data.find(b"\xff", start + 1)
    if start < 0:
        findings.fail("has no sound in it")
        return
    facts = _frame_facts(data[start : start + 4])
    if facts is None:
        return
    version, layer, bitrate_kbps, rate_hz = facts
    frame_samples = 384 if layer == 1 else 576 if layer == 3 and version != 3 else 1152
    frames = _variable_frames(data[start : start + 200])
    if frames:
        findings.duration_ms = round(frames * frame_samples * 1000 / rate_hz)
    else:
        findings.duration_ms = round((source.size_bytes - at - start) * 8 / bitrate_kbps)


def _variable_frames(frame: bytes) -> int:
    """Return the number of frames that a Xing, Info or VBRI header tells; 0 without."""
    for name in (b"Xing", b"Info"):
        at = frame.find(name, 4, 44)
        if at >= 0 and len(frame) >= at + 12 and frame[at + 7] & 1:
            return int(unpack_from(">I", frame, at + 8)[0])
    if frame[36:40] == b"VBRI" and len(frame) >= 54:
        return int(unpack_from(">I", frame, 50)[0])
    return 0

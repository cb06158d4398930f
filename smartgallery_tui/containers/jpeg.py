"""Reads JPEG: markers up to the first scan, EXIF, XMP and comments."""

from __future__ import annotations

from struct import unpack_from
from typing import TYPE_CHECKING

from smartgallery_tui.containers.exif import read_exif
from smartgallery_tui.containers.findings import decode, need
from smartgallery_tui.errors import ContainerError

if TYPE_CHECKING:
    from smartgallery_tui.containers.findings import Findings

_MAX_SEGMENTS = 20_000
_END_SEARCH_BYTES = 1 << 20
_XMP_HEAD = b"http://ns.adobe.com/xap/1.0/\0"
_EXIF_HEAD = b"Exif\0"
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_BARE = frozenset({0x01, *range(0xD0, 0xD9)})
_SCAN, _END, _COMMENT, _APP1 = 0xDA, 0xD9, 0xFE, 0xE1


def read_jpeg(findings: Findings) -> None:
    """Add size and texts of a JPEG.

    Source: ITU T.81, annex B; Exif 2.32; XMP part 3, 1.1.3.
    """
    source = findings.source
    at = 2
    for _ in range(_MAX_SEGMENTS):
        header = need(source.peek(at, 4), 2, "its header")
        if header[0] != 0xFF:
            message = f"a segment at byte {at} is damaged"
            raise ContainerError(message)
        marker = header[1]
        if marker == 0xFF:
            at += 1
        elif marker in _BARE:
            at += 2
        elif marker == _END:
            break
        else:
            length = unpack_from(">H", need(header, 4, "its header"), 2)[0]
            if marker == _SCAN:
                _judge_end(findings, at + 2 + length)
                break
            if at + 2 + length > source.size_bytes:
                message = "is cut off in its header"
                raise ContainerError(message)
            _take_segment(findings, marker, at + 4, length - 2)
            at += 2 + max(length, 2)
    if findings.width is None:
        findings.fail("has no picture in it")


def _take_segment(findings: Findings, marker: int, at: int, length: int) -> None:
    source = findings.source
    if marker in _FRAMES:
        height, width = unpack_from(">HH", need(source.peek(at, 5), 5, "its header"), 1)
        findings.set_size(width, height)
    elif marker == _COMMENT:
        text = source.read_at(at, length).rstrip(b"\0")
        findings.add_prefixed("comment", decode(text), "JPEG COM")
    elif marker == _APP1:
        start = source.peek(at, min(length, len(_XMP_HEAD)))
        if start.startswith(_EXIF_HEAD):
            read_exif(findings, at, length)
        elif start == _XMP_HEAD and not findings.has("xmp"):
            skip = len(_XMP_HEAD)
            findings.add_bytes("xmp", source.read_at(at + skip, length - skip), "JPEG XMP")


def _judge_end(findings: Findings, scan_at: int) -> None:
    """Note a picture without its end marker, which cannot occur inside scan data."""
    source = findings.source
    tail_start = max(scan_at, source.size_bytes - len(source.tail))
    if b"\xff\xd9" in source.tail[tail_start - source.size_bytes :]:
        return
    start = max(scan_at, source.size_bytes - _END_SEARCH_BYTES)
    if b"\xff\xd9" not in source.read_at(start, _END_SEARCH_BYTES):
        findings.fail("is cut off in its pixel data")

"""Ogg files without their tags: one blank vendor name of the same length takes their place."""

from __future__ import annotations

from dataclasses import dataclass, field
from struct import pack
from typing import TYPE_CHECKING

from smartgallery_tui.containers.findings import need
from smartgallery_tui.errors import ContainerError
from smartgallery_tui.files.pieces import Piece, patched

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smartgallery_tui.containers.findings import Findings

_POLYNOMIAL = 0x04C11DB7
_COMMENT_PACKET = 1
_PREFIX_BYTES = {b"Opus": 8, b"\x03vor": 7, b"\x81the": 7}


@dataclass(slots=True)
class _Page:
    """One page of the first stream."""

    at: int
    data: bytearray
    spans: list[tuple[int, int]] = field(default_factory=list)
    """Start and end in `data` of each part of the comment packet."""


def clean_ogg(findings: Findings) -> list[Piece]:
    """Return an Ogg whose comment packet says nothing.

    The packet keeps its length, so no page moves; the checksums of its pages are made anew.

    Source: RFC 3533, 6; RFC 7845, 5.2; Vorbis I, 5.2.
    """
    pages = [page for page in _pages(findings) if page.spans]
    length = sum(end - start for page in pages for start, end in page.spans)
    start = b"".join(bytes(page.data[a:b]) for page in pages for a, b in page.spans)[:8]
    blank = _blank(start, length)
    done = 0
    for page in pages:
        for first, last in page.spans:
            page.data[first:last] = blank[done : done + last - first]
            done += last - first
        page.data[22:26] = b"\0\0\0\0"
        page.data[22:26] = pack("<I", _checksum(page.data))
    patches = [(page.at, bytes(page.data)) for page in pages]
    return patched(findings.source.size_bytes, patches)


def _blank(start: bytes, length: int) -> bytes:
    """Return a comment packet of this length without a comment."""
    prefix = start[: _PREFIX_BYTES.get(start[:4], 4)]
    end = b"\1" if prefix[1:] == b"vorbis" else b""
    vendor_bytes = length - len(prefix) - 8 - len(end)
    if vendor_bytes < 0:
        message = "its tags are damaged"
        raise ContainerError(message)
    return prefix + pack("<I", vendor_bytes) + b" " * vendor_bytes + b"\0\0\0\0" + end


def _pages(findings: Findings) -> Iterator[_Page]:
    """Yield the pages of the first stream up to the end of its second packet."""
    source = findings.source
    serial = source.head[14:18]
    at = packet = 0
    while packet <= _COMMENT_PACKET:
        findings.spend()
        header = need(source.peek(at, 27), 27, "its tags")
        if header[:4] != b"OggS":
            message = "is cut off before its tags"
            raise ContainerError(message)
        size = 27 + header[26] + sum(source.peek(at + 27, header[26]))
        if header[14:18] == serial:
            page = _Page(at, bytearray(need(source.read_at(at, size), size, "its tags")))
            packet = _find_spans(page, packet)
            yield page
        at += size


def _find_spans(page: _Page, packet: int) -> int:
    """Note which parts of a page are the comment packet; return the packet after the page."""
    table = page.data[27 : 27 + page.data[26]]
    position = 27 + len(table)
    for lacing in table:
        if packet == _COMMENT_PACKET and lacing:
            page.spans.append((position, position + lacing))
        position += lacing
        packet += lacing < 255
    return packet


def _checksum(data: bytearray) -> int:
    """Return the CRC of an Ogg page whose own field is zero."""
    table = []
    for byte in range(256):
        value = byte << 24
        for _ in range(8):
            value = (value << 1 ^ _POLYNOMIAL if value & 0x80000000 else value << 1) & 0xFFFFFFFF
        table.append(value)
    crc = 0
    for byte in data:
        crc = (crc << 8 & 0xFFFFFFFF) ^ table[crc >> 24 ^ byte]
    return crc

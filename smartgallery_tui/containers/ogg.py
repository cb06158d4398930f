"""Reads Ogg: Opus, Vorbis, FLAC and Theora streams, their duration and comments."""

from __future__ import annotations

from struct import unpack_from
from typing import TYPE_CHECKING

from smartgallery_tui.containers.findings import MAX_TEXT_BYTES, need
from smartgallery_tui.containers.flac import take_stream_info
from smartgallery_tui.containers.vorbis import add_comments
from smartgallery_tui.errors import ContainerError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smartgallery_tui.containers.findings import Findings

MAGIC = b"OggS"
_MAX_PAGES = 20_000
_LAST_PAGE_BYTES = 65_307 + 16_384
_OPUS_RATE_HZ = 48_000


def read_ogg(findings: Findings) -> None:
    """Add duration and texts of the first stream.

    Source: RFC 3533 (Ogg), RFC 7845 (Opus), Vorbis I, Ogg FLAC mapping, Theora 6.
    """
    serial = need(findings.source.head, 27, "its first page")[14:18]
    packets = _packets(findings, serial)
    first = next(packets, b"")
    rate_hz, skipped = _take_first(findings, first)
    _take_comments(findings, next(packets, b""))
    _take_last_page(findings, serial, rate_hz, skipped)


def _take_first(findings: Findings, packet: bytes) -> tuple[int, int]:
    """Return sampling rate and skipped samples of the first packet; 0 where unknown."""
    if packet[:8] == b"OpusHead":
        findings.format = "opus"
        return _OPUS_RATE_HZ, unpack_from("<H", need(packet, 19, "its header"), 10)[0]
    if packet[:7] == b"\x01vorbis":
        return unpack_from("<I", need(packet, 16, "its header"), 12)[0], 0
    if packet[:5] == b"\x7fFLAC":
        take_stream_info(findings, need(packet, 35, "its header")[17:])
    elif packet[:7] == b"\x80theora":
        need(packet, 20, "its header")
        findings.kind = "video"
        width = int.from_bytes(packet[14:17], "big")
        findings.set_size(width, int.from_bytes(packet[17:20], "big"))
    else:
        findings.fail("holds a stream of unknown kind")
    return 0, 0


def _take_comments(findings: Findings, packet: bytes) -> None:
    if packet[:8] == b"OpusTags":
        add_comments(findings, packet[8:], "Opus tags")
    elif packet[:7] in {b"\x03vorbis", b"\x81theora"}:
        add_comments(findings, packet[7:], "Vorbis comment")
    elif packet and packet[0] & 0x7F == 4:
        add_comments(findings, packet[4:], "FLAC comment")
    else:
        findings.fail("is cut off before its tags")


def _take_last_page(findings: Findings, serial: bytes, rate_hz: int, skipped: int) -> None:
    """Keep the duration that the position of the last page tells; a torn page is a problem."""
    source = findings.source
    start = max(0, source.size_bytes - _LAST_PAGE_BYTES)
    tail = source.read_at(start, _LAST_PAGE_BYTES)
    at = tail.rfind(MAGIC)
    while at >= 0 and tail[at + 14 : at + 18] != serial:
        at = tail.rfind(MAGIC, 0, at)
    if at < 0 or at + 27 > len(tail):
        findings.fail("is cut off")
        return
    table = tail[at + 27 : at + 27 + tail[at + 26]]
    if len(table) < tail[at + 26] or at + 27 + len(table) + sum(table) > len(tail):
        findings.fail("is cut off")
    position = unpack_from("<q", tail, at + 6)[0]
    if rate_hz and position > skipped:
        findings.duration_ms = round((position - skipped) * 1000 / rate_hz)


def _packets(findings: Findings, serial: bytes) -> Iterator[bytes]:
    """Yield the packets of one stream.

    Raises:
        ContainerError: When a page is damaged or there is more than 64 MiB of header.
    """
    source = findings.source
    at = 0
    parts: list[bytes] = []
    size = 0
    for _ in range(_MAX_PAGES):
        header = source.peek(at, 27)
        if len(header) < 27 or header[:4] != MAGIC:
            return
        table = source.peek(at + 27, header[26])
        at += 27 + len(table)
        body_bytes = sum(table)
        if header[14:18] == serial:
            body = source.read_at(at, body_bytes)
            start = 0
            for lacing in table:
                parts.append(body[start : start + lacing])
                start += lacing
                size += lacing
                if lacing < 255:
                    yield b"".join(parts)
                    parts.clear()
                    size = 0
            if size > MAX_TEXT_BYTES:
                message = "its tags are too long"
                raise ContainerError(message)
        at += body_bytes

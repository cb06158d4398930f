"""Reads FLAC: duration and Vorbis comments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartgallery_tui.containers.findings import MAX_TEXT_BYTES, need
from smartgallery_tui.containers.vorbis import add_comments
from smartgallery_tui.errors import ContainerError

if TYPE_CHECKING:
    from smartgallery_tui.containers.findings import Findings

MAGIC = b"fLaC"
_MAX_BLOCKS = 1000
_STREAM_INFO, _COMMENTS = 0, 4


def read_flac(findings: Findings) -> None:
    """Add duration and texts of a FLAC file."""
    read_flac_at(findings, 0)


def read_flac_at(findings: Findings, at: int) -> None:
    """Add duration and texts of a FLAC stream that starts at `at`.

    Source: RFC 9639, 8.
    """
    source = findings.source
    at += 4
    for _ in range(_MAX_BLOCKS):
        header = need(source.peek(at, 4), 4, "its header")
        kind, length = header[0] & 0x7F, int.from_bytes(header[1:], "big")
        at += 4
        if at + length > source.size_bytes:
            message = "is cut off in its header"
            raise ContainerError(message)
        if kind == _STREAM_INFO and length >= 18:
            take_stream_info(findings, source.peek(at, 18))
        elif kind == _COMMENTS:
            add_comments(findings, source.read_at(at, min(length, MAX_TEXT_BYTES)), "FLAC comment")
        at += length
        if header[0] & 0x80:
            break
    if at >= source.size_bytes:
        findings.fail("has no sound in it")


def take_stream_info(findings: Findings, data: bytes) -> None:
    """Keep the duration that a STREAMINFO block tells."""
    bits = int.from_bytes(data[10:18], "big")
    rate_hz, samples = bits >> 44, bits & 0xFFFFFFFFF
    if rate_hz and samples:
        findings.duration_ms = round(samples * 1000 / rate_hz)

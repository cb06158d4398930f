"""Reads FLV: size and timing from its onMetaData."""

from __future__ import annotations

from struct import unpack_from
from typing import TYPE_CHECKING

from smartgallery_tui.containers.findings import decode, need

if TYPE_CHECKING:
    from smartgallery_tui.containers.findings import Findings

MAGIC = b"FLV\x01"
_SCRIPT = 18
_NUMBER, _BOOLEAN, _STRING = 0, 1, 2
_MAX_VALUES = 200


def read_flv(findings: Findings) -> None:
    """Add size, timing and texts of an FLV.

    Source: Adobe Flash Video File Format 10.1, annex E; AMF0.
    """
    source = findings.source
    start = unpack_from(">I", need(source.head, 24, "its header"), 5)[0] + 4
    tag = need(source.peek(start, 11), 11, "its first tag")
    if start + 11 + int.from_bytes(tag[1:4], "big") > source.size_bytes:
        findings.fail("is cut off")
    if tag[0] != _SCRIPT:
        return
    data = source.read_at(start + 11, min(int.from_bytes(tag[1:4], "big"), 1 << 20))
    at = data.find(b"onMetaData")
    if at < 0 or len(data) < at + 15:
        return
    numbers = _read_values(findings, data, at + 15)
    if numbers.get("width") and numbers.get("height"):
        findings.set_size(round(numbers["width"]), round(numbers["height"]))
    if 0 < numbers.get("duration", 0) < 1e9:
        findings.duration_ms = round(numbers["duration"] * 1000)
    if 0 < numbers.get("framerate", 0) < 1e5:
        findings.frame_rate = round(numbers["framerate"], 3)


def _read_values(findings: Findings, data: bytes, at: int) -> dict[str, float]:
    """Return the numbers of an AMF array and add its texts; stops at what it does not know."""
    numbers: dict[str, float] = {}
    for _ in range(_MAX_VALUES):
        if at + 3 > len(data):
            break
        size = unpack_from(">H", data, at)[0]
        key = decode(data[at + 2 : at + 2 + size]).lower()
        at += 2 + size
        kind = data[at] if at < len(data) else 255
        at += 1
        if kind == _NUMBER and at + 8 <= len(data):
            value = unpack_from(">d", data, at)[0]
            numbers[key] = value if abs(value) < 1e15 else 0.0
            at += 8
        elif kind == _BOOLEAN:
            at += 1
        elif kind == _STRING and at + 2 <= len(data):
            size = unpack_from(">H", data, at)[0]
            findings.add_bytes(key, data[at + 2 : at + 2 + size], "FLV metadata")
            at += 2 + size
        else:
            break
    return numbers

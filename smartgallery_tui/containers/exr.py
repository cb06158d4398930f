"""Reads OpenEXR: size and string attributes of the first header."""

from __future__ import annotations

from struct import unpack_from
from typing import TYPE_CHECKING

from smartgallery_tui.containers.findings import need
from smartgallery_tui.errors import ContainerError

if TYPE_CHECKING:
    from smartgallery_tui.containers.findings import Findings

MAGIC = b"\x76\x2f\x31\x01"
_MAX_ATTRIBUTES = 2000
_TILED_OR_PARTS = 0x1A00
_LINES_A_BLOCK = {0: 1, 1: 1, 2: 1, 3: 16, 4: 32, 5: 16, 6: 32, 7: 32, 8: 32, 9: 256}


def read_exr(findings: Findings) -> None:
    """Add size and string attributes of an EXR.

    Source: OpenEXR file layout; ComfyUI writes `prompt` and `workflow` as string attributes.
    """
    source = findings.source
    flags = unpack_from("<I", need(source.head, 8, "its header"), 4)[0]
    at = 8
    lines = 1
    for _ in range(_MAX_ATTRIBUTES):
        start = source.peek(at, 520)
        name, _, rest = start.partition(b"\0")
        if not name and start:
            break
        kind, _, rest = rest.partition(b"\0")
        length = unpack_from("<I", need(rest, 4, "its header"))[0]
        at += len(name) + len(kind) + 6
        if at + length > source.size_bytes:
            message = "is cut off in its header"
            raise ContainerError(message)
        if kind == b"string" and findings.takes(name.decode("latin-1"), length):
            text = source.read_at(at, length)
            if text.strip():
                findings.add_bytes(name.decode("latin-1"), text, "EXR attribute")
        elif name == b"dataWindow" and length == 16:
            left, top, right, bottom = unpack_from("<iiii", source.peek(at, 16))
            findings.set_size(right - left + 1, bottom - top + 1)
        elif name == b"compression" and length == 1:
            lines = _LINES_A_BLOCK.get(source.peek(at, 1)[0], 1)
        at += length
    if findings.height is None:
        message = "has no size in its header"
        raise ContainerError(message)
    if not flags & _TILED_OR_PARTS:
        _judge_end(findings, at + 1, -(-findings.height // lines))


def _judge_end(findings: Findings, table_at: int, blocks: int) -> None:
    """Note a file whose last block of lines was never written or is cut off."""
    last = findings.source.read_at(table_at + 8 * (blocks - 1), 8)
    offset = unpack_from("<Q", last)[0] if len(last) == 8 else 0
    if not 0 < offset < findings.source.size_bytes - 8:
        findings.fail("is cut off in its pixel data")

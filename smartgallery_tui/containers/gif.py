"""Reads GIF: size, comments, frames and their delays."""

from __future__ import annotations

from struct import unpack_from
from typing import TYPE_CHECKING

from smartgallery_tui.containers.findings import need
from smartgallery_tui.errors import ContainerError

if TYPE_CHECKING:
    from smartgallery_tui.containers.findings import Findings

_MAX_WALK_BYTES = 64 << 20
_MAX_COMMENT_BYTES = 4 << 20
_WINDOW_BYTES = 256 << 10
_IMAGE, _EXTENSION, _TRAILER = 0x2C, 0x21, 0x3B
_CONTROL, _COMMENT = 0xF9, 0xFE


class _Window:
    """A sliding part of the file: sub-blocks are too many and too small for one read each."""

    __slots__ = ("_findings", "data", "start")

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self.data = findings.source.head
        self.start = 0

    def at(self, offset: int, count: int) -> int:
        """Return the index in `data` of a file offset, `count` bytes loaded where possible."""
        index = offset - self.start
        if index + count > len(self.data):
            self.data = self._findings.source.read_at(offset, _WINDOW_BYTES)
            self.start = offset
            return 0
        return index

    def skip_blocks(self, offset: int) -> int:
        """Return the offset behind a chain of sub-blocks, or of the file's end in it."""
        while True:
            index = start = self.at(offset, 1)
            data = self.data
            size = len(data)
            blocks = 0
            while index < size:
                length = data[index]
                index += length + 1
                blocks += 1
                if not length:
                    break
            self._findings.spend(blocks)
            if blocks and not length:
                return offset + index - start
            if not size:
                return offset
            offset += index - start


def read_gif(findings: Findings) -> None:
    """Add size, comments and frames of a GIF.

    Counting needs the length byte of every sub-block, so a file above 64 MiB keeps what its
    first part says.

    Source: GIF89a specification; A1111 writes its text as a comment before the first frame.
    """
    head = need(findings.source.head, 13, "its header")
    width, height = unpack_from("<HH", head, 6)
    findings.set_size(width, height)
    at = 13 + (3 << (head[10] & 7) + 1 if head[10] & 0x80 else 0)
    count = _Frames()
    try:
        _visit_blocks(findings, count, at)
    finally:
        if count.frames > 1:
            findings.kind = "animated"
            if count.is_whole:
                findings.set_timing(count.delay_ms, count.frames)
    if not count.frames:
        findings.fail("has no picture in it")


class _Frames:
    """What the walk counts."""

    __slots__ = ("delay_ms", "frames", "is_whole")

    def __init__(self) -> None:
        self.frames = 0
        self.delay_ms = 0
        self.is_whole = False


def _visit_blocks(findings: Findings, count: _Frames, at: int) -> None:
    window = _Window(findings)
    while at <= _MAX_WALK_BYTES:
        index = window.at(at, 10)
        block = window.data[index : index + 10]
        if not block or block[0] == _TRAILER:
            count.is_whole = True
            return
        if block[0] == _IMAGE and len(block) == 10:
            count.frames += 1
            table = 3 << (block[9] & 7) + 1 if block[9] & 0x80 else 0
            at = window.skip_blocks(at + 10 + table + 1)
        elif block[0] == _EXTENSION and len(block) > 2:
            if block[1] == _CONTROL and len(block) > 5:
                count.delay_ms += 10 * unpack_from("<H", block, 4)[0]
            elif block[1] == _COMMENT:
                _add_comment(findings, at + 2)
            at = window.skip_blocks(at + 2)
        else:
            message = f"a block at byte {at} is damaged"
            raise ContainerError(message)


def _add_comment(findings: Findings, at: int) -> None:
    source = findings.source
    parts = []
    end = at + _MAX_COMMENT_BYTES
    while at < end:
        findings.spend()
        length = source.peek(at, 1)
        if not length or not length[0]:
            break
        parts.append(source.peek(at + 1, length[0]))
        at += 1 + length[0]
    findings.add_bytes("comment", b"".join(parts).rstrip(b"\0"), "GIF comment")

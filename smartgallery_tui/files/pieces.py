"""A new file described as parts of an old one and bytes of its own."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from smartgallery_tui.containers import Source

Piece = bytes | tuple[int, int]
"""Bytes as they are, or offset and length of a part of the old file."""

_CHUNK_BYTES = 1 << 20


def patched(size_bytes: int, patches: Iterable[tuple[int, bytes]]) -> list[Piece]:
    """Return the pieces of a whole file in which some places hold other bytes.

    Args:
        size_bytes: Size of the old file.
        patches: Offset and new bytes; of two that overlap the first one counts.
    """
    pieces: list[Piece] = []
    done = 0
    for offset, data in sorted(patches, key=lambda patch: patch[0]):
        if offset < done:
            continue
        pieces += [(done, offset - done), data]
        done = offset + len(data)
    pieces.append((done, size_bytes - done))
    return pieces


def read_pieces(source: Source, pieces: Iterable[Piece]) -> Iterator[bytes]:
    """Yield the bytes of a new file, at most 1 MiB at a time."""
    for piece in pieces:
        if isinstance(piece, bytes):
            yield piece
            continue
        offset, left = piece
        while left > 0:
            data = source.read_at(offset, min(left, _CHUNK_BYTES))
            if not data:
                return
            yield data
            offset += len(data)
            left -= len(data)


def write_all(fd: int, data: bytes) -> None:
    """Write all bytes to an open file."""
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]

"""Reads Vorbis comments: the tags of FLAC, Ogg Vorbis, Opus and Theora."""

from __future__ import annotations

from struct import unpack_from
from typing import TYPE_CHECKING

from smartgallery_tui.containers.findings import decode

if TYPE_CHECKING:
    from smartgallery_tui.containers.findings import Findings

_MAX_COMMENTS = 20_000


def add_comments(findings: Findings, data: bytes, place: str) -> None:
    """Add the `key=value` entries of a comment block; a cut one gives what it has.

    Source: Vorbis I specification, 5.2.
    """
    if len(data) < 8:
        return
    at = 4 + unpack_from("<I", data)[0]
    if at + 4 > len(data):
        return
    count = unpack_from("<I", data, at)[0]
    at += 4
    for _ in range(min(count, _MAX_COMMENTS)):
        if at + 4 > len(data):
            return
        end = at + 4 + unpack_from("<I", data, at)[0]
        entry = data[at + 4 : end]
        key, separator, value = entry.partition(b"=")
        if separator and key != b"METADATA_BLOCK_PICTURE":
            findings.add(decode(key), decode(value), place)
        at = end

"""Reads HEIF and AVIF: size, EXIF and XMP items, frames of a sequence."""

from __future__ import annotations

from struct import unpack_from
from typing import TYPE_CHECKING

from smartgallery_tui.containers.exif import read_exif_block
from smartgallery_tui.containers.findings import decode, need
from smartgallery_tui.containers.isobmff import boxes, read_moov

if TYPE_CHECKING:
    from smartgallery_tui.containers.findings import Findings
    from smartgallery_tui.containers.isobmff import Track

Extent = tuple[int, int, int]
"""Construction method (0 file, 1 idat), offset, length."""

_MAX_ITEMS = 5000
_MAX_EXTENTS = 64


def read_heif(findings: Findings) -> None:
    """Add size, texts and frames of a HEIF or AVIF file.

    Source: ISO/IEC 23008-12; ISO/IEC 14496-12, 8.11; AVIF 1.1. ComfyUI puts `prompt:` and
    `workflow:` in the ASCII tags of an Exif item.
    """
    tracks: list[Track] = []
    has_pixels = False
    try:
        for kind, at, end in boxes(findings, 0, findings.source.size_bytes):
            if kind == b"meta":
                _read_meta(findings, at + 4, end)
            elif kind == b"moov":
                tracks = read_moov(findings, at, end)
            has_pixels = has_pixels or kind in {b"mdat", b"idat"}
    finally:
        _apply_sequence(findings, tracks)
    if findings.width is None:
        findings.fail("has no picture in it")
    elif not has_pixels:
        findings.fail("has no pixel data")


def _apply_sequence(findings: Findings, tracks: list[Track]) -> None:
    duration_ms, findings.duration_ms = findings.duration_ms, None
    track = next((t for t in tracks if t.handler in {b"pict", b"vide"}), None)
    if track is None:
        return
    if findings.width is None and track.width and track.height:
        findings.set_size(track.width, track.height)
    if track.samples > 1:
        findings.kind = "animated"
        if track.timescale and track.duration:
            duration_ms = round(track.duration * 1000 / track.timescale)
        findings.set_timing(duration_ms, track.samples)


def text_extents(findings: Findings) -> list[tuple[bytes, int, int]]:
    """Return kind (`Exif`, `mime`), offset and length of every part that holds EXIF or XMP."""
    found: list[tuple[bytes, int, int]] = []
    for kind, at, end in boxes(findings, 0, findings.source.size_bytes):
        if kind == b"meta":
            for item_kind, extents in _text_items(findings, at + 4, end):
                found += [(item_kind, offset, length) for offset, length in extents]
    return found


def _read_meta(findings: Findings, at: int, end: int) -> None:
    for kind, start, stop in boxes(findings, at, end):
        if kind == b"iprp":
            _read_sizes(findings, start, stop)
    for item_kind, extents in _text_items(findings, at, end):
        data = _join(findings, extents)
        if item_kind == b"Exif" and len(data) > 4:
            read_exif_block(findings, data[4 + unpack_from(">I", data)[0] :])
        elif item_kind == b"mime" and b"<x:xmpmeta" in data:
            findings.add("xmp", decode(data), "HEIF XMP")


def _text_items(findings: Findings, at: int, end: int) -> list[tuple[bytes, list[tuple[int, int]]]]:
    """Return kind, and offset and length in the file, of the items that may hold text."""
    items: dict[int, bytes] = {}
    places: dict[int, list[Extent]] = {}
    idat_at = 0
    for kind, start, stop in boxes(findings, at, end):
        if kind == b"iinf":
            items = _read_items(findings, start, stop)
        elif kind == b"iloc":
            places = _read_places(findings, start, stop)
        elif kind == b"idat":
            idat_at = start
    found = []
    for item, kind in items.items():
        extents = places.get(item, [])
        if all(method == 0 or (method == 1 and idat_at) for method, _, _ in extents):
            starts = [(idat_at if method else 0) + offset for method, offset, _ in extents]
            sizes = [length for _, _, length in extents]
            found.append((kind, list(zip(starts, sizes, strict=True))))
    return found


def _read_items(findings: Findings, at: int, end: int) -> dict[int, bytes]:
    """Return the types of the items that may hold text, by id."""
    source = findings.source
    version = need(source.peek(at, 8), 8, "its items")[0]
    items: dict[int, bytes] = {}
    for kind, start, _stop in boxes(findings, at + (6 if version == 0 else 8), end):
        entry = source.peek(start, 20)
        if kind != b"infe" or len(entry) < 12 or entry[0] < 2:
            continue
        wide = entry[0] > 2
        item = unpack_from(">I" if wide else ">H", entry, 4)[0]
        item_kind = entry[10:14] if wide else entry[8:12]
        if item_kind in {b"Exif", b"mime"}:
            items[item] = item_kind
    return items


def _read_sizes(findings: Findings, at: int, end: int) -> None:
    """Keep the largest size of any item: parts of a grid and thumbnails are smaller."""
    best = (0, 0)
    for kind, start, stop in boxes(findings, at, end):
        if kind != b"ipco":
            continue
        for prop, prop_at, _ in boxes(findings, start, stop):
            if prop == b"ispe":
                size = unpack_from(">II", need(findings.source.peek(prop_at, 12), 12, "a size"), 4)
                best = max(best, size, key=lambda s: s[0] * s[1])
    if best != (0, 0):
        findings.set_size(*best)


class _Numbers:
    """Reads numbers of varying width one after the other."""

    __slots__ = ("_at", "_data")

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def take(self, width_bytes: int) -> int:
        """Return the next big-endian number; 0 for no bytes."""
        part = self._data[self._at : self._at + width_bytes]
        self._at += width_bytes
        return int.from_bytes(need(part, width_bytes, "its items"), "big")


def _read_places(findings: Findings, at: int, end: int) -> dict[int, list[Extent]]:
    """Return where the bytes of each item lie."""
    numbers = _Numbers(findings.source.read_at(at, min(end - at, 1 << 20)))
    version = numbers.take(4) >> 24
    widths = numbers.take(2)
    offset_bytes, length_bytes = widths >> 12 & 15, widths >> 8 & 15
    base_bytes, index_bytes = widths >> 4 & 15, (widths & 15 if version else 0)
    places: dict[int, list[Extent]] = {}
    for _ in range(min(numbers.take(2 if version < 2 else 4), _MAX_ITEMS)):
        item = numbers.take(2 if version < 2 else 4)
        method = numbers.take(2) & 15 if version else 0
        numbers.take(2)
        base = numbers.take(base_bytes)
        extents = []
        for _ in range(min(numbers.take(2), _MAX_EXTENTS)):
            numbers.take(index_bytes)
            offset = base + numbers.take(offset_bytes)
            extents.append((method, offset, numbers.take(length_bytes)))
        places[item] = extents
    return places


def _join(findings: Findings, extents: list[tuple[int, int]]) -> bytes:
    """Return an item's bytes, at most 16 MiB."""
    parts = []
    left = 16 << 20
    for offset, length in extents:
        part = findings.source.read_at(offset, min(length, left))
        left -= len(part)
        parts.append(part)
    return b"".join(parts)

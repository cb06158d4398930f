"""Movies, sounds and documents without their metadata: blanked in place, so no offset moves."""

from __future__ import annotations

import json
import re
from struct import unpack_from
from typing import TYPE_CHECKING

from smartgallery_tui.containers.findings import decode
from smartgallery_tui.containers.heif import text_extents
from smartgallery_tui.containers.isobmff import boxes
from smartgallery_tui.containers.matroska import element_at, elements
from smartgallery_tui.containers.riff import chunks
from smartgallery_tui.errors import ContainerError
from smartgallery_tui.files.pieces import Piece, patched

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smartgallery_tui.containers.findings import Findings

Patch = tuple[int, bytes]

_BLANKED_BOXES = frozenset({b"udta", b"meta", b"uuid", b"free", b"skip", b"wide"})
_TIMED_BOXES = frozenset({b"mvhd", b"tkhd", b"mdhd"})
_OUTER_BOXES = frozenset({b"moov", b"trak", b"mdia"})
_EMPTY_EXIF = b"\0\0\0\0II*\0\x08\0\0\0" + bytes(6)
_VOID = 0xEC
_MUXER, _WRITER = 0x4D80, 0x5741
_SEGMENT, _INFO, _TRACKS, _TRACK, _SEEK_HEAD = (
    0x18538067, 0x1549A966, 0x1654AE6B, 0xAE, 0x114D9B74,
)  # fmt: skip
_MASTERS = frozenset({_SEGMENT, _INFO, _TRACKS, _TRACK, _SEEK_HEAD})
# Tags, attachments, chapters, title, date, file names, track name, checksums of what changes.
_VOIDED = frozenset(
    {0x1254C367, 0x1941A469, 0x1043A770, 0x7BA9, 0x4461, 0x7384, 0x3C83AB, 0x3E83BB, 0x536E, 0xBF}
)
_SEEK, _SEEK_ID, _CLUSTER = 0x4DBB, 0x53AB, 0x1F43B675
_VOIDED_SEEKS = frozenset({b"\x12\x54\xc3\x67", b"\x19\x41\xa4\x69", b"\x10\x43\xa7\x70"})
_FLAC_BLANKED = frozenset({1, 2, 4, 6})
_RIFF_KEPT = frozenset({b"fmt ", b"data", b"fact", b"idx1", b"wavl", b"slnt"})
_EMPTY_SVG_METADATA = re.compile(rb"<metadata\b[^<>]*/>")
_SVG_DROPPED = ((b"<metadata", b"</metadata"), (b"<!--", b"--"))


def clean_movie(findings: Findings) -> list[Piece]:
    """Return an MP4, MOV or M4A whose texts and times are blank."""
    size = findings.source.size_bytes
    return patched(size, _blank_boxes(findings, 0, size, is_top=True))


def clean_heif(findings: Findings) -> list[Piece]:
    """Return a HEIF or AVIF whose EXIF and XMP items are blank."""
    size = findings.source.size_bytes
    patches = [(at, _blank_item(kind, length)) for kind, at, length in text_extents(findings)]
    patches += [
        patch
        for kind, at, end in boxes(findings, 0, size)
        if kind == b"moov"
        for patch in _blank_boxes(findings, at, end, is_top=False)
    ]
    return patched(size, patches)


def _blank_item(kind: bytes, length: int) -> bytes:
    """Return an item of this length that says nothing; decoders insist on a TIFF header."""
    start = _EMPTY_EXIF if kind == b"Exif" and length >= len(_EMPTY_EXIF) else b""
    return start.ljust(length, b"\0")


def _blank_boxes(findings: Findings, at: int, end: int, *, is_top: bool) -> Iterator[Patch]:
    """Turn boxes of texts into free space; a track's headers keep all but their times."""
    header_at = at
    for kind, start, stop in boxes(findings, at, end):
        if kind in _BLANKED_BOXES:
            yield header_at + 4, b"free"
            yield start, bytes(stop - start)
        elif kind in _TIMED_BOXES:
            wide = findings.source.peek(start, 1) == b"\1"
            yield start + 4, bytes(16 if wide else 8)
        elif kind in _OUTER_BOXES and (is_top or kind != b"moov"):
            yield from _blank_boxes(findings, start, stop, is_top=False)
        header_at = stop


def clean_matroska(findings: Findings) -> list[Piece]:
    """Return a Matroska or WebM file whose tags, titles and attachments are void."""
    size = findings.source.size_bytes
    return patched(size, _void_elements(findings, 0, size))


def _void_elements(findings: Findings, at: int, end: int) -> Iterator[Patch]:
    while at < end:
        element, start, size = element_at(findings, at)
        stop = end if size is None else start + size
        if element in _VOIDED or (element == _SEEK and _is_seek_to_void(findings, start, stop)):
            yield at, _void(stop - at)
        elif element in _MASTERS:
            yield from _void_elements(findings, start, min(stop, end))
        elif element == _VOID:
            yield start, bytes(stop - start)
        elif element in {_MUXER, _WRITER}:
            yield start, b" " * (stop - start)
        elif element == _CLUSTER and size is None:
            return
        at = stop


def _is_seek_to_void(findings: Findings, at: int, end: int) -> bool:
    return any(
        inner == _SEEK_ID and findings.source.peek(start, stop - start) in _VOIDED_SEEKS
        for inner, start, stop in elements(findings, at, end)
    )


def _void(size: int) -> bytes:
    """Return a Void element of exactly this size in bytes."""
    if size < 10:
        return bytes((_VOID, 0x80 | size - 2)) + bytes(size - 2)
    return bytes((_VOID,)) + (size - 9 | 1 << 56).to_bytes(8, "big") + bytes(size - 9)


def clean_flac(findings: Findings) -> list[Piece]:
    """Return a FLAC whose comments and pictures are padding."""
    source = findings.source
    patches: list[Patch] = []
    at = 4
    while True:
        findings.spend()
        header = source.peek(at, 4)
        length = int.from_bytes(header[1:], "big")
        if header[0] & 0x7F in _FLAC_BLANKED:
            patches += [(at, bytes((header[0] & 0x80 | 1,))), (at + 4, bytes(length))]
        at += 4 + length
        if header[0] & 0x80:
            return patched(source.size_bytes, patches)


def clean_mp3(findings: Findings) -> list[Piece]:
    """Return the audio frames of an MP3 without tags at either end."""
    source = findings.source
    start, end = 0, source.size_bytes
    header = source.peek(0, 10)
    if header[:3] == b"ID3":
        size = 0
        for byte in header[6:10]:
            size = size << 7 | byte & 0x7F
        start = 10 + size
    if source.read_at(end - 128, 3) == b"TAG":
        end -= 128
    footer = source.read_at(end - 32, 32)
    if footer[:8] == b"APETAGEX":
        end -= unpack_from("<I", footer, 12)[0] + (32 if footer[23] & 0x80 else 0)
    return [(start, max(0, end - start))]


def clean_riff(findings: Findings) -> list[Piece]:
    """Return a WAV or AVI whose other chunks are junk."""
    source = findings.source
    patches: list[Patch] = []
    for name, at, size in chunks(findings, 12, source.size_bytes):
        is_list = name == b"LIST" and source.peek(at, 4) in {b"hdrl", b"movi"}
        if name not in _RIFF_KEPT and not is_list:
            patches += [(at - 8, b"JUNK"), (at, bytes(size))]
    return patched(source.size_bytes, patches)


def clean_exr(findings: Findings) -> list[Piece]:
    """Return an EXR whose string attributes have neither name nor text."""
    source = findings.source
    patches: list[Patch] = []
    at = 8
    while source.peek(at, 1) not in {b"\0", b""}:
        findings.spend()
        name, _, rest = source.peek(at, 520).partition(b"\0")
        kind, _, rest = rest.partition(b"\0")
        length = unpack_from("<I", rest)[0]
        start = at + len(name) + len(kind) + 6
        if kind == b"string":
            blank = str(len(patches) // 2).encode().rjust(len(name), b"x")[-len(name) :]
            patches += [(at, blank), (start, b" " * length)]
        at = start + length
    return patched(source.size_bytes, patches)


def clean_glb(findings: Findings) -> list[Piece]:
    """Return a GLB without the extras of its asset, padded to the same length."""
    source = findings.source
    length = unpack_from("<I", source.head, 12)[0]
    try:
        scene = json.loads(source.read_at(20, length))
        scene.get("asset", {}).pop("extras", None)
        text = json.dumps(scene, separators=(",", ":"), ensure_ascii=False).encode()
    except (ValueError, AttributeError, RecursionError) as error:
        message = "its header is damaged"
        raise ContainerError(message) from error
    if len(text) > length:
        message = "cannot be written as short as it is"
        raise ContainerError(message)
    return patched(source.size_bytes, [(20, text.ljust(length))])


def clean_svg(findings: Findings) -> list[Piece]:
    """Return an SVG without metadata elements and comments."""
    data = findings.source.read_at(0, findings.source.size_bytes)
    data = _EMPTY_SVG_METADATA.sub(b"", data)
    for first, last in _SVG_DROPPED:
        parts = []
        while first in data:
            before, _, rest = data.partition(first)
            _, is_closed, rest = rest.partition(last)
            _, _, data = rest.partition(b">")
            parts.append(before)
            if not is_closed:
                message = f"has a {decode(first)} without its end"
                raise ContainerError(message)
        data = b"".join([*parts, data])
    return [data]


def plain(findings: Findings) -> list[Piece]:
    """Return a file that cannot hold text, as it is."""
    return [(0, findings.source.size_bytes)]

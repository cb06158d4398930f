"""Picture files without their metadata: what draws the picture is kept byte for byte."""

from __future__ import annotations

import zlib
from struct import pack, unpack_from
from typing import TYPE_CHECKING

from smartgallery_tui.containers.exif import read_directories
from smartgallery_tui.containers.riff import chunks
from smartgallery_tui.errors import ContainerError

if TYPE_CHECKING:
    from smartgallery_tui.containers.findings import Findings
    from smartgallery_tui.files.pieces import Piece

_PNG_KEPT = frozenset(
    {
        b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"bKGD",
        b"pHYs", b"hIST", b"acTL", b"fcTL", b"fdAT", b"cICP", b"mDCV", b"cLLI",
    }
)  # fmt: skip
_WEBP_KEPT = frozenset({b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF", b"ICCP"})
_WEBP_EXIF_FLAG = 0x08
_WEBP_TEXT_FLAGS = _WEBP_EXIF_FLAG | 0x04
_JPEG_DROPPED = frozenset({*range(0xE0, 0xF0), 0xFE})
_BARE = frozenset({0x01, *range(0xD0, 0xD8)})
_ORIENTATION = 0x0112
_GIF_LOOPS = (b"NETSCAPE2.0", b"ANIMEXTS1.0")


def clean_png(findings: Findings) -> list[Piece]:
    """Return a PNG or APNG without text, times and private chunks; of EXIF the turn stays."""
    source = findings.source
    pieces: list[Piece] = [(0, 8)]
    at = 8
    while True:
        findings.spend()
        header = source.peek(at, 8)
        if len(header) < 8:
            break
        length, kind = unpack_from(">I4s", header)
        if kind in _PNG_KEPT:
            pieces.append((at, length + 12))
        elif kind == b"iCCP":
            # The name of a colour profile is free text; the profile itself is part of the look.
            _, _, profile = source.read_at(at + 8, length).partition(b"\0")
            pieces.append(_png_chunk(kind + b"icc\0" + profile))
        elif kind == b"eXIf" and (turn := _turn(source.read_at(at + 8, length), findings)):
            pieces.append(_png_chunk(kind + turn))
        at += length + 12
        if kind == b"IEND":
            break
    return pieces


def _png_chunk(body: bytes) -> bytes:
    return pack(">I", len(body) - 4) + body + pack(">I", zlib.crc32(body))


def clean_webp(findings: Findings) -> list[Piece]:
    """Return a WebP without XMP and unknown chunks, those inside frames too; the turn stays."""
    body = _webp_chunks(findings, 12, findings.source.size_bytes, is_frame=False)
    size = sum(len(piece) if isinstance(piece, bytes) else piece[1] for piece in body)
    return [b"RIFF" + pack("<I", size + 4) + b"WEBP", *body]


def _webp_chunks(findings: Findings, at: int, end: int, *, is_frame: bool) -> list[Piece]:
    source = findings.source
    pieces: list[Piece] = []
    found = list(chunks(findings, at, end))
    turns = [_turn(source.read_at(s, n), findings) for name, s, n in found if name == b"EXIF"]
    turn = turns[0] if turns and not is_frame else b""
    for name, start, size in found:
        if name == b"VP8X":
            data = source.read_at(start, size)
            flags = data[0] & ~_WEBP_TEXT_FLAGS | (_WEBP_EXIF_FLAG if turn else 0)
            pieces.append(name + pack("<I", size) + bytes((flags,)) + data[1:])
        elif name == b"ANMF" and not is_frame:
            inner = _webp_chunks(findings, start + 16, start + size, is_frame=True)
            total = 16 + sum(len(p) if isinstance(p, bytes) else p[1] for p in inner)
            pieces += [name + pack("<I", total), (start, 16), *inner]
        elif name in _WEBP_KEPT:
            pieces += [(start - 8, size + 8), b"\0" * (size & 1)]
    return [*pieces, b"EXIF" + pack("<I", len(turn)) + turn] if turn else pieces


def clean_jpeg(findings: Findings) -> list[Piece]:
    """Return a JPEG with its tables and scans, colour profile and orientation, nothing else."""
    source = findings.source
    pieces: list[Piece] = [b"\xff\xd8"]
    at = 2
    while True:
        findings.spend()
        header = source.peek(at, 18)
        if len(header) < 2 or header[0] != 0xFF:
            message = f"a segment at byte {at} is damaged"
            raise ContainerError(message)
        marker = header[1]
        if marker == 0xD9:
            return [*pieces, b"\xff\xd9"]
        if marker == 0xFF:
            at += 1
            continue
        if marker in _BARE:
            at += 2
            continue
        length = 2 + unpack_from(">H", header, 2)[0]
        pieces += _kept_segment(findings, marker, at, length, header)
        at += length
        if marker == 0xDA:
            end = _scan_end(findings, at)
            pieces.append((at, end - at))
            at = end


def _kept_segment(
    findings: Findings, marker: int, at: int, length: int, header: bytes
) -> list[Piece]:
    """Return what stays of a segment: JFIF, Adobe colour and profile among the APPn."""
    if marker not in _JPEG_DROPPED:
        return [(at, length)]
    if marker == 0xE0 and header[4:9] == b"JFIF\0":
        # The 16 bytes of the fixed part, without a thumbnail.
        return [b"\xff\xe0\0\x10", (at + 4, 12), b"\0\0"]
    if marker == 0xE2 and header[4:16] == b"ICC_PROFILE\0":
        return [(at, length)]
    if marker == 0xEE and header[4:9] == b"Adobe":
        return [b"\xff\xee\0\x0e", (at + 4, 12)]
    if marker == 0xE1 and header[4:9] == b"Exif\0":
        turn = _turn(findings.source.read_at(at + 10, length - 10), findings)
        return [b"\xff\xe1" + pack(">H", len(turn) + 8) + b"Exif\0\0" + turn] if turn else []
    return []


def _turn(block: bytes, findings: Findings) -> bytes:
    """Return EXIF that says nothing but how a picture is turned; b"" where it is not."""
    tiff = block.removeprefix(b"Exif\0\0")
    silent = type(findings)(findings.source, findings.format, findings.kind)
    value = read_directories(silent, lambda at, count: tiff[at : at + count]).get(_ORIENTATION, 1)
    if not 1 < value < 9:
        return b""
    return b"II*\0\x08\0\0\0\x01\0" + pack("<HHIHH", _ORIENTATION, 3, 1, value, 0) + b"\0\0\0\0"


def _scan_end(findings: Findings, at: int) -> int:
    """Return where the next marker is that belongs to no scan data."""
    source = findings.source
    while True:
        data = source.read_at(at, 1 << 20)
        index = data.find(b"\xff")
        while 0 <= index < len(data) - 1:
            if data[index + 1] and not 0xD0 <= data[index + 1] <= 0xD7:
                return at + index
            index = data.find(b"\xff", index + 2)
        if len(data) < 2:
            message = "is cut off in its pixel data"
            raise ContainerError(message)
        at += len(data) - (data[-1] == 0xFF)


def clean_gif(findings: Findings) -> list[Piece]:
    """Return a GIF with its frames, delays and loop count, nothing else."""
    source = findings.source
    head = source.head
    at = 13 + (3 << (head[10] & 7) + 1 if head[10] & 0x80 else 0)
    pieces: list[Piece] = [(0, at)]
    while True:
        block = source.peek(at, 14)
        if not block or block[0] == 0x3B:
            return [*pieces, b"\x3b"]
        if block[0] == 0x2C:
            table = 3 << (block[9] & 7) + 1 if block[9] & 0x80 else 0
            end = _skip_blocks(findings, at + 11 + table)
            pieces.append((at, end - at))
        else:
            end = _skip_blocks(findings, at + 2)
            if block[1] == 0xF9 or (block[1] == 0xFF and block[3:14] in _GIF_LOOPS):
                pieces.append((at, end - at))
        at = end


def _skip_blocks(findings: Findings, at: int) -> int:
    source = findings.source
    while True:
        findings.spend()
        length = source.peek(at, 1)
        if not length:
            message = "is cut off"
            raise ContainerError(message)
        at += 1 + length[0]
        if not length[0]:
            return at

"""Reads the texts of EXIF and TIFF directories: every ASCII tag, UserComment, XMP."""

from __future__ import annotations

from collections.abc import Callable
from struct import unpack_from
from typing import TYPE_CHECKING

from smartgallery_tui.containers.findings import Findings, decode

if TYPE_CHECKING:
    from collections.abc import Iterator

ReadAt = Callable[[int, int], bytes]
"""Bytes of the directory's block at an offset; fewer where it ends."""

_MAX_ENTRIES = 1000
_EXIF_IFD = 0x8769
_ORIENTATION = 0x0112
_TURNED = range(5, 9)
"""Orientations that swap width and height."""
_USER_COMMENT = 0x9286
_MAKER_NOTE = 0x927C
_XMP = 0x02BC
_ASCII, _BYTE, _SHORT, _LONG, _UNDEFINED = 2, 1, 3, 4, 7
_TYPE_BYTES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8}
_XP_TAGS = {0x9C9B: "xptitle", 0x9C9C: "xpcomment", 0x9C9E: "xpkeywords", 0x9C9F: "xpsubject"}
_NAMES = {
    0x010D: "documentname",
    0x010E: "imagedescription",
    0x010F: "make",
    0x0110: "model",
    0x0131: "software",
    0x0132: "datetime",
    0x013B: "artist",
    0x013C: "hostcomputer",
    0x8298: "copyright",
    0x9003: "datetimeoriginal",
    _MAKER_NOTE: "makernote",
    _USER_COMMENT: "usercomment",
}


def read_exif(findings: Findings, offset: int, length: int) -> None:
    """Add the texts of an EXIF block that lies in the file at `offset`.

    A block that is no EXIF adds nothing: it says nothing of the picture around it.

    Source: Exif 2.32, 4.6; TIFF 6.0, section 2.
    """
    source = findings.source
    block = source.read_at(offset, min(length, 16 << 20))
    read_exif_block(findings, block)


def read_exif_block(findings: Findings, block: bytes) -> None:
    """Add the texts of an EXIF block: a TIFF header, with or without `Exif` before it."""
    if block[:6] == b"Exif\0\0":
        block = block[6:]

    def read_at(at: int, count: int) -> bytes:
        return block[at : at + count]

    read_directories(findings, read_at)


def read_directories(findings: Findings, read_at: ReadAt) -> dict[int, int]:
    """Add the texts of the first directory and its EXIF directory.

    Returns:
        Integer values of the first directory by tag (width, height ...).
    """
    order = {b"II": "<", b"MM": ">"}.get(read_at(0, 2))
    header = read_at(0, 8)
    if order is None or len(header) < 8:
        return {}
    numbers: dict[int, int] = {}
    for tag, kind, value in _entries(read_at, order, unpack_from(order + "I", header, 4)[0]):
        if kind in {_SHORT, _LONG}:
            size = _TYPE_BYTES[kind]
            if len(value) >= size:
                numbers[tag] = unpack_from(order + ("H" if size == 2 else "I"), value)[0]
        else:
            _add_value(findings, tag, kind, value)
    if _ORIENTATION in numbers:
        findings.is_turned = numbers[_ORIENTATION] in _TURNED
    if _EXIF_IFD in numbers:
        for tag, kind, value in _entries(read_at, order, numbers[_EXIF_IFD]):
            _add_value(findings, tag, kind, value)
    return numbers


def _entries(read_at: ReadAt, order: str, at: int) -> Iterator[tuple[int, int, bytes]]:
    """Yield tag, type and raw value of each entry that lies inside the block."""
    count_bytes = read_at(at, 2)
    if len(count_bytes) < 2:
        return
    count = min(unpack_from(order + "H", count_bytes)[0], _MAX_ENTRIES)
    table = read_at(at + 2, count * 12)
    for entry in range(0, len(table) - 11, 12):
        tag, kind, values = unpack_from(order + "HHI", table, entry)
        size = _TYPE_BYTES.get(kind, 0) * values
        if not _is_wanted(tag, kind) or size > 1 << 26:
            continue
        if size <= 4:
            yield tag, kind, table[entry + 8 : entry + 8 + size]
        else:
            value = read_at(unpack_from(order + "I", table, entry + 8)[0], size)
            if len(value) == size or kind == _ASCII:
                yield tag, kind, value


def _is_wanted(tag: int, kind: int) -> bool:
    return kind in {_ASCII, _SHORT, _LONG} or tag in {_USER_COMMENT, _MAKER_NOTE, _XMP, *_XP_TAGS}


def _add_value(findings: Findings, tag: int, kind: int, value: bytes) -> None:
    place = f"EXIF 0x{tag:04x}"
    if tag == _USER_COMMENT:
        findings.add_prefixed("usercomment", decode_comment(value), place)
    elif tag in _XP_TAGS:
        findings.add(_XP_TAGS[tag], value.decode("utf-16-le", "replace").rstrip("\0"), place)
    elif tag == _XMP:
        findings.add("xmp", decode(value), place)
    elif kind == _ASCII:
        text = decode(value.rstrip(b"\0"))
        if text:
            findings.add_prefixed(_NAMES.get(tag, f"exif_0x{tag:04x}"), text, place)


def decode_comment(value: bytes) -> str:
    """Return the text of a UserComment, whatever its character code says.

    UNICODE was meant as UCS-2 in the file's byte order, yet writers use both orders in files of
    both; the zero bytes of the text tell which.

    Source: Exif 2.32, 4.6.5 (UserComment); piexif writes big-endian, .NET little-endian.
    """
    code, text = value[:8], value[8:]
    if code == b"UNICODE\0":
        if text[:2] in {b"\xff\xfe", b"\xfe\xff"}:
            return text.decode("utf-16", "replace").rstrip("\0")
        even_zeros = text[0::2].count(0)
        odd_zeros = text[1::2].count(0)
        order = "utf-16-le" if odd_zeros > even_zeros else "utf-16-be"
        return text.decode(order, "replace").rstrip("\0")
    if code in {b"ASCII\0\0\0", b"\0" * 8}:
        return decode(text.rstrip(b"\0"))
    if code == b"JIS\0\0\0\0\0":
        return text.decode("iso2022_jp", "replace").rstrip("\0")
    return decode(value.rstrip(b"\0"))

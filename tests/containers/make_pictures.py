"""Builds small pictures of every format, byte by byte."""

from __future__ import annotations

import struct
import zlib

PROMPT = '{"3": {"class_type": "KSampler", "inputs": {"seed": 18446744073709551615}}}'
WORKFLOW = '{"last_node_id": 3, "nodes": [{"id": 3}], "links": [], "cfg": NaN}'
PARAMETERS = "a fox\nNegative prompt: rain\nSteps: 20, Sampler: Euler, Seed: 5"
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def png_chunk(kind: bytes, data: bytes, length: int | None = None) -> bytes:
    size = len(data) if length is None else length
    return struct.pack(">I", size) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_header(width: int = 4, height: int = 3, bits: bytes = b"\x08\2\0\0\0") -> bytes:
    return png_chunk(b"IHDR", struct.pack(">II", width, height) + bits)


def png_pixels(width: int = 4, height: int = 3) -> bytes:
    return png_chunk(b"IDAT", zlib.compress((b"\0" + b"\x10\x20\x30" * width) * height))


IEND = png_chunk(b"IEND", b"")


def png_text(key: str, value: str | bytes) -> bytes:
    data = value if isinstance(value, bytes) else value.encode("utf-8")
    return png_chunk(b"tEXt", key.encode() + b"\0" + data)


def png_ztext(key: str, value: bytes, method: bytes = b"\0") -> bytes:
    return png_chunk(b"zTXt", key.encode() + b"\0" + method + zlib.compress(value))


def png_itext(key: str, value: bytes, compressed: bool = False) -> bytes:
    body = b"\1\0en\0\0" + zlib.compress(value) if compressed else b"\0\0en\0\0" + value
    return png_chunk(b"iTXt", key.encode() + b"\0" + body)


def png(*chunks: bytes, after: bytes = b"", end: bytes = IEND) -> bytes:
    return PNG_SIGNATURE + png_header() + b"".join(chunks) + png_pixels() + after + end


def comfy_png() -> bytes:
    return png(png_text("prompt", PROMPT), png_text("workflow", WORKFLOW))


def apng(frames: int = 3, after: bytes = b"") -> bytes:
    def control(sequence: int) -> bytes:
        return png_chunk(b"fcTL", struct.pack(">IIIIIHHBB", sequence, 4, 3, 0, 0, 1, 10, 0, 0))

    pixels = png_pixels()
    data = pixels[8:-4]
    more = b"".join(
        control(2 * i + 1) + png_chunk(b"fdAT", struct.pack(">I", 2 * i + 2) + data)
        for i in range(frames - 1)
    )
    start = PNG_SIGNATURE + png_header() + png_chunk(b"acTL", struct.pack(">II", frames, 0))
    return start + control(0) + pixels + more + after + IEND


def exif(
    tags: dict[int, bytes], inner: dict[int, tuple[int, bytes]] | None = None, order: str = "<"
) -> bytes:
    """Return a TIFF block: ASCII tags in IFD0, typed tags in the EXIF directory."""
    entries = [(tag, 2, value + b"\0") for tag, value in tags.items()]
    count = len(entries) + (1 if inner else 0)
    at = 8 + 2 + 12 * count + 4
    table = b""
    body = b""

    def entry(tag: int, kind: int, value: bytes) -> bytes:
        nonlocal body
        if len(value) <= 4:
            return struct.pack(order + "HHI", tag, kind, len(value)) + value.ljust(4, b"\0")
        place = at + len(body)
        body += value
        return struct.pack(order + "HHII", tag, kind, len(value), place)

    for tag, kind, value in sorted(entries):
        table += entry(tag, kind, value)
    if inner:
        table += struct.pack(order + "HHII", 0x8769, 4, 1, at + len(body))
        start = len(body)
        inner_count = len(inner)
        body += b"\0" * (2 + 12 * inner_count + 4)
        rows = b""
        for tag, (kind, value) in sorted(inner.items()):
            rows += entry(tag, kind, value)
        directory = struct.pack(order + "H", inner_count) + rows + b"\0" * 4
        body = body[:start] + directory + body[start + len(directory) :]
    magic = b"II*\0" if order == "<" else b"MM\0*"
    header = magic + struct.pack(order + "I", 8) + struct.pack(order + "H", count)
    return header + table + b"\0" * 4 + body


def comfy_exif() -> bytes:
    return exif({0x0110: b"prompt:" + PROMPT.encode(), 0x010F: b"Workflow:" + WORKFLOW.encode()})


def comment_exif(
    text: str = PARAMETERS, code: bytes = b"UNICODE\0", how: str = "utf-16-be"
) -> bytes:
    return exif({0x0131: b"tool"}, {0x9286: (7, code + text.encode(how))})


def riff_chunk(name: bytes, data: bytes) -> bytes:
    return name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) & 1)


def riff(form: bytes, *chunks: bytes) -> bytes:
    body = form + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


VP8 = b"VP8 " + struct.pack("<I", 12) + b"\0\0\0\x9d\x01\x2a" + struct.pack("<HH", 4, 3) + b"\0\0"
VP8L = riff_chunk(b"VP8L", b"\x2f" + struct.pack("<I", 3 | 2 << 14) + b"\0")


def vp8x(width: int = 4, height: int = 3) -> bytes:
    sides = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return riff_chunk(b"VP8X", b"\x08\0\0\0" + sides)


def webp(*extra: bytes) -> bytes:
    return riff(b"WEBP", vp8x(), VP8, *extra)


def animated_webp(frames: int = 3) -> bytes:
    frame = riff_chunk(b"ANMF", b"\0" * 12 + (100).to_bytes(3, "little") + b"\0" + VP8)
    return riff(b"WEBP", vp8x(), riff_chunk(b"ANIM", b"\0" * 6), *[frame] * frames)


def jpeg_segment(marker: int, data: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(data) + 2) + data


def jpeg(*segments: bytes, end: bytes = b"\xff\xd9") -> bytes:
    size = jpeg_segment(0xC0, b"\x08" + struct.pack(">HH", 3, 4) + b"\1\1\x11\0")
    scan = jpeg_segment(0xDA, b"\1\1\0\0\x3f\0") + b"\x12\x34" * 40
    return b"\xff\xd8" + b"".join(segments) + size + scan + end


def gif(frames: int = 2, comment: bytes = b"", delay: int = 10, end: bytes = b"\x3b") -> bytes:
    head = b"GIF89a" + struct.pack("<HH", 4, 3) + b"\x80\0\0" + b"\0\0\0\xff\xff\xff"
    if comment:
        parts = [comment[i : i + 255] for i in range(0, len(comment), 255)]
        head += b"\x21\xfe" + b"".join(bytes((len(p),)) + p for p in parts) + b"\0"
    control = b"\x21\xf9\x04\0" + struct.pack("<H", delay) + b"\0\0"
    image = b"\x2c" + struct.pack("<HHHH", 0, 0, 4, 3) + b"\0" + b"\x02\x02\x4c\x01\0"
    return head + (control + image) * frames + end


def tiff(tags: dict[int, bytes] | None = None, order: str = "<") -> bytes:
    texts = tags or {}
    rows = [(0x100, 4, struct.pack(order + "I", 4)), (0x101, 3, struct.pack(order + "HH", 3, 0))]
    count = len(rows) + len(texts)
    at = 8 + 2 + 12 * count + 4
    table = b"".join(struct.pack(order + "HHI", t, k, 1) + v for t, k, v in rows)
    body = b""
    for tag, value in sorted(texts.items()):
        table += struct.pack(order + "HHII", tag, 2, len(value) + 1, at + len(body))
        body += value + b"\0"
    magic = b"II*\0" if order == "<" else b"MM\0*"
    return magic + struct.pack(order + "IH", 8, count) + table + b"\0" * 4 + body + b"\0" * 40


def bmp(width: int = 4, height: int = -3, missing: int = 0) -> bytes:
    body = struct.pack("<IiiHHIIIIII", 40, width, height, 1, 24, 0, 36, 0, 0, 0, 0) + b"\7" * 36
    return b"BM" + struct.pack("<IHHI", 14 + len(body) + missing, 0, 0, 54) + body


def exr(texts: dict[str, str] | None = None, flags: int = 0, last: int | None = None) -> bytes:
    def attribute(name: str, kind: str, data: bytes) -> bytes:
        return name.encode() + b"\0" + kind.encode() + b"\0" + struct.pack("<I", len(data)) + data

    header = b"\x76\x2f\x31\x01" + struct.pack("<I", 2 | flags)
    header += attribute("compression", "compression", b"\3")
    header += attribute("dataWindow", "box2i", struct.pack("<iiii", 0, 0, 3, 2))
    for name, value in (texts or {}).items():
        header += attribute(name, "string", value.encode())
    header += b"\0"
    place = len(header) + 8 if last is None else last
    return header + struct.pack("<Q", place) + b"\0" * 64


def box(kind: bytes, *parts: bytes) -> bytes:
    data = b"".join(parts)
    return struct.pack(">I", 8 + len(data)) + kind + data


def avif(
    tiff_block: bytes = b"",
    xmp: bytes = b"",
    version: int = 0,
    movie: bytes = b"",
    in_idat: bool = False,
) -> bytes:
    """Return a picture of 4 x 3 with an Exif and an XMP item in mdat or idat."""
    blobs = [struct.pack(">I", 6) + b"Exif\0\0" + tiff_block, xmp]
    kinds = [b"Exif", b"mime"]
    wide = version == 2
    entries = []
    for number, kind in enumerate(kinds, 1):
        item = struct.pack(">I" if wide else ">H", number)
        entries.append(box(b"infe", bytes((3 if wide else 2, 0, 0, 0)), item, b"\0\0", kind, b"\0"))
    iinf = box(b"iinf", b"\0\0\0\0", struct.pack(">H", len(entries)), *entries)
    size = box(b"ispe", b"\0\0\0\0", struct.pack(">II", 4, 3))
    small = box(b"ispe", b"\0\0\0\0", struct.pack(">II", 1, 1))
    iprp = box(b"iprp", box(b"ipco", size, small), box(b"ipma", b"\0" * 8))

    def make_iloc(start: int) -> bytes:
        rows = b""
        for number, blob in enumerate(blobs, 1):
            rows += struct.pack(">I" if wide else ">H", number)
            if version:
                rows += struct.pack(">H", 1 if in_idat else 0)
            rows += struct.pack(">HHII", 0, 1, start, len(blob))
            start += len(blob)
        count = struct.pack(">I" if wide else ">H", len(blobs))
        return box(b"iloc", bytes((version, 0, 0, 0)), b"\x44\0", count, rows)

    idat = box(b"idat", *blobs) if in_idat else b""
    ftyp = box(b"ftyp", b"avif\0\0\0\0avifmif1")
    hdlr = box(b"hdlr", b"\0" * 8 + b"pict" + b"\0" * 13)

    def make_meta(start: int) -> bytes:
        return box(b"meta", b"\0\0\0\0", hdlr, iinf, make_iloc(start), iprp, idat)

    start = 0 if in_idat else len(ftyp) + len(make_meta(0)) + len(movie) + 8
    return ftyp + make_meta(start) + movie + box(b"mdat", b"" if in_idat else b"".join(blobs))

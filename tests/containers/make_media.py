"""Builds small movies, sounds and documents, byte by byte."""

from __future__ import annotations

import json
import struct

from tests.containers.make_pictures import PROMPT, WORKFLOW, box, riff, riff_chunk


def movie_header(timescale: int = 1000, duration: int = 750, version: int = 0) -> bytes:
    if version:
        return b"\1\0\0\0" + b"\0" * 16 + struct.pack(">IQ", timescale, duration) + b"\0" * 8
    return b"\0" * 12 + struct.pack(">II", timescale, duration) + b"\0" * 8


def track(
    handler: bytes = b"vide", samples: int = 6, timescale: int = 8000, duration: int = 6000
) -> bytes:
    entry = struct.pack(">I", 86) + b"avc1" + b"\0" * 24 + struct.pack(">HH", 96, 64) + b"\0" * 50
    stbl = box(
        b"stbl",
        box(b"stsd", b"\0\0\0\0\0\0\0\1", entry),
        box(b"stsz", b"\0\0\0\0", struct.pack(">II", 1, samples)),
    )
    mdia = box(
        b"mdia",
        box(b"mdhd", movie_header(timescale, duration)),
        box(b"hdlr", b"\0" * 8 + handler + b"\0" * 13),
        box(b"minf", box(b"hdlr", b"\0" * 8 + b"alis" + b"\0" * 13), stbl),
    )
    return box(b"trak", box(b"tkhd", b"\0" * 76 + struct.pack(">II", 96 << 16, 64 << 16)), mdia)


def data_box(value: bytes, code: int = 1) -> bytes:
    return box(b"data", struct.pack(">II", code, 0), value)


def meta_keys(texts: dict[str, bytes]) -> bytes:
    names = [box(b"mdta", name.encode()) for name in texts]
    items = [
        box(struct.pack(">I", number), data_box(value))
        for number, value in enumerate(texts.values(), 1)
    ]
    keys = box(b"keys", struct.pack(">II", 0, len(names)), *names)
    hdlr = box(b"hdlr", b"\0" * 8 + b"mdta" + b"\0" * 13)
    return box(b"meta", b"\0\0\0\0", hdlr, keys, box(b"ilst", *items))


def meta_comment(value: bytes, code: int = 1) -> bytes:
    hdlr = box(b"hdlr", b"\0" * 8 + b"mdir" + b"\0" * 13)
    free = box(
        b"----",
        box(b"mean", b"\0\0\0\0com.apple"),
        box(b"name", b"\0\0\0\0parameters"),
        data_box(b"free form"),
    )
    return box(
        b"meta", b"\0\0\0\0", hdlr, box(b"ilst", box(b"\xa9cmt", data_box(value, code)), free)
    )


def mp4(
    *extra: bytes,
    tracks: tuple[bytes, ...] | None = None,
    brand: bytes = b"isom",
    last: bool = True,
) -> bytes:
    ftyp = box(b"ftyp", brand + b"\0\0\0\0isom")
    found = (track(), track(b"soun", 23)) if tracks is None else tracks
    moov = box(b"moov", box(b"mvhd", movie_header()), *found, *extra)
    mdat = box(b"mdat", b"\7" * 90)
    return ftyp + (mdat + moov if last else moov + mdat)


def comfy_mp4(last: bool = True) -> bytes:
    keys = meta_keys({"workflow": WORKFLOW.encode(), "prompt": PROMPT.encode()})
    return mp4(box(b"udta", keys), last=last)


def element(number: int, *parts: bytes, unknown: bool = False) -> bytes:
    data = b"".join(parts)
    size = b"\x01" + b"\xff" * 7 if unknown else (len(data) | 1 << 56).to_bytes(8, "big")
    return number.to_bytes((number.bit_length() + 7) // 8, "big") + size + data


def simple_tag(name: str, value: str) -> bytes:
    return element(0x67C8, element(0x45A3, name.encode()), element(0x4487, value.encode()))


def tags(**texts: str) -> bytes:
    rows = [simple_tag(name, value) for name, value in texts.items()]
    return element(0x1254C367, element(0x7373, element(0x63C0), *rows))


def matroska(
    *before: bytes, doctype: bytes = b"webm", after: bytes = b"", seek_to_tags: bool = False,
    kind: int = 1, unknown: bool = False, clusters: int = 2,
) -> bytes:  # fmt: skip
    head = element(0x1A45DFA3, element(0x4282, doctype))
    info = element(
        0x1549A966,
        element(0x2AD7B1, struct.pack(">I", 1_000_000)),
        element(0x4489, struct.pack(">d", 750.0)),
        element(0x7BA9, b"a title"),
    )
    video = element(0xE0, element(0xB0, b"\x60"), element(0xBA, b"\x40"))
    one = element(
        0xAE,
        element(0x83, bytes((kind,))),
        element(0x23E383, (125_000_000).to_bytes(4, "big")),
        video,
    )
    found = element(0x1654AE6B, one)
    cluster = element(0x1F43B675, element(0xE7, b"\0"), element(0xA3, b"\7" * 20)) * clusters

    def seek(position: int) -> bytes:
        crc = element(0xBF, b"\x93\xaf\x71\x02")
        row = element(
            0x4DBB,
            element(0x53AB, b"\x12\x54\xc3\x67"),
            element(0x53AC, position.to_bytes(4, "big")),
        )
        return element(0x114D9B74, crc, row)

    body = info + found + b"".join(before) + cluster
    if seek_to_tags:
        body = seek(len(seek(0)) + len(body)) + body
    return head + element(0x18538067, body, after, unknown=unknown)


def comments(**texts: str) -> bytes:
    rows = [f"{name}={value}".encode() for name, value in texts.items()]
    data = struct.pack("<I", 4) + b"test" + struct.pack("<I", len(rows))
    return data + b"".join(struct.pack("<I", len(row)) + row for row in rows)


def stream_info(rate_hz: int = 44_100, samples: int = 22_050) -> bytes:
    return (
        b"\0" * 10 + (rate_hz << 44 | 1 << 41 | 15 << 36 | samples).to_bytes(8, "big") + b"\0" * 16
    )


def flac(body: bytes = b"\xff\xf8" + b"\0" * 50, **texts: str) -> bytes:
    found = comments(**texts)
    blocks = b"\0" + len(stream_info()).to_bytes(3, "big") + stream_info()
    blocks += b"\x84" + len(found).to_bytes(3, "big") + found
    return b"fLaC" + blocks + body


def ogg_page(packet: bytes, position: int = 0, flags: int = 0, serial: bytes = b"abcd") -> bytes:
    """Return a page that ends its packet, or as much as one page holds of it."""
    sizes = [255] * (len(packet) // 255) + [len(packet) % 255]
    sizes = sizes[:255]
    head = b"OggS\0" + bytes((flags,)) + struct.pack("<q", position) + serial + b"\0" * 8
    return head + bytes((len(sizes),)) + bytes(sizes) + packet[: sum(sizes)]


def ogg_pages(packet: bytes) -> bytes:
    step = 255 * 255
    whole = b""
    while len(packet) >= step:
        head = b"OggS\0\1" + struct.pack("<q", -1) + b"abcd" + b"\0" * 8
        whole += head + b"\xff" + b"\xff" * 255 + packet[:step]
        packet = packet[step:]
    return whole + ogg_page(packet)


def opus(**texts: str) -> bytes:
    first = b"OpusHead\1\2" + struct.pack("<HIHB", 312, 48_000, 0, 0)
    last = ogg_page(b"\7" * 30, 24_000 + 312, 4)
    return ogg_page(first, 0, 2) + ogg_pages(b"OpusTags" + comments(**texts)) + last


def vorbis(**texts: str) -> bytes:
    first = b"\x01vorbis" + struct.pack("<IBI", 0, 2, 44_100) + b"\0" * 14
    last = ogg_page(b"\7" * 30, 22_050, 4)
    return ogg_page(first) + ogg_page(b"\x03vorbis" + comments(**texts) + b"\1") + last


def theora(**texts: str) -> bytes:
    first = (
        b"\x80theora\3\2\1"
        + b"\0\6\0\4"
        + (96).to_bytes(3, "big")
        + (64).to_bytes(3, "big")
        + b"\0" * 20
    )
    return ogg_page(first) + ogg_page(b"\x81theora" + comments(**texts)) + ogg_page(b"\7", 9, 4)


def ogg_flac(**texts: str) -> bytes:
    first = b"\x7fFLAC\1\0\0\1fLaC\0\0\0\x22" + stream_info()
    found = comments(**texts)
    second = b"\x84" + len(found).to_bytes(3, "big") + found
    return ogg_page(first) + ogg_page(second) + ogg_page(b"\7", 9, 4)


def synchsafe(number: int) -> bytes:
    return bytes((number >> shift & 0x7F) for shift in (21, 14, 7, 0))


def id3_frame(name: bytes, data: bytes, version: int = 4, flags: int = 0) -> bytes:
    if version == 2:
        return name + len(data).to_bytes(3, "big") + data
    size = synchsafe(len(data)) if version == 4 else struct.pack(">I", len(data))
    return name + size + bytes((0, flags)) + data


def id3(*frames: bytes, version: int = 4, flags: int = 0, extended: bytes = b"") -> bytes:
    body = extended + b"".join(frames)
    return b"ID3" + bytes((version, 0, flags)) + synchsafe(len(body)) + body


MP3_FRAME = b"\xff\xfb\x90\x00" + b"\0" * 413
XING_FRAME = b"\xff\xfb\x90\x00" + b"\0" * 32 + b"Xing" + struct.pack(">II", 1, 100) + b"\0" * 369
VBRI_FRAME = (
    b"\xff\xfb\x90\x00" + b"\0" * 32 + b"VBRI" + b"\0" * 10 + struct.pack(">I", 50) + b"\0" * 363
)


def comfy_mp3() -> bytes:
    frames = [
        id3_frame(b"TXXX", b"\3" + name + b"\0" + value.encode())
        for name, value in ((b"prompt", PROMPT), (b"workflow", WORKFLOW))
    ]
    return id3(*frames) + XING_FRAME + MP3_FRAME * 2


def wav(*extra: bytes) -> bytes:
    form = riff_chunk(b"fmt ", struct.pack("<HHIIHH", 1, 2, 8000, 32_000, 4, 16))
    return riff(b"WAVE", form, *extra, riff_chunk(b"data", b"\7" * 16_000))


def wav_list(**texts: str) -> bytes:
    rows = [riff_chunk(name.encode(), value.encode() + b"\0") for name, value in texts.items()]
    return riff_chunk(b"LIST", b"INFO" + b"".join(rows))


def avi(*extra: bytes) -> bytes:
    numbers = [125_000, 0, 0, 0, 6, 0, 1, 0, 96, 64, 0, 0, 0, 0]
    header = riff_chunk(b"avih", struct.pack("<14I", *numbers))
    lists = riff_chunk(b"LIST", b"hdrl" + header), riff_chunk(b"LIST", b"movi" + b"\7" * 30)
    return riff(b"AVI ", *lists, *extra)


def flv() -> bytes:
    def text(value: str) -> bytes:
        return struct.pack(">H", len(value)) + value.encode()

    values = [
        text("duration") + b"\0" + struct.pack(">d", 0.75),
        text("width") + b"\0" + struct.pack(">d", 96.0),
        text("height") + b"\0" + struct.pack(">d", 64.0),
        text("framerate") + b"\0" + struct.pack(">d", 8.0),
        text("stereo") + b"\1\1",
        text("encoder") + b"\2" + text("Lavf"),
    ]
    script = b"\2" + text("onMetaData") + b"\x08\0\0\0\6" + b"".join(values) + b"\0\0\x09"
    tag = b"\x12" + len(script).to_bytes(3, "big") + b"\0" * 7 + script
    return b"FLV\x01\x05\0\0\0\x09\0\0\0\0" + tag + b"\0\0\0\0"


def glb(extras: object = None) -> bytes:
    value = {"prompt": PROMPT, "workflow": WORKFLOW} if extras is None else extras
    text = json.dumps({"asset": {"version": "2.0", "extras": value}, "scenes": []}).encode()
    text += b" " * (-len(text) % 4)
    body = struct.pack("<I", len(text)) + b"JSON" + text
    return b"glTF" + struct.pack("<II", 2, 12 + len(body)) + body


def latent(end: int = 16, **texts: str) -> bytes:
    header: dict[str, object] = {"__metadata__": texts}
    header["latent_tensor"] = {"dtype": "F32", "shape": [1, 4], "data_offsets": [0, end]}
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + b"\0" * 16


def svg(metadata: str = "", size: str = 'width="64" height="48px"') -> bytes:
    return f'<?xml version="1.0"?>\n<svg {size}>{metadata}<g/></svg>\n'.encode()


def comfy_svg() -> bytes:
    both = f'{{"prompt": {PROMPT}, "workflow": {WORKFLOW}}}'
    return svg(f"<metadata>\n<![CDATA[\n{both}\n]]>\n</metadata>")

"""FLAC, Ogg and MP3, whose readers share Vorbis comments and ID3."""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING

import pytest

from smartgallery_tui.containers import ogg as ogg_module
from smartgallery_tui.containers.mp3 import is_frame
from tests.containers.make_media import (
    MP3_FRAME,
    VBRI_FRAME,
    XING_FRAME,
    comfy_mp3,
    comments,
    flac,
    id3,
    id3_frame,
    ogg_flac,
    ogg_page,
    opus,
    synchsafe,
    theora,
    vorbis,
)  # fmt: skip
from tests.containers.make_pictures import PROMPT, WORKFLOW

if TYPE_CHECKING:
    from tests.containers.conftest import Read


def texts(found: object) -> dict[str, str]:
    return {text.key: text.value for text in found.texts}


GRAPHS = {"prompt": PROMPT, "WORKFLOW": WORKFLOW}
BOTH = {"prompt": PROMPT, "workflow": WORKFLOW}


def test_flac(read: Read) -> None:
    found = read(flac(**GRAPHS), "a.flac")
    assert (found.format, found.kind, found.duration_ms, found.problem) == (
        "flac",
        "audio",
        500,
        None,
    )
    assert texts(found) == BOTH


def test_flac_damage(read: Read) -> None:
    whole = flac(**GRAPHS)
    assert read(whole[:100], "a.flac").problem == "is cut off in its header"
    assert read(whole[:5], "a.flac").problem is not None
    assert read(flac(body=b"", **GRAPHS), "a.flac").problem == "has no sound in it"


@pytest.mark.parametrize(
    ("make", "format_name", "kind", "duration_ms"),
    [
        (opus, "opus", "audio", 500),
        (vorbis, "ogg", "audio", 500),
        (theora, "ogg", "video", None),
        (ogg_flac, "ogg", "audio", 500),
    ],
)
def test_ogg(read: Read, make: object, format_name: str, kind: str, duration_ms: object) -> None:
    found = read(make(**GRAPHS), "a.ogg")
    assert (found.format, found.kind, found.duration_ms) == (format_name, kind, duration_ms)
    assert texts(found) == BOTH
    assert found.problem is None


def test_tags_that_span_pages(read: Read) -> None:
    long_prompt = "x" * 300_000
    assert texts(read(opus(prompt=long_prompt), "a.opus")) == {"prompt": long_prompt}


def test_pages_of_other_streams_are_skipped(read: Read) -> None:
    other = ogg_page(b"other", serial=b"zzzz")
    whole = opus(prompt="{}")
    first = len(ogg_page(b"OpusHead\1\2" + b"\0" * 9))
    data = whole[:first] + other + whole[first:] + other
    assert texts(read(data, "a.opus")) == {"prompt": "{}"}
    assert read(data, "a.opus").duration_ms == 500


def test_ogg_damage(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = opus(prompt="{}" * 200)
    assert read(whole[:20], "a.opus").problem is not None
    assert read(whole[:-3], "a.opus").problem == "is cut off"
    assert read(whole[:60], "a.opus").problem == "is cut off before its tags"
    assert read(ogg_page(b"??"), "a.ogg").problem == "holds a stream of unknown kind"
    assert read(ogg_page(b"OpusHead"), "a.ogg").problem is not None
    assert read(whole + b"OggS" + b"\0" * 9, "a.opus").problem is None
    assert read(whole + b"OggS" + b"\0" * 10 + b"abcd", "a.opus").problem == "is cut off"
    monkeypatch.setattr(ogg_module, "MAX_TEXT_BYTES", 1000)
    assert read(opus(prompt="x" * 70_000), "a.opus").problem == "its tags are too long"
    monkeypatch.setattr(ogg_module, "_MAX_PAGES", 1)
    assert read(whole, "a.opus").problem == "is cut off before its tags"


@pytest.mark.parametrize(
    "data",
    [b"", b"\xff" * 12, b"\0" * 6, comments(prompt="{}")[:-1], comments(a="b")[:12] + b"\xff" * 4],
)
def test_damaged_comments_give_what_they_have(read: Read, data: bytes) -> None:
    block = b"\x84" + len(data).to_bytes(3, "big") + data
    found = read(b"fLaC" + block + b"sound", "a.flac")
    assert found.problem is None


def test_mp3(read: Read) -> None:
    found = read(comfy_mp3(), "a.mp3")
    assert (found.format, found.kind, found.problem) == ("mp3", "audio", None)
    assert found.duration_ms == round(100 * 1152 * 1000 / 44_100)
    assert texts(found) == BOTH


@pytest.mark.parametrize(
    ("data", "duration_ms"),
    [
        (MP3_FRAME * 100, round(41_700 * 8 / 128)),
        (VBRI_FRAME, round(50 * 1152 * 1000 / 44_100)),
        (b"\xff\xf3\x10\xc4" + b"\0" * 32 + XING_FRAME[36:], round(100 * 576 * 1000 / 22_050)),
    ],
)
def test_durations(read: Read, data: bytes, duration_ms: int) -> None:
    assert read(data, "a.mp3").duration_ms == duration_ms


def test_frame_headers() -> None:
    assert is_frame(MP3_FRAME)
    assert is_frame(b"\xff\xff\x10\x00")
    for header in (b"", b"\xff\xe8\x90\0", b"\xff\xf9\x90\0", b"\xff\xfb\0\0", b"\xff\xfb\x9c\0"):
        assert not is_frame(header)


@pytest.mark.parametrize(
    ("encoding", "how", "end"),
    [(0, "latin-1", b"\0"), (1, "utf-16", b"\0\0"), (2, "utf-16-be", b"\0\0"), (3, "utf-8", b"\0")],
)
@pytest.mark.parametrize("version", [2, 3, 4])
def test_id3_texts(read: Read, encoding: int, how: str, end: bytes, version: int) -> None:
    def text(value: str) -> bytes:
        return value.encode(how)

    first = bytes((encoding,))
    names = (b"TXX", b"COM", b"TT2") if version == 2 else (b"TXXX", b"COMM", b"TIT2")
    frames = [
        id3_frame(names[0], first + text("Prompt") + end + text("a café") + end, version),
        id3_frame(names[0], first + end + text("workflow:{}"), version),
        id3_frame(names[1], first + b"eng" + end + text("said"), version),
        id3_frame(names[2], first + text("a title"), version),
        id3_frame(b"APIC"[: len(names[0])], b"\0" * 50, version),
    ]
    found = texts(read(id3(*frames, version=version) + MP3_FRAME, "a.mp3"))
    title = "tt2" if version == 2 else "title"
    assert found == {"prompt": "a café", "workflow": "{}", "comment": "said", title: "a title"}


def test_id3_flags(read: Read) -> None:
    packed = synchsafe(9) + zlib.compress(b"\3prompt\0{}")
    frames = [
        id3_frame(b"TXXX", packed, flags=0x09),
        id3_frame(b"TXXX", b"\3a\0\xff\0\xe0", flags=0x02),
        id3_frame(b"TXXX", b"no zlib", flags=0x08),
        id3_frame(b"TXXX", b"\x09bad encoding"),
        id3_frame(b"TXXX", b"\1" + "no separator".encode("utf-16")),
        id3_frame(b"TXXX", b"\3no separator either"),
    ]
    data = id3(*frames, flags=0x40, extended=synchsafe(6) + b"\1\0") + MP3_FRAME
    found = texts(read(data, "a.mp3"))
    assert found["prompt"] == "{}"
    assert found["a"] == b"\xff\xe0".decode("latin-1")
    assert found["txxx"] == "no separator either"


def test_id3_of_version_3(read: Read) -> None:
    frame = id3_frame(b"TXXX", b"\0prompt\0\xff\0\xe0", 3)
    extended = struct.pack(">I", 6) + b"\0" * 6
    data = id3(frame, version=3, flags=0xC0, extended=extended) + MP3_FRAME
    assert texts(read(data, "a.mp3"))["prompt"] == b"\xff\xe0".decode("latin-1")


def test_utf16_text_with_an_odd_double_zero(read: Read) -> None:
    value = b"\2" + b"\0a" + b"\1\0" + b"\0\0" + "x".encode("utf-16-be")
    found = read(id3(id3_frame(b"TXXX", value)) + MP3_FRAME, "a.mp3")
    assert texts(found) == {"a\u0101": "x"}


def test_mp3_damage(read: Read) -> None:
    assert read(b"ID3\4", "a.mp3").problem is not None
    assert read(comfy_mp3()[:150], "a.mp3").problem == "is cut off in its tag"
    assert read(id3(id3_frame(b"TIT2", b"\3x")), "a.mp3").problem == "has no sound in it"
    assert read(id3(id3_frame(b"TIT2", b"")) + b"\xff\0" * 50, "a.mp3").problem is not None

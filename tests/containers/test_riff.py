"""WebP, WAV and AVI."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.containers.make_media import avi, id3, id3_frame, wav, wav_list
from tests.containers.make_pictures import (
    PROMPT,
    VP8,
    VP8L,
    WORKFLOW,
    animated_webp,
    comfy_exif,
    riff,
    riff_chunk,
    vp8x,
    webp,
)  # fmt: skip

if TYPE_CHECKING:
    from tests.containers.conftest import Read


def texts(found: object) -> dict[str, str]:
    return {text.key: text.value for text in found.texts}


@pytest.mark.parametrize("body", [(VP8,), (VP8L,), (vp8x(), VP8)])
def test_size(read: Read, body: tuple[bytes, ...]) -> None:
    found = read(riff(b"WEBP", *body), "a.webp")
    assert (found.format, found.kind, found.width, found.height) == ("webp", "image", 4, 3)
    assert found.problem is None


def test_texts(read: Read) -> None:
    found = read(webp(riff_chunk(b"EXIF", comfy_exif()), riff_chunk(b"XMP ", b"<x/>")), "a.webp")
    assert texts(found) == {"prompt": PROMPT, "workflow": WORKFLOW, "xmp": "<x/>"}


def test_animation(read: Read) -> None:
    found = read(animated_webp(3), "a.webp")
    assert (found.kind, found.frames, found.duration_ms, found.frame_rate) == (
        "animated",
        3,
        300,
        10.0,
    )
    assert read(animated_webp(1), "a.webp").kind == "image"


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (webp()[:10], "header"),
        (webp()[:-3], "cut off"),
        (riff(b"WEBP", riff_chunk(b"VP8 ", b"\0" * 12)), "damaged"),
        (riff(b"WEBP", riff_chunk(b"VP8L", b"\0" * 12)), "damaged"),
        (riff(b"WEBP", riff_chunk(b"VP8L", b"\0")), "cut off"),
        (riff(b"WEBP", vp8x()), "no pixel data"),
        (riff(b"WEBP", vp8x(16_384, 16_384), VP8), "more than can be drawn"),
        (riff(b"WEBP", VP8[:4] + b"\xff\xff\xff\x7f" + VP8[8:]), "cut off"),
    ],
)
def test_damage(read: Read, data: bytes, problem: str) -> None:
    found = read(data, "a.webp")
    assert found.problem is not None
    if problem != "header":
        assert problem in found.problem


def test_wav(read: Read) -> None:
    tag = id3(id3_frame(b"TXXX", b"\3prompt\0" + PROMPT.encode()))
    extra = wav_list(ICMT="a comment", INAM="a title", IXYZ="?"), riff_chunk(b"id3 ", tag)
    found = read(wav(*extra), "a.wav")
    assert (found.format, found.kind, found.duration_ms) == ("wav", "audio", 500)
    assert texts(found) == {
        "comment": "a comment",
        "title": "a title",
        "ixyz": "?",
        "prompt": PROMPT,
    }
    assert found.problem is None


def test_wav_damage(read: Read) -> None:
    cut = read(wav()[:9000], "a.wav")
    assert cut.problem is not None
    assert cut.duration_ms is not None
    assert read(riff(b"WAVE"), "a.wav").problem == "has no sound in it"


def test_avi(read: Read) -> None:
    found = read(avi(wav_list(ISFT="tool"), riff_chunk(b"LIST", b"abcd")), "a.avi")
    assert (found.format, found.kind, found.width, found.height) == ("avi", "video", 96, 64)
    assert (found.duration_ms, found.frames, found.frame_rate) == (750, 6, 8.0)
    assert texts(found) == {"software": "tool"}
    assert found.problem is None
    assert read(riff(b"AVI "), "a.avi").problem == "has no pictures in it"

"""MP4, MOV and M4A."""

from __future__ import annotations

import json
import struct
from typing import TYPE_CHECKING

import pytest

from smartgallery_tui.containers import findings
from tests.containers.make_media import (
    comfy_mp4,
    meta_comment,
    meta_keys,
    movie_header,
    mp4,
    track,
)  # fmt: skip
from tests.containers.make_pictures import PROMPT, WORKFLOW, box

if TYPE_CHECKING:
    from tests.containers.conftest import Read


def texts(found: object) -> dict[str, str]:
    return {text.key: text.value for text in found.texts}


@pytest.mark.parametrize("last", [True, False])
def test_comfyui(read: Read, last: bool) -> None:
    found = read(comfy_mp4(last), "a.mp4")
    assert (found.format, found.kind, found.width, found.height) == ("mp4", "video", 96, 64)
    assert (found.duration_ms, found.frames, found.frame_rate) == (750, 6, 8.0)
    assert texts(found) == {"workflow": WORKFLOW, "prompt": PROMPT}
    assert found.problem is None


def test_comment_of_the_first_vhs_era(read: Read) -> None:
    comment = json.dumps({"prompt": PROMPT, "workflow": {}})
    found = read(mp4(box(b"udta", meta_comment(comment.encode()))), "a.mp4")
    assert texts(found) == {"comment": comment, "parameters": "free form"}


def test_utf16_and_quicktime_forms(read: Read) -> None:
    found = read(mp4(box(b"udta", meta_comment("é東".encode("utf-16-be"), 2))), "a.mp4")
    assert texts(found)["comment"] == "é東"
    text = box(b"\xa9cmt", struct.pack(">HH", 5, 0x55C4), b"a fox")
    found = read(mp4(box(b"udta", text, b"\0\0\0\0"), brand=b"qt  "), "a.mov")
    assert (found.format, texts(found)) == ("mov", {"comment": "a fox"})
    keys = meta_keys({"com.apple.quicktime.comment": b"a fox"})
    plain = box(b"meta", keys[12:])
    assert texts(read(mp4(plain), "a.mov")) == {"comment": "a fox"}


def test_unnamed_items_are_left_out(read: Read) -> None:
    meta = meta_keys({"prompt": b"{}"}).replace(
        b"\0\0\0\1\0\0\0\x12data", b"\0\0\0\7\0\0\0\x12data"
    )
    assert texts(read(mp4(box(b"udta", meta)), "a.mp4")) == {}


def test_long_text_is_a_problem(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(findings, "MAX_TEXT_BYTES", 10)
    found = read(comfy_mp4(), "a.mp4")
    assert texts(found) == {}
    assert found.problem is not None


def test_sound_only(read: Read) -> None:
    found = read(mp4(tracks=(track(b"soun", 23),), brand=b"M4A "), "a.m4a")
    assert (found.format, found.kind, found.width, found.duration_ms) == ("m4a", "audio", None, 750)
    assert read(mp4(tracks=(track(b"soun"),)), "a.mp4").kind == "audio"


def test_neither_sound_nor_picture(read: Read) -> None:
    assert read(mp4(tracks=(track(b"text"),)), "a.mp4").kind == "video"


def test_no_brand_is_quicktime(read: Read) -> None:
    assert read(mp4()[16:], "a.mov").format == "mov"


def test_long_headers_and_unknown_durations(read: Read) -> None:
    moov = box(b"moov", box(b"mvhd", movie_header(duration=2**64 - 1, version=1)), track())
    big = struct.pack(">I4sQ", 1, b"moov", 8 + len(moov)) + moov[8:]
    found = read(box(b"ftyp", b"isom\0\0\0\0") + big, "a.mp4")
    assert (found.duration_ms, found.problem) == (750, None)
    moov = box(b"moov", box(b"mvhd", movie_header(duration=2**32 - 1)), track(duration=0))
    found = read(box(b"ftyp", b"isom\0\0\0\0") + moov, "a.mp4")
    assert (found.duration_ms, found.frames, found.frame_rate) == (None, 6, None)


def test_size_from_the_track_header(read: Read) -> None:
    data = mp4(
        tracks=(track(samples=0).replace(struct.pack(">HH", 96, 64) + b"\0" * 50, b"\0" * 54),)
    )
    found = read(data, "a.mp4")
    assert (found.width, found.height, found.frames) == (96, 64, None)


def nested(depth: int) -> bytes:
    data = b""
    for _ in range(depth):
        data = box(b"moov", data)
    return data


FTYP = box(b"ftyp", b"isom\0\0\0\0")


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (mp4()[:-10], "cut off"),
        (mp4()[:60], "cut off"),
        (FTYP + box(b"mdat", b"x"), "no moov"),
        (FTYP + nested(3000), "no tracks"),
        (FTYP + b"\0\0\0\4moov" * 10, "damaged"),
        (FTYP + b"\0\0\0\0moov" + b"\0" * 64, "damaged"),
        (FTYP + b"\0\0\0\1moov" + b"\xff" * 8, "cut off"),
        (FTYP + b"\0\0\0\1moov", "cut off"),
        (FTYP + box(b"moov", box(b"mvhd", b"\0" * 4)), "cut off"),
    ],
)
def test_damage(read: Read, data: bytes, problem: str) -> None:
    found = read(data, "a.mp4")
    assert found.problem is not None
    assert problem in found.problem or "no tracks" in found.problem


def test_deep_tracks_are_cut_short(read: Read) -> None:
    data = b""
    for _ in range(500):
        data = box(b"mdia", data)
    found = read(FTYP + box(b"moov", box(b"trak", data)), "a.mp4")
    assert found.frames is None


def test_second_moov_is_ignored(read: Read) -> None:
    assert read(mp4() + nested(1), "a.mp4").problem is None

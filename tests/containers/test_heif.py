"""HEIF and AVIF."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.containers.make_media import movie_header, track
from tests.containers.make_pictures import PROMPT, WORKFLOW, avif, box, comfy_exif

if TYPE_CHECKING:
    from tests.containers.conftest import Read

XMP = b"<x:xmpmeta/>"


@pytest.mark.parametrize(("version", "in_idat"), [(0, False), (1, False), (2, False), (1, True)])
def test_items(read: Read, version: int, in_idat: bool) -> None:
    found = read(avif(comfy_exif(), XMP, version, in_idat=in_idat), "a.avif")
    assert (found.format, found.kind, found.width, found.height) == ("avif", "image", 4, 3)
    assert {text.key: text.value for text in found.texts} == {
        "workflow": WORKFLOW,
        "prompt": PROMPT,
        "xmp": XMP.decode(),
    }
    assert found.problem is None


def test_sequence(read: Read) -> None:
    movie = box(b"moov", box(b"mvhd", movie_header()), track(b"pict"))
    found = read(avif(comfy_exif(), movie=movie), "a.avif")
    assert (found.kind, found.frames, found.duration_ms, found.frame_rate) == (
        "animated",
        6,
        750,
        8.0,
    )
    one = box(b"moov", track(b"pict", 1))
    assert read(avif(comfy_exif(), movie=one), "a.avif").kind == "image"
    sound = box(b"moov", track(b"soun"))
    assert read(avif(comfy_exif(), movie=sound), "a.avif").duration_ms is None
    endless = box(b"moov", track(b"pict", duration=0))
    assert read(avif(comfy_exif(), movie=endless), "a.avif").frames == 6


def test_size_of_a_sequence_without_items(read: Read) -> None:
    movie = box(b"moov", track(b"pict"))
    data = box(b"ftyp", b"avis\0\0\0\0avis") + movie + box(b"mdat", b"x")
    assert read(data, "a.avif").width == 96


def test_heic_brand(read: Read) -> None:
    data = avif(comfy_exif()).replace(b"avif\0\0\0\0avif", b"heic\0\0\0\0mif1")
    assert read(data, "a.heic").format == "heif"


def test_damage(read: Read) -> None:
    whole = avif(comfy_exif())
    assert read(whole[:-20], "a.avif").problem is not None
    assert read(whole[:24], "a.avif").problem == "has no picture in it"
    no_pixels = whole[: whole.rfind(b"mdat") - 4]
    assert read(no_pixels, "a.avif").problem == "has no pixel data"
    short = whole.replace(b"\x44\0", b"\xff\xff", 1)
    assert read(short, "a.avif").format == "avif"


def test_items_of_other_kinds_are_left_out(read: Read) -> None:
    for old, new in ((b"Exif\0\0\0", b"av01\0\0\0"), (b"infe\2", b"infe\1"), (b"mime", b"uri ")):
        data = avif(comfy_exif()).replace(old, new)
        assert read(data, "a.avif").problem is None


def test_item_in_an_unknown_place_is_left_out(read: Read) -> None:
    data = avif(comfy_exif(), version=1)
    at = data.index(b"iloc") + 12
    assert data[at : at + 4] == b"\0\1\0\0"
    for method in (1, 2):
        changed = data[: at + 3] + bytes((method,)) + data[at + 4 :]
        assert not read(changed, "a.avif").texts

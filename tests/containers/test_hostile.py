"""Flipped, cut and nested bytes: nothing but a container comes out, in bounded time."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smartgallery_tui.containers import content_id, open_source, read_container
from smartgallery_tui.errors import ContainerError
from smartgallery_tui.records import Container
from tests.containers import make_media as media
from tests.containers import make_pictures as pictures

if TYPE_CHECKING:
    from pathlib import Path

SAMPLES: dict[str, bytes] = {
    "plain.png": pictures.comfy_png(),
    "texts.png": pictures.png(
        pictures.png_ztext("parameters", b"a" * 200),
        pictures.png_itext("prompt", b"{}", compressed=True),
        pictures.png_chunk(b"eXIf", pictures.comfy_exif()),
    ),
    "moving.png": pictures.apng(3),
    "a.webp": pictures.webp(pictures.riff_chunk(b"EXIF", pictures.comment_exif())),
    "moving.webp": pictures.animated_webp(),
    "a.jpg": pictures.jpeg(pictures.jpeg_segment(0xE1, b"Exif\0\0" + pictures.comfy_exif())),
    "a.gif": pictures.gif(3, b"a comment"),
    "a.tif": pictures.tiff({0x010E: b"prompt:{}"}),
    "a.bmp": pictures.bmp(),
    "a.exr": pictures.exr({"prompt": pictures.PROMPT}),
    "a.avif": pictures.avif(
        pictures.comfy_exif(), movie=pictures.box(b"moov", media.track(b"pict"))
    ),
    "a.mp4": media.comfy_mp4(),
    "comment.mp4": media.mp4(pictures.box(b"udta", media.meta_comment(b"{}"))),
    "a.webm": media.matroska(media.tags(PROMPT="{}"), seek_to_tags=True),
    "a.flac": media.flac(prompt=pictures.PROMPT),
    "a.opus": media.opus(prompt=pictures.PROMPT),
    "a.ogg": media.vorbis(prompt=pictures.PROMPT),
    "theora.ogg": media.theora(prompt=pictures.PROMPT),
    "a.mp3": media.comfy_mp3(),
    "a.wav": media.wav(media.wav_list(ICMT="x")),
    "a.avi": media.avi(media.wav_list(ISFT="x")),
    "a.flv": media.flv(),
    "a.glb": media.glb(),
    "a.latent": media.latent(prompt="{}"),
    "a.svg": media.comfy_svg(),
    "a.json": pictures.WORKFLOW.encode(),
    "a.txt": pictures.PARAMETERS.encode(),
}
LIMIT_S = 20.0
"""Ten times what the slowest takes alone; a quadratic walk would take minutes."""


def read_bytes(path: Path, data: bytes, name: str) -> None:
    path.write_bytes(data)
    start = time.thread_time()
    try:
        with open_source(str(path)) as source:
            assert len(content_id(source)) == 16
            found = read_container(source, name)
    except ContainerError:
        return
    assert isinstance(found, Container)
    assert time.thread_time() - start < LIMIT_S
    assert found.problem is None or "\n" not in found.problem


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("hostile") / "file"


@pytest.mark.parametrize("name", SAMPLES)
def test_every_sample_is_sound(path: Path, name: str) -> None:
    path.write_bytes(SAMPLES[name])
    with open_source(str(path)) as source:
        assert read_container(source, name).problem is None


@pytest.mark.parametrize("name", SAMPLES)
def test_cut_anywhere(path: Path, name: str) -> None:
    data = SAMPLES[name]
    for end in range(0, len(data), max(1, len(data) // 40)):
        read_bytes(path, data[:end], name)


FEW = settings(
    max_examples=12,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.mark.parametrize("name", SAMPLES)
@FEW
@given(data=st.data())
def test_changed_bytes(path: Path, name: str, data: st.DataObject) -> None:
    changed = bytearray(SAMPLES[name])
    at = st.integers(0, len(changed) - 1)
    places = data.draw(st.lists(st.tuples(at, st.integers(0, 255)), min_size=1, max_size=12))
    for place, value in places:
        changed[place] = value
    read_bytes(path, bytes(changed), name)


@pytest.mark.parametrize("name", SAMPLES)
@FEW
@given(data=st.data())
def test_moved_parts(path: Path, name: str, data: st.DataObject) -> None:
    whole = SAMPLES[name]
    at = st.integers(0, len(whole))
    start, end, target = data.draw(at), data.draw(at), data.draw(at)
    part = whole[min(start, end) : max(start, end)] * data.draw(st.integers(1, 4))
    read_bytes(path, whole[:target] + part + whole[target:], name)


@FEW
@given(data=st.binary(max_size=3000), name=st.sampled_from(sorted(SAMPLES)))
def test_noise_behind_a_magic(path: Path, data: bytes, name: str) -> None:
    read_bytes(path, SAMPLES[name][:12] + data, name)


MANY = 300_000


PNG_START = pictures.PNG_SIGNATURE + pictures.png_header()
TAG_FLOOD = media.element(0x1254C367, media.element(0x7373, b"\xec\x80" * (2 * MANY)) * 2)
BOX_FLOOD = pictures.box(b"mdia", b"\0\0\0\x08free" * MANY) * 4
XMP_HEAD = b"http://ns.adobe.com/xap/1.0/\0"
FLOODS = {
    "idat.png": PNG_START + pictures.png_chunk(b"IDAT", b"") * MANY,
    "text.png": PNG_START + pictures.png_text("k", "v") * 100_000,
    "xmp.webp": pictures.riff(b"WEBP", pictures.riff_chunk(b"XMP ", b"") * MANY),
    "comment.gif": pictures.gif(1)[:19] + b"\x21\xfe" + b"\1x" * (4 * MANY),
    "boxes.mp4": pictures.box(b"ftyp", b"isom")
    + pictures.box(b"moov", pictures.box(b"trak", BOX_FLOOD)),
    "tags.webm": media.matroska(TAG_FLOOD),
    "xmp.jpg": b"\xff\xd8" + pictures.jpeg_segment(0xE1, XMP_HEAD) * MANY,
    "blocks.flac": b"fLaC" + b"\1\0\0\0" * MANY,
    "metadata.svg": b"<svg>" + b"<metadata>" * MANY,
    "lists.json": b"[" * MANY,
    "objects.json": b'{"a":' * 100_000,
    "header.latent": (8 << 20).to_bytes(8, "little") + b'{"a":' * ((8 << 20) // 5 + 1),
    "attributes.exr": pictures.exr()[:8] + b"a\0string\0\0\0\0\0" * MANY,
}


@pytest.mark.parametrize("name", FLOODS)
def test_floods_end_in_time(path: Path, name: str) -> None:
    read_bytes(path, FLOODS[name], name)

"""A clean copy has the same pixels and says nothing."""

from __future__ import annotations

import io
import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from smartgallery_tui.containers import open_source, read_container
from smartgallery_tui.errors import ContainerError, FileChangeError
from smartgallery_tui.files import clean, pieces
from smartgallery_tui.files.clean import fill_clean
from tests.containers import make_media as media
from tests.containers import make_pictures as pictures

if TYPE_CHECKING:
    from pathlib import Path

EXIF = pictures.riff_chunk(b"EXIF", pictures.comfy_exif())
XMP = pictures.jpeg_segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<secret words/>")
PROFILE = pictures.png_chunk(b"iCCP", b"secret words\0\0" + b"x" * 30)
SECRET = {"prompt": pictures.PROMPT, "workflow": pictures.WORKFLOW}

SAMPLES: dict[str, bytes] = {
    "a.png": pictures.png(
        pictures.png_text("prompt", pictures.PROMPT),
        pictures.png_itext("workflow", pictures.WORKFLOW.encode(), compressed=True),
        PROFILE,
        pictures.png_chunk(b"eXIf", pictures.comfy_exif()),
        end=pictures.IEND + b"secret words",
    ),
    "cut.png": pictures.png(pictures.png_text("prompt", "secret words"), end=b""),
    "moving.png": pictures.apng(3, pictures.png_chunk(b"comf", b"prompt\0secret words")),
    "a.webp": pictures.webp(EXIF, pictures.riff_chunk(b"XMP ", b"<secret words/>")),
    "moving.webp": pictures.animated_webp(3)[:-1] + b"\0",
    "a.jpg": pictures.jpeg(
        pictures.jpeg_segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0"),
        pictures.jpeg_segment(0xE1, b"Exif\0\0" + pictures.comfy_exif()),
        XMP,
        pictures.jpeg_segment(0xE2, b"ICC_PROFILE\0\1\1profile"),
        pictures.jpeg_segment(0xE2, b"MPF\0secret words"),
        pictures.jpeg_segment(0xED, b"secret words"),
        pictures.jpeg_segment(0xEE, b"Adobe\0\x64\0\0\0\0\1"),
        pictures.jpeg_segment(0xFE, b"secret words"),
        b"\xff\xff\xd0",
        end=b"\xff\xd9secret words",
    ),
    "a.gif": pictures.gif(3, b"secret words" * 30, end=b"\x3bsecret words"),
    "a.bmp": pictures.bmp(),
    "a.exr": pictures.exr(SECRET),
    "a.avif": pictures.avif(pictures.comfy_exif(), b"<x:xmpmeta>secret words", version=1),
    "moving.avif": pictures.avif(
        pictures.comfy_exif(), movie=pictures.box(b"moov", media.track(b"pict"))
    ),
    "a.mp4": media.comfy_mp4(),
    "comment.mp4": media.mp4(pictures.box(b"udta", media.meta_comment(b"secret words"))),
    "long.mp4": media.mp4(pictures.box(b"free", b"secret words")).replace(
        media.movie_header(), media.movie_header(version=1)[:28]
    ),
    "a.webm": media.matroska(media.tags(PROMPT=pictures.PROMPT), seek_to_tags=True),
    "late.mkv": media.matroska(
        media.element(0x4D80, b"x"),
        after=media.tags(PROMPT="secret words") + media.element(0xEC, b"secret words"),
        doctype=b"matroska",
    ),
    "live.webm": media.matroska(
        media.tags(PROMPT="secret words"),
        clusters=0,
        after=media.element(0x1F43B675, b"\7" * 9, unknown=True),
    ),
    "a.flac": media.flac(**SECRET),
    "a.mp3": media.comfy_mp3() + b"TAG" + b"secret words".ljust(125),
    "ape.mp3": media.MP3_FRAME * 3
    + b"secret words"
    + b"APETAGEX"
    + b"\xd0\7\0\0"
    + (44).to_bytes(4, "little")
    + b"\0" * 16,
    "a.opus": media.opus(prompt="secret words" * 9000),
    "a.ogg": media.vorbis(prompt="secret words"),
    "flac.ogg": media.ogg_flac(prompt="secret words"),
    "a.wav": media.wav(media.wav_list(ICMT="secret words")),
    "a.avi": media.avi(media.wav_list(ISFT="secret words")),
    "a.glb": media.glb(),
    "a.svg": media.svg("<!-- secret words --><metadata>secret words</metadata><metadata/>"),
}


def make_clean(tmp_path: Path, name: str, data: bytes) -> bytes:
    (tmp_path / name).write_bytes(data)
    fd = os.open(tmp_path / ("clean-" + name), os.O_CREAT | os.O_RDWR)
    try:
        with open_source(str(tmp_path / name)) as source:
            fill_clean(source, name, fd)
    finally:
        os.close(fd)
    return (tmp_path / ("clean-" + name)).read_bytes()


@pytest.mark.parametrize("name", SAMPLES)
def test_nothing_is_left(tmp_path: Path, name: str) -> None:
    data = make_clean(tmp_path, name, SAMPLES[name])
    for word in (b"secret", b"KSampler", b"last_node_id"):
        assert word not in data
    found = []
    for path in (tmp_path / name, tmp_path / ("clean-" + name)):
        with open_source(str(path)) as source:
            found.append(read_container(source, name))
    assert not found[1].texts
    assert found[1].problem is None
    assert (found[0].width, found[0].height) == (found[1].width, found[1].height)
    assert (found[0].frames, found[0].kind) == (found[1].frames, found[1].kind)
    again = make_clean(tmp_path, name, data)
    assert again == data


def draw(mode: str, format_name: str, **options: object) -> bytes:
    """Return a picture as Pillow writes it."""
    frames = [Image.effect_noise((40, 30), 40 + i).convert(mode) for i in range(3)]
    buffer = io.BytesIO()
    frames[0].save(buffer, format_name, **options, **many(format_name, frames))
    return buffer.getvalue()


def many(format_name: str, frames: list[Image.Image]) -> dict[str, object]:
    if format_name in {"GIF", "WEBP"}:
        return {"save_all": True, "append_images": frames[1:], "duration": 80, "loop": 0}
    return {}


def pixels(data: bytes) -> list[bytes]:
    with Image.open(io.BytesIO(data)) as image:
        found = []
        for number in range(getattr(image, "n_frames", 1)):
            image.seek(number)
            found.append(image.convert("RGBA").tobytes())
        return found


def exif() -> bytes:
    tags = Image.Exif()
    tags[0x0110] = "prompt:" + pictures.PROMPT
    tags[0x0112] = 6
    return tags.tobytes()


def png_info() -> PngImagePlugin.PngInfo:
    info = PngImagePlugin.PngInfo()
    info.add_text("prompt", pictures.PROMPT)
    info.add_text("workflow", pictures.WORKFLOW, zip=True)
    return info


@pytest.mark.parametrize(
    ("mode", "name", "options"),
    [
        ("RGB", "PNG", {"pnginfo": png_info()}),
        ("P", "PNG", {"transparency": 3}),
        ("RGB", "PNG", {"exif": exif()}),
        ("RGB", "JPEG", {"exif": exif(), "comment": b"secret words"}),
        ("L", "JPEG", {"progressive": True, "quality": 90}),
        ("CMYK", "JPEG", {}),
        ("RGB", "WEBP", {"exif": exif(), "lossless": True}),
        ("RGBA", "WEBP", {"quality": 60}),
        ("P", "GIF", {"comment": b"secret words"}),
    ],
)
def test_pixels_are_the_same(
    tmp_path: Path, mode: str, name: str, options: dict[str, object]
) -> None:
    data = draw(mode, name, **options)
    cleaned = make_clean(tmp_path, "x." + name.lower(), data)
    assert pixels(cleaned) == pixels(data)
    with Image.open(io.BytesIO(cleaned)) as image:
        assert image.getexif().get(0x0110) is None
        if "exif" in options:
            assert dict(image.getexif()) == {0x0112: 6}


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.json", pictures.WORKFLOW.encode(), "not known how"),
        ("a.svg", media.svg("<metadata>"), "without its end"),
        ("a.tif", pictures.tiff(), "not known how"),
        ("a.png", SAMPLES["a.png"][:60], "damaged file"),
        ("a.jpg", pictures.jpeg().replace(b"\xff\xd9", b"\xff\xda\0\2\xff\xd9"), ""),
    ],
)
def test_refusals(tmp_path: Path, name: str, data: bytes, reason: str) -> None:
    if not reason:
        assert make_clean(tmp_path, name, data)
        return
    with pytest.raises(FileChangeError, match=reason):
        make_clean(tmp_path, name, data)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.jpg", pictures.jpeg() + b"\xff\xd9"),
        ("a.gif", pictures.gif(2)[:-3]),
        ("a.glb", media.glb().replace(b'"scenes": []', b'"scenes": [[')),
    ],
)
def test_cleaner_that_cannot_go_on(
    tmp_path: Path, name: str, data: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_findings: object) -> list[pieces.Piece]:
        message = "is cut off"
        raise ContainerError(message)

    monkeypatch.setitem(clean._CLEANERS, "jpeg", fail)
    with pytest.raises((FileChangeError, ContainerError)):
        make_clean(tmp_path, name, data)


def test_proof_refuses_what_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = SAMPLES["a.png"]
    monkeypatch.setitem(clean._CLEANERS, "png", lambda _f: [whole])
    with pytest.raises(FileChangeError, match=r"not clean \(prompt"):
        make_clean(tmp_path, "a.png", whole)
    bare = pictures.png(end=pictures.IEND + pictures.PROMPT.encode())
    monkeypatch.setitem(clean._CLEANERS, "png", lambda _f: [bare])
    with pytest.raises(FileChangeError, match="still holds"):
        make_clean(tmp_path, "a.png", whole)
    other = pictures.png()
    changed = other.replace(pictures.png_header(), pictures.png_header(5, 3))
    monkeypatch.setitem(clean._CLEANERS, "png", lambda _f: [changed])
    with pytest.raises(FileChangeError, match="other size"):
        make_clean(tmp_path, "a.png", other)


def test_pieces(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"0123456789")
    with open_source(str(tmp_path / "a")) as source:
        found = pieces.patched(10, [(6, b"xy"), (2, b"ab"), (3, b"!")])
        assert b"".join(pieces.read_pieces(source, found)) == b"01ab45xy89"
        assert b"".join(pieces.read_pieces(source, [(8, 100)])) == b"89"


@pytest.mark.parametrize("name", SAMPLES)
@settings(max_examples=10, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_damaged_files_are_refused_or_clean(tmp_path: Path, name: str, data: st.DataObject) -> None:
    changed = bytearray(SAMPLES[name])
    at = st.integers(0, len(changed) - 1)
    for place in data.draw(st.lists(at, max_size=4)):
        changed[place] = data.draw(st.integers(0, 255))
    end = data.draw(st.sampled_from([len(changed), data.draw(at)]))
    (tmp_path / ("clean-" + name)).unlink(missing_ok=True)
    try:
        made = make_clean(tmp_path, name, bytes(changed[:end]))
    except (FileChangeError, ContainerError):
        return
    assert b"KSampler" not in made


def test_missing_end_marks(tmp_path: Path) -> None:
    with pytest.raises(FileChangeError):
        make_clean(tmp_path, "a.gif", pictures.gif(2, end=b"\x21\xfe\5ab"))
    scan = pictures.jpeg_segment(0xDA, b"\1\1\0\0\x3f\0") + b"\x12" * 40
    two = pictures.jpeg()[:-2] + scan + b"\xff\xd9"
    assert make_clean(tmp_path, "a.jpg", two) == two
    big = pictures.jpeg()[:-2] + b"\x12" * (1 << 20) + b"\xff\0" * 9 + b"\xff\xd9"
    assert make_clean(tmp_path, "b.jpg", big) == big

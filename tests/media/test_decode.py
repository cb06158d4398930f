"""Every kind of picture to RGB."""

import io
import os
import struct

import pytest
from PIL import Image, ImageChops, ImageStat

from smartgallery_tui.errors import MediaError, NoPreviewError
from smartgallery_tui.media import decode
from tests.media.conftest import chunk, gradient, png


def still(opened, path, box=(1000, 1000), **options):
    return decode.decode_still(opened(path), box, **options)


def difference(left, right):
    """Return the mean difference of two pictures, in levels of 255."""
    return max(ImageStat.Stat(ImageChops.difference(left, right)).mean)


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.webp", "a.avif", "a.bmp", "a.tiff", "a.gif"])
def test_formats(tmp_path, opened, name):
    source = gradient(96, 64)
    source.save(tmp_path / name)
    found = still(opened, tmp_path / name)
    assert (found.image.mode, found.image.size, tuple(found.source)) == ("RGB", (96, 64), (96, 64))
    assert difference(found.image, source) < 6


def test_fits_the_box_and_keeps_the_shape(tmp_path, opened):
    gradient(400, 100).save(tmp_path / "a.png")
    found = still(opened, tmp_path / "a.png", (100, 100))
    assert found.image.size == (100, 25)
    assert tuple(found.source) == (400, 100)
    assert difference(found.image, gradient(400, 100).resize((100, 25), Image.Resampling.BOX)) < 1


def test_never_enlarged_and_never_empty(tmp_path, opened):
    gradient(1000, 2).save(tmp_path / "thin.png")
    assert still(opened, tmp_path / "thin.png", (50, 50)).image.size == (50, 1)
    gradient(8, 8).save(tmp_path / "small.png")
    assert still(opened, tmp_path / "small.png", (50, 50)).image.size == (8, 8)


@pytest.mark.parametrize("name", ["a.jpg", "a.webp", "a.png", "a.tiff"])
@pytest.mark.parametrize("turn", range(1, 9))
def test_orientation(tmp_path, opened, name, turn):
    source = gradient(64, 32)
    exif = Image.Exif()
    exif[0x0112] = turn
    source.save(tmp_path / name, exif=exif.tobytes())
    turned = source.transpose(decode._TURNS[turn]) if turn > 1 else source
    found = still(opened, tmp_path / name)
    assert found.image.size == turned.size
    assert tuple(found.source) == turned.size
    assert difference(found.image, turned) < 4
    small = still(opened, tmp_path / name, (16, 16))
    assert max(small.image.size) == 16


@pytest.mark.parametrize(
    "exif",
    [
        b"", b"Exif\0\0", b"II*\0\xff\xff\xff\xff", b"MM\0*\0\0\0\x08\xff\xff",
        b"II*\0\x08\0\0\0\1\0" + struct.pack("<HHII", 0x0112, 3, 1, 77), b"XX" * 40,
    ],
)  # fmt: skip
def test_broken_exif_means_upright(exif):
    assert decode.read_orientation(exif) == 1


def test_transparency_lies_on_a_checkerboard(tmp_path, opened):
    Image.new("RGBA", (32, 32), (255, 0, 0, 0)).save(tmp_path / "clear.png")
    image = still(opened, tmp_path / "clear.png").image
    assert {image.getpixel((x, y)) for x in (0, 8) for y in (0, 8)} == {(200,) * 3, (150,) * 3}
    assert image.getpixel((0, 0)) == image.getpixel((8, 8)) != image.getpixel((8, 0))
    Image.new("RGBA", (32, 32), (255, 0, 0, 255)).save(tmp_path / "red.png")
    assert still(opened, tmp_path / "red.png").image.getpixel((9, 9)) == (255, 0, 0)


def test_palette_with_transparency(tmp_path, opened):
    image = gradient(32, 32).quantize(8)
    image.save(tmp_path / "a.png", transparency=image.getpixel((0, 0)))
    assert still(opened, tmp_path / "a.png").image.getpixel((0, 0)) == (200, 200, 200)


def test_sixteen_bits_keep_their_range(tmp_path, opened):
    Image.frombytes("I;16", (2, 1), struct.pack("<HH", 0x8000, 0xFFFF)).save(tmp_path / "a.png")
    image = still(opened, tmp_path / "a.png").image
    assert [image.getpixel((x, 0))[0] for x in (0, 1)] == [128, 255]


def test_float_tiff(tmp_path, opened):
    Image.frombytes("F", (2, 1), struct.pack("<ff", -1.0, 3.0)).save(tmp_path / "a.tiff")
    image = still(opened, tmp_path / "a.tiff").image
    assert [image.getpixel((x, 0))[0] for x in (0, 1)] == [0, 255]


def test_bilevel_and_cmyk(tmp_path, opened):
    Image.new("1", (8, 8), 1).save(tmp_path / "a.png")
    assert still(opened, tmp_path / "a.png").image.getpixel((0, 0)) == (255, 255, 255)
    gradient(64, 64).convert("CMYK").save(tmp_path / "a.jpg")
    assert difference(still(opened, tmp_path / "a.jpg").image, gradient(64, 64)) < 8


def test_text_bombs_are_never_read(tmp_path, opened):
    import zlib

    bomb = chunk(b"zTXt", b"prompt\0\0" + zlib.compress(bytes(32 << 20), 9))
    (tmp_path / "a.png").write_bytes(png(8, 8, bomb))
    assert still(opened, tmp_path / "a.png").image.getpixel((0, 0)) == (64, 128, 192)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "the file is empty"),
        (b"hello", "unknown content"),
        (png(8, 8)[:50], "damaged PNG"),
        (png(8, 8, rows=b"\0" * 40), "damaged PNG"),
        (png(30_000, 30_000, rows=b""), "too large to show: 30000 x 30000"),
        (png(0, 8, rows=b""), "0 x 8 pixels"),
        (b"\x89PNG\r\n\x1a\n" + b"\xff" * 40, "damaged PNG"),
        (b"\xff\xd8\xff\xe0" + bytes(20), "damaged JPEG"),
        (b"GIF89a" + b"\xff\xff\xff\xff\0\0\0" + b",\0\0\0\0\xff\xff\xff\xff\0\2\0;", "too large"),
        (b"RIFF\x20\0\0\0WEBPVP8X" + bytes(30), "damaged WEBP"),
        (b"%!PS-Adobe", "unknown content"),
    ],
)
def test_damaged_files_say_why_in_one_line(tmp_path, opened, data, reason):
    (tmp_path / "a").write_bytes(data)
    with pytest.raises(MediaError, match=reason) as caught:
        still(opened, tmp_path / "a")
    assert "\n" not in str(caught.value)
    assert not isinstance(caught.value, NoPreviewError)


def test_a_second_header_does_not_change_the_size(tmp_path, opened):
    second = chunk(b"IHDR", struct.pack(">IIBBBBB", 20_000, 20_000, 8, 2, 0, 0, 0))
    (tmp_path / "a.png").write_bytes(png(8, 8, second))
    assert still(opened, tmp_path / "a.png").image.size == (8, 8)


@pytest.mark.parametrize("head", [b"<svg xmlns=", b"glTF\2\0\0\0", b"fLaC", b"ID3\4", b"{}"])
def test_kinds_without_pixels_are_not_damaged(tmp_path, opened, head):
    (tmp_path / "a").write_bytes(head)
    with pytest.raises(NoPreviewError):
        still(opened, tmp_path / "a")


def test_frames_of_an_animation(tmp_path, opened):
    colours = ["red", "lime", "blue"]
    frames = [Image.new("RGB", (16, 16), colour) for colour in colours]
    for name in ("a.webp", "a.gif", "a.png"):
        rest = {"save_all": True, "append_images": frames[1:], "duration": 120}
        frames[0].save(tmp_path / name, **rest)
        found = list(decode.decode_frames(opened(tmp_path / name), (16, 16), 10))
        seen = [one.image.getpixel((8, 8)) for one, _ in found]
        assert [max(range(3), key=colour.__getitem__) for colour in seen] == [0, 1, 2], name
        assert [duration for _, duration in found] == [120] * 3
        assert decode.frame_count(opened(tmp_path / name)) == 3
        assert len(list(decode.decode_frames(opened(tmp_path / name), (16, 16), 2))) == 2


def test_a_still_picture_is_one_frame(tmp_path, opened):
    gradient(16, 16).save(tmp_path / "a.jpg")
    assert len(list(decode.decode_frames(opened(tmp_path / "a.jpg"), (16, 16), 5))) == 1


def test_only_regular_files_are_opened(tmp_path):
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "link").symlink_to("/etc/hostname")
    for name in ("fifo", "link", "gone", "."):
        with pytest.raises(MediaError):
            decode.open_regular(str(tmp_path / name))
    with pytest.raises(MediaError):
        decode.open_regular("nul\0byte")


def test_stored_form_is_a_plain_jpeg():
    data = decode.to_jpeg(gradient(64, 32), 85)
    with Image.open(io.BytesIO(data)) as image:
        assert (image.format, image.size) == ("JPEG", (64, 32))
        assert "exif" not in image.info

"""A part of a picture is what a cut out of the whole would be, whatever the format and the turn."""

import os
import subprocess
import sys

import pytest
from PIL import Image, ImageChops

from smartgallery_tui.media import decode
from tests.media.conftest import gradient

PART = (0.25, 0.5, 0.75, 1.0)


def worst_difference(one, other):
    assert one.size == other.size
    return max(high for _, high in ImageChops.difference(one, other).getextrema())


def cut(image, part):
    left, top, right, bottom = part
    return image.crop((round(left * image.width), round(top * image.height),
                       round(right * image.width), round(bottom * image.height)))  # fmt: skip


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.webp", "a.bmp", "a.tiff", "a.gif"])
def test_actual_pixels_of_a_part(tmp_path, opened, name):
    gradient(400, 200).save(tmp_path / name, quality=95)
    with Image.open(tmp_path / name) as image:
        expected = cut(image.convert("RGB"), PART)
    found = decode.decode_still(opened(tmp_path / name), (4000, 4000), part=PART)
    assert found.source == (400, 200)
    assert worst_difference(found.image, expected) == 0


@pytest.mark.parametrize("turn", range(1, 9))
@pytest.mark.parametrize("name", ["a.jpg", "a.png"])
@pytest.mark.parametrize("limit", [32_000_000, 1000])
def test_a_part_of_what_is_seen(tmp_path, opened, monkeypatch, name, turn, limit):
    monkeypatch.setattr(decode, "STREAM_FROM_PIXELS", limit)
    exif = Image.Exif()
    exif[0x0112] = turn
    gradient(400, 200).save(tmp_path / name, quality=95, exif=exif)
    whole = decode.decode_still(opened(tmp_path / name), (400, 400)).image
    part = decode.decode_still(opened(tmp_path / name), (400, 400), part=PART)
    assert part.source == whole.size
    assert worst_difference(part.image, cut(whole, PART)) == 0


@pytest.mark.parametrize("limit", [32_000_000, 1000])
@pytest.mark.parametrize("name", ["a.png", "a.jpg"])
def test_a_part_is_fitted_to_its_box(tmp_path, opened, monkeypatch, name, limit):
    monkeypatch.setattr(decode, "STREAM_FROM_PIXELS", limit)
    gradient(1200, 800).save(tmp_path / name, quality=95)
    found = decode.decode_still(opened(tmp_path / name), (100, 100), part=PART).image
    assert found.size == (100, 67)
    expected = cut(gradient(1200, 800), PART).resize((100, 67), Image.Resampling.BOX)
    assert worst_difference(found, expected) <= 8


def test_strips_below_the_part_are_not_read(tmp_path, opened, monkeypatch):
    monkeypatch.setattr(decode, "STREAM_FROM_PIXELS", 1000)
    monkeypatch.setattr("smartgallery_tui.media.png._STRIP_BYTES", 1 << 14)
    gradient(600, 600).save(tmp_path / "a.png", compress_level=0)
    data = (tmp_path / "a.png").read_bytes()
    (tmp_path / "cut.png").write_bytes(data[: len(data) * 2 // 3])
    top = decode.decode_still(opened(tmp_path / "cut.png"), (600, 600), part=(0.2, 0.1, 0.8, 0.4))
    assert worst_difference(top.image, cut(gradient(600, 600), (0.2, 0.1, 0.8, 0.4))) == 0


@pytest.mark.parametrize("part", [(0, 0, 1e-9, 1e-9), (1, 1, 1, 1), (0.9999, 0, 1, 1e-7)])
def test_a_part_is_never_empty(tmp_path, opened, part):
    gradient(30, 20).save(tmp_path / "a.png")
    assert decode.decode_still(opened(tmp_path / "a.png"), (9, 9), part=part).image.size == (1, 1)


def test_sharp_pixels_of_two_hundred_megapixels_take_little_memory(tmp_path):
    path = tmp_path / "huge.png"
    image = Image.new("L", (16_000, 12_500))
    image.paste(200, (8_000, 6_000, 8_100, 6_100))
    image.save(path, compress_level=1)
    code = """
import os, resource, sys
from smartgallery_tui.media import decode
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
fd = os.open(sys.argv[1], os.O_RDONLY)
part = (0.5, 0.48, 0.55, 0.496)
image = decode.decode_still(fd, (2000, 2000), part=part).image
more = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
print(image.size, image.getpixel((50, 50)), image.getpixel((150, 50)), more // 1024)
"""
    argv = [sys.executable, "-c", code, os.fspath(path)]
    done = subprocess.run(argv, capture_output=True, text=True, check=True)
    shown, _, megabytes = done.stdout.strip().rpartition(" ")
    assert shown == "(800, 200) (200, 200, 200) (0, 0, 0)"
    assert int(megabytes) < 60


def test_the_index_finds_no_fault_with_what_can_be_decoded():
    from smartgallery_tui.containers.findings import MAX_PIXELS

    assert MAX_PIXELS == decode.MAX_STREAMED_PIXELS

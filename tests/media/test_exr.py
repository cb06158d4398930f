"""OpenEXR files, written here byte by byte."""

import contextlib
import itertools
import struct
import zlib

import pytest

from smartgallery_tui.errors import MediaError, NoPreviewError
from smartgallery_tui.media import decode

WIDTH, HEIGHT = 20, 35


def attribute(name, kind, value):
    return name + b"\0" + kind + b"\0" + struct.pack("<i", len(value)) + value


def zipped(raw):
    """Apply the predictor and zlib as the format's zip compression does."""
    apart = raw[0::2] + raw[1::2]
    steps = bytes((right - left + 128) & 255 for left, right in itertools.pairwise(apart))
    packed = zlib.compress(apart[:1] + steps)
    return packed if len(packed) < len(raw) else raw


def exr(value_of, *, half=True, compression=3, version=2, names=(b"B", b"G", b"R")):
    code = "e" if half else "f"
    kinds = struct.pack("<iIii", 1 if half else 2, 0, 1, 1)
    channels = b"".join(name + b"\0" + kinds for name in names) + b"\0"
    head = b"v/1\x01" + struct.pack("<i", version)
    head += attribute(b"channels", b"chlist", channels)
    head += attribute(b"compression", b"compression", bytes([compression]))
    window = struct.pack("<4i", 5, 7, 5 + WIDTH - 1, 7 + HEIGHT - 1)
    head += attribute(b"dataWindow", b"box2i", window) + b"\0"
    lines = 16 if compression == 3 else 1
    blocks = []
    for top in range(0, HEIGHT, lines):
        raw = b"".join(
            struct.pack(f"<{WIDTH}{code}", *(value_of(name, x, y) for x in range(WIDTH)))
            for y in range(top, min(top + lines, HEIGHT))
            for name in names
        )
        data = zipped(raw) if compression else raw
        blocks.append(struct.pack("<ii", 7 + top, len(data)) + data)
    place = len(head) + 8 * len(blocks)
    offsets = b""
    for block in blocks:
        offsets += struct.pack("<Q", place)
        place += len(block)
    return head + offsets + b"".join(blocks)


def ramp(name, x, y):
    return {b"R": x / (WIDTH - 1), b"G": y / (HEIGHT - 1), b"B": 0.0}.get(name, 0.5)


def srgb(value):
    return round(
        255 * (12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055)
    )


def decoded(tmp_path, opened, data):
    (tmp_path / "a.exr").write_bytes(data)
    return decode.decode_still(opened(tmp_path / "a.exr"), (100, 100)).image


@pytest.mark.parametrize("half", [True, False])
@pytest.mark.parametrize("compression", [0, 2, 3])
def test_samples_become_srgb(tmp_path, opened, half, compression):
    image = decoded(tmp_path, opened, exr(ramp, half=half, compression=compression))
    assert image.size == (WIDTH, HEIGHT)
    for x, y in [(0, 0), (7, 20), (19, 34), (10, 16)]:
        wanted = (srgb(ramp(b"R", x, y)), srgb(ramp(b"G", x, y)), 0)
        found = image.getpixel((x, y))
        assert all(abs(one - other) <= 2 for one, other in zip(found, wanted, strict=True))


def test_highlights_are_pressed_not_cut(tmp_path, opened):
    image = decoded(tmp_path, opened, exr(lambda _name, x, _y: 0.2 * x))
    levels = [image.getpixel((x, 0))[0] for x in (4, 6, 8, 10)]
    assert levels == sorted(set(levels))
    odd = [float("nan"), float("inf"), -1.0, 0.5]
    image = decoded(tmp_path, opened, exr(lambda _name, x, _y: odd[x % 4]))
    assert [image.getpixel((x, 0))[0] for x in range(4)] == [0, 255, 0, srgb(0.5)]


def test_one_channel_is_grey_and_layers_are_found(tmp_path, opened):
    grey = decoded(tmp_path, opened, exr(ramp, names=(b"Y",)))
    assert len(set(grey.getpixel((3, 3)))) == 1
    layers = tuple(b"beauty." + letter for letter in (b"B", b"G", b"R"))
    image = decoded(
        tmp_path, opened, exr(lambda name, _x, _y: float(name[-1:] == b"R"), names=layers)
    )
    assert image.getpixel((3, 3)) == (255, 0, 0)


@pytest.mark.parametrize("options", [{"version": 0x202}, {"version": 0x1002}, {"compression": 4}])
def test_other_kinds_say_so(tmp_path, opened, options):
    data = exr(ramp, **options)
    with pytest.raises(NoPreviewError, match="EXR with"):
        decoded(tmp_path, opened, data)


@pytest.mark.parametrize("end", [6, 40, 150, 250, 400, -1])
def test_cut_files_are_damaged(tmp_path, opened, end):
    with pytest.raises(MediaError, match="damaged EXR"):
        decoded(tmp_path, opened, exr(ramp)[:end])


def test_changed_bytes_never_escape(tmp_path, opened):
    good = exr(ramp)
    for place in range(8, 300, 9):
        data = bytearray(good)
        data[place] ^= 0xA5
        with contextlib.suppress(MediaError):
            decoded(tmp_path, opened, bytes(data))

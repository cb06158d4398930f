"""Real files: pictures made by Pillow, videos made by ffmpeg, and damaged ones."""

import os
import shutil
import struct
import subprocess
import zlib

import pytest
from PIL import Image

from smartgallery_tui.media.pool import DecodePool


def gradient(width, height):
    """Return an RGB picture whose every corner has another colour."""
    across = Image.linear_gradient("L").rotate(90).resize((width, height))
    down = Image.linear_gradient("L").resize((width, height))
    return Image.merge("RGB", (across, down, Image.new("L", (width, height), 64)))


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height, *middle, rows=None):
    """Return a small PNG of one colour with more chunks before its pixels."""
    ihdr = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    rows = (b"\0" + b"\x40\x80\xc0" * width) * height if rows is None else rows
    body = ihdr + b"".join(middle) + chunk(b"IDAT", zlib.compress(rows))
    return b"\x89PNG\r\n\x1a\n" + body + chunk(b"IEND", b"")


@pytest.fixture
def opened():
    """Return a function that opens a file and hands out the descriptor until the test ends."""
    fds = []

    def open_it(path):
        fds.append(os.open(path, os.O_RDONLY))
        return fds[-1]

    yield open_it
    for fd in fds:
        os.close(fd)


@pytest.fixture(scope="session")
def pool():
    made = DecodePool(2)
    yield made
    made.close()


@pytest.fixture(scope="session")
def clip(tmp_path_factory):
    """Return a video of 2 s and 32 frames; frame n is grey of brightness 16 + 7 n."""
    if shutil.which("ffmpeg") is None:
        pytest.skip("ffmpeg is not installed")
    path = tmp_path_factory.mktemp("video") / "clip %03d.mp4"
    frames = b"".join(bytes([16 + 7 * index]) * 160 * 96 for index in range(32))
    make_video(path, frames, "160x96", 16)
    return str(path)


def make_video(path, frames, size, rate):
    source = ["-f", "rawvideo", "-pix_fmt", "gray", "-s", size, "-r", str(rate), "-i", "pipe:"]
    codec = ["-c:v", "libx264", "-preset", "ultrafast", "-qp", "0", "-pix_fmt", "yuv420p"]
    hidden = path.with_name("making.mp4")
    argv = ["ffmpeg", "-v", "error", "-y", *source, *codec, str(hidden)]
    subprocess.run(argv, input=frames, check=True)
    hidden.rename(path)

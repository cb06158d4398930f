"""Thumbnails against their floor: what inflating the same PNG costs by itself.

Run `pytest tests/benchmarks/bench_thumbnails.py --benchmark-enable`.
"""

import io
import os
import zlib
from pathlib import Path

import pytest
from PIL import Image

from smartgallery_tui.media import thumbnails
from smartgallery_tui.media.pool import DecodePool

BOX = (300, 220)


@pytest.fixture(scope="module")
def picture(tmp_path_factory):
    """A picture of 1024 x 1024 with soft shapes and grain, about as hard to pack as a real one."""
    noise = Image.effect_noise((1024, 1024), 24)
    soft = Image.radial_gradient("L").resize((1024, 1024))
    image = Image.merge("RGB", (Image.blend(noise, soft, 0.7), soft, Image.blend(noise, soft, 0.8)))
    path = tmp_path_factory.mktemp("bench") / "a.png"
    image.save(path)
    return str(path)


@pytest.fixture(scope="module")
def pool():
    made = DecodePool(len(os.sched_getaffinity(0)))
    yield made
    made.close()


def test_floor_inflate(benchmark, picture):
    data = Path(picture).read_bytes()
    start, parts = 8, []
    while start < len(data):
        length = int.from_bytes(data[start : start + 4], "big")
        if data[start + 4 : start + 8] == b"IDAT":
            parts.append(data[start + 8 : start + 8 + length])
        start += length + 12
    benchmark(zlib.decompress, b"".join(parts))


def test_thumbnail_from_the_file(benchmark, pool, picture):
    pool.still(picture, BOX)
    benchmark(pool.still, picture, BOX, stored_px=256, micro_px=64)


def test_thumbnail_from_the_store(benchmark, pool, picture):
    data = pool.still(picture, BOX, stored_px=256).stored
    benchmark(thumbnails.picture_of_jpeg, data, BOX)


def test_full_screen_picture(benchmark, pool, picture):
    benchmark(pool.still, picture, (1024, 1024), is_sharp=True)


def test_start_of_a_process(benchmark, tmp_path):
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "PNG")
    (tmp_path / "a.png").write_bytes(out.getvalue())

    def start():
        pool = DecodePool(1)
        pool.still(str(tmp_path / "a.png"), BOX)
        pool.close()

    benchmark.pedantic(start, rounds=5)

"""TIFF and BMP."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.containers.make_pictures import PROMPT, bmp, tiff

if TYPE_CHECKING:
    from tests.containers.conftest import Read


@pytest.mark.parametrize("order", ["<", ">"])
def test_tiff(read: Read, order: str) -> None:
    found = read(tiff({0x010E: b"prompt:" + PROMPT.encode()}, order), "a.tif")
    assert (found.format, found.width, found.height, found.problem) == ("tiff", 4, 3, None)
    assert [(text.key, text.value) for text in found.texts] == [("prompt", PROMPT)]


def test_tiff_cut_before_its_directory(read: Read) -> None:
    assert read(b"II*\0\xff\xff\0\0", "a.tif").problem is not None


@pytest.mark.parametrize("height", [3, -3])
def test_bmp(read: Read, height: int) -> None:
    found = read(bmp(4, height), "a.bmp")
    assert (found.format, found.width, found.height, found.problem) == ("bmp", 4, 3, None)


def test_old_bmp(read: Read) -> None:
    data = b"BM" + b"\x1e\0\0\0" + b"\0" * 8 + b"\x0c\0\0\0\4\0\3\0\1\0\x18\0" + b"\0" * 4
    assert (read(data, "a.bmp").width, read(data, "a.bmp").height) == (4, 3)


def test_cut_bmp(read: Read) -> None:
    assert read(bmp(missing=9), "a.bmp").problem == "is cut off"
    assert read(bmp()[:20], "a.bmp").problem is not None

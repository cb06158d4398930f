"""JPEG."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.containers.make_pictures import (
    PROMPT,
    WORKFLOW,
    comfy_exif,
    jpeg,
    jpeg_segment,
)  # fmt: skip

if TYPE_CHECKING:
    from tests.containers.conftest import Read

XMP = b"http://ns.adobe.com/xap/1.0/\0"


def texts(found: object) -> dict[str, str]:
    return {text.key: text.value for text in found.texts}


def test_size_and_texts(read: Read) -> None:
    data = jpeg(
        jpeg_segment(0xE0, b"JFIF\0" + b"\0" * 9),
        jpeg_segment(0xE1, b"Exif\0\0" + comfy_exif()),
        jpeg_segment(0xE1, XMP + b"<one/>"),
        jpeg_segment(0xE1, XMP + b"<two/>"),
        jpeg_segment(0xE1, b"other"),
        jpeg_segment(0xFE, b"a caf\xe9\0"),
    )
    found = read(data, "a.jpg")
    assert (found.format, found.kind, found.width, found.height) == ("jpeg", "image", 4, 3)
    assert texts(found) == {
        "prompt": PROMPT,
        "workflow": WORKFLOW,
        "xmp": "<one/>",
        "comment": "a café",
    }
    assert found.problem is None


def test_comment_with_a_prefix(read: Read) -> None:
    assert texts(read(jpeg(jpeg_segment(0xFE, b"Workflow:{}")), "a.jpg")) == {"workflow": "{}"}


def test_padding_and_bare_markers(read: Read) -> None:
    assert read(jpeg(b"\xff\xff\xff\x01", b"\xff\xd0"), "a.jpg").problem is None


def test_trailing_data(read: Read) -> None:
    assert read(jpeg() + b"\0" * 100, "a.jpg").problem is None
    assert read(jpeg() + b"\0" * 100_000, "a.jpg").problem is None


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (jpeg()[:4], "cut off"),
        (jpeg(end=b""), "cut off in its pixel data"),
        (jpeg(jpeg_segment(0xFE, b"x"), b"??"), "damaged"),
        (b"\xff\xd8\xff\xd9", "no picture"),
        (b"\xff\xd8\xff\xfe\xff\xff", "cut off in its header"),
        (b"\xff\xd8\xff\xc0\0\5\0\0\0\xff", "cut off"),
        (jpeg().replace(b"\x08\0\3\0\4", b"\x08\xff\xdc\xff\xdc"), "more than can be drawn"),
        (b"\xff\xd8" + b"\xff\xd0" * 20_000, "no picture"),
    ],
)
def test_damage(read: Read, data: bytes, problem: str) -> None:
    found = read(data, "a.jpg")
    assert found.problem is not None
    assert problem in found.problem

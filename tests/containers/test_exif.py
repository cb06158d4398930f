"""EXIF: ASCII tags of any name, UserComment in every code, XP tags, junk."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from smartgallery_tui.containers.exif import decode_comment
from tests.containers.make_pictures import (
    PARAMETERS,
    PROMPT,
    WORKFLOW,
    comfy_exif,
    comment_exif,
    exif,
    riff_chunk,
    webp,
)  # fmt: skip

if TYPE_CHECKING:
    from pathlib import Path

    from tests.containers.conftest import Read


def texts(read: Read, block: bytes) -> dict[str, str]:
    found = read(webp(riff_chunk(b"EXIF", block)), "a.webp")
    assert found.problem is None
    return {text.key: text.value for text in found.texts}


@pytest.mark.parametrize("name", ["a.jpg", "a.webp", "a.png", "a.tiff"])
@pytest.mark.parametrize("turn", range(1, 9))
def test_the_size_is_that_of_the_picture_as_seen(
    read: Read, tmp_path: Path, name: str, turn: int
) -> None:
    tags = Image.Exif()
    tags[0x0112] = turn
    Image.new("RGB", (60, 40)).save(tmp_path / name, exif=tags)
    found = read((tmp_path / name).read_bytes(), name)
    assert found.problem is None
    assert (found.width, found.height) == ((60, 40) if turn < 5 else (40, 60))


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("before", [b"", b"Exif\0\0"])
def test_ascii_tags(read: Read, order: str, before: bytes) -> None:
    tags = {0x010E: b"WORKFLOW:" + WORKFLOW.encode(), 0x010F: b"Prompt:" + PROMPT.encode()}
    tags |= {0x0131: b"tool", 0x010B: b"unnamed", 0x013B: b""}
    assert texts(read, before + exif(tags, order=order)) == {
        "workflow": WORKFLOW,
        "prompt": PROMPT,
        "software": "tool",
        "exif_0x010b": "unnamed",
    }


def test_places(read: Read) -> None:
    found = read(webp(riff_chunk(b"EXIF", comfy_exif())), "a.webp")
    assert [text.place for text in found.texts] == ["EXIF 0x010f", "EXIF 0x0110"]


@pytest.mark.parametrize(
    ("code", "how"),
    [
        (b"UNICODE\0", "utf-16-be"),
        (b"UNICODE\0", "utf-16-le"),
        (b"UNICODE\0", "utf-16"),
        (b"ASCII\0\0\0", "ascii"),
        (b"\0" * 8, "utf-8"),
        (b"", "utf-8"),
        (b"JIS\0\0\0\0\0", "iso2022_jp"),
    ],
)
def test_user_comment(read: Read, code: bytes, how: str) -> None:
    found = texts(read, comment_exif(PARAMETERS, code, how))
    assert found == {"software": "tool", "usercomment": PARAMETERS}


def test_user_comment_of_non_latin_text() -> None:
    text = "東京の夜 fox"
    assert decode_comment(b"UNICODE\0" + text.encode("utf-16-be")) == text
    assert decode_comment(b"UNICODE\0" + text.encode("utf-16-le")) == text


def test_user_comment_with_a_prefix(read: Read) -> None:
    assert texts(read, comment_exif("prompt:{}"))["prompt"] == "{}"


def test_xp_and_xmp_tags(read: Read) -> None:
    inner = {0x9C9C: (1, "a fox".encode("utf-16-le")), 0x02BC: (1, b"<x:xmpmeta/>")}
    inner[0x927C] = (2, b"fooocus")
    assert texts(read, exif({}, inner)) == {
        "xpcomment": "a fox",
        "xmp": "<x:xmpmeta/>",
        "makernote": "fooocus",
    }


def directory(*entries: bytes, offset: int = 8) -> bytes:
    return b"II*\0" + struct.pack("<IH", offset, len(entries)) + b"".join(entries) + b"\0" * 4


def entry(tag: int, kind: int, count: int, value: int) -> bytes:
    return struct.pack("<HHII", tag, kind, count, value)


@pytest.mark.parametrize(
    "block",
    [
        b"",
        b"II",
        b"\xff" * 500,
        directory(offset=0xFFFFFFF0),
        directory(entry(0x8769, 4, 1, 8)),
        directory(entry(0x9286, 2, 0xFFFFFFF0, 26)),
        directory(entry(0x9286, 7, 5000, 26)),
        directory(entry(0x010F, 2, 5, 0xFFFFFF00)),
        directory(entry(0x010F, 99, 5, 30)),
        directory(entry(0x0100, 4, 0, 0)),
    ],
)
def test_junk_says_nothing_of_the_picture(read: Read, block: bytes) -> None:
    assert texts(read, block) == {}


def test_ascii_with_a_wrong_count_gives_what_there_is(read: Read) -> None:
    block = directory(entry(0x010F, 2, 500, 26)) + b"prompt:{}\0"
    assert texts(read, block) == {"prompt": "{}"}

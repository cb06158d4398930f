"""PNG and APNG: text wherever it lies, frames, damage."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import pytest

from smartgallery_tui.containers import content_id, open_source, png, read_container
from tests.containers.make_pictures import (
    IEND,
    PARAMETERS,
    PNG_SIGNATURE,
    PROMPT,
    WORKFLOW,
    apng,
    comfy_exif,
    comfy_png,
    png_chunk,
    png_header,
    png_itext,
    png_pixels,
    png_text,
    png_ztext,
)  # fmt: skip
from tests.containers.make_pictures import png as make

if TYPE_CHECKING:
    from pathlib import Path

    from tests.containers.conftest import Read


def texts(found: object) -> dict[str, str]:
    return {text.key: text.value for text in found.texts}


def test_plain_comfyui(read: Read) -> None:
    found = read(comfy_png(), "a.png")
    assert (found.format, found.kind, found.width, found.height) == ("png", "image", 4, 3)
    assert texts(found) == {"prompt": PROMPT, "workflow": WORKFLOW}
    assert [text.place for text in found.texts] == ["PNG tEXt"] * 2
    assert found.problem is None


def test_plain_file_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(make(png_text("prompt", PROMPT), after=png_chunk(b"teXt", b"x" * 100_000)))
    with open_source(str(path)) as source:
        reads: list[tuple[int, int]] = []
        inner = source.read_at
        monkeypatch.setattr(
            png.Source if hasattr(png, "Source") else type(source),
            "read_at",
            lambda _self, at, count: reads.append((at, count)) or inner(at, count),
        )
        assert read_container(source, "a.png").problem is None
        assert reads == [(source.size_bytes - 12, 12)]
        content_id(source)
        reads.clear()
        read_container(source, "a.png")
        assert not reads


@pytest.mark.parametrize(
    ("chunk", "place"),
    [
        (png_text("Prompt", PROMPT), "PNG tEXt"),
        (png_ztext("prompt", PROMPT.encode()), "PNG zTXt"),
        (png_itext("prompt", PROMPT.encode()), "PNG iTXt"),
        (png_itext("prompt", PROMPT.encode(), compressed=True), "PNG iTXt"),
        (png_chunk(b"comf", b"prompt\0" + PROMPT.encode()), "PNG comf"),
    ],
)
@pytest.mark.parametrize("is_after", [False, True])
def test_every_text_chunk_before_and_after_the_pixels(
    read: Read, chunk: bytes, place: str, is_after: bool
) -> None:
    found = read(make(after=chunk) if is_after else make(chunk), "a.png")
    assert texts(found) == {"prompt": PROMPT}
    assert found.texts[0].place == place
    assert found.problem is None


def test_text_beyond_the_first_read(read: Read) -> None:
    long_workflow = '{"nodes": [], "x": "' + "y" * 200_000 + '"}'
    data = make(png_text("workflow", long_workflow), png_text("prompt", PROMPT))
    assert texts(read(data, "a.png")) == {"prompt": PROMPT, "workflow": long_workflow}


def test_encodings(read: Read) -> None:
    data = make(
        png_text("prompt", "{}"),
        png_text("parameters", "東京".encode()),
        png_text("Title", b"caf\xe9"),
    )
    assert texts(read(data, "a.png")) == {"prompt": "{}", "parameters": "東京", "title": "café"}


def test_exif_and_xmp(read: Read) -> None:
    data = make(png_chunk(b"eXIf", comfy_exif()), png_itext("XML:com.adobe.xmp", b"<x/>"))
    assert texts(read(data, "a.png")) == {"prompt": PROMPT, "workflow": WORKFLOW, "xmp": "<x/>"}


def test_useless_text_chunks_are_skipped(read: Read) -> None:
    data = make(
        png_chunk(b"tEXt", b"no separator"),
        png_chunk(b"tEXt", b"\0no key"),
        png_chunk(b"zTXt", b"prompt\0\0no zlib"),
        png_ztext("prompt", b"{}", method=b"\x09"),
        png_chunk(b"iTXt", b"prompt\0\0\0en"),
        png_chunk(b"iTXt", b"prompt\0\2\0en\0\0x"),
        png_chunk(b"iTXt", b"prompt\0"),
    )
    found = read(data, "a.png")
    assert not found.texts
    assert found.problem is None


def test_animation(read: Read) -> None:
    found = read(apng(3, png_chunk(b"comf", b"prompt\0" + PROMPT.encode())), "a.png")
    assert (found.kind, found.frames, found.duration_ms) == ("animated", 3, 300)
    assert found.frame_rate == 10.0
    assert texts(found) == {"prompt": PROMPT}


def test_animation_of_one_frame_is_a_picture(read: Read) -> None:
    found = read(apng(1), "a.png")
    assert (found.kind, found.frames, found.duration_ms) == ("image", 1, None)


def test_short_animation_chunks_say_nothing(read: Read) -> None:
    data = make(png_chunk(b"acTL", b"\0\0"), png_chunk(b"fcTL", b"\0"))
    assert read(data, "a.png").kind == "image"


def start(*chunks: bytes, header: bytes | None = None) -> bytes:
    return PNG_SIGNATURE + (header or png_header()) + b"".join(chunks)


def wide(width: int, height: int) -> bytes:
    return png_header(width, height)


TEXT = png_text("prompt", PROMPT)


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (PNG_SIGNATURE, "cut off in its header"),
        (start()[:20], "cut off in its header"),
        (start()[:-1] + b"?" + IEND * 5, "checksum"),
        (start(header=png_header(0, 3)), "0 x 3"),
        (start(png_pixels(), IEND, header=wide(30_000, 30_000)), "more than can be drawn"),
        (start(TEXT, png_pixels(), IEND, header=wide(9_000, 9_000)), "less pixel data"),
        (start(png_pixels(), IEND, header=wide(9_000, 9_000)), "less pixel data"),
        (start(png_pixels(), IEND, header=png_header(bits=b"\7\2\0\0\0")), "pixel format"),
        (start(TEXT, png_chunk(b"IDAT", b"no zlib"), IEND), "pixel data is damaged"),
        (start(png_chunk(b"IDAT", b"no zlib"), IEND), "pixel data is damaged"),
        (start(TEXT, IEND), "no pixel data"),
        (start(TEXT[:-40]), "cut off in a tEXt chunk"),
        (start(TEXT, png_pixels()[:-9]), "cut off in a IDAT chunk"),
        (start(png_chunk(b"tEXt", b"k\0v", length=0xFFFFFFFF)), "damaged"),
        (start(png_chunk(b"\xff\xfe\0\1", b"x"), png_pixels(), IEND), "damaged"),
    ],
)
def test_damage(read: Read, data: bytes, problem: str) -> None:
    found = read(data, "a.png")
    assert found.format == "png"
    assert found.problem is not None
    assert problem in found.problem


def test_damaged_pixels_keep_the_prompt(read: Read) -> None:
    found = read(make(TEXT, end=b"")[:-9], "a.png")
    assert texts(found) == {"prompt": PROMPT}
    assert found.problem is not None


@pytest.mark.parametrize("end", [b"", IEND + b"junk" * 2000, IEND + b"PK\3\4"])
def test_missing_end_and_trailing_data_are_no_damage(read: Read, end: bytes) -> None:
    found = read(make(TEXT, end=end), "a.png")
    assert texts(found) == {"prompt": PROMPT}
    assert found.problem is None


def test_pixel_stream_split_after_its_first_byte(read: Read) -> None:
    pixels = png_pixels()[8:-4]
    split = (
        png_chunk(b"IDAT", b"") + png_chunk(b"IDAT", pixels[:1]) + png_chunk(b"IDAT", pixels[1:])
    )
    assert read(start(TEXT, split, IEND), "a.png").problem is None


def test_bomb_is_a_problem_and_the_rest_is_kept(read: Read) -> None:
    data = make(png_ztext("prompt", b"\0" * (65 << 20)), png_text("workflow", WORKFLOW))
    found = read(data, "a.png")
    assert texts(found) == {"workflow": WORKFLOW}
    assert found.problem is not None


def test_long_text_of_another_key_is_left_out(read: Read) -> None:
    found = read(make(png_text("junk", "x" * (17 << 20)), TEXT), "a.png")
    assert texts(found) == {"prompt": PROMPT}
    assert found.problem is None


def test_parameters_only(read: Read) -> None:
    assert texts(read(make(png_text("parameters", PARAMETERS)), "a.png")) == {
        "parameters": PARAMETERS
    }


def test_frame_without_denominator(read: Read) -> None:
    control = png_chunk(b"fcTL", struct.pack(">IIIIIHHBB", 0, 4, 3, 0, 0, 5, 0, 0, 0))
    data = make(png_chunk(b"acTL", struct.pack(">II", 2, 0)), control, control)
    assert read(data, "a.png").duration_ms == 100

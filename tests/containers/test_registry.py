"""The reader is chosen by content; unknown content is a problem, not an error."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from smartgallery_tui.containers import (
    KNOWN_EXTENSIONS,
    extension_of,
    open_source,
    read_container,
)  # fmt: skip
from smartgallery_tui.errors import ContainerError
from tests.containers.make_media import comfy_mp4, comfy_svg, mp4
from tests.containers.make_pictures import comfy_png, jpeg, webp

if TYPE_CHECKING:
    from pathlib import Path

    from tests.containers.conftest import Read


@pytest.mark.parametrize(
    ("data", "name", "format_name", "kind"),
    [
        (comfy_png(), "a.jpg", "png", "image"),
        (jpeg(), "a.png", "jpeg", "image"),
        (webp(), "a.png", "webp", "image"),
        (comfy_mp4(), "a.png", "mp4", "video"),
        (mp4(brand=b"dash"), "a", "mp4", "video"),
    ],
)
def test_magic_wins(read: Read, data: bytes, name: str, format_name: str, kind: str) -> None:
    found = read(data, name)
    assert (found.format, found.kind, found.problem) == (format_name, kind, None)


@pytest.mark.parametrize(
    "data",
    [
        comfy_svg(),
        b"%!PS-Adobe-3.0 EPSF-3.0\n",
        b"#EXTM3U\n#EXT-X-TARGETDURATION:1\nfile:///etc/passwd\n",
        b"ffconcat version 1.0\n",
        b"\x7fELF" + b"\0" * 60,
        b"PK\3\4" + b"\0" * 60,
        b"\0" * 4096,
        b"RIFF\0\0\0\0ABCD",
        b"x",
    ],
)
@pytest.mark.parametrize("name", ["a.png", "a.mp4", "a.mp3", "a.xyz", "noext"])
def test_unknown_content_is_a_problem(read: Read, data: bytes, name: str) -> None:
    found = read(data, name)
    assert found.problem is not None
    assert not found.texts
    assert found.format == name[2:] if name != "noext" else found.format == ""


def test_empty(read: Read) -> None:
    found = read(b"", "a.mp4")
    assert (found.format, found.kind, found.problem) == ("mp4", "video", "is empty")


def test_extensions() -> None:
    assert extension_of("A.PNG") == ".png"
    assert extension_of("/x.y/noext") == ""
    assert extension_of(".png") == ""
    assert extension_of("/x/.png") == ""
    assert extension_of("a.tar.gz") == ".gz"
    for extension in [
        ".png",
        ".jpeg",
        ".webp",
        ".gif",
        ".mp4",
        ".mkv",
        ".flv",
        ".mp3",
        ".m4a",
        ".avif",
        ".latent",
        ".json",
    ]:
        assert extension in KNOWN_EXTENSIONS
    assert ".txt" not in KNOWN_EXTENSIONS
    assert ".safetensors" not in KNOWN_EXTENSIONS


def test_unexpected_malformation_is_a_problem(
    read: Read, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "b.webp"
    path.write_bytes(webp())
    with open_source(str(path)) as source:
        monkeypatch.setattr(type(source), "peek", lambda *_: (_ for _ in ()).throw(IndexError))
        assert read_container(source, "b.webp").problem == "is damaged"


def test_disk_error_on_the_way_is_a_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "b.webp"
    path.write_bytes(webp() + b"\0" * 50_000)
    with open_source(str(path)) as source:

        def fail(*_: object) -> bytes:
            raise OSError(5, "Input/output error")

        monkeypatch.setattr(os, "pread", fail)
        with pytest.raises(ContainerError):
            source.tail  # noqa: B018

"""Matroska and WebM."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from smartgallery_tui.containers import findings
from tests.containers.make_media import element, matroska, tags
from tests.containers.make_pictures import PROMPT, WORKFLOW

if TYPE_CHECKING:
    from tests.containers.conftest import Read

GRAPHS = tags(PROMPT=PROMPT, WORKFLOW=WORKFLOW)


def texts(found: object) -> dict[str, str]:
    return {text.key: text.value for text in found.texts}


def test_webm(read: Read) -> None:
    found = read(matroska(GRAPHS), "a.webm")
    assert (found.format, found.kind, found.width, found.height) == ("webm", "video", 96, 64)
    assert (found.duration_ms, found.frames, found.frame_rate) == (750, 6, 8.0)
    assert texts(found) == {"title": "a title", "prompt": PROMPT, "workflow": WORKFLOW}
    assert found.problem is None


@pytest.mark.parametrize("seek", [True, False])
def test_tags_behind_the_clusters(read: Read, seek: bool) -> None:
    found = read(matroska(after=GRAPHS, seek_to_tags=seek, doctype=b"matroska"), "a.mkv")
    assert found.format == "mkv"
    assert texts(found)["prompt"] == PROMPT
    assert found.problem is None


def test_comment(read: Read) -> None:
    assert texts(read(matroska(tags(Comment="{}")), "a.webm"))["comment"] == "{}"


def test_sound(read: Read) -> None:
    found = read(matroska(kind=2), "a.webm")
    assert (found.kind, found.width) == ("audio", None)
    assert read(matroska(kind=17), "a.webm").kind == "video"


def test_unknown_sizes_of_a_live_recording(read: Read) -> None:
    assert read(matroska(GRAPHS, unknown=True), "a.webm").problem is None
    data = matroska(GRAPHS, clusters=0, after=element(0x1F43B675, b"\7" * 9, unknown=True))
    assert read(data, "a.webm").problem is None


def test_long_tag_is_a_problem(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(findings, "MAX_TEXT_BYTES", 10)
    assert read(matroska(GRAPHS), "a.webm").problem is not None


def test_odd_floats(read: Read) -> None:
    for value in (b"\0\0", b"\x7f\xf0\0\0\0\0\0\0", b"\xff\xff\xff\xff"):
        data = matroska().replace(
            element(0x4489, b"\x40\x87\x70\0\0\0\0\0"), element(0x4489, value).ljust(18, b"\0")
        )
        found = read(data, "a.webm")
        assert found.duration_ms is None


def test_empty_tag(read: Read) -> None:
    data = matroska(element(0x1254C367, element(0x7373, element(0x67C8)), element(0xEC)))
    assert texts(read(data, "a.webm")) == {"title": "a title"}


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"\x1a\x45\xdf\xa3" + b"\xff" * 400, "no segment"),
        (b"\x1a\x45\xdf\xa3\x01\xff\xff\xff\xff\xff\xff\xfe", "cut off"),
        (b"\x1a\x45\xdf\xa3", "damaged"),
        (b"\x1a\x45\xdf\xa3\x80\0\0\0\0", "damaged"),
        (b"\x1a\x45\xdf\xa3\x80\x18\x53\x80\x67\0", "damaged"),
        (matroska(GRAPHS)[:-30], "cut off"),
        (matroska(clusters=0), "no pictures or sound"),
        (element(0x1A45DFA3) + element(0x18538067), "no tracks"),
    ],
)
def test_damage(read: Read, data: bytes, problem: str) -> None:
    found = read(data, "a.webm")
    assert found.problem is not None
    assert problem in found.problem

"""FLV."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.containers.make_media import flv

if TYPE_CHECKING:
    from tests.containers.conftest import Read


def test_metadata(read: Read) -> None:
    found = read(flv(), "a.flv")
    assert (found.format, found.kind, found.width, found.height) == ("flv", "video", 96, 64)
    assert (found.duration_ms, found.frame_rate, found.problem) == (750, 8.0, None)
    assert [(text.key, text.value) for text in found.texts] == [("encoder", "Lavf")]


@pytest.mark.parametrize("data", [flv()[:20], flv()[:60], flv()[:13] + b"\xff" * 30])
def test_cut(read: Read, data: bytes) -> None:
    assert read(data, "a.flv").problem is not None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"onMetaData", b"onSomething"[:10]),
        (b"FLV\x01\x05\0\0\0\x09\0\0\0\0\x12", b"FLV\x01\x05\0\0\0\x09\0\0\0\0\x09"),
        (b"duration\0", b"duration\x07"),
        (b"\0\6stereo\1\1", b"\0\6stereo\0\1"),
    ],
)
def test_other_tags_say_nothing(read: Read, old: bytes, new: bytes) -> None:
    found = read(flv().replace(old, new), "a.flv")
    assert found.format == "flv"
    assert found.problem is None

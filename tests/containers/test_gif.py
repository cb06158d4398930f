"""GIF."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from smartgallery_tui.containers import gif as module
from tests.containers.make_pictures import PARAMETERS, gif

if TYPE_CHECKING:
    from tests.containers.conftest import Read


def test_frames_and_comment(read: Read) -> None:
    found = read(gif(3, PARAMETERS.encode() * 20), "a.gif")
    assert (found.format, found.kind, found.width, found.height) == ("gif", "animated", 4, 3)
    assert (found.frames, found.duration_ms, found.frame_rate) == (3, 300, 10.0)
    assert [(t.key, t.value, t.place) for t in found.texts] == [
        ("comment", PARAMETERS * 20, "GIF comment")
    ]
    assert found.problem is None


def test_still(read: Read) -> None:
    found = read(gif(1), "a.gif")
    assert (found.kind, found.frames, found.duration_ms) == ("image", None, None)


def test_frames_without_delay(read: Read) -> None:
    found = read(gif(2, delay=0), "a.gif")
    assert (found.frames, found.duration_ms, found.frame_rate) == (2, None, None)


def test_local_colour_table(read: Read) -> None:
    data = gif(2)
    image = data.rfind(b"\x2c")
    data = data[: image + 9] + b"\x80" + b"\1" * 6 + data[image + 10 :]
    found = read(data, "a.gif")
    assert found.problem is None
    assert found.frames == 2


def test_many_frames_cross_the_window(read: Read) -> None:
    found = read(gif(20_000), "a.gif")
    assert found.frames == 20_000


def test_above_the_limit_frames_are_unknown(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MAX_WALK_BYTES", 100)
    found = read(gif(50), "a.gif")
    assert (found.kind, found.frames, found.problem) == ("animated", None, None)


def test_missing_trailer_is_no_damage(read: Read) -> None:
    assert read(gif(2, end=b""), "a.gif").problem is None


def test_cut_inside_a_frame_keeps_what_was_seen(read: Read) -> None:
    assert read(gif(3)[:-5], "a.gif").frames == 3
    assert read(gif(3, b"x" * 300)[:60], "a.gif").problem == "has no picture in it"


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"GIF89a\4\0", "cut off"),
        (gif(0), "no picture"),
        (gif(1, end=b"??????????"), "damaged"),
        (gif(1).replace(b"89a\4\0\3\0", b"89a\xff\xff\xff\xff"), "more than can be drawn"),
    ],
)
def test_damage(read: Read, data: bytes, problem: str) -> None:
    found = read(data, "a.gif")
    assert found.problem is not None
    assert problem in found.problem

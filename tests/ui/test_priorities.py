"""Which quality of a picture follows which, on a slow line and a fast one."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from smartgallery_tui.terminal.encode import Payload
from smartgallery_tui.ui.pictures import priorities
from smartgallery_tui.ui.pictures.priorities import FULL_AFTER_S, REFINE_AFTER_S, Priorities
from smartgallery_tui.ui.pictures.shelf import MOST_FAILED, Shelf
from smartgallery_tui.ui.pictures.wishes import PictureKey, Placed, Wishes

LARGE = PictureKey(1, b"", 0, 80, 20, is_sharp=True, size_px=(1024, 1024))
SMALL = PictureKey(2, b"", 0, 20, 10)


class Clock:
    """Stands for the module `time`."""

    now_s = 100.0

    def monotonic(self) -> float:
        """Return the time."""
        return self.now_s


@dataclass
class Line:
    """What is known of the line."""

    is_slow: bool = True
    is_idle: bool = True


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock that a test moves."""
    clock = Clock()
    monkeypatch.setattr(priorities, "time", clock)
    return clock


def shown(key: PictureKey, line: Line) -> tuple[Shelf, Priorities]:
    """Return what a sixel terminal is sent for a picture that is shown already, in few colours."""
    shelf = Shelf()
    shelf.owners[object()] = Wishes((key,))  # type: ignore[index]
    shelf.placed[key] = Placed(4, 4, (), "low")
    wanted = Priorities(shelf, line, "sixel")  # type: ignore[arg-type]
    wanted.note_want()
    return shelf, wanted


def test_a_large_sixel_gets_all_colours_when_nobody_acts(clock: Clock) -> None:
    shelf, wanted = shown(LARGE, Line())
    assert wanted.next_job() is None, "somebody acts"
    clock.now_s += REFINE_AFTER_S + 0.05
    assert wanted.next_job().quality == "fair"
    shelf.placed[LARGE] = replace(shelf.placed[LARGE], quality="fair")
    assert wanted.next_job() is None
    clock.now_s += FULL_AFTER_S
    assert wanted.next_job().quality == "full"
    shelf.placed[LARGE] = replace(shelf.placed[LARGE], quality="full")
    assert wanted.next_job() is None


def test_thumbnails_keep_few_colours_until_the_line_proves_fast(clock: Clock) -> None:
    line = Line()
    shelf, wanted = shown(SMALL, line)
    shelf.placed[SMALL] = replace(shelf.placed[SMALL], quality="fair")
    clock.now_s += 10 * FULL_AFTER_S
    assert wanted.next_job() is None
    line.is_slow = False
    assert wanted.next_job().quality == "full"


def test_failures_are_not_remembered_without_end() -> None:
    shelf = Shelf()
    keys = [replace(SMALL, id=number) for number in range(MOST_FAILED + 3)]
    for key in keys:
        shelf.fail(key, "damaged")
    assert len(shelf.failed) == MOST_FAILED
    assert shelf.is_missing(keys[0], "full"), "it is tried again"
    assert not shelf.is_missing(keys[-1], "full")


@pytest.mark.parametrize(("protocol", "is_sent"), [("halfblock", False), ("kitty", True)])
def test_half_blocks_of_a_stand_in_are_left_out_where_the_picture_is_there(
    protocol: str, is_sent: bool
) -> None:
    shelf = Shelf()
    stand_in = replace(LARGE, is_sharp=False)
    shelf.owners[object()] = Wishes((stand_in, LARGE))  # type: ignore[index]
    for key in (stand_in, LARGE):
        shelf.store(key, "full", Payload(4, 4, 40, 80, b"cells"))
    wanted = Priorities(shelf, Line(is_slow=False), protocol)  # type: ignore[arg-type]
    found = wanted.next_to_send()
    assert found is not None
    assert (found[0] == stand_in) is is_sent

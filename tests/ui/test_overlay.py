"""When drawn pictures go out: at once, or after a frame has come to rest."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest

from smartgallery_tui.terminal.caps import TerminalCaps
from smartgallery_tui.ui.pictures.overlay import Overlay
from smartgallery_tui.ui.pictures.wishes import PictureKey

if TYPE_CHECKING:
    from collections.abc import Callable

KEY = PictureKey(1, b"1", 0, 4, 4)


class Loop:
    """An app that notes what is to be called, and when."""

    is_running = True

    def __init__(self) -> None:
        self.soon: list[Callable[[], None]] = []
        self.later: list[Callable[[], None]] = []

    def call_later(self, call: Callable[[], None]) -> None:
        self.soon.append(call)

    def set_timer(self, _delay_s: float, call: Callable[[], None]) -> None:
        self.later.append(call)


class Drawn:
    """A layer that notes when its pictures are looked through to be drawn."""

    def __init__(self, app: Loop) -> None:
        self.app = app
        self.caps = TerminalCaps("sixel")
        self.link = SimpleNamespace()
        self.looks = 0

    def visible_wishes(self) -> list[Any]:
        self.looks += 1
        return []


@pytest.fixture
def loop() -> Loop:
    return Loop()


@pytest.fixture
def layer(loop: Loop) -> Drawn:
    return Drawn(loop)


@pytest.fixture
def overlay(layer: Drawn) -> Overlay:
    made = Overlay(cast("Any", layer))
    assert made.number(KEY, (4, 4)) == 1
    return made


def test_a_widget_that_writes_its_own_cells_gets_its_picture_at_once(
    overlay: Overlay, layer: Drawn, loop: Loop
) -> None:
    overlay.erased({1}, is_frame=False)
    overlay.wake()
    assert not loop.later
    (call,) = loop.soon
    call()
    assert layer.looks == 1


def test_after_a_frame_the_screen_comes_to_rest_first(
    overlay: Overlay, layer: Drawn, loop: Loop
) -> None:
    overlay.erased({1}, is_frame=True)
    overlay.wake()
    overlay.erased({1}, is_frame=True)
    assert not loop.soon
    first, second = loop.later
    first()
    assert not layer.looks, "a second frame came"
    second()
    assert layer.looks == 1
    overlay.wake()
    assert len(loop.soon) == 1, "it is at rest now"


def test_a_call_that_a_frame_overtakes_draws_nothing(
    overlay: Overlay, layer: Drawn, loop: Loop
) -> None:
    overlay.wake()
    overlay.erased({1}, is_frame=True)
    (call,) = loop.soon
    call()
    assert not layer.looks

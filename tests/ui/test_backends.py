"""How payloads become cells, without a terminal."""

from __future__ import annotations

from collections import OrderedDict

from smartgallery_tui.terminal import TerminalCaps
from smartgallery_tui.terminal.encode import Payload
from smartgallery_tui.ui.pictures.backends import (
    KITTY_BUDGET_BYTES,
    MOST_PICTURES,
    KittyBackend,
)
from smartgallery_tui.ui.pictures.wishes import PictureKey, Placed


def test_tiny_pictures_do_not_pile_up_in_the_terminal() -> None:
    backend = KittyBackend(TerminalCaps("kitty"))
    placed: OrderedDict[PictureKey, Placed] = OrderedDict()
    freed = ""
    for number in range(MOST_PICTURES + 50):
        key = PictureKey(number, b"", 0, 4, 2)
        payload = Payload(4, 2, 32, 24, b"png")
        backend.transmission(key, payload)
        placed[key] = backend.place(key, payload, "full")
        freed += backend.surplus(placed, [PictureKey(0, b"", 0, 4, 2)])
    assert len(placed) == MOST_PICTURES
    assert freed.count("a=d") == 50
    assert PictureKey(0, b"", 0, 4, 2) in placed, "what is shown stays"


def test_the_terminal_holds_no_more_decoded_pixels_than_its_budget() -> None:
    backend = KittyBackend(TerminalCaps("kitty"))
    placed: OrderedDict[PictureKey, Placed] = OrderedDict()
    large = Payload(100, 50, 1600, 900, b"png")
    room = KITTY_BUDGET_BYTES // large.decoded_bytes
    freed = ""
    for number in range(room + 3):
        key = PictureKey(number, b"", 0, 100, 50)
        backend.transmission(key, large)
        placed[key] = backend.place(key, large, "full")
        freed += backend.surplus(placed, [key])
    assert len(placed) == room
    assert freed.count("a=d") == 3
    assert next(iter(placed)).id == 3, "the oldest went"
    assert backend.free_all().count("a=d,d=I") == room, "and all of them at the end"

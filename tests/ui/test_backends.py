"""How payloads become cells, without a terminal."""

from __future__ import annotations

from collections import OrderedDict

from smartgallery_tui.terminal import TerminalCaps
from smartgallery_tui.terminal.encode import Payload
from smartgallery_tui.ui.pictures.backends import MOST_PICTURES, KittyBackend
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

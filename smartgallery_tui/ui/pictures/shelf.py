"""What the picture layer holds: wishes, encoded pictures, and pictures that can be drawn."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

from smartgallery_tui.ui.pictures.workers import Job

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smartgallery_tui.terminal.encode import Payload, Quality
    from smartgallery_tui.ui.pictures.wishes import PictureKey, PictureOwner, Placed, Wishes

PAYLOAD_BUDGET_BYTES = 32 * 1024 * 1024
"""Encoded pictures kept in memory."""


class Shelf:
    """Pictures on their way from a wish to the screen."""

    def __init__(self) -> None:
        self._owners: dict[PictureOwner, Wishes] = {}
        self._payloads: OrderedDict[tuple[PictureKey, Quality], Payload] = OrderedDict()
        self._placed: OrderedDict[PictureKey, Placed] = OrderedDict()
        self._failed: dict[PictureKey, str] = {}
        self._running: set[Job] = set()

    def placed(self, key: PictureKey) -> Placed | None:
        """Return a picture that can be drawn now, or None."""
        found = self._placed.get(key)
        if found is not None:
            self._placed.move_to_end(key)
        return found

    def problem(self, key: PictureKey) -> str | None:
        """Return why a picture cannot be shown, or None."""
        return self._failed.get(key)

    def visible_wishes(self) -> Iterator[tuple[PictureOwner, PictureKey]]:
        """Yield what is on screens, the newest widget first."""
        for owner, wishes in list(self._owners.items()):
            for key in wishes.visible:
                yield owner, key

    def best_payload(self, key: PictureKey, *, is_low: bool) -> Payload | None:
        """Return the encoded picture that is placed."""
        return self._payloads.get((key, "low" if is_low else "full"))

    def _is_missing(self, key: PictureKey, quality: Quality) -> bool:
        return (
            key not in self._failed
            and (key, quality) not in self._payloads
            and Job(key, quality) not in self._running
        )

    def _store(self, key: PictureKey, quality: Quality, payload: Payload) -> None:
        """Keep an encoded picture; the ones used longest ago make room."""
        self._payloads[key, quality] = payload
        held = sum(len(payload.data) for payload in self._payloads.values())
        while held > PAYLOAD_BUDGET_BYTES and len(self._payloads) > 1:
            _, dropped = self._payloads.popitem(last=False)
            held -= len(dropped.data)

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
SHARED_BUDGET_BYTES = 128 * 1024 * 1024
"""The same where they are plain pixels in files that the terminal reads."""

MOST_FAILED = 5_000
"""Pictures that cannot be made and are remembered as such; one forgotten is tried again."""


class Shelf:
    """Pictures on their way from a wish to the screen."""

    def __init__(self) -> None:
        self.owners: dict[PictureOwner, Wishes] = {}
        """What widgets want, the newest widget first."""
        self.payloads: OrderedDict[tuple[PictureKey, Quality], Payload] = OrderedDict()
        """What can be sent."""
        self.placed: OrderedDict[PictureKey, Placed] = OrderedDict()
        """What can be drawn."""
        self.failed: dict[PictureKey, str] = {}
        """Why a picture cannot be made."""
        self.running: set[Job] = set()
        """What threads work on."""

    def visible_wishes(self) -> Iterator[tuple[PictureOwner, PictureKey]]:
        """Yield what is on screens, the newest widget first."""
        for owner, wishes in list(self.owners.items()):
            for key in wishes.visible:
                yield owner, key

    def owners_of(self, key: PictureKey) -> list[PictureOwner]:
        """Return the widgets that show a picture."""
        return [owner for owner, wanted in self.visible_wishes() if wanted == key]

    def is_missing(self, key: PictureKey, quality: Quality) -> bool:
        """Tell whether a picture is still to be made and nobody makes it."""
        return (
            key not in self.failed
            and (key, quality) not in self.payloads
            and Job(key, quality) not in self.running
        )

    def store(self, key: PictureKey, quality: Quality, payload: Payload) -> None:
        """Keep an encoded picture; the ones used longest ago make room."""
        self.payloads[key, quality] = payload
        held = sum(payload.held_bytes for payload in self.payloads.values())
        budget = SHARED_BUDGET_BYTES if payload.file else PAYLOAD_BUDGET_BYTES
        while held > budget and len(self.payloads) > 1:
            _, dropped = self.payloads.popitem(last=False)
            held -= dropped.held_bytes

    def fail(self, key: PictureKey, reason: str) -> None:
        """Remember why a picture cannot be made, and forget the oldest of too many."""
        self.failed[key] = reason
        if len(self.failed) > MOST_FAILED:
            del self.failed[next(iter(self.failed))]

    def forget_encoded(self) -> None:
        """Drop what was made for another terminal."""
        self.payloads.clear()
        self.failed.clear()

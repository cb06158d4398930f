"""What is made next and what is sent next: the most wanted, in the quality that the link takes."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from smartgallery_tui.ui.pictures.wishes import Wishes
from smartgallery_tui.ui.pictures.workers import Job

if TYPE_CHECKING:
    from smartgallery_tui.terminal.caps import Protocol
    from smartgallery_tui.terminal.encode import Payload, Quality
    from smartgallery_tui.terminal.pacing import Pacer
    from smartgallery_tui.ui.pictures.shelf import Shelf
    from smartgallery_tui.ui.pictures.wishes import PictureKey

REFINE_AFTER_S = 0.8
"""On a slow link better versions wait until the cursor has rested for so long."""
FULL_AFTER_S = 2.0
"""A large sixel gets all its colours, however slow the link, once nobody has acted for so long."""
MOST_AHEAD = 2


class Priorities:
    """Chooses among what the shelf holds.

    Args:
        shelf: Wishes and pictures.
        pacer: Knows how fast the link is.
        protocol: How pictures are drawn.
    """

    def __init__(self, shelf: Shelf, pacer: Pacer, protocol: Protocol) -> None:
        self.protocol = protocol
        self.is_resting = False
        """Nothing was wanted, made or sent for a while: large pictures may be sent ahead."""
        self._shelf = shelf
        self._pacer = pacer
        self._last_want_s = 0.0

    def note_want(self) -> None:
        """Note that somebody acts."""
        self._last_want_s = time.monotonic()

    @property
    def is_low_first(self) -> bool:
        """Tell whether a picture is sent in low quality first."""
        return self.protocol not in {"halfblock", "none"} and self._pacer.is_slow

    @property
    def best(self) -> Quality:
        """Return the quality in which a picture is sent that is not sent in low quality first.

        A sixel takes its full bytes each time it is drawn: a slow link gets fewer colours, of
        large pictures until nobody acts any more.
        """
        return "fair" if self.protocol == "sixel" and self._pacer.is_slow else "full"

    def next_to_send(self) -> tuple[PictureKey, Payload, Quality] | None:
        """Return the picture to send now, or None."""
        is_refining = self._may_refine()
        payloads = self._shelf.payloads
        for _, key in self._shelf.visible_wishes():
            if self._is_needless(key):
                continue
            quality = self._quality(key, is_refining=is_refining)
            payload = payloads.get((key, quality)) if quality else None
            if quality and payload is not None:
                payloads.move_to_end((key, quality))
                return key, payload, quality
        return self._next_ahead()

    def _is_needless(self, key: PictureKey) -> bool:
        """Tell whether a stand-in costs as much as the sharp picture, which is there already."""
        is_stand_in = self.protocol == "halfblock" and key.is_preview
        return is_stand_in and (replace(key, is_sharp=True), "full") in self._shelf.payloads

    def next_job(self) -> Job | None:
        """Return the most wanted picture that nobody works on, or None."""
        is_refining = self._may_refine()
        is_fine = not self._pacer.is_slow
        for wishes in self._shelf.owners.values():
            # Encoding a large picture would hold the thumbnail up that stands in for it.
            has_stand_in = all(self._is_done(key) for key in wishes.visible if key.is_preview)
            for key in wishes.visible:
                quality = self._quality(key, is_refining=is_refining)
                is_missing = quality and self._shelf.is_missing(key, quality)
                if quality and is_missing and (has_stand_in or key.is_preview):
                    return Job(key, quality, is_fine=is_fine)
        being_made = {job.key for job in self._shelf.running}
        if any(key in being_made for _, key in self._shelf.visible_wishes()):
            return None  # what somebody waits for gets the processor to itself
        for wishes in self._shelf.owners.values():
            for key in wishes.ahead:
                quality = "low" if self.is_low_first else "full"
                if self._shelf.is_missing(key, quality):
                    return Job(key, quality, is_fine=is_fine)
        return None

    def _next_ahead(self) -> tuple[PictureKey, Payload, Quality] | None:
        """Return a large picture that will probably be shown next, if the link has long been idle.

        Only where the terminal keeps pictures, and no more than the next two.
        """
        if self.protocol != "kitty" or self.is_low_first or not self.is_resting:
            return None
        if not (self._may_refine() and self._pacer.is_idle):
            return None
        wishes = next(iter(self._shelf.owners.values()), Wishes())
        sharp = [key for key in wishes.ahead if key.is_sharp] if wishes.sends_ahead else []
        for key in sharp[:MOST_AHEAD]:
            payload = self._shelf.payloads.get((key, "full"))
            if payload is not None and key not in self._shelf.placed:
                return key, payload, "full"
        return None

    def _quality(self, key: PictureKey, *, is_refining: bool) -> Quality | None:
        """Return the quality in which a picture should be sent next, or None if it need not be."""
        shown = self._shelf.placed.get(key)
        if shown is None:
            return "low" if self.is_low_first else self.best
        return self._better(key, shown.quality) if is_refining else None

    def _better(self, key: PictureKey, quality: Quality) -> Quality | None:
        """Return the quality that follows the one in which a picture is shown."""
        if quality == "low":
            return self.best
        is_still = time.monotonic() - self._last_want_s >= FULL_AFTER_S
        may_be_full = self.best == "full" or (key.is_sharp and is_still)
        return "full" if quality == "fair" and may_be_full else None

    def _may_refine(self) -> bool:
        """Tell whether all is there at least in low quality and, on a slow link, nobody acts."""
        if self.is_low_first and time.monotonic() - self._last_want_s < REFINE_AFTER_S:
            return False
        return all(self._is_done(key) for _, key in self._shelf.visible_wishes())

    def _is_done(self, key: PictureKey) -> bool:
        """Tell whether a picture can be drawn, or never will."""
        return key in self._shelf.placed or key in self._shelf.failed

"""The question whether to take in user data that another library left on the volume."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from textual.content import Content

from smartgallery_tui.ui import format as words
from smartgallery_tui.ui.content import line
from smartgallery_tui.ui.screens.popup import GRACE_S, ChoicePopup

if TYPE_CHECKING:
    from textual import events

    from smartgallery_tui.records.keeping import RestoreOffer

RESTORE, LATER, NEVER = "restore", "later", "never"
_CHOICES = (
    ("r", RESTORE, Content("restore: add what is not here yet")),
    ("n", LATER, Content("not now: ask at the next start")),
    ("x", NEVER, Content("never ask for this copy again")),
)


class RestorePopup(ChoicePopup):
    """Says what lies on the volume, from when and how much; keys typed too early do nothing.

    Args:
        offer: What was found.
        grace_s: How long keys are ignored after opening.
    """

    def __init__(self, offer: RestoreOffer, *, grace_s: float = GRACE_S) -> None:
        super().__init__(
            "User data of another machine",
            _CHOICES,
            current=LATER,
            body=Content("\n").join([line(f"in {offer.root}"), line(summary(offer))]),
            foot="Nothing newer of yours is replaced; u takes all of it back.",
        )
        self._opened_s = time.monotonic()
        self._grace_s = grace_s

    def on_key(self, event: events.Key) -> None:
        """Take a choice by its key, unless nobody can have read the question yet."""
        if time.monotonic() - self._opened_s < self._grace_s:
            event.stop()
            event.prevent_default()
        else:
            super().on_key(event)


def summary(offer: RestoreOffer) -> str:
    """Return how much is offered and from when: `312 marked files, 1 album, last changed ...`."""
    parts = [words.count(*each) for each in offer.brings]
    return f"{', '.join(parts)}, last changed {words.date(offer.updated_ns)}"

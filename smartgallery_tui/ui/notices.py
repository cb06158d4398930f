"""What the program has said: each notice once while it is up, all of them to be read again."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smartgallery_tui.records import Severity

LASTS_S: dict[Severity, float] = {"information": 5, "warning": 5, "error": 7}
"""How long a notice stays."""
KEPT = 200
"""Notices that can be read again."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing that was said."""

    text: str
    severity: Severity
    when_s: float
    """Seconds of the calendar."""


class Notices:
    """Remembers notices. The event loop owns it."""

    def __init__(self) -> None:
        self.history: deque[Notice] = deque(maxlen=KEPT)
        """All that was said, oldest first."""
        self.waiting: list[Notice] = []
        """Said while a dialog was open: shown once it is closed."""
        self._up: dict[str, tuple[Notice, float]] = {}

    def add(self, text: str, severity: Severity) -> Notice | None:
        """Note what is to be said; None where it is up already or waits."""
        if text in self._still_up() or any(notice.text == text for notice in self.waiting):
            return None
        notice = Notice(text, severity, time.time())
        self._up[text] = (notice, time.monotonic() + LASTS_S[severity])
        self.history.append(notice)
        return notice

    def note(self, text: str, severity: Severity) -> None:
        """Keep what is said in another place than a notice, to be read again."""
        self.history.append(Notice(text, severity, time.time()))

    def show(self, new: Sequence[Notice]) -> list[tuple[Notice, float]]:
        """Return what is to be on the screen from now on, each with the seconds that it stays.

        Of what is merely told only the newest stays: it is about the last thing that was done.
        """
        now = time.monotonic()
        for notice in new:
            self._up.pop(notice.text, None)
            self._up[notice.text] = (notice, now + LASTS_S[notice.severity])
        told = [text for text, (notice, _) in self._up.items() if notice.severity == "information"]
        for text in told[:-1]:
            del self._up[text]
        return [(notice, until - now) for notice, until in self._still_up().values()]

    def clear(self) -> None:
        """Let everything be said again; the history stays."""
        self._up.clear()
        self.waiting.clear()

    def _still_up(self) -> dict[str, tuple[Notice, float]]:
        now = time.monotonic()
        self._up = {text: each for text, each in self._up.items() if each[1] > now}
        return self._up


@runtime_checkable
class HasNotices(Protocol):
    """An app that says things."""

    notices: Notices

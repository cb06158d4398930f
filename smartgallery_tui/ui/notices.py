"""What the program has said: each notice once while it is up, all of them to be read again."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
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
        self._up: dict[str, float] = {}

    @property
    def last(self) -> str:
        """The newest notice, or ""."""
        return self.history[-1].text if self.history else ""

    def add(self, text: str, severity: Severity) -> Notice | None:
        """Note what is to be said; None where it is up already or waits."""
        now = time.monotonic()
        is_waiting = any(notice.text == text for notice in self.waiting)
        if is_waiting or now < self._up.get(text, 0.0):
            return None
        self._up[text] = now + LASTS_S[severity]
        notice = Notice(text, severity, time.time())
        self.history.append(notice)
        return notice

    def take_waiting(self) -> list[Notice]:
        """Return what waited; each counts as up from now on."""
        found, self.waiting = self.waiting, []
        for notice in found:
            self._up[notice.text] = time.monotonic() + LASTS_S[notice.severity]
        return found

    def clear(self) -> None:
        """Let everything be said again; the history stays."""
        self._up.clear()
        self.waiting.clear()


@runtime_checkable
class HasNotices(Protocol):
    """An app that says things."""

    notices: Notices

"""The state of searching: the question, its ticket, how long answers take, where one came from."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from smartgallery_tui.ui.folding import Folds

if TYPE_CHECKING:
    from smartgallery_tui.records import SortKey

FAST_S = 0.016
"""Answers up to this long follow every key."""
LONGEST_WAIT_S = 0.3
"""The longest pause after a key before a search starts."""
_HISTORY = 50


@dataclass(frozen=True, slots=True)
class Question:
    """What is searched for, in which order, and where the cursor was."""

    text: str = ""
    sort: SortKey = "date"
    is_descending: bool = True
    is_typing: bool = False
    """The last word is still being typed."""
    seed: int = 0
    """Decides a random order."""
    item_id: int | None = None
    """The item under the cursor when the question was left."""
    line: int | None = None
    """On which row of cards it stood, counted from the top of the screen."""
    folds: Folds = field(default_factory=Folds)
    """Which groups are closed."""


@dataclass(slots=True)
class SearchDesk:
    """Numbers questions, so that only the newest answer counts, and remembers earlier ones."""

    asked: Question = field(default_factory=Question)
    ticket: int = 0
    answered: int = 0
    last_seconds: float = 0.0
    _past: deque[Question] = field(default_factory=lambda: deque(maxlen=_HISTORY))

    def ask(self, question: Question) -> int:
        """Return the ticket of a new question."""
        self.asked = question
        self.ticket += 1
        return self.ticket

    def accept(self, ticket: int, seconds: float) -> bool:
        """Tell whether an answer is the newest asked for, and note how long it took."""
        self.last_seconds = seconds
        if ticket != self.ticket:
            return False
        self.answered = ticket
        return True

    @property
    def is_waiting(self) -> bool:
        """True while the newest question has no answer."""
        return self.answered != self.ticket

    def wait_s(self) -> float:
        """Return how long to wait after a key: nothing while answers are fast."""
        if self.last_seconds <= FAST_S:
            return 0.0
        return min(LONGEST_WAIT_S, max(0.08, 2 * self.last_seconds))

    def leave(self, item_id: int | None, line: int | None = None) -> None:
        """Remember the question that is about to be replaced, its cursor and where that stood."""
        past = replace(self.asked, item_id=item_id, line=line, is_typing=False)
        if not self._past or self._past[-1].text != past.text:
            self._past.append(past)

    @property
    def last_item_id(self) -> int | None:
        """The item under the cursor when a question with an answer was left last."""
        return next((past.item_id for past in reversed(self._past) if past.item_id), None)

    def back(self) -> Question | None:
        """Return the question before, or None."""
        while self._past:
            past = self._past.pop()
            if (past.text, past.sort) != (self.asked.text, self.asked.sort):
                return past
        return None

"""What was read and is not written yet: rows that are made when they are needed."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from smartgallery_tui.index.rows import ReadRow


class Answer:
    """The rows of a chunk, made when they are asked for: by the thread that needs them.

    That of the database, in a scan. The thread that hands out files would take turns with it at
    the interpreter otherwise. Answers of one process are opened once each, in their order.

    Args:
        count: How many rows.
        make: Makes them.
    """

    def __init__(self, count: int, make: Callable[[], list[ReadRow]]) -> None:
        self._count = count
        self._make = make

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[ReadRow]:
        return iter(self.rows())

    def rows(self) -> list[ReadRow]:
        """Return the rows; ask once."""
        return self._make()


class Batch:
    """Answers that are written together."""

    def __init__(self) -> None:
        self._answers: list[Answer] = []
        self._begun_s = time.monotonic()
        self.count = 0
        """How many rows."""

    @property
    def age_s(self) -> float:
        """How long ago it was begun."""
        return time.monotonic() - self._begun_s

    def add(self, answer: Answer) -> None:
        """Add the rows of an answer."""
        self._answers.append(answer)
        self.count += len(answer)

    def parts(self, least: int) -> Iterator[tuple[list[ReadRow], bool]]:
        """Yield the rows of some answers, so many at least, and whether they are the last.

        They are made then: what is written at once is still in the processor's caches. Ask once.
        """
        rows: list[ReadRow] = []
        for place, answer in enumerate(self._answers, 1):
            rows += answer.rows()
            is_last = place == len(self._answers)
            if len(rows) >= least or is_last:
                yield rows, is_last
                rows = []

"""Rows on their way into one table: many go with one statement."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import sqlite3

_MOST_VALUES: Final = 900
"""Of one statement: every SQLite takes so many."""
_FEWER: Final = 8
"""By how much the next statement takes fewer rows, for those that are left over."""


class Inserts:
    """Inserts rows, many with one statement: a third of the time goes into ending statements.

    Args:
        head: The statement up to VALUES.
        width: How many values of a row are given.
        tail: SQL of the values that end each row.
    """

    def __init__(self, head: str, width: int, tail: str = "") -> None:
        one = f"({', '.join('?' * width)}{tail})"
        most = _MOST_VALUES // width
        self._statements = [
            (count * width, f"{head} VALUES {', '.join([one] * count)}")
            for count in (most, most // _FEWER, 1)
        ]
        self.values: list[object] = []
        """Those of all rows that wait, one after the other."""

    def put_most(self, db: sqlite3.Connection) -> None:
        """Insert the rows that fill large statements; the others wait for more."""
        self._put(db, *self._statements[0])

    def put_all(self, db: sqlite3.Connection) -> None:
        """Insert all rows that wait."""
        for statement in self._statements:
            self._put(db, *statement)

    def _put(self, db: sqlite3.Connection, size: int, sql: str) -> None:
        values = self.values
        end = len(values) // size * size
        if end:
            db.executemany(sql, [values[at : at + size] for at in range(0, end, size)])
            del values[:end]

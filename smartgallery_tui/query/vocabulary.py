"""The words of all prompts, as the full-text index knows them."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

_LAST = "\U0010ffff"


def frequent(db: sqlite3.Connection, least: int) -> list[str]:
    """Return the words that at least so many texts hold, the most frequent first."""
    with _table(db):
        rows = db.execute(
            "SELECT term FROM temp.prompt_words WHERE doc >= ? ORDER BY doc DESC", (least,)
        )
        return [row[0] for row in rows.fetchall()]


def beginning_with(db: sqlite3.Connection, start: str, limit: int) -> list[str]:
    """Return up to `limit` words that begin with `start`."""
    with _table(db):
        rows = db.execute(
            "SELECT term FROM temp.prompt_words WHERE term >= ? AND term < ? LIMIT ?",
            (start, start + _LAST, limit),
        )
        return [row[0] for row in rows.fetchall()]


def alike(db: sqlite3.Connection, word: str, limit: int) -> list[str]:
    """Return words with the same first letter and about as long, the most frequent first."""
    with _table(db):
        rows = db.execute(
            "SELECT term FROM temp.prompt_words WHERE term >= ? AND term < ? "
            "AND length(term) BETWEEN ? AND ? ORDER BY doc DESC LIMIT ?",
            (word[0], word[0] + _LAST, len(word) - 2, len(word) + 2, limit),
        )
        return [row[0] for row in rows.fetchall()]


@contextmanager
def _table(db: sqlite3.Connection) -> Iterator[None]:
    # A vocabulary table is a view of the full-text index; it lives in the temporary schema of
    # this connection, which query_only would forbid.
    db.execute("PRAGMA query_only=0")
    try:
        db.execute(
            "CREATE VIRTUAL TABLE IF NOT EXISTS temp.prompt_words "
            "USING fts5vocab(main, texts_fts, row)"
        )
        yield
    finally:
        db.execute("PRAGMA query_only=1")

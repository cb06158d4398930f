"""The SQL functions that a query may call: the comparisons of `compare`, inside SQLite."""

from __future__ import annotations

import os
import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

from smartgallery_tui.errors import QueryTimeoutError
from smartgallery_tui.query.compare import begins_part, comparison, words_in
from smartgallery_tui.query.fields import extension_of, prefix_of
from smartgallery_tui.query.texts import deadline_guard
from tests.query.meaning import regex_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smartgallery_tui.query.ast import NameMode


@contextmanager
def query_functions(db: sqlite3.Connection) -> Iterator[None]:
    """Make the functions known to a connection while a query runs.

    `X REGEXP Y` ignores case, looks at the first part of a text only, and may take two seconds
    over all rows of the query.

    Raises:
        QueryTimeoutError: A regular expression took too long.
    """
    guard = deadline_guard()
    overrun: list[QueryTimeoutError] = []

    def regexp(pattern: str, text: str | None) -> bool:
        try:
            guard()
        except QueryTimeoutError as error:
            overrun.append(error)
            raise
        return text is not None and regex_in(pattern, text)

    db.create_function("regexp", 2, regexp, deterministic=True)
    db.create_function("sg_test", 4, _test, deterministic=True)
    db.create_function("sg_words", 3, _words, deterministic=True)
    db.create_function("sg_begins", 2, _begins, deterministic=True)
    db.create_function("sg_ext", 1, extension_of, deterministic=True)
    db.create_function("sg_prefix", 1, prefix_of, deterministic=True)
    try:
        yield
    except sqlite3.OperationalError as error:
        if overrun:
            raise overrun[0] from error
        raise


def _test(field: str, value: str, mode: NameMode, stored: str | bytes | None) -> bool:
    if not stored:
        return False
    text = os.fsdecode(stored) if isinstance(stored, bytes) else stored
    return comparison(field, value, mode)(text)


def _words(text: str | None, words: str, is_prefix: int) -> bool:
    return text is not None and words_in(text, words.split(" "), bool(is_prefix))


def _begins(name: str, words: str) -> bool:
    return begins_part(name, words.split(" "))

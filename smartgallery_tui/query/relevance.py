"""The order by relevance: how well each hit matches the words of the query."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartgallery_tui.query.ast import And, Or, Words
from smartgallery_tui.query.bitmaps import positions_of
from smartgallery_tui.query.texts import fts_phrase

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator

    from smartgallery_tui.query.ast import Node
    from smartgallery_tui.query.bitmaps import Bits
    from smartgallery_tui.query.loaded import Columns

_TEXT_WEIGHT = 1.0
_NAME_WEIGHT = 2.0


def by_relevance(
    db: sqlite3.Connection, node: Node, bits: Bits, columns: Columns, *, descending: bool
) -> list[int]:
    """Return the members of a set, best match of the query's words first, ties newest first."""
    positions = columns.positions
    hits = positions_of(bits, positions.count)
    scores = dict.fromkeys(hits, 0.0)
    dated = positions.between.dated
    for leaf in _wanted_words(node):
        for position, score in _scores(db, leaf, columns):
            if position in scores:
                scores[position] += score
    return sorted(hits, key=lambda p: (scores[p], dated(p)), reverse=descending)


def _wanted_words(node: Node) -> Iterator[Words]:
    """Yield the words that a hit should hold; what stands behind a minus does not count."""
    if isinstance(node, And | Or):
        for part in node.parts:
            yield from _wanted_words(part)
    elif isinstance(node, Words) and node.field in {"", "prompt"}:
        yield node


def _scores(db: sqlite3.Connection, leaf: Words, columns: Columns) -> Iterable[tuple[int, float]]:
    prompts = columns.prompts(db, 0)
    best: dict[int, float] = {}
    rows = db.execute(
        "SELECT rowid, bm25(texts_fts) FROM texts_fts WHERE texts_fts MATCH ?",
        (fts_phrase(leaf.words, leaf.is_prefix),),
    )
    for text_id, rank in rows:
        for position in prompts.users(text_id):
            best[position] = max(best.get(position, 0.0), _TEXT_WEIGHT - rank)
    if not leaf.field:
        named = columns.names(db).words(leaf)
        for position in positions_of(named, columns.positions.count):
            best[position] = best.get(position, 0.0) + _NAME_WEIGHT
    return best.items()

"""Search: the engine of the query room, set up for one open library."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import suppress
from typing import TYPE_CHECKING

from smartgallery_tui.errors import DatabaseError
from smartgallery_tui.query.engine import SearchEngine
from smartgallery_tui.query.fields import BY_ALIAS
from smartgallery_tui.query.result import Result

if TYPE_CHECKING:
    from collections.abc import Mapping

    from smartgallery_tui.index.roots import View
    from smartgallery_tui.library.context import Context

__all__ = ["Result", "close_engine", "query_aliases", "search_engine"]


def search_engine(context: Context) -> SearchEngine:
    """Return the engine for a library and the view that it has now, in step with its marks."""
    engine = SearchEngine(
        context.store.read,
        lambda: context.view,
        lambda: context.store.change_tokens()[1],
        context.scan_lock.locked,
        cache=context.cache_dir / _cache_name(context.view),
    )
    context.marks.listen(engine.marks_changed)
    return engine


def close_engine(engine: SearchEngine) -> None:
    """Keep what was read ahead for the next start."""
    with suppress(DatabaseError, sqlite3.Error):
        # Leaving must always work; a start without the cache reads the index.
        engine.close()


def query_aliases() -> Mapping[str, str]:
    """Return the other names of fields: alias to name."""
    return {alias: field.name for alias, field in BY_ALIAS.items() if alias != field.name}


def _cache_name(view: View) -> str:
    """Return the file for the columns of a view: several views of one library are common."""
    digest = hashlib.blake2b(repr((view.root_ids, view.prefixes)).encode(), digest_size=6)
    return f"search-{digest.hexdigest()}.cache"

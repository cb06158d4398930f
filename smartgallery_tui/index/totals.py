"""Totals of a view: what `stats` shows."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from smartgallery_tui.records import FacetValue, LibraryStats
from smartgallery_tui.records.keeping import DuplicateGroup
from smartgallery_tui.records.names import by_spelling, common_spellings

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping, Sequence

    from smartgallery_tui.index.roots import View

_OLD_NS = 30 * 24 * 3600 * 1_000_000_000
_SHOWN = "missing_since_ns IS NULL AND companion_of IS NULL"


def stats(db: sqlite3.Connection, view: View, now_ns: int) -> LibraryStats:
    """Return the totals of `view`; sizes of databases and trash are not known here."""
    where, params = view.where("f")
    total, favorites, workflows, missing, problems, unread, size_bytes = db.execute(
        f"SELECT count(*) FILTER (WHERE {_SHOWN}), "  # noqa: S608 - our own conditions
        f"count(*) FILTER (WHERE {_SHOWN} AND is_favorite), "
        f"count(*) FILTER (WHERE {_SHOWN} AND has_workflow), "
        "count(*) FILTER (WHERE missing_since_ns IS NOT NULL), "
        f"count(*) FILTER (WHERE {_SHOWN} AND problem IS NOT NULL), "
        f"count(*) FILTER (WHERE {_SHOWN} AND state = 'unread'), "
        f"coalesce(sum(size_bytes) FILTER (WHERE {_SHOWN}), 0) FROM files f WHERE {where}",
        params,
    ).fetchone()
    (unrated,) = db.execute(
        f"SELECT count(*) FROM files f WHERE {where} AND {_SHOWN} "  # noqa: S608 - our own conditions
        "AND rating = 0 AND mtime_ns < ?",
        (*params, now_ns - _OLD_NS),
    ).fetchone()
    kinds = _counted(db, "kind", where, params)
    months = _counted(
        db, "strftime('%Y-%m', f.mtime_ns / 1000000000, 'unixepoch', 'localtime')", where, params
    )
    models = _counted(db, "model", where, params)
    spellings = common_spellings(models)
    model_sizes = _counted(db, "model", where, params, what="sum(size_bytes)")
    loras = _loras(db, where, params)
    return LibraryStats(
        total_files=total, favorites=favorites, with_workflow=workflows, missing=missing,
        problems=problems, unread=unread, size_bytes=size_bytes,
        by_kind=dict(kinds),
        by_model=_named(models, spellings),
        by_month=tuple(sorted(months, reverse=True)),
        by_lora=_named(loras, common_spellings(loras)),
        by_sampler=_counted(db, "sampler", where, params),
        size_by_folder=_folder_sizes(db, where, params),
        size_by_model=_named(model_sizes, spellings),
        unrated_old=unrated,
    )  # fmt: skip


def duplicates(db: sqlite3.Connection, view: View) -> list[DuplicateGroup]:
    """Return the contents that more than one file of `view` has, largest first."""
    where, params = view.where("f")
    rows = db.execute(
        f"SELECT content_id, size_bytes, path FROM files f WHERE {where} AND {_SHOWN} "  # noqa: S608 - our own conditions
        "AND content_id IN (SELECT content_id FROM files WHERE content_id IS NOT NULL "
        f"AND {_SHOWN} GROUP BY content_id HAVING count(*) > 1) "
        "ORDER BY size_bytes DESC, content_id, mtime_ns, path",
        params,
    )
    found: dict[tuple[bytes, int], list[str]] = {}
    for content_id, size_bytes, path in rows:
        found.setdefault((content_id, size_bytes), []).append(os.fsdecode(path))
    return [
        DuplicateGroup(content_id, size_bytes, tuple(paths))
        for (content_id, size_bytes), paths in found.items()
        if len(paths) > 1
    ]


def _named(counts: Sequence[FacetValue], spellings: Mapping[str, str]) -> tuple[FacetValue, ...]:
    """Return counts with each name once, the greatest first."""
    merged = by_spelling(counts, spellings).items()
    return tuple([FacetValue(*each) for each in sorted(merged, key=lambda each: -each[1])])


def _loras(
    db: sqlite3.Connection, where: str, params: tuple[object, ...]
) -> tuple[FacetValue, ...]:
    rows = db.execute(
        "SELECT n.name, count(*) AS c FROM file_names u JOIN names n ON n.id = u.name_id "  # noqa: S608 - our own conditions
        f"JOIN files f ON f.id = u.file_id WHERE n.role = 'lora' AND {where} AND {_SHOWN} "
        "GROUP BY n.id ORDER BY c DESC, n.name",
        params,
    )
    return tuple([FacetValue(name, count) for name, count in rows])


def _folder_sizes(
    db: sqlite3.Connection, where: str, params: tuple[object, ...]
) -> tuple[FacetValue, ...]:
    rows = _counted(db, "f.folder_id", where, params, what="sum(size_bytes)")
    paths = dict(db.execute("SELECT id, path FROM folders").fetchall())
    return tuple(
        [FacetValue(os.fsdecode(paths[folder]), size) for folder, size in rows if folder in paths]
    )


def _counted(
    db: sqlite3.Connection,
    expression: str,
    where: str,
    params: tuple[object, ...],
    *,
    what: str = "count(*)",
) -> tuple[FacetValue, ...]:
    rows = db.execute(
        f"SELECT {expression} AS v, {what} AS n FROM files f "  # noqa: S608 - our own expressions
        f"WHERE {where} AND {_SHOWN} AND v IS NOT NULL GROUP BY v ORDER BY n DESC, v",
        params,
    )
    return tuple([FacetValue(value, count) for value, count in rows])

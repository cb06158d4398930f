"""Where the values of each field come from: SQL that gives (file id, value) rows.

All statements are constants; a restriction to some files is one JSON parameter.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from smartgallery_tui.query.columns import NumberColumn, TextColumn
from smartgallery_tui.query.fields import (
    NAME_ROLES,
    extension_of,
    frame_rate,
    orientation,
    prefix_of,
)
from smartgallery_tui.records.text_digest import text_digest

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from smartgallery_tui.query.positions import Positions

Row = tuple[int, Any]


@dataclass(frozen=True, slots=True)
class Source:
    """One query for a field."""

    sql: str
    """Selects the file id and one or more values; ends in a WHERE clause."""
    id_column: str
    convert: Callable[..., Iterable[Any]] | None = None
    """From the values of a row to the field's values; None: the one value as it is."""

    def rows(self, db: sqlite3.Connection, ids: Sequence[int] | None = None) -> Iterator[Row]:
        """Yield (file id, value); of the given files only, if there are any."""
        if ids is None:
            cursor = db.execute(self.sql)
        else:
            sql = f"{self.sql} AND {self.id_column} IN (SELECT value FROM json_each(?))"  # noqa: S608 - constants
            cursor = db.execute(sql, (json.dumps(list(ids)),))
        if self.convert is None:
            return cursor
        return self._converted(cursor, self.convert)

    @staticmethod
    def _converted(cursor: sqlite3.Cursor, convert: Callable[..., Iterable[Any]]) -> Iterator[Row]:
        for file_id, *values in cursor:
            for value in convert(*values):
                yield file_id, value


def _some(value: Any) -> tuple[Any, ...]:
    return () if value is None else (value,)


def _listed(text: str) -> list[str]:
    return text.split(",") if text else []


def _ratio(width: int, height: int) -> tuple[float, ...]:
    return (width / height,) if width and height else ()


def _file(columns: str, where: str, convert: Callable[..., Iterable[Any]] | None = None) -> Source:
    return Source(f"SELECT id, {columns} FROM files WHERE {where}", "id", convert)  # noqa: S608 - constants


def _pass(
    column: str, headline: str = "", convert: Callable[..., Any] | None = None
) -> tuple[Source, ...]:
    """Return the sources of a field of sampling passes; the headline's where there is no pass."""
    return (
        Source(
            f"SELECT file_id, {column} FROM workflow_metadata WHERE {column} IS NOT NULL",  # noqa: S608 - constants
            "file_id",
            convert,
        ),
        _file(headline or column, f"pass_count = 0 AND {headline or column} IS NOT NULL", convert),
    )


def _name(role: str) -> tuple[Source, ...]:
    return (
        Source(
            "SELECT u.file_id, n.name FROM names n JOIN file_names u ON u.name_id = n.id "  # noqa: S608 - constants
            f"WHERE n.role = '{role}'",
            "u.file_id",
        ),
    )


_NODES = Source(
    "SELECT f.id, n.name FROM files f JOIN node_set_names s ON s.set_id = f.node_set_id "
    "JOIN names n ON n.id = s.name_id WHERE 1",
    "f.id",
)


def _mark(column: str, where: str) -> tuple[Source, ...]:
    return (
        Source(
            f"SELECT f.id, m.{column} FROM user.marks m "  # noqa: S608 - constants
            f"CROSS JOIN files f ON f.content_id = m.content_id WHERE {where}",
            "f.id",
        ),
    )


def _label(table: str, key: str, names: str) -> tuple[Source, ...]:
    return (
        Source(
            f"SELECT f.id, n.name FROM user.{table} c JOIN user.{names} n ON n.id = c.{key} "  # noqa: S608 - constants
            "CROSS JOIN files f ON f.content_id = c.content_id WHERE 1",
            "f.id",
        ),
    )


def _texts(role: int) -> Source:
    return Source(
        f"SELECT file_id, 1 FROM file_texts WHERE role = {role} AND text_id NOT IN "  # noqa: S608 - constants
        f"(SELECT id FROM texts WHERE digest = {text_digest(b'')})",
        "file_id",
    )


def _seed(text: str) -> tuple[int, ...]:
    return (int(text),)


def _size(width: int, height: int) -> tuple[str, ...]:
    return (f"{width}x{height}",)


_DUPLICATES = """
SELECT id, 1 FROM files WHERE missing_since_ns IS NULL AND content_id IN (
  SELECT content_id FROM files WHERE content_id IS NOT NULL AND missing_since_ns IS NULL
  GROUP BY content_id HAVING count(*) > 1)"""

TEXT_SOURCES: Mapping[str, tuple[Source, ...]] = {
    **{role: _name(role) for role in NAME_ROLES},
    "node": (_NODES,),
    "sampler": _pass("sampler"),
    "scheduler": _pass("scheduler"),
    "kind": (_file("kind", "1"),),
    "format": (_file("format", "1"),),
    "ext": (_file("name", "1", lambda name: (extension_of(name),)),),
    "prefix": (_file("name", "instr(name, '_') > 0", lambda name: (prefix_of(name),)),),
    "generator": (_file("generator", "generator IS NOT NULL"),),
    "source": (_file("sources", "sources <> ''", _listed),),
    "problem": (_file("problem", "problem IS NOT NULL"),),
    "orient": (_file("width, height", "width > 0", lambda w, h: _some(orientation(w, h))),),
    "size": (
        _file("width, height", "width IS NOT NULL AND height IS NOT NULL", _size),
        Source(
            "SELECT file_id, width, height FROM workflow_metadata "
            "WHERE width IS NOT NULL AND height IS NOT NULL",
            "file_id",
            _size,
        ),
        _file(
            "gen_width, gen_height",
            "pass_count = 0 AND gen_width IS NOT NULL AND gen_height IS NOT NULL",
            _size,
        ),
    ),
    "folder": (
        Source(
            "SELECT f.id, d.path FROM files f JOIN folders d ON d.id = f.folder_id WHERE 1",
            "f.id",
            lambda path: (os.fsdecode(path),),
        ),
    ),
    "root": (
        Source(
            "SELECT f.id, r.path FROM files f JOIN roots r ON r.id = f.root_id WHERE 1",
            "f.id",
            lambda path: (os.fsdecode(path),),
        ),
    ),
    "status": _mark("status", "m.status <> ''"),
    "note": _mark("note", "m.note <> ''"),
    "tag": _label("content_tags", "tag_id", "tags"),
    "album": _label("album_items", "album_id", "albums"),
}
"""Fields whose values are texts."""
NUMBER_SOURCES: Mapping[str, tuple[Source, ...]] = {
    "steps": _pass("steps"),
    "cfg": _pass("cfg"),
    "guidance": _pass("guidance"),
    "denoise": _pass("denoise"),
    "seed": _pass("seed", convert=_seed),
    "size": (_file("size_bytes", "1"),),
    "w": (_file("width", "width IS NOT NULL"), *_pass("width", "gen_width")),
    "h": (_file("height", "height IS NOT NULL"), *_pass("height", "gen_height")),
    "ratio": (_file("width, height", "width > 0 AND height > 0", _ratio),),
    "duration": (_file("duration_ms", "duration_ms IS NOT NULL"),),
    "fps": (
        _file(
            "frame_rate, frames, duration_ms",
            "frame_rate IS NOT NULL OR frames IS NOT NULL",
            lambda rate, frames, length: _some(frame_rate(rate, frames, length)),
        ),
    ),
    "rating": _mark("rating", "m.rating > 0"),
}
"""Fields whose values are numbers."""
FLAG_SOURCES: Mapping[str, Source] = {
    "fav": _mark("is_favorite", "m.is_favorite = 1")[0],
    "workflow": _file("1", "has_workflow = 1"),
    "metadata": _file("1", "sources <> ''"),
    "dup": Source(_DUPLICATES, "id"),
    "prompt": _texts(0),
    "neg": _texts(1),
}
"""Questions with yes or no."""
MARK_FIELDS = frozenset({"status", "note", "tag", "album", "rating", "fav"})
"""Fields that live in user.db."""


def text_column(db: sqlite3.Connection, field: str, positions: Positions) -> TextColumn:
    """Return the values of a text field over all positions."""
    rows = _all(db, TEXT_SOURCES[field])
    return TextColumn(positions.pairs(rows), positions.count)


def number_column(db: sqlite3.Connection, field: str, positions: Positions) -> NumberColumn:
    """Return the values of a number field over all positions."""
    rows = _all(db, NUMBER_SOURCES[field])
    return NumberColumn(positions.pairs(rows), positions.count)


def changed_values(
    db: sqlite3.Connection, sources: Sequence[Source], positions: Positions, ids: Sequence[int]
) -> list[tuple[int, Any]]:
    """Return (position, value) of some files."""
    return list(dict.fromkeys(positions.pairs(_all(db, sources, ids))))


def _all(
    db: sqlite3.Connection, sources: Sequence[Source], ids: Sequence[int] | None = None
) -> Iterator[Row]:
    for source in sources:
        yield from source.rows(db, ids)


def decode_path(path: bytes) -> str:
    """Return a stored path as text; undecodable bytes as surrogates."""
    return os.fsdecode(path)

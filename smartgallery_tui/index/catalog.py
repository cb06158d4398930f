"""Reads of index.db that are not queries: items by id, contents, paths."""

from __future__ import annotations

import os
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, cast

from smartgallery_tui.records import Item

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping, Sequence

    from smartgallery_tui.records import GroupField, Kind, State, Status

ITEM_COLUMNS: Final = (
    "f.id, f.path, f.name, f.kind, f.format, f.size_bytes, f.mtime_ns, f.content_id, "
    "CASE WHEN f.missing_since_ns IS NULL THEN f.state ELSE 'missing' END, f.width, f.height, "
    "f.duration_ms, f.frames, f.problem, f.generator, f.sources, f.prompt_preview, f.model, "
    "f.sampler, f.scheduler, f.cfg, f.steps, f.seed, f.guidance, f.pass_count, f.is_favorite, "
    "f.rating, f.status, "
    "EXISTS (SELECT 1 FROM user.marks m WHERE m.content_id = f.content_id AND m.note != '')"
)
"""What `item_of` takes, for an alias `f` of files."""
_PAGE: Final = 500
_GROUP_COLUMNS: Final[Mapping[GroupField, str]] = MappingProxyType(
    {"day": "mtime_ns", "folder": "path", "model": "model", "prompt": "prompt_preview"}
)


def item_of(row: Sequence[Any], companions: tuple[str, ...] = ()) -> Item:
    """Return the item of a row of `ITEM_COLUMNS`."""
    path, seed = os.fsdecode(row[1]), row[22]
    return Item(
        id=row[0], path=path, name=path.rsplit("/", 1)[-1], kind=cast("Kind", row[3]),
        format=row[4], size_bytes=row[5], mtime_ns=row[6], content_id=row[7] or b"",
        state=cast("State", row[8]), width=row[9], height=row[10], duration_ms=row[11],
        frames=row[12], problem=row[13], generator=row[14],
        sources=tuple(row[15].split(",")) if row[15] else (), prompt_preview=row[16],
        model=row[17], sampler=row[18], scheduler=row[19], cfg=row[20], steps=row[21],
        seed=None if seed is None else int(seed), guidance=row[23], pass_count=row[24],
        is_favorite=bool(row[25]), rating=row[26], status=cast("Status", row[27]),
        companions=companions, has_note=bool(row[28]),
    )  # fmt: skip


def items(db: sqlite3.Connection, ids: Sequence[int]) -> list[Item]:
    """Return the items of `ids` in that order; ids that are gone are left out."""
    found: dict[int, Item] = {}
    for start in range(0, len(ids), _PAGE):
        part = ids[start : start + _PAGE]
        marks = ",".join("?" * len(part))
        rows = db.execute(
            f"SELECT {ITEM_COLUMNS} FROM files f WHERE f.id IN ({marks})",  # noqa: S608 - question marks only
            tuple(part),
        ).fetchall()
        videos = [row[0] for row in rows if row[3] == "video"]
        companions = _companions(db, videos) if videos else {}
        for row in rows:
            found[row[0]] = item_of(row, companions.get(row[0], ()))
    return [found[item_id] for item_id in ids if item_id in found]


def group_values(db: sqlite3.Connection, ids: Sequence[int], by: GroupField) -> list[int | str]:
    """Return what files have in common with others, in the order of `ids`.

    Of a day that is the time in nanoseconds, of a folder its path; "" where a file has nothing.
    """
    column = _GROUP_COLUMNS[by]
    found: dict[int, Any] = {}
    for start in range(0, len(ids), _PAGE):
        part = ids[start : start + _PAGE]
        marks = ",".join("?" * len(part))
        found.update(
            db.execute(
                f"SELECT id, {column} FROM files WHERE id IN ({marks})",  # noqa: S608 - our own names
                tuple(part),
            )
        )
    if by == "folder":
        found = {key: os.fsdecode(path).rpartition("/")[0] for key, path in found.items()}
    return [found.get(item_id) or "" for item_id in ids]


def _companions(db: sqlite3.Connection, ids: list[int]) -> dict[int, tuple[str, ...]]:
    marks = ",".join("?" * len(ids))
    rows = db.execute(
        "SELECT companion_of, path FROM files INDEXED BY file_companion "  # noqa: S608 - question marks only
        f"WHERE companion_of IN ({marks}) AND missing_since_ns IS NULL ORDER BY path",
        ids,
    )
    found: dict[int, list[str]] = {}
    for owner, path in rows:
        found.setdefault(owner, []).append(os.fsdecode(path))
    return {owner: tuple(paths) for owner, paths in found.items()}


def content_ids(db: sqlite3.Connection, ids: Iterable[int]) -> dict[int, bytes]:
    """Return the content of each file that has been read."""
    listed = list(ids)
    found: dict[int, bytes] = {}
    for start in range(0, len(listed), _PAGE):
        part = listed[start : start + _PAGE]
        marks = ",".join("?" * len(part))
        found.update(
            db.execute(
                f"SELECT id, content_id FROM files WHERE id IN ({marks}) "  # noqa: S608 - question marks only
                "AND content_id IS NOT NULL",
                part,
            ).fetchall()
        )
    return {file_id: found[file_id] for file_id in listed if file_id in found}


def places(db: sqlite3.Connection, ids: Sequence[int]) -> dict[int, tuple[bytes | None, str]]:
    """Return content (None: not read yet) and path of files; ids that are gone are left out."""
    found: dict[int, tuple[bytes | None, str]] = {}
    for start in range(0, len(ids), _PAGE):
        part = ids[start : start + _PAGE]
        sql = f"SELECT id, content_id, path FROM files WHERE id IN ({','.join('?' * len(part))})"  # noqa: S608 - question marks only
        for file_id, content, path in db.execute(sql, part):
            found[file_id] = content, os.fsdecode(path)
    return found


def read_ns(db: sqlite3.Connection, file_id: int) -> int | None:
    """Return when a file was read last; None where nobody noted it."""
    row = db.execute("SELECT read_ns FROM files WHERE id=?", (file_id,)).fetchone()
    return row[0] if row else None


def places_of_contents(db: sqlite3.Connection, contents: Sequence[bytes]) -> list[tuple[int, str]]:
    """Return id and path of the files that hold any of some contents, by id."""
    found: list[tuple[int, str]] = []
    for start in range(0, len(contents), _PAGE):
        part = contents[start : start + _PAGE]
        sql = f"SELECT id, path FROM files WHERE content_id IN ({','.join('?' * len(part))})"  # noqa: S608 - question marks only
        found += [(file_id, os.fsdecode(path)) for file_id, path in db.execute(sql, part)]
    return sorted(found)


def find_path(db: sqlite3.Connection, path: str) -> int | None:
    """Return the id of the file at `path`, or None."""
    row = db.execute("SELECT id FROM files WHERE path=?", (os.fsencode(path),)).fetchone()
    return None if row is None else int(row[0])

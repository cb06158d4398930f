"""Reads of index.db that are not queries: items by id, generations, paths, totals."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any, Final, cast

from smartgallery_tui.records import Generation, Headline, Item, LoraUse, NameUse, SamplingPass

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence

    from smartgallery_tui.records import Kind, NameRole, State, Status

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


def generation(db: sqlite3.Connection, file_id: int) -> Generation | None:
    """Return what was understood of a file when it was read; None for an unknown id."""
    row = db.execute(
        "SELECT generator, sources, has_headline, model, sampler, scheduler, steps, cfg, "
        "guidance, denoise, seed, gen_width, gen_height, headline_extra, problem "
        "FROM files WHERE id=?",
        (file_id,),
    ).fetchone()
    if row is None:
        return None
    texts = dict(
        db.execute(
            "SELECT t.id, t.body FROM file_texts ft JOIN texts t ON t.id = ft.text_id "
            "WHERE ft.file_id=?",
            (file_id,),
        )
    )
    return Generation(
        generator=row[0],
        sources=tuple(row[1].split(",")) if row[1] else (),
        headline=_headline(db, file_id, row, texts) if row[2] else None,
        passes=_passes(db, file_id, texts),
        names=_names(db, file_id),
        problem=row[14],
    )


def _headline(
    db: sqlite3.Connection, file_id: int, row: Sequence[Any], texts: dict[int, str]
) -> Headline:
    prompts: tuple[list[str], list[str]] = ([], [])
    for role, text_id in db.execute(
        "SELECT role, text_id FROM file_texts WHERE file_id=? AND rank IS NOT NULL ORDER BY rank",
        (file_id,),
    ):
        prompts[role].append(texts[text_id])
    models, loras = _extra(row[13], row[3])
    return Headline(
        models=models, loras=loras, model=row[3], sampler=row[4], scheduler=row[5], steps=row[6],
        cfg=row[7], guidance=row[8], denoise=row[9], seed=_seed(row[10]),
        positive=tuple(prompts[0]), negative=tuple(prompts[1]), width=row[11], height=row[12],
    )  # fmt: skip


def _passes(
    db: sqlite3.Connection, file_id: int, texts: dict[int, str]
) -> tuple[SamplingPass, ...]:
    rows = db.execute(
        "SELECT node, class_type, model, sampler, scheduler, steps, cfg, guidance, denoise, seed, "
        "width, height, positive, negative, extra FROM workflow_metadata WHERE file_id=? "
        "ORDER BY pass_index",
        (file_id,),
    )
    return tuple([_pass(row, texts) for row in rows])


def _pass(row: Sequence[Any], texts: dict[int, str]) -> SamplingPass:
    models, loras = _extra(row[14], row[2])
    return SamplingPass(
        node=row[0], class_type=row[1], models=models, loras=loras, sampler=row[3],
        scheduler=row[4], steps=row[5], cfg=row[6], guidance=row[7], denoise=row[8],
        seed=_seed(row[9]), positive=_bodies(row[12], texts), negative=_bodies(row[13], texts),
        width=row[10], height=row[11],
    )  # fmt: skip


def _names(db: sqlite3.Connection, file_id: int) -> tuple[NameUse, ...]:
    rows = db.execute(
        "SELECT n.role, n.name, u.strength_model, u.strength_clip FROM file_names u "
        "JOIN names n ON n.id = u.name_id WHERE u.file_id=?1 "
        "UNION ALL SELECT n.role, n.name, NULL, NULL FROM files f "
        "JOIN node_set_names s ON s.set_id = f.node_set_id JOIN names n ON n.id = s.name_id "
        "WHERE f.id=?1 ORDER BY 1, 2",
        (file_id,),
    )
    return tuple([NameUse(cast("NameRole", row[0]), *row[1:]) for row in rows])


def _extra(text: str, model: str | None) -> tuple[tuple[str, ...], tuple[LoraUse, ...]]:
    if not text:
        return ((model,) if model is not None else ()), ()
    data = json.loads(text)
    loras = [LoraUse(use[0], use[1], use[2], bool(use[3])) for use in data["loras"]]
    return tuple(data["models"]), tuple(loras)


def _bodies(ids: str, texts: dict[int, str]) -> tuple[str, ...]:
    return tuple([texts[int(text_id)] for text_id in ids.split()])


def _seed(text: str | None) -> int | None:
    return None if text is None else int(text)


def content_ids(db: sqlite3.Connection, ids: Iterable[int]) -> dict[int, bytes]:
    """Return the content of each file that has been read."""
    out: dict[int, bytes] = {}
    for file_id in ids:
        row = db.execute("SELECT content_id FROM files WHERE id=?", (file_id,)).fetchone()
        if row is not None and row[0] is not None:
            out[file_id] = row[0]
    return out


def ids_of_contents(db: sqlite3.Connection, contents: Iterable[bytes]) -> list[int]:
    """Return the files that hold any of some contents, by id."""
    found: list[int] = []
    for content in contents:
        rows = db.execute("SELECT id FROM files WHERE content_id=?", (content,))
        found += [row[0] for row in rows]
    return sorted(found)


def find_path(db: sqlite3.Connection, path: str) -> int | None:
    """Return the id of the file at `path`, or None."""
    row = db.execute("SELECT id FROM files WHERE path=?", (os.fsencode(path),)).fetchone()
    return None if row is None else int(row[0])

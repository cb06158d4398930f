"""What was understood of files when they were read, for many files at a time.

Each table is asked once for a whole list of files: a query for each file would cost more than the
rows themselves.
"""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

from smartgallery_tui.records import Generation, Headline, LoraUse, NameUse, SamplingPass

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping, Sequence

    from smartgallery_tui.records import NameRole

_FILES: Final = (
    "SELECT id, generator, sources, has_headline, model, sampler, scheduler, steps, cfg, "
    "guidance, denoise, seed, gen_width, gen_height, headline_extra, problem "
    "FROM files WHERE id IN ({})"
)
_PROMPTS: Final = (
    "SELECT file_id, role, text_id, rank FROM file_texts WHERE file_id IN ({}) "
    "ORDER BY file_id, rank"
)
_TEXTS: Final = "SELECT id, body FROM texts WHERE id IN (SELECT value FROM json_each(?))"
_PASSES: Final = (
    "SELECT file_id, node, class_type, model, sampler, scheduler, steps, cfg, guidance, denoise, "
    "seed, width, height, positive, negative, extra FROM workflow_metadata "
    "WHERE file_id IN ({}) ORDER BY file_id, pass_index"
)
_NAMES: Final = (
    "SELECT u.file_id, n.role, n.name, u.strength_model, u.strength_clip FROM file_names u "
    "JOIN names n ON n.id = u.name_id WHERE u.file_id IN ({}) "
    "UNION ALL SELECT f.id, n.role, n.name, NULL, NULL FROM files f "
    "JOIN node_set_names s ON s.set_id = f.node_set_id JOIN names n ON n.id = s.name_id "
    "WHERE f.id IN ({}) ORDER BY 1, 2, 3"
)
_PAGE: Final = 500


class _Parts(NamedTuple):
    """The rows of some files, by table."""

    prompts: Mapping[int, Sequence[tuple[int, int]]]
    """(role, text id) of each headline, in order."""
    texts: Mapping[int, str]
    passes: Mapping[int, Sequence[Sequence[Any]]]
    names: Mapping[int, Sequence[NameUse]]


def generations(db: sqlite3.Connection, ids: Sequence[int]) -> dict[int, Generation]:
    """Return what was understood of each file; ids that are gone are left out."""
    found: dict[int, Generation] = {}
    for start in range(0, len(ids), _PAGE):
        part = tuple(ids[start : start + _PAGE])
        parts = _parts(db, part)
        for row in db.execute(_FILES.format(_marks(part)), part):
            found[row[0]] = _generation(row[0], row[1:], parts)
    return found


def _marks(ids: Sequence[int]) -> str:
    return ",".join("?" * len(ids))


def _parts(db: sqlite3.Connection, ids: tuple[int, ...]) -> _Parts:
    marks = _marks(ids)
    prompts: dict[int, list[tuple[int, int]]] = defaultdict(list)
    text_ids: set[int] = set()
    for file_id, role, text_id, rank in db.execute(_PROMPTS.format(marks), ids):
        text_ids.add(text_id)
        if rank is not None:
            prompts[file_id].append((role, text_id))
    passes: dict[int, list[Sequence[Any]]] = defaultdict(list)
    for row in db.execute(_PASSES.format(marks), ids):
        passes[row[0]].append(row[1:])
    names: dict[int, list[NameUse]] = defaultdict(list)
    for row in db.execute(_NAMES.format(marks, marks), ids * 2):
        names[row[0]].append(NameUse(cast("NameRole", row[1]), *row[2:]))
    texts = dict(db.execute(_TEXTS, (json.dumps(list(text_ids)),)).fetchall())
    return _Parts(prompts, texts, passes, names)


def _generation(file_id: int, row: Sequence[Any], parts: _Parts) -> Generation:
    return Generation(
        generator=row[0],
        sources=tuple(row[1].split(",")) if row[1] else (),
        headline=_headline(row, parts.prompts.get(file_id, ()), parts.texts) if row[2] else None,
        passes=tuple([_pass(each, parts.texts) for each in parts.passes.get(file_id, ())]),
        names=tuple(parts.names.get(file_id, ())),
        problem=row[14],
    )


def _headline(
    row: Sequence[Any], used: Sequence[tuple[int, int]], texts: Mapping[int, str]
) -> Headline:
    prompts: tuple[list[str], list[str]] = ([], [])
    for role, text_id in used:
        prompts[role].append(texts[text_id])
    models, loras = _extra(row[13], row[3])
    return Headline(
        models=models, loras=loras, model=row[3], sampler=row[4], scheduler=row[5], steps=row[6],
        cfg=row[7], guidance=row[8], denoise=row[9], seed=_seed(row[10]),
        positive=tuple(prompts[0]), negative=tuple(prompts[1]), width=row[11], height=row[12],
    )  # fmt: skip


def _pass(row: Sequence[Any], texts: Mapping[int, str]) -> SamplingPass:
    models, loras = _extra(row[14], row[2])
    return SamplingPass(
        node=row[0], class_type=row[1], models=models, loras=loras, sampler=row[3],
        scheduler=row[4], steps=row[5], cfg=row[6], guidance=row[7], denoise=row[8],
        seed=_seed(row[9]), positive=_bodies(row[12], texts), negative=_bodies(row[13], texts),
        width=row[10], height=row[11],
    )  # fmt: skip


def _extra(text: str, model: str | None) -> tuple[tuple[str, ...], tuple[LoraUse, ...]]:
    if not text:
        return ((model,) if model is not None else ()), ()
    data = json.loads(text)
    loras = [LoraUse(use[0], use[1], use[2], bool(use[3])) for use in data["loras"]]
    return tuple(data["models"]), tuple(loras)


def _bodies(ids: str, texts: Mapping[int, str]) -> tuple[str, ...]:
    return tuple([texts[int(text_id)] for text_id in ids.split()])


def _seed(text: str | None) -> int | None:
    return None if text is None else int(text)

"""What reading a file found, as the statements take it that write it.

Python's sqlite3 looks for something that adapts whatever is no number and no text, each None for
one: that takes several times as long as to bind a number, and a file has a dozen.
"""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from smartgallery_tui.index.rows import ReadPass, ReadPrompt, WholeRow

NULL: Final = float("nan")
"""What is bound for a None: SQLite takes a NaN as NULL.

Source: sqlite.org/src, src/vdbemem.c, `sqlite3VdbeMemSetDouble`.
"""

READ_COLUMNS: Final = (
    "content_id", "kind", "format", "state", "problem", "reader_version", "width", "height",
    "duration_ms", "frames", "frame_rate", "generator", "sources", "has_workflow", "has_headline",
    "prompt_preview", "model", "sampler", "scheduler", "steps", "cfg", "guidance", "denoise",
    "seed", "gen_width", "gen_height", "headline_extra", "pass_count",
)  # fmt: skip

_USUAL: Final[dict[str, str | int | None]] = {
    "kind": "image", "format": "png", "state": "indexed", "problem": None, "duration_ms": None,
    "frames": None, "frame_rate": None, "generator": "ComfyUI", "has_headline": 1,
}  # fmt: skip
"""What nearly all files have in common: a statement of their own says it for all of them."""
_NOTED: Final = "read_ns=?, node_set_id=? WHERE id=?"

USUAL: Final[tuple[object, ...]] = tuple([_USUAL.get(column) for column in READ_COLUMNS[:5]])
"""Stands for the values of `READ_COLUMNS` where the usual statement says some of them."""
varying: Final = itemgetter(*[at for at, c in enumerate(READ_COLUMNS) if c not in _USUAL])
"""Returns those values of `READ_COLUMNS` that the usual statement is given."""
_usual: Final = itemgetter(*[READ_COLUMNS.index(column) for column in _USUAL])

ReadyUses = tuple[
    "tuple[ReadPrompt, ...]",
    "tuple[ReadPass, ...]",
    tuple[Any, ...],
    str,
]
"""Uses of prompts, passes, names, four values to each, and node classes."""

ReadyRow = tuple[
    int,
    bool,
    tuple[object, ...],
    tuple[int, int, bool],
    tuple[object, ...],
    tuple[int, ...],
    tuple[str, ...],
    ReadyUses,
]
"""File id, whether it is new, values of `READ_COLUMNS` or `USUAL`, and stat as in `WholeRow`; those
values that its statement is given; digests and bodies of its texts; and what it uses. With `NULL`
for None from the fifth on."""
_PARTS: Final = 8


def update_of(*, is_usual: bool) -> str:
    """Return the statement that writes the columns of a file.

    It takes their values, then time and set of nodes, and the file's id.
    """
    # Columns of an index are named only where they change: SQLite rewrites its entry for each.
    said = _USUAL if is_usual else {}
    given = [f"{column}=?" for column in READ_COLUMNS if column not in said]
    fixed = [f"{column}={_literal(value)}" for column, value in said.items()]
    return f"UPDATE files SET {', '.join([*given, *fixed])}, {_NOTED}"  # noqa: S608 - our own columns and values


def ready(row: WholeRow | ReadyRow) -> ReadyRow:
    """Return a row as statements take it."""
    if len(row) == _PARTS:
        return row
    file_id, is_fresh, columns, stat, texts, prompts, passes, names, nodes = row
    is_usual = _usual(columns) == tuple(_USUAL.values())
    steps = tuple([(bound(values), plus, minus) for values, plus, minus in passes])
    return (
        file_id, is_fresh, USUAL if is_usual else columns, stat,
        bound(varying(columns) if is_usual else columns),
        tuple([digest for digest, _ in texts]), tuple([body for _, body in texts]),
        (bound_each(prompts), steps, tuple([v for name in names for v in bound(name)]), nodes),
    )  # fmt: skip


def bound(values: Iterable[Any]) -> tuple[Any, ...]:
    """Return values with `NULL` for None."""
    return tuple([NULL if value is None else value for value in values])


def bound_each(rows: Sequence[tuple[Any, ...]]) -> tuple[Any, ...]:
    """Return tuples with `NULL` for None."""
    return tuple([bound(row) for row in rows])


def _literal(value: str | int | None) -> str:
    return "NULL" if value is None else repr(value)

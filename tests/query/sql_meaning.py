"""A query tree to SQL: a WHERE clause on `files f`, and its parameters.

No value of a query ever becomes part of the SQL text: the text is put together from the constants
below, every value is a parameter. LIKE is not used, so its wildcards need no escape: texts are
compared by the functions of `sql_functions`, which are those of `meaning`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartgallery_tui.query.ast import And, Everything, Has, Name, Not, Or, Pattern, Range, Words
from smartgallery_tui.query.fields import BOX_ROLES, NAME_ROLES
from smartgallery_tui.query.loading import FLAG_SOURCES
from smartgallery_tui.query.texts import fts_phrase
from tests.query.meaning import PASS_NUMBERS
from tests.query.sql_functions import query_functions

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from smartgallery_tui.query.ast import Node

Clause = tuple[str, tuple[object, ...]]
_ROLE = {"prompt": 0, "neg": 1}
_FALSE: Clause = ("0", ())
_TRUE: Clause = ("1", ())

_ANY_STEP = "EXISTS (SELECT 1 FROM workflow_metadata p WHERE p.file_id = f.id AND {})"
_MARK = "EXISTS (SELECT 1 FROM user.marks m WHERE m.content_id = f.content_id AND {})"
_LABEL = (
    "EXISTS (SELECT 1 FROM user.{table} c JOIN user.{names} n ON n.id = c.{key} "
    "WHERE c.content_id = f.content_id AND {test})"
)
_PROMPT = (
    "f.id IN (SELECT file_id FROM file_texts WHERE role = ? AND text_id IN "
    "(SELECT rowid FROM texts_fts WHERE texts_fts MATCH ?))"
)
_PROMPT_PATTERN = (
    "f.id IN (SELECT ft.file_id FROM file_texts ft JOIN texts t ON t.id = ft.text_id "
    "WHERE ft.role = ? AND t.body <> '' AND t.body REGEXP ?)"
)
_NAMED = "f.id IN (SELECT u.file_id FROM names n JOIN file_names u ON u.name_id = n.id WHERE {})"
_WITH_NODE = (
    "f.node_set_id IS NOT NULL AND f.node_set_id IN (SELECT s.set_id FROM names n "
    "JOIN node_set_names s ON s.name_id = n.id WHERE n.role = 'node' AND {})"
)
_LISTED = (
    "f.sources <> '' AND EXISTS (SELECT 1 FROM "
    """json_each('["' || replace(f.sources, ',', '","') || '"]') s WHERE {})"""
)
_ORIENT = (
    "CASE WHEN f.width > 0 AND f.height > 0 THEN CASE WHEN f.width = f.height THEN 'square' "
    "WHEN f.width > f.height THEN 'landscape' ELSE 'portrait' END END"
)
_FPS = (
    "coalesce(f.frame_rate, CASE WHEN f.frames > 0 AND f.duration_ms > 0 "
    "THEN f.frames * 1000.0 / f.duration_ms END)"
)
_RATING = "coalesce((SELECT rating FROM user.marks m WHERE m.content_id = f.content_id), 0)"

_TEXTS = {
    "kind": "f.kind",
    "format": "f.format",
    "generator": "f.generator",
    "problem": "f.problem",
    "orient": _ORIENT,
    "name": "f.name",
    "prefix": "sg_prefix(f.name)",
    "ext": "sg_ext(f.name)",
    "path": "f.path",
    "folder": "(SELECT d.path FROM folders d WHERE d.id = f.folder_id)",
    "root": "(SELECT r.path FROM roots r WHERE r.id = f.root_id)",
}
"""Texts that a file has one of."""
_LABELS = {
    "tag": ("content_tags", "tags", "tag_id"),
    "album": ("album_items", "albums", "album_id"),
}
_NUMBERS = {
    "size": "f.size_bytes",
    "ratio": "CASE WHEN f.width > 0 AND f.height > 0 THEN CAST(f.width AS REAL) / f.height END",
    "duration": "f.duration_ms",
    "fps": _FPS,
    "date": "f.mtime_ns",
    "rating": _RATING,
}
_SIDES = {"w": ("width", "gen_width"), "h": ("height", "gen_height")}
_FLAGS = {
    "fav": _MARK.format("m.is_favorite = 1"),
    "missing": "f.missing_since_ns IS NOT NULL",
    "rating": f"{_RATING} > 0",
    "workflow": "f.has_workflow = 1",
    "metadata": "f.sources <> ''",
}
_LARGEST = 1 << 62


def to_sql(node: Node) -> Clause:
    """Return the condition on `files f` that `node` means, and its parameters.

    It needs the functions of `query_functions` and user.db attached as `user`. The condition is
    never NULL, so that it can be negated.
    """
    match node:
        case Everything():
            return _TRUE
        case And(parts):
            return _joined(" AND ", [to_sql(part) for part in parts])
        case Or(parts):
            return _joined(" OR ", [to_sql(part) for part in parts])
        case Not(part):
            sql, params = to_sql(part)
            return f"NOT ({sql})", params
        case Words():
            return _words(node)
        case Name():
            return _texts(node.field, "sg_test(?, ?, ?, {})", (node.field, node.value, node.mode))
        case Range():
            return _range(node)
        case Has():
            return _has(node.field)
        case Pattern():
            return _pattern(node)


def find_ids(db: sqlite3.Connection, node: Node) -> list[int]:
    """Return the ids of all files that a query matches, newest first, by SQL alone."""
    where, params = to_sql(node)
    with query_functions(db):
        rows = db.execute(
            f"SELECT f.id FROM files f WHERE {where} ORDER BY f.mtime_ns DESC, f.id DESC",
            params,
        )
        return [row[0] for row in rows]


def _joined(operator: str, clauses: Sequence[Clause]) -> Clause:
    sql = operator.join(f"({sql})" for sql, _ in clauses)
    return sql, tuple(value for _, params in clauses for value in params)


def _words(node: Words) -> Clause:
    if node.field in _ROLE:
        return _PROMPT, (_ROLE[node.field], fts_phrase(node.words, node.is_prefix))
    words = " ".join(node.words)
    test: Clause = ("sg_words({}, ?, ?)", (words, int(node.is_prefix)))
    if node.field:
        return _texts(node.field, *test)
    roles = ", ".join(f"'{role}'" for role in BOX_ROLES)
    return _joined(
        " OR ",
        [
            (_PROMPT, (0, fts_phrase(node.words, node.is_prefix))),
            _texts("name", *test),
            (_NAMED.format(f"n.role IN ({roles}) AND sg_begins(n.name, ?)"), (words,)),
            _texts("tag", *test),
            _texts("note", *test),
        ],
    )


def _texts(field: str, test: str, params: tuple[object, ...]) -> Clause:
    """Return the condition that a text of the field passes `test`, which has `{}` for the text."""
    if field == "node":
        return _WITH_NODE.format(test.format("n.name")), params
    if field in NAME_ROLES:
        return _NAMED.format(f"n.role = ? AND {test.format('n.name')}"), (field, *params)
    if field in {"sampler", "scheduler"}:
        return _of_passes(test, field, params)
    if field == "size":
        return _pixels(test, params)
    if field in {"note", "status"}:
        column = f"m.{field}"
        return _MARK.format(f"{column} <> '' AND {test.format(column)}"), params
    if field in _LABELS:
        table, names, key = _LABELS[field]
        test = test.format("n.name")
        return _LABEL.format(table=table, names=names, key=key, test=test), params
    if field == "source":
        return _sources(test, params)
    return _present(_TEXTS[field], test), params


def _sources(test: str, params: tuple[object, ...]) -> Clause:
    """Return the condition on `f.sources`, which is a list joined by commas."""
    return _LISTED.format(test.format("s.value")), params


def _present(column: str, test: str) -> str:
    return f"{column} IS NOT NULL AND {test.format(column)}"


def _of_passes(test: str, column: str, params: tuple[object, ...], headline: str = "") -> Clause:
    """Return the condition on any pass, or on the headline where there is no pass."""
    inner = _ANY_STEP.format(_present(f"p.{column}", test))
    outer = _present(f"f.{headline or column}", test)
    return f"{inner} OR (f.pass_count = 0 AND {outer})", (*params, *params)


def _pixels(test: str, params: tuple[object, ...]) -> Clause:
    def side(width: str, height: str) -> str:
        known = f"{width} IS NOT NULL AND {height} IS NOT NULL"
        text = f"({width} || 'x' || {height})"
        return f"{known} AND {test.format(text)}"

    sql = (
        f"({side('f.width', 'f.height')}) OR {_ANY_STEP.format(side('p.width', 'p.height'))} "
        f"OR (f.pass_count = 0 AND {side('f.gen_width', 'f.gen_height')})"
    )
    return sql, params * 3


def _range(node: Range) -> Clause:
    test, params = _bounds(node)
    if node.field in PASS_NUMBERS:
        return _of_passes(test, node.field, params)
    if node.field in _SIDES:
        side, headline = _SIDES[node.field]
        of_passes, twice = _of_passes(test, side, params, headline)
        return f"({_present(f'f.{side}', test)}) OR {of_passes}", (*params, *twice)
    column = _NUMBERS[node.field]
    return _present(column, test), params


def _bounds(node: Range) -> Clause:
    """Return the test of a number, with `{0}` for it."""
    tests: list[str] = []
    params: list[object] = []
    for bound, sign in (
        (node.low, ">" if node.is_low_open else ">="),
        (node.high, "<" if node.is_high_open else "<="),
    ):
        if bound is None:
            continue
        if node.field == "seed":
            # Seeds are decimal text of any length: the longer is the greater.
            tests.append(f"(length({{0}}), {{0}}) {sign} (?, ?)")
            params += [len(str(bound)), str(bound)]
        else:
            tests.append(f"{{0}} {sign} ?")
            params.append(_number(bound))
    return " AND ".join(tests) or "1", tuple(params)


def _number(value: float) -> float:
    """Return a number that SQLite can hold."""
    return value if -_LARGEST < value < _LARGEST else float(value)


def _has(field: str) -> Clause:
    if field in _FLAGS:
        return _FLAGS[field], ()
    if field in FLAG_SOURCES:
        return f"(f.id, 1) IN ({FLAG_SOURCES[field].sql})", ()
    if field in PASS_NUMBERS or field in _SIDES or field in _NUMBERS:
        return _range(Range(field))
    return _texts(field, "{} <> ''", ())


def _pattern(node: Pattern) -> Clause:
    if node.field in _ROLE:
        return _PROMPT_PATTERN, (_ROLE[node.field], node.pattern)
    test: Clause = ("({} REGEXP ?)", (node.pattern,))
    if node.field:
        return _texts(node.field, *test)
    return _joined(" OR ", [(_PROMPT_PATTERN, (0, node.pattern)), _texts("name", *test)])

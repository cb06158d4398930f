"""What a query means, on one record in memory: SQL and the program's bitmaps are held to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartgallery_tui.query.ast import And, Everything, Has, Name, Not, Or, Pattern, Range, Words
from smartgallery_tui.query.compare import (
    REGEX_TEXT_LIMIT,
    begins_part,
    comparison,
    in_range,
    regex,
    words_in,
)
from smartgallery_tui.query.fields import (
    BOX_ROLES,
    NAME_ROLES,
    extension_of,
    frame_rate,
    orientation,
    prefix_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from smartgallery_tui.query.ast import Node
    from tests.query.record import PassValues, Record

PASS_NUMBERS = ("steps", "cfg", "guidance", "denoise", "seed")


def regex_in(pattern: str, text: str) -> bool:
    """Return whether the expression is found in the first part of `text`."""
    return regex(pattern).search(text, 0, REGEX_TEXT_LIMIT) is not None


def match(node: Node, record: Record) -> bool:
    """Return whether the record is in the answer of the query."""
    match node:
        case Everything():
            return True
        case And(parts):
            return all(match(part, record) for part in parts)
        case Or(parts):
            return any(match(part, record) for part in parts)
        case Not(part):
            return not match(part, record)
        case Words():
            return _words(node, record)
        case Name(field, value, mode):
            return any(map(comparison(field, value, mode), texts_of(field, record)))
        case Range():
            return any(in_range(node, number) for number in numbers_of(node.field, record))
        case Has(field):
            return has(field, record)
        case Pattern(field, pattern):
            return any(regex_in(pattern, text) for text in _regex_texts(field, record))


def has(field: str, record: Record) -> bool:
    """Return whether the record has any value of `field`; for a yes-or-no field: whether yes."""
    if field in _FLAGS:
        return _FLAGS[field](record)
    if field in PASS_NUMBERS or field in _NUMBERS:
        return any(True for _ in numbers_of(field, record))
    return any(True for _ in texts_of(field, record))


def texts_of(field: str, record: Record) -> Iterable[str]:
    """Return the stored texts of a field; empty ones count as none."""
    if field in NAME_ROLES:
        return [name for role, name in record.names if role == field and name]
    return [text for text in _TEXTS[field](record) if text]


def numbers_of(field: str, record: Record) -> Iterable[float]:
    """Return the stored numbers of a field."""
    if field in PASS_NUMBERS:
        found: Iterable[float | None] = [getattr(each, field) for each in record.passes]
    else:
        found = _NUMBERS[field](record)
    return [number for number in found if number is not None]


def folder_of(path: str) -> str:
    """Return the folder of an absolute path."""
    return path.rpartition("/")[0] or "/"


def _words(node: Words, record: Record) -> bool:
    if node.field:
        texts = texts_of(node.field, record)
    else:
        texts = (*record.positive, record.name, *record.tags, record.note)
        names = (name for role, name in record.names if role in BOX_ROLES)
        if any(begins_part(name, node.words) for name in names):
            return True
    return any(words_in(text, node.words, node.is_prefix) for text in texts)


def _regex_texts(field: str, record: Record) -> Iterable[str]:
    return texts_of(field, record) if field else (*record.positive, record.name)


def _sizes(record: Record) -> list[str]:
    pairs = [(record.width, record.height)]
    pairs += [(each.width, each.height) for each in record.passes]
    return [f"{w}x{h}" for w, h in pairs if w is not None and h is not None]


def _of_passes(read: Callable[[PassValues], str | None]) -> Callable[[Record], list[str | None]]:
    return lambda record: [read(each) for each in record.passes]


def _ratio(record: Record) -> list[float | None]:
    return [record.width / record.height if record.width and record.height else None]


_TEXTS: dict[str, Callable[[Record], Iterable[str | None]]] = {
    "prompt": lambda r: r.positive,
    "neg": lambda r: r.negative,
    "note": lambda r: [r.note],
    "problem": lambda r: [r.problem],
    "sampler": _of_passes(lambda p: p.sampler),
    "scheduler": _of_passes(lambda p: p.scheduler),
    "size": _sizes,
    "orient": lambda r: [orientation(r.width, r.height)],
    "name": lambda r: [r.name],
    "prefix": lambda r: [prefix_of(r.name)],
    "path": lambda r: [r.path],
    "folder": lambda r: [folder_of(r.path)],
    "root": lambda r: [r.root],
    "ext": lambda r: [extension_of(r.name)],
    "format": lambda r: [r.format],
    "kind": lambda r: [r.kind],
    "source": lambda r: r.sources,
    "generator": lambda r: [r.generator],
    "status": lambda r: [r.status],
    "tag": lambda r: r.tags,
    "album": lambda r: r.albums,
}
_NUMBERS: dict[str, Callable[[Record], Iterable[float | None]]] = {
    "size": lambda r: [r.size_bytes],
    "w": lambda r: [r.width, *(each.width for each in r.passes)],
    "h": lambda r: [r.height, *(each.height for each in r.passes)],
    "ratio": _ratio,
    "duration": lambda r: [r.duration_ms],
    "fps": lambda r: [frame_rate(r.frame_rate, r.frames, r.duration_ms)],
    "date": lambda r: [r.mtime_ns],
    "rating": lambda r: [r.rating],
}
_FLAGS: dict[str, Callable[[Record], bool]] = {
    "fav": lambda r: r.is_favorite,
    "missing": lambda r: r.is_missing,
    "dup": lambda r: r.is_duplicate,
    "rating": lambda r: r.rating > 0,
    "workflow": lambda r: r.has_workflow,
    "metadata": lambda r: bool(r.sources),
}

"""Help with a query: the count of each part, spellings from the vocabulary, completions."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING, NamedTuple

from smartgallery_tui.errors import QuerySyntaxError
from smartgallery_tui.index.search_text import search_words
from smartgallery_tui.query import vocabulary
from smartgallery_tui.query.ast import And, Name, Words, leaves, quote
from smartgallery_tui.query.facets import FACET_FIELDS, FacetCounter
from smartgallery_tui.query.fields import BOX_ROLES, BY_ALIAS, FIELDS, HAS_ONLY, NEVER_EMPTY
from smartgallery_tui.query.loading import TEXT_SOURCES
from smartgallery_tui.query.parser import parse, parse_parts
from smartgallery_tui.records.suggestions import Completion, PartCount, Spelling, Suggestions

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from smartgallery_tui.query.ast import Node
    from smartgallery_tui.query.evaluate import Evaluator
    from smartgallery_tui.query.fields import Field

MAX_SPELLINGS = 5
MAX_COMPLETIONS = 50
_CANDIDATES = 4000
"""Words of the vocabulary that are compared with a misspelt one."""
_CLOSE = 0.65
_DATES = ("today", "yesterday", "week", "month", "year")
_AGES = ("<1d", "<7d", "<30d", ">1y")
_TYPED = re.compile(r'(?:^|(?<=[\s(]))-?(?:([A-Za-z_]+):)?((?:"[^"]*|[^\s()"])*)$')
_BARE = re.compile(r"[\w.+/@#-]+")


def suggest(
    text: str, evaluator: Evaluator, db: sqlite3.Connection, count: Callable[[Node], int]
) -> Suggestions:
    """Return the count of each part of a query, and spellings where a part finds nothing.

    Args:
        text: The query; it must be readable.
        evaluator: Answers single terms.
        db: A connection to the index.
        count: Gives the number of visible files that a tree finds.
    """
    parts = parse_parts(text)
    counts = [PartCount(text[start:end], start, count(node)) for start, end, node in parts]
    total = count(parse(text))
    if total:
        return Suggestions(total, tuple(counts))
    found: list[_Respelt] = []
    for (start, end, node), counted in zip(parts, counts, strict=True):
        if counted.total:
            continue
        for old, new in _spellings(node, evaluator, db):
            piece = _respelt(text[start:end], old, new, node)
            if piece != text[start:end] and (alone := _count(piece, count)):
                found.append(_Respelt(start, end, old, new, piece, alone))
    spellings = _whole_queries(text, found, count)
    return Suggestions(total, tuple(counts), tuple(spellings[:MAX_SPELLINGS]))


class _Respelt(NamedTuple):
    """A part of a query in another spelling."""

    start: int
    end: int
    old: str
    new: str
    piece: str
    alone: int
    """How many files the part finds then."""


def _whole_queries(
    text: str, found: Sequence[_Respelt], count: Callable[[Node], int]
) -> list[Spelling]:
    """Return the queries that spellings make, those that find most first.

    Where several parts are misspelt, they are all respelt at once; a query that still finds
    nothing is left out if another finds something.
    """
    best: dict[int, _Respelt] = {}
    for each in sorted(found, key=lambda each: -each.alone):
        best.setdefault(each.start, each)
    choices = [[each] for each in found]
    if len(best) > 1:
        choices.append([best[start] for start in sorted(best)])
    spellings: list[Spelling] = []
    for chosen in choices:
        query = text
        for each in reversed(chosen):
            query = query[: each.start] + each.piece + query[each.end :]
        old, new = (", ".join(words) for words in zip(*[each[2:4] for each in chosen], strict=True))
        spellings.append(Spelling(old, new, query, _count(query, count)))
    spellings.sort(key=lambda each: -each.total)
    return [each for each in spellings if each.total or not spellings[0].total]


def complete(
    text: str, cursor: int, evaluator: Evaluator, db: sqlite3.Connection
) -> list[Completion]:
    """Return ways to go on at `cursor`: names of fields, or values of the field there."""
    found = _TYPED.search(text[:cursor])
    if found is None:
        return []
    if found[1] is None:
        return _fields(found[2], found.start(2), cursor)
    field = BY_ALIAS.get(found[1].casefold())
    if field is None:
        return []
    start = found.start(2) + _last_value(found[2])
    typed = text[start:cursor].lstrip('"=~')
    values = _values(field, evaluator, db)
    wanted = typed.casefold()
    ranked = sorted(
        ((not v.casefold().startswith(wanted), -(total or 0), v, total) for v, total in values
         if wanted in v.casefold())
    )  # fmt: skip
    return [
        Completion(_written(value), start, cursor, value, total=total)
        for _, _, value, total in ranked[:MAX_COMPLETIONS]
    ]


def _respelt(text: str, old: str, new: str, node: Node) -> str:
    """Return a part of a query with another spelling; the value of a field is quoted if need be."""
    if not isinstance(node, Name):
        return re.sub(re.escape(old), lambda _: new, text, flags=re.IGNORECASE)
    pattern = f'"{re.escape(old)}"|{re.escape(old)}'
    return re.sub(pattern, lambda _: _written(new), text, flags=re.IGNORECASE)


def _count(query: str, count: Callable[[Node], int]) -> int:
    try:
        return count(parse(query))
    except QuerySyntaxError:
        return 0


def _spellings(
    node: Node, evaluator: Evaluator, db: sqlite3.Connection
) -> Iterator[tuple[str, str]]:
    """Yield (old, new) for the words and values of one part."""
    if isinstance(node, And):
        return
    for leaf in leaves(node):
        if isinstance(leaf, Words):
            for word in leaf.words:
                near = difflib.get_close_matches(
                    word, _vocabulary(word, leaf, evaluator, db), n=3, cutoff=_CLOSE
                )
                yield from ((word, each) for each in near if each != word)
        elif isinstance(leaf, Name) and leaf.field in TEXT_SOURCES and leaf.mode != "glob":
            values = evaluator.columns.text(db, leaf.field).values()
            yield from ((leaf.value, each) for each in _near_values(leaf, values))


def _near_values(leaf: Name, values: list[str]) -> Iterator[str]:
    """Yield values, or beginnings of parts of names, that look like what was typed."""
    known: dict[str, str] = {}
    for value in values:
        if leaf.field == "folder":
            known.update((part.casefold(), part) for part in value.split("/"))
            continue
        known.setdefault(value.casefold(), value)
        if FIELDS[leaf.field].sort == "name":
            for word in search_words(value):
                known.setdefault(word, word)
                known.setdefault(word.rstrip("0123456789"), word.rstrip("0123456789"))
    known.pop("", None)
    wanted = leaf.value.casefold()
    yield from [value for low, value in known.items() if wanted in low and wanted != low][:3]
    for near in difflib.get_close_matches(wanted, list(known), n=3, cutoff=_CLOSE):
        yield known[near]


def _vocabulary(word: str, leaf: Words, evaluator: Evaluator, db: sqlite3.Connection) -> list[str]:
    """Return words that begin like `word` and are about as long, the most frequent first."""
    found: dict[str, None] = {}
    if leaf.field == "":
        for field in (*BOX_ROLES, "tag"):
            for value in evaluator.columns.text(db, field).values():
                found.update(dict.fromkeys(search_words(value)))
    if leaf.field in {"", "prompt", "neg"}:
        found.update(dict.fromkeys(vocabulary.alike(db, word, _CANDIDATES)))
    elif leaf.field:
        for value in evaluator.columns.text(db, leaf.field).values():
            found.update(dict.fromkeys(search_words(value)))
    return [each for each in found if abs(len(each) - len(word)) <= 2]


def _fields(typed: str, start: int, cursor: int) -> list[Completion]:
    wanted = typed.casefold()
    return [
        Completion(f"{name}:", start, cursor, f"{name}:", field.help)
        for name, field in FIELDS.items()
        if name.startswith(wanted) or any(a.startswith(wanted) for a in field.aliases if wanted)
    ]


def _values(
    field: Field, evaluator: Evaluator, db: sqlite3.Connection
) -> Iterable[tuple[str, int | None]]:
    columns = evaluator.columns
    bits = evaluator.positions.all & ~evaluator.positions.missing
    if field.name in FACET_FIELDS and field.name != "rating":
        counted = FacetCounter(columns, bits).count(db, field.name)
        known = {value for value, _ in counted}
        return [*counted, *((choice, 0) for choice in field.choices if choice not in known)]
    if field.name in TEXT_SOURCES and field.sort in {"name", "exact", "path"}:
        return columns.text(db, field.name).totals(bits, lambda: columns.present(bits)).items()
    fixed: tuple[str, ...] = {
        "date": _DATES,
        "age": _AGES,
        "rating": ("1", "2", "3", "4", "5", ">=3", "none"),
        "has": (*HAS_ONLY, *(name for name in FIELDS if name not in NEVER_EMPTY)),
        "fav": ("yes", "no"),
        "missing": ("yes", "no"),
        "dup": ("yes", "no"),
    }.get(field.name, ())
    return [(value, None) for value in fixed]


def _last_value(text: str) -> int:
    """Return where the last value of a comma list begins."""
    quoted = False
    start = 0
    for place, char in enumerate(text):
        if char == '"':
            quoted = not quoted
        elif char == "," and not quoted:
            start = place + 1
    return start


def _written(value: str) -> str:
    return value if _BARE.fullmatch(value) or value[:1] in "<>" else quote(value)

"""The query tree: what a query means, without any database.

A tree is made of frozen nodes and compares by meaning; positions in the query text (`column`) do
not count. `render` writes a tree as text that parses to the same tree.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as attribute
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NameMode = Literal["part", "exact", "prefix", "glob"]


@dataclass(frozen=True, slots=True)
class Everything:
    """Every file."""

    is_unfinished: bool = attribute(default=False, compare=False)
    """It stands for a term that is still being typed."""


@dataclass(frozen=True, slots=True)
class And:
    """Files that all parts match."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Files that any part matches."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Files that the part does not match."""

    part: Node


@dataclass(frozen=True, slots=True)
class Words:
    """Consecutive words in one text of `field`; "" is the one-box search."""

    field: str
    words: tuple[str, ...]
    """As `index.search_text.search_words` makes them; at least one."""
    is_prefix: bool = False
    """The last word may go on."""
    column: int = attribute(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Name:
    """A name or path of `field`, compared in the form that the field gives it."""

    field: str
    value: str
    """As typed; in mode `glob`, `*` and `?` are wildcards."""
    mode: NameMode = "part"
    column: int = attribute(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Range:
    """A number of `field` between two bounds; None is open. Units are the field's own."""

    field: str
    low: float | None = None
    high: float | None = None
    is_low_open: bool = False
    """The lower bound itself does not match."""
    is_high_open: bool = False
    column: int = attribute(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Has:
    """The field has any value; for a yes-or-no field: it is yes."""

    field: str
    column: int = attribute(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression found in `field`; "" looks at prompts and file names."""

    field: str
    pattern: str
    column: int = attribute(default=0, compare=False)


Leaf = Words | Name | Range | Has | Pattern
Node = Everything | And | Or | Not | Leaf


def leaves(node: Node) -> Iterator[Leaf]:
    """Yield the leaves of a tree, in text order."""
    match node:
        case And(parts) | Or(parts):
            for part in parts:
                yield from leaves(part)
        case Not(part):
            yield from leaves(part)
        case Everything():
            return
        case _:
            yield node


def join(kind: type[And] | type[Or], parts: list[Node]) -> Node:
    """Return one node for `parts`: flattened, and without a wrapper around a single part."""
    flat: list[Node] = []
    for part in parts:
        flat.extend(part.parts if isinstance(part, kind) else (part,))
    flat = [part for part in flat if not _is_idle(kind, part)]
    if not flat:
        return Everything(
            all(isinstance(part, Everything) and part.is_unfinished for part in parts)
        )
    return flat[0] if len(flat) == 1 else kind(tuple(flat))


def mentions(node: Node, *names: str) -> bool:
    """Return whether a leaf of the tree asks about one of the fields."""
    return any(leaf.field in names for leaf in leaves(node))


def render(node: Node) -> str:
    """Return query text that parses to `node`; "" for everything."""
    match node:
        case Everything():
            return ""
        case And(parts):
            return " ".join(_inner(part, Or) for part in parts)
        case Or(parts):
            return " OR ".join(_inner(part, And) for part in parts)
        case Not(part):
            return "-" + _inner(part, And, Or, Not)
        case _:
            return _LEAF_TEXT[type(node)](node)


def quote(value: str) -> str:
    """Return `value` in quotes, as a query writes text that is meant literally."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def number_text(value: float) -> str:
    """Return a number as a query writes it: never with an exponent."""
    if isinstance(value, int) or value.is_integer():
        return str(int(value))
    text = repr(value)
    return text if "e" not in text else f"{value:.30f}".rstrip("0")


def _is_idle(kind: type[And] | type[Or], part: Node) -> bool:
    """Return whether a part adds nothing: everything, or a term that is still being typed."""
    return isinstance(part, Everything) and (kind is And or part.is_unfinished)


def _inner(node: Node, *wrapped: type[And] | type[Or] | type[Not]) -> str:
    text = render(node) or "*"
    return f"({text})" if isinstance(node, wrapped) else text


def _field(name: str) -> str:
    return f"{name}:" if name else ""


def _words_text(node: Words) -> str:
    return _field(node.field) + quote(" ".join(node.words)) + ("*" if node.is_prefix else "")


def _name_text(node: Name) -> str:
    mark = {"part": "", "exact": "=", "prefix": "", "glob": "~"}[node.mode]
    tail = "*" if node.mode == "prefix" else ""
    return f"{node.field}:{mark}{quote(node.value)}{tail}"


def _range_text(node: Range) -> str:
    sign = "@" if node.field == "date" else ""
    unit = "ms" if node.field == "duration" else ""
    low = "" if node.low is None else sign + number_text(node.low) + unit
    high = "" if node.high is None else sign + number_text(node.high) + unit
    open_low = ">" if node.is_low_open else ""
    open_high = "<" if node.is_high_open else ""
    return f"{node.field}:{open_low}{low}..{open_high}{high}"


def _has_text(node: Has) -> str:
    return f"has:{node.field}"


def _pattern_text(node: Pattern) -> str:
    body = node.pattern.replace("/", "\\/")
    return f"{node.field or 're'}:/{body}/"


_LEAF_TEXT: dict[type, Callable[..., str]] = {
    Words: _words_text,
    Name: _name_text,
    Range: _range_text,
    Has: _has_text,
    Pattern: _pattern_text,
}

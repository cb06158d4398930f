"""Edit a query as text: what the filter sidebar does to the search box.

The box is the truth; a filter is a term in it. Nothing here understands the query language: a
text is split at blanks that stand outside quotes, brackets and regular expressions, and a term is
compared as written.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_BARE = re.compile(r"[\w.+/@#-]+", re.UNICODE)
_OPERATORS = ("OR", "AND", "NOT")


def terms(text: str) -> list[str]:
    """Return the terms of a query at its top level."""
    return [term for term in _cut(text, str.isspace, nests=True) if term]


def quote(value: str) -> str:
    """Return a value as a query writes it: bare where it can be, else in quotes."""
    if _BARE.fullmatch(value) and not value.startswith("-") and value not in _OPERATORS:
        return value
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def values_of(term: str, field: str) -> list[str]:
    """Return the values of a `field:a,b` term as written, quotes kept; [] for any other term."""
    bare = term.removeprefix("-")
    head, colon, rest = bare.partition(":")
    if not colon or head.lower() != field:
        return []
    return _split_list(rest)


def state_of(text: str, field: str, value: str) -> str:
    """Return "+" where a query asks for the value, "-" where it excludes it, else ""."""
    wanted = quote(value)
    for term in terms(text):
        if wanted in _bare_values(term, field):
            return "-" if term.startswith("-") else "+"
    return ""


def set_state(text: str, field: str, value: str, state: str) -> str:
    """Return `text` with the value asked for ("+"), excluded ("-") or not named ("").

    Several values asked for in one field become one list, which means any of them; an excluded
    value is a term of its own.
    """
    wanted = quote(value)
    kept = [_without(term, field, wanted) for term in terms(text)]
    parts = [term for term in kept if term]
    if state == "-":
        parts.append(f"-{field}:{wanted}")
    elif state == "+":
        if field == "folder" and has_subfolders(text) is False:
            wanted = f"={wanted}"
        for place, term in enumerate(parts):
            if not term.startswith("-") and values_of(term, field):
                parts[place] = f"{term},{wanted}"
                break
        else:
            parts.append(f"{field}:{wanted}")
    return " ".join(parts)


def asked_fields(text: str) -> list[str]:
    """Return the fields whose values a query asks for, each once."""
    found: dict[str, None] = {}
    for term in terms(text):
        head, colon, _rest = term.partition(":")
        if colon and not term.startswith(("-", '"', "(")) and head.isalpha():
            found[head.lower()] = None
    return list(found)


def excluded(text: str) -> list[tuple[str, str, str]]:
    """Return field and value of each term that excludes one, and the query without that term."""
    found: list[tuple[str, str, str]] = []
    for number, term in enumerate(terms(text)):
        head, colon, rest = term.removeprefix("-").partition(":")
        values = _split_list(rest)
        if term.startswith("-") and colon and head.isalpha() and len(values) == 1:
            value = _unquote(values[0].removeprefix("="))
            found.append((head.lower(), value, without_term(text, number)))
    return found


def without_field(text: str, field: str) -> str:
    """Return a query without the terms that ask for values of a field; exclusions stay."""
    kept = [term for term in terms(text) if term.startswith("-") or not values_of(term, field)]
    return " ".join(kept)


def ask_only(text: str, field: str, value: str) -> str:
    """Return `text` asking for one value of a field, all other terms kept.

    A value that was the only one asked for is taken back; "" takes the field away.
    """
    others = without_field(text, field)
    asked = [term for term in terms(text) if not term.startswith("-") and values_of(term, field)]
    if not value or [_bare_values(term, field) for term in asked] == [[quote(value)]]:
        return others
    if field == "folder" and has_subfolders(text) is False:
        return f"{others} folder:={quote(value)}".strip()
    return f"{others} {field}:{quote(value)}".strip()


def toggle(text: str, field: str, value: str, *, exclude: bool = False) -> str:
    """Return `text` with the value switched: on, off, or from one side to the other."""
    new = "-" if exclude else "+"
    return set_state(text, field, value, "" if state_of(text, field, value) == new else new)


def _without(term: str, field: str, wanted: str) -> str:
    values = values_of(term, field)
    if wanted not in _bare_values(term, field):
        return term
    values.pop(_bare_values(term, field).index(wanted))
    if not values:
        return ""
    head = term[: term.index(":") + 1]
    return head + ",".join(values)


def _bare_values(term: str, field: str) -> list[str]:
    """Return the values of a term; a folder that is asked for alone is the same folder."""
    values = values_of(term, field)
    return [value.removeprefix("=") for value in values] if field == "folder" else values


def _split_list(text: str) -> list[str]:
    return _cut(text, ",".__eq__, nests=False)


def _cut(text: str, is_cut: Callable[[str], bool], *, nests: bool) -> list[str]:
    """Return what lies between the cuts; none is made in quotes, nor in parentheses if it nests."""
    found: list[list[str]] = [[]]
    depth = 0
    quoted = skip = False
    for char in text:
        if skip:
            skip = False
        elif quoted:
            skip, quoted = char == "\\", char != '"'
        elif char == '"':
            quoted = True
        elif nests and char in "()":
            depth += 1 if char == "(" else -1
        elif depth <= 0 and is_cut(char):
            found.append([])
            continue
        found[-1].append(char)
    return ["".join(part) for part in found]


def canonical(text: str, aliases: Mapping[str, str]) -> str:
    """Return a query with the usual names of its fields: `checkpoint:x` is `model:x`."""
    parts: list[str] = []
    for term in terms(text):
        sign = "-" if term.startswith("-") else ""
        head, colon, rest = term.removeprefix("-").partition(":")
        name = aliases.get(head.lower(), head.lower()) if head.isidentifier() else head
        parts.append(f"{sign}{name}:{rest}" if colon else term)
    return " ".join(parts)


def is_filter(term: str) -> bool:
    """Tell whether a term names a field, as a filter does."""
    head, colon, _rest = term.removeprefix("-").partition(":")
    return bool(colon) and head.isalpha()


def without_term(text: str, number: int) -> str:
    """Return a query without one of its terms; `number` counts from 0 at the top level."""
    return " ".join(term for place, term in enumerate(terms(text)) if place != number)


def term_value(text: str, field: str) -> str:
    """Return what the first term of a field asks for, as written, or ""."""
    for term in terms(text):
        head, colon, rest = term.partition(":")
        if colon and head.lower() == field:
            return rest
    return ""


def set_term(text: str, field: str, value: str) -> str:
    """Return `text` asking for one value of a field, a range for instance; "" asks for any.

    The value is written as it is but for blanks, which would end the term.
    """
    written = "".join(value.split())
    parts: list[str] = []
    is_set = not written
    for term in terms(text):
        head, colon, _rest = term.partition(":")
        if not colon or head.lower() != field:
            parts.append(term)
        elif not is_set:
            parts.append(f"{field}:{written}")
            is_set = True
    if not is_set:
        parts.append(f"{field}:{written}")
    return " ".join(parts)


def with_subfolders(text: str, *, is_on: bool) -> str:
    """Return a query whose folders mean all beneath them too, or themselves alone."""
    return " ".join(_deep(term, is_on=is_on) for term in terms(text))


def has_subfolders(text: str) -> bool | None:
    """Tell whether the folders of a query mean all beneath them; None: it names no folder."""
    asked = [term for term in terms(text) if not term.startswith("-")]
    named = [value for term in asked for value in values_of(term, "folder")]
    return None if not named else not all(value.startswith("=") for value in named)


def only_value(text: str, field: str) -> str:
    """Return the one value of a field that a query asks for, without quotes, or ""."""
    asked = [term for term in terms(text) if not term.startswith("-")]
    named = [value for term in asked for value in values_of(term, field)]
    return _unquote(named[0]) if len(named) == 1 else ""


def folders_of(text: str) -> list[str]:
    """Return the folders that a query asks for, without quotes; patterns are left out."""
    asked = [term for term in terms(text) if not term.startswith("-")]
    named = [value for term in asked for value in _bare_values(term, "folder")]
    bare = [_unquote(value) for value in named]
    return [value for value in bare if value and not set("*?~") & set(value)]


def _unquote(value: str) -> str:
    if len(value) < 2 or not value.startswith('"') or not value.endswith('"'):
        return value
    return value[1:-1].replace('\\"', '"').replace("\\\\", "\\")


def _deep(term: str, *, is_on: bool) -> str:
    values = values_of(term, "folder")
    if not values or term.startswith("-"):
        return term
    bare = [value.removeprefix("=") for value in values]
    head = term[: term.index(":") + 1]
    return head + ",".join(bare if is_on else [f"={value}" for value in bare])

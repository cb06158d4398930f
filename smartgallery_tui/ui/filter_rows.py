"""What the filter sidebar lists: from counts and a query to rows, without drawing any."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from smartgallery_tui.ui import folder_tree
from smartgallery_tui.ui.content import plain
from smartgallery_tui.ui.query_text import is_filter, state_of, term_value, terms

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from smartgallery_tui.records import Facets, FacetValue
    from smartgallery_tui.ui.folder_tree import Branch, FolderOrder

RowKind = Literal["title", "heading", "value", "branch", "more", "range", "term", "clear"]
"""A title cannot be chosen; a heading opens and closes its section; a branch is part of a tree."""

HEADINGS = {
    "kind": "Kind", "fav": "Favourite", "has": "Has", "rating": "Rating", "status": "Status",
    "tag": "Tag", "album": "Album", "folder": "Folder", "model": "Model", "lora": "LoRA",
    "sampler": "Sampler", "scheduler": "Scheduler", "month": "Month", "format": "Format",
    "generator": "Generator", "orient": "Shape", "vae": "VAE", "controlnet": "ControlNet",
    "prefix": "Name prefix", "input": "Input file", "node": "Node",
}  # fmt: skip
"""Facets in the order of the sidebar; fields that are not named here follow by name."""
RANGES: tuple[tuple[str, str, str], ...] = (
    ("cfg", "CFG", "5..8, >=7, <4.5, 7"),
    ("steps", "Steps", "20..30, >=25, 20"),
    ("w", "Width", "1024, >=1024, 512..1024"),
    ("h", "Height", "1024, >=1024, 512..1024"),
    ("seed", "Seed", "a number, or 1000..2000"),
    ("duration", "Length", ">10s, 1m..2m"),
    ("size", "Size", "832x1216, or >2mb"),
    ("date", "Date", "2026-03, march, 2026-10.., 2026-01-05..2026-02-01"),
    ("rating", "Stars", "3.., 1..2, 0"),
)
"""Fields that take a range: name, words, examples."""
QUERY_FIELDS = {"month": "date"}
"""Facets whose values a query asks for under another field."""
SHOWN_AS = {asked: name for name, asked in QUERY_FIELDS.items()}
"""Query fields that are listed under another name."""
_RANGES_AFTER = "album"
TREES = ("folder", "album")
"""Facets whose values lie in each other."""
SHOWN = 8
"""Values of a facet before `… more`."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the sidebar."""

    kind: RowKind
    id: str
    """Unique among the rows; "" where the line cannot be chosen."""
    label: str
    """From anywhere; not yet safe."""
    field: str = ""
    value: str = ""
    state: str = ""
    """`+` asked for, `-` excluded."""
    note: str = ""
    """At the right end: a count, a range."""
    depth: int = 0
    is_open: bool | None = None


@dataclass(slots=True)
class Shown:
    """What the user opened, and how folders stand."""

    facets: set[str] = field(default_factory=set)
    """Long facets that are shown whole."""
    closed: set[str] = field(default_factory=lambda: {"input", "node"})
    """Sections of which only the heading is shown."""
    folders: set[str] = field(default_factory=set)
    """Folders whose inner folders are shown."""
    albums: set[str] = field(default_factory=set)
    """Albums whose inner albums are shown."""
    order: FolderOrder = "name"
    dates: Mapping[str, int] = field(default_factory=dict)
    """Time of the newest file of each folder."""
    narrow: str = ""
    """Only values with this text are listed."""


def rows(facets: Facets, text: str, shown: Shown) -> list[Row]:
    """Return the lines of the sidebar: what is asked for, ranges, then each facet."""
    found: list[Row] = []
    if not shown.narrow:
        found += _terms(text)
    names = [*HEADINGS, *sorted(name for name in facets.fields if name not in HEADINGS)]
    for name in names:
        if facets[name]:
            found += _facet(name, facets, text, shown)
        if name == _RANGES_AFTER and facets.total:
            found += _ranges(text, shown)
    return found


def _terms(text: str) -> list[Row]:
    asked = terms(text)
    if not asked:
        return []
    found = [Row("title", "", "Asked for")]
    for place, term in enumerate(asked):
        state = "-" if term.startswith("-") else "+"
        kind = "filter" if is_filter(term) else "words"
        found.append(Row("term", f"term:{place}", term, kind, str(place), state, "×"))  # noqa: RUF001 - the sign on a button that closes
    return [*found, Row("clear", "clear", "Clear all")]


def _heading(name: str, label: str, shown: Shown) -> Row:
    is_open = bool(shown.narrow) or name not in shown.closed
    return Row("heading", f"heading:{name}", label, name, is_open=is_open)


def _ranges(text: str, shown: Shown) -> list[Row]:
    lower = shown.narrow.casefold()
    fitting = [each for each in RANGES if lower in each[1].casefold()]
    if not fitting:
        return []
    head = _heading("ranges", "Ranges", shown)
    found = [head]
    for name, label, _examples in fitting:
        value = term_value(text, name)
        state = "+" if value else ""
        if head.is_open or value:
            found.append(Row("range", f"range:{name}", label, name, value, state, value or "any"))
    return found


def _facet(name: str, facets: Facets, text: str, shown: Shown) -> list[Row]:
    values, own = facets[name], facets.own_albums
    head = _heading(name, HEADINGS.get(name, plain(name).capitalize()), shown)
    if name in TREES:
        lines = _branches(name, values, shown, own)
        found = [_branch(name, line, text) for line in lines]
    else:
        found = _values(name, values, text, shown)
    if not found:
        return []
    return [head, *(row for row in found if head.is_open or row.state)]


def _values(name: str, values: Sequence[FacetValue], text: str, shown: Shown) -> list[Row]:
    if shown.narrow:
        lower = shown.narrow.casefold()
        values = [value for value in values if lower in _words(name, value.value).casefold()]
        is_whole = True
    else:
        is_whole = name in shown.facets
    asked = QUERY_FIELDS.get(name, name)
    some = list(values if is_whole else values[:SHOWN])
    if not is_whole:
        some += [each for each in values[SHOWN:] if state_of(text, asked, each.value)]
    found = [_value(name, asked, each, text) for each in some]
    rest = len(values) - len(some)
    if rest > 0:
        found.append(Row("more", f"more:{name}", f"… {rest:,} more", name))
    elif len(values) > SHOWN and not shown.narrow:
        found.append(Row("more", f"more:{name}", "fewer", name))
    return found


def _branches(
    name: str, values: Sequence[FacetValue], shown: Shown, own: Mapping[str, int]
) -> list[Branch]:
    if shown.narrow:
        return folder_tree.found(values, shown.narrow)
    if name == "album":
        return folder_tree.branches(values, shown.albums, own=own)
    return folder_tree.branches(values, shown.folders, shown.order, shown.dates)


def _branch(name: str, line: Branch, text: str) -> Row:
    return Row(
        "branch", f"value:{name}:{line.value}", line.label, name, line.value,
        state_of(text, name, line.value), line.count, line.depth, line.is_open,
    )  # fmt: skip


def _value(name: str, asked: str, value: FacetValue, text: str) -> Row:
    state = state_of(text, asked, value.value)
    words = _words(name, value.value)
    option_id = f"value:{asked}:{value.value}"
    return Row("value", option_id, words, asked, value.value, state, f"{value.total:,}")


def _words(name: str, value: str) -> str:
    """Return how a value is shown: stars as stars, a model without the ending of all of them."""
    if name == "rating" and value.isdecimal():
        return "★" * int(value) or "no stars"
    if name == "fav":
        return "favourites" if value == "yes" else "others"
    if name in {"model", "lora", "vae", "controlnet"}:
        for ending in (".safetensors", ".gguf", ".ckpt"):
            if value.endswith(ending) and len(value) > len(ending):
                return value.removesuffix(ending)
    return value.replace("_", " ") if name == "status" else value

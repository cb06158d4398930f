"""The folders of a library as a tree: from the counted folders of a query to lines to show."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from smartgallery_tui.records import FacetValue

FolderOrder = Literal["name", "date", "name back", "date back"]
ORDERS: Mapping[FolderOrder, str] = MappingProxyType(
    {"name": "", "date": "newest first", "name back": "z to a", "date back": "oldest first"}
)
"""Orders of folders, each with what a heading says of it; one key goes from one to the next."""


@dataclass(frozen=True, slots=True)
class Branch:
    """A folder in the tree."""

    value: str
    """What a query asks for: the path below its root, or a root's whole path."""
    label: str
    """Its own name; from anywhere."""
    depth: int
    total: int
    """Files in it and beneath."""
    is_open: bool | None
    """None: nothing lies beneath it."""
    below: int = 0
    """Files that are only beneath it."""

    @property
    def count(self) -> str:
        """How many files it has itself, and how many more lie beneath: `2 +14`."""
        own = f"{self.total - self.below:,}"
        return f"{own} +{self.below:,}" if self.below else own


def branches(
    values: Sequence[FacetValue],
    opened: Collection[str],
    order: FolderOrder = "name",
    dates: Mapping[str, int] | None = None,
    *,
    own: Mapping[str, int] | None = None,
) -> list[Branch]:
    """Return the visible lines of the tree, roots first.

    Args:
        values: Counted folders; each folder's parents are among them.
        opened: Folders whose inner folders are shown.
        order: By name as people count, or by the newest file, the newest first; or turned round.
        dates: Time of the newest file of a folder, for the order by date.
        own: Files that are in one itself, where a file may be in several of them, as in albums;
            None: it is in one alone, as in folders.
    """
    totals = {value.value: value.total for value in values}
    inner: dict[str, list[str]] = {}
    for value in totals:
        if not value.startswith("/"):
            inner.setdefault(value.rpartition("/")[0], []).append(value)
    lines = [
        Branch(root, root.rstrip("/").rpartition("/")[2] or root, 0, totals[root], None)
        for root in sorted(totals, key=natural)
        if root.startswith("/")
    ]

    def grow(parent: str, depth: int) -> None:
        for value in _ordered(inner.get(parent, []), order, dates or {}):
            is_open = value in opened if value in inner else None
            label = value.rpartition("/")[2]
            if own is None:
                below = sum(totals[each] for each in inner.get(value, ()))
            else:
                below = totals[value] - own.get(value, totals[value])
            lines.append(Branch(value, label, depth, totals[value], is_open, below))
            if is_open:
                grow(value, depth + 1)

    grow("", 1 if lines else 0)
    return lines


def found(values: Sequence[FacetValue], wanted: str) -> list[Branch]:
    """Return the folders whose path contains a text, each on a line of its own."""
    lower = wanted.casefold()
    return [
        Branch(value.value, value.value, 0, value.total, None)
        for value in sorted(values, key=lambda each: natural(each.value))
        if lower in value.value.casefold()
    ]


def natural(text: str) -> tuple[tuple[int, str], ...]:
    """Return a key that orders `run 2` before `run 10`, whatever the case."""
    parts: list[tuple[int, str]] = []
    digits = word = ""
    for char in text.casefold():
        if char.isdecimal():
            digits += char
            if word:
                parts.append((-1, word))
                word = ""
        else:
            if digits:
                parts.append((int(digits), ""))
                digits = ""
            word += char
    parts += [(int(digits), "")] if digits else []
    parts += [(-1, word)] if word else []
    return tuple((number if number >= 0 else 1 << 62, text) for number, text in parts)


def root_names(roots: Sequence[str]) -> dict[str, str]:
    """Return what the folders of each root begin with; nothing where they are named below it.

    Where there are several roots, a folder of one name may lie in each of them; the counts of
    folders name them in the same way.
    """
    names = {root: root.rstrip("/").rpartition("/")[2] for root in roots}
    is_named = len(names) > 1 and len({*names.values(), ""}) > len(names)
    return names if is_named else {}


def parent_of(value: str) -> str:
    """Return the folder that holds an inner folder, or "" for one at the top."""
    return "" if value.startswith("/") else value.rpartition("/")[0]


def _ordered(values: list[str], order: FolderOrder, dates: Mapping[str, int]) -> list[str]:
    by_name = sorted(values, key=natural, reverse=order == "name back")
    if order.startswith("date"):
        sign = 1 if order == "date back" else -1
        by_name.sort(key=lambda value: sign * dates.get(value, 0))
    return by_name

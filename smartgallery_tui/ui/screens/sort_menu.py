"""The orders of a result and their keys."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from textual.content import Content

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from smartgallery_tui.records import SortKey

_ORDERS: Sequence[tuple[str, SortKey, str, str, bool]] = (
    ("d", "date", "newest first", "oldest first", True),
    ("n", "name", "name, a to z", "name, z to a", False),
    ("s", "size", "largest files first", "smallest files first", True),
    ("p", "pixels", "most pixels first", "fewest pixels first", True),
    ("r", "rating", "best rated first", "worst rated first", True),
    ("m", "model", "model, a to z", "model, z to a", False),
    ("f", "folder", "folder, a to z", "folder, z to a", False),
    ("o", "prompt", "prompt, a to z", "prompt, z to a", False),
    ("t", "steps", "most steps first", "fewest steps first", True),
    ("e", "seed", "largest seed first", "smallest seed first", True),
    ("u", "duration", "longest first", "shortest first", True),
    ("z", "random", "random", "", False),
)

SORTS: Mapping[str, SortKey] = MappingProxyType({order[1]: order[1] for order in _ORDERS})
"""Every order by its name."""


FALLING = frozenset(order[1] for order in _ORDERS if order[4])
"""Orders whose usual way is down: newest, largest, best first."""


def sort_choices() -> list[tuple[str, str, Content]]:
    """Return the choices of the sort menu: a letter, and the same as a capital for the reverse."""
    choices: list[tuple[str, str, Content]] = []
    for key, sort, usual, reverse, is_descending in _ORDERS:
        choices.append((key, _result(sort, is_descending), Content(usual)))
        if reverse:
            choices.append((key.upper(), _result(sort, not is_descending), Content(reverse)))
    return choices


def _result(sort: SortKey, is_descending: bool) -> str:
    return f"{sort} {'down' if is_descending else 'up'}"

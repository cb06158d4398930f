"""What files that hold both forms of a graph show of the order of widgets: votes by class."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from smartgallery_tui.metadata.widgets import is_known_class, learn

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Vote = tuple[str, tuple[str, ...]]
"""A class and the order of its widgets."""

_MAX_CLASSES = 2_000
_MAX_ORDERS = 4
_ENOUGH = 5
"""A class with so many votes is settled for one reader."""


class Votes:
    """Orders of widgets by class, each with the number of files that showed it.

    Only classes that the shipped tables do not know are kept.
    """

    def __init__(self, text: str | None = None) -> None:
        """Make the votes of a text that `as_text` gave; none of any other text."""
        self._counts: dict[str, dict[tuple[str, ...], int]] = {}
        for class_type, orders in _stored(text).items():
            for row in orders if isinstance(orders, list) else ():
                order, count = row if isinstance(row, list) and len(row) == 2 else ((), 0)
                if isinstance(order, list) and type(count) is int and count > 0:
                    names = tuple([str(name) for name in order])
                    self._counts.setdefault(class_type, {})[names] = count

    def as_text(self) -> str:
        """Return the votes as JSON."""
        return json.dumps(
            {
                name: [[list(order), count] for order, count in orders.items()]
                for name, orders in self._counts.items()
            }
        )

    def add(self, votes: Iterable[Vote]) -> None:
        """Count some votes."""
        for class_type, order in votes:
            if class_type not in self._counts and len(self._counts) >= _MAX_CLASSES:
                continue
            orders = self._counts.setdefault(class_type, {})
            if order in orders or len(orders) < _MAX_ORDERS:
                orders[order] = orders.get(order, 0) + 1

    def orders(self) -> dict[str, tuple[str, ...]]:
        """Return the order of each class that has more votes than any other of the class."""
        chosen = {}
        for class_type, orders in self._counts.items():
            ranked = sorted(orders.items(), key=lambda pair: -pair[1])
            if len(ranked) == 1 or ranked[0][1] > ranked[1][1]:
                chosen[class_type] = ranked[0][0]
        return chosen

    def wants(self, prompt: Mapping[str, Any]) -> bool:
        """Tell whether a graph has nodes whose order is still to be learned."""
        for raw in prompt.values():
            name = raw.get("class_type") if isinstance(raw, dict) else None
            if isinstance(name, str) and not is_known_class(name) and not self._is_settled(name):
                return True
        return False

    def _is_settled(self, class_type: str) -> bool:
        return sum(self._counts.get(class_type, {}).values()) >= _ENOUGH


def votes_of(prompt: Mapping[str, Any], workflow: Mapping[str, Any]) -> list[Vote]:
    """Return what a file with both forms shows of classes that the shipped tables lack."""
    return [
        (name, order) for name, order in learn(prompt, workflow).items() if not is_known_class(name)
    ]


def _stored(text: str | None) -> dict[str, Any]:
    try:
        value = json.loads(text or "{}")
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}

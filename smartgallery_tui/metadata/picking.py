"""Pick several values out of many at once."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def picker(places: Sequence[int]) -> Callable[[Sequence[Any]], tuple[Any, ...]]:
    """Return what picks the values at some places, as a tuple."""
    if not places:
        return lambda _pool: ()
    if len(places) == 1:
        only = places[0]
        return lambda pool: (pool[only],)
    return itemgetter(*places)

"""Searches with a name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from smartgallery_tui.records.files import SortKey


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A query that the user named, and its order."""

    name: str
    text: str
    sort: SortKey = "date"
    is_descending: bool = True

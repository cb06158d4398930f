"""Albums as lists show them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AlbumInfo:
    """An album of the user, or a name that stands only above others: `a` of `a/b`."""

    name: str
    """The whole name; `/` separates an album from those below it."""
    own: int
    """Files in it itself."""
    total: int
    """Files in it and in all albums below it, each once: what `album:NAME` finds."""
    note: str = ""

    @property
    def depth(self) -> int:
        """How many albums lie above it."""
        return self.name.count("/")

    @property
    def leaf(self) -> str:
        """The last part of the name."""
        return self.name.rpartition("/")[2]

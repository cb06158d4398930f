"""Offers and duplicates: values about what is kept."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RestoreOffer:
    """User data that lies on a volume and is newer than ours."""

    root: str
    library: str
    """Id of the user.db that wrote it."""
    path: str
    """The file; `Library.import_user_data` takes it."""
    updated_ns: int
    contents: int
    """How many contents it would change."""
    searches: int = 0
    """How many saved searches it would add."""
    albums: int = 0
    """How many albums it would add or write a note to, besides those of the contents."""

    @property
    def brings(self) -> list[tuple[int, str, str]]:
        """How many of what it brings, with the nouns for one and for many; nothing is left out."""
        named = [
            (self.contents, "marked file", "marked files"),
            (self.searches, "saved search", "saved searches"),
            (self.albums, "album", "albums"),
        ]
        return [each for each in named if each[0]]


@dataclass(frozen=True, slots=True)
class DuplicateGroup:
    """Files with the same content."""

    content_id: bytes
    size_bytes: int
    """Of one of them."""
    paths: tuple[str, ...]
    """Oldest first."""

"""What a search box can offer: spellings for a query without hits, completions while typing."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PartCount:
    """One part of a query, and how many files it finds alone."""

    text: str
    """As it stands in the query."""
    column: int
    total: int


@dataclass(frozen=True, slots=True)
class Spelling:
    """Another spelling of one part."""

    old: str
    new: str
    query: str
    """The whole query with the new spelling."""
    total: int
    """What that query finds."""


@dataclass(frozen=True, slots=True)
class Suggestions:
    """Why a query finds nothing, and what would."""

    total: int = 0
    """What the query finds as it is."""
    parts: tuple[PartCount, ...] = ()
    spellings: tuple[Spelling, ...] = ()


@dataclass(frozen=True, slots=True)
class Completion:
    """One way to go on typing."""

    text: str
    """What stands between `start` and `end` of the query afterwards."""
    start: int
    end: int
    label: str
    """What a list shows."""
    help: str = ""
    """For a field: what it means."""
    total: int | None = None
    """For a value: how many files have it."""

"""Event values: what the core tells a caller while it works.

The core reports through a plain callable `emit(event)`, at most ten times a second, from its
own threads. An event is a value: safe to keep, compare and send to another thread.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

SyncState = Literal["idle", "counting", "scanning", "reading", "done", "error"]
Severity = Literal["information", "warning", "error"]


@dataclass(frozen=True, slots=True)
class SyncProgress:
    """Where a sync stands."""

    state: SyncState
    done: int = 0
    total: int | None = None
    """None while it is not known."""
    rate_per_s: float = 0.0
    eta_s: float | None = None
    message: str = ""


@dataclass(frozen=True, slots=True)
class FileProgress:
    """How far a change of files is."""

    done: int
    """Files that are done, well or not."""
    total: int
    rate_per_s: float = 0.0
    """Files a second."""
    bytes_per_s: float = 0.0
    """What is copied a second; 0 where nothing is."""
    eta_s: float | None = None
    """None while it cannot be told."""
    stage: str = ""
    """What is done behind the change itself: "thumbnails"."""


@dataclass(frozen=True, slots=True)
class LibraryChanged:
    """Rows were written: an open result may be stale."""

    added: int = 0
    changed: int = 0
    removed: int = 0


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence for the user."""

    text: str
    severity: Severity = "information"


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What a finished sync did."""

    found: int = 0
    added: int = 0
    changed: int = 0
    missing: int = 0
    problems: int = 0
    unread: int = 0
    seconds: float = 0.0
    cancelled: bool = False
    notices: tuple[str, ...] = ()
    handed_over: bool = False
    """Nothing was done here: the process that scans already was asked to do it."""


Event = SyncProgress | LibraryChanged | Notice
Emit = Callable[[Event], None]
Told = Callable[[FileProgress], object]
"""Hears how far a change of files is, at most ten times a second; from the library's thread."""

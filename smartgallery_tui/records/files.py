"""Files as a scan sees them and items as a screen sees them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from smartgallery_tui.records.generation import Kind

State = Literal["unread", "indexed", "indexed_without_metadata", "error_recorded", "missing"]
"""`unread` exists only while a scan runs: the file is known, its metadata is not."""

Status = Literal["", "approved", "rejected", "review", "select", "to_edit"]

SortKey = Literal[
    "date", "name", "size", "pixels", "rating", "model", "steps", "seed", "duration", "random",
    "relevance", "folder", "prompt",
]  # fmt: skip

GroupField = Literal["day", "folder", "prompt", "model"]
"""What files stand together by."""


@dataclass(frozen=True, slots=True)
class Item:
    """One row of a result: all that a card, a list line and `find --json` show."""

    id: int
    path: str
    name: str
    """Last part of the path."""
    kind: Kind
    format: str
    size_bytes: int
    mtime_ns: int
    content_id: bytes
    """16 bytes; what user data and thumbnails are keyed by."""
    state: State
    width: int | None = None
    height: int | None = None
    duration_ms: int | None = None
    frames: int | None = None
    problem: str | None = None
    generator: str | None = None
    sources: tuple[str, ...] = ()
    prompt_preview: str = ""
    """First 200 characters of the positive prompt."""
    model: str | None = None
    sampler: str | None = None
    scheduler: str | None = None
    cfg: float | None = None
    steps: int | None = None
    seed: int | None = None
    guidance: float | None = None
    pass_count: int = 0
    is_favorite: bool = False
    rating: int = 0
    """0 (none) to 5."""
    status: Status = ""
    companions: tuple[str, ...] = ()
    """Paths of files that belong to this one (a video's still, its `-audio` twin)."""
    has_note: bool = False


@dataclass(frozen=True, slots=True)
class UserData:
    """What a user said of one content."""

    is_favorite: bool = False
    rating: int = 0
    status: Status = ""
    note: str = ""
    tags: tuple[str, ...] = ()
    albums: tuple[str, ...] = ()


class FacetValue(NamedTuple):
    """A value of a facet and how many results have it."""

    value: str
    total: int


@dataclass(frozen=True, slots=True)
class SharedData:
    """What a user said of several files together: each value with how many of them have it."""

    total: int = 0
    """Files that can have words; one that has not been read yet cannot."""
    tags: tuple[FacetValue, ...] = ()
    albums: tuple[FacetValue, ...] = ()
    notes: tuple[FacetValue, ...] = ()
    """The most frequent first; no empty one."""


@dataclass(frozen=True, slots=True)
class Facets:
    """Counts under a query, by field; values by falling count."""

    total: int = 0
    fields: Mapping[str, tuple[FacetValue, ...]] = field(default_factory=dict)
    own_albums: Mapping[str, int] = field(default_factory=dict)
    """Files that an album has itself, where there are albums below it and this was asked for."""

    def __getitem__(self, name: str) -> tuple[FacetValue, ...]:
        return self.fields.get(name, ())


CANCELLED: Final = "cancelled"
"""Reason of what was not done because the user stopped it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one item of a batch."""

    id: int
    ok: bool
    reason: str = ""
    """One line where it failed, or what a user should know where it worked."""
    path: str = ""
    """Where the file is now."""
    what: str = ""
    """Of an undo or redo: which kind of action was taken back or done again."""

    @property
    def is_cancelled(self) -> bool:
        """True where nothing was tried, or half done, because the user stopped it."""
        return not self.ok and self.reason == CANCELLED


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What an import would take."""

    paths: tuple[str, ...]
    """Files, those that folders hold included."""
    size_bytes: int
    large: tuple[str, ...] = ()
    """Those of them that are above the limit."""
    limit_mb: int = 0
    """0: there is none."""


@dataclass(frozen=True, slots=True)
class Trashed:
    """One file or folder in the trash."""

    trash_id: str
    path: str
    """Where it lies in the trash."""
    original: str
    """Where it was."""
    trashed_ns: int
    size_bytes: int = 0
    is_folder: bool = False
    marks: Mapping[str, Any] | None = None
    """What the user said of it: favourite, rating, tags ..., as the caller gave it."""


@dataclass(frozen=True, slots=True)
class LibraryStats:
    """Totals of the current view."""

    total_files: int = 0
    favorites: int = 0
    with_workflow: int = 0
    missing: int = 0
    problems: int = 0
    unread: int = 0
    size_bytes: int = 0
    by_kind: Mapping[str, int] = field(default_factory=dict)
    by_model: tuple[FacetValue, ...] = ()
    by_month: tuple[FacetValue, ...] = ()
    by_lora: tuple[FacetValue, ...] = ()
    by_sampler: tuple[FacetValue, ...] = ()
    size_by_folder: tuple[FacetValue, ...] = ()
    """Bytes of the files that lie in each folder itself, by its path, largest first."""
    size_by_model: tuple[FacetValue, ...] = ()
    """Bytes of the files made with each model, largest first."""
    unrated_old: int = 0
    """Files older than 30 days without a rating."""
    index_bytes: int = 0
    cache_bytes: int = 0
    trash_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Picture:
    """Decoded pixels: `rgb` is `height_px * width_px * 3` bytes, rows from the top."""

    width_px: int
    height_px: int
    rgb: bytes


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame of an animated picture."""

    picture: Picture
    duration_ms: int
    """How long it is shown; 0 where the file does not say."""

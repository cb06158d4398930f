"""A file with everything that a query can ask about, as one value."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PassValues:
    """What a sampling pass, or the headline, tells of itself."""

    sampler: str | None = None
    scheduler: str | None = None
    steps: int | None = None
    cfg: float | None = None
    guidance: float | None = None
    denoise: float | None = None
    seed: int | None = None
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """One file as `match` sees it."""

    path: str
    """Absolute; undecodable bytes as surrogates."""
    name: str
    """Last part of the path, for people."""
    root: str
    kind: str = "image"
    format: str = "png"
    size_bytes: int = 0
    mtime_ns: int = 0
    width: int | None = None
    height: int | None = None
    duration_ms: int | None = None
    frames: int | None = None
    frame_rate: float | None = None
    generator: str | None = None
    sources: tuple[str, ...] = ()
    has_workflow: bool = False
    problem: str | None = None
    passes: tuple[PassValues, ...] = ()
    """Of every sampling pass; the headline's values where there is none."""
    names: tuple[tuple[str, str], ...] = ()
    """(role, name as written) of everything the graph uses."""
    positive: tuple[str, ...] = ()
    negative: tuple[str, ...] = ()
    is_favorite: bool = False
    rating: int = 0
    status: str = ""
    tags: tuple[str, ...] = ()
    albums: tuple[str, ...] = ()
    note: str = ""
    is_missing: bool = False
    is_duplicate: bool = False
    """Another present file has the same content."""

"""Words of the grid's status line, and what a running sync has told so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from textual.content import Content

from smartgallery_tui.records import LibraryChanged, SyncProgress
from smartgallery_tui.ui import format as words
from smartgallery_tui.ui.content import line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smartgallery_tui.records import Event, Item
    from smartgallery_tui.ui.marks import Marks
    from smartgallery_tui.ui.result_view import ResultView
    from smartgallery_tui.ui.search import Question

_BUSY = {"counting": "counting", "scanning": "looking for files", "reading": "reading"}


@dataclass(slots=True)
class Progress:
    """What is known of the sync that runs or ran last."""

    sync: SyncProgress = field(default_factory=lambda: SyncProgress("idle"))

    def take(self, event: Event) -> bool:
        """Note an event; return whether rows were written."""
        if isinstance(event, SyncProgress):
            self.sync = event
        return isinstance(event, LibraryChanged)

    @property
    def is_busy(self) -> bool:
        """True while a sync runs."""
        return self.sync.state in _BUSY

    def text(self) -> str:
        """Return the progress in a few words, or ""."""
        sync = self.sync
        if sync.state == "error":
            return f"{sync.message or 'the last scan failed'}; R tries again"
        if not self.is_busy:
            return sync.message
        return words.progress(
            _BUSY[sync.state], sync.done, sync.total, rate_per_s=sync.rate_per_s, eta_s=sync.eta_s
        )


def left(item: Item | None, cursor: int, view: ResultView | None) -> Content:
    """Return the position and the item under the cursor."""
    if view is None:
        return Content("Loading …")
    if not view.total:
        return Content("Nothing here")
    place = f"{cursor + 1:,}/{view.total:,}  "
    if item is None:
        return Content.assemble((place, "bold"), "…")
    parts = [Content.assemble((place, "bold"), line(item.name))]
    if item.is_favorite:
        parts.append(Content.styled("♥", "$favorite"))
    if item.rating:
        parts.append(Content.styled("★" * item.rating, "$foreground-muted"))
    facts = (
        " ".join(part for part in (words.dimensions(item), words.megapixels(item)) if part),
        words.size(item.size_bytes),
        words.date(item.mtime_ns),
        item.model or "",
    )
    parts += [line(text, "$foreground-muted") for text in facts if text]
    if item.problem:
        parts.append(line(item.problem, "$text-warning"))
    return Content("  ").join(parts)


MARKED = Content.styled("  marked", "bold $accent")
"""Stands behind an item that is shown alone."""


def facts(item: Item, modes: Sequence[str]) -> Content:
    """Return what goes on, and of an item what its line has no room for."""
    length = words.duration(item.duration_ms) if item.duration_ms else ""
    shown = (*modes, length, item.status.replace("_", " "))
    return Content("  ").join(Content(one) for one in shown if one)


def right(
    marks: Marks,
    progress: Progress,
    view: ResultView | None,
    modes: Sequence[str] = (),
    *,
    outside: int = 0,
    offline: Sequence[str] = (),
) -> Content:
    """Return marks, what is unread, and the progress of a sync."""
    parts: list[Content] = []
    if marks.range_start is not None:
        parts.append(Content.styled("range: v marks it", "$accent"))
    if len(marks):
        hidden = f", {outside:,} outside this view" if outside else ""
        parts.append(Content.styled(f"{len(marks):,} marked{hidden}", "bold $accent"))
    parts += [Content.styled(mode, "bold $accent") for mode in modes]
    unread = view.result.unread if view else 0
    if unread:
        parts.append(Content.styled(f"incomplete: {unread:,} unread", "$text-warning"))
    if offline:
        names = ", ".join(path.rstrip("/").rpartition("/")[2] or path for path in offline)
        parts.append(line(f"offline: {names}", "$text-warning"))
    running = progress.text()
    if running:
        style = "$text-error" if progress.sync.state == "error" else "$foreground-muted"
        parts.append(line(running, style))
    return Content(" · ").join(parts)


def count(view: ResultView | None, asked: Question, whole: int) -> str:
    """Return how many were found of how many, and the order, for the end of the search box."""
    if view is None:
        return ""
    arrow = "↓" if asked.is_descending else "↑"
    found = f"{view.hits:,} of " if view.hits != whole else ""
    return f"{found}{words.count(whole, 'file')}  {asked.sort} {arrow}"

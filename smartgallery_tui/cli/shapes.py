"""The shapes of JSON that scripts may rely on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smartgallery_tui.library.tables import generation_shape, seconds

if TYPE_CHECKING:
    from smartgallery_tui.library.inspect import Inspection
    from smartgallery_tui.records import SyncReport


def inspection_shape(inspection: Inspection) -> dict[str, Any]:
    """Return what `inspect --json` prints for one file."""
    container = inspection.container
    return {
        "path": inspection.path,
        "kind": container.kind,
        "format": container.format,
        "width": container.width,
        "height": container.height,
        "duration_s": seconds(container.duration_ms),
        "sources": list(inspection.generation.sources),
        "generator": inspection.generation.generator,
        "problem": inspection.problem,
        **generation_shape(inspection.generation),
    }


def unreadable_shape(path: str, problem: str) -> dict[str, Any]:
    """Return what `inspect --json` prints for a file that cannot be read at all."""
    return {
        "path": path, "kind": "other", "format": None, "width": None, "height": None,
        "duration_s": None, "sources": [], "generator": None, "problem": problem,
        "headline": None, "passes": [],
    }  # fmt: skip


def report_shape(report: SyncReport) -> dict[str, Any]:
    """Return what `scan --json` ends with."""
    return {
        "found": report.found,
        "added": report.added,
        "changed": report.changed,
        "missing": report.missing,
        "problems": report.problems,
        "seconds": round(report.seconds, 3),
    }

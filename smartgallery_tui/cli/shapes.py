"""The shapes of JSON that scripts may rely on."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from smartgallery_tui.library.inspect import Inspection
    from smartgallery_tui.records import (
        Generation,
        Headline,
        Item,
        LoraUse,
        SamplingPass,
        SyncReport,
        UserData,
    )


def inspection_shape(inspection: Inspection) -> dict[str, Any]:
    """Return what `inspect --json` prints for one file."""
    container = inspection.container
    return {
        "path": inspection.path,
        "kind": container.kind,
        "format": container.format,
        "width": container.width,
        "height": container.height,
        "duration_s": _seconds(container.duration_ms),
        "sources": list(inspection.generation.sources),
        "generator": inspection.generation.generator,
        "problem": inspection.problem,
        **_generation_shape(inspection.generation),
    }


def unreadable_shape(path: str, problem: str) -> dict[str, Any]:
    """Return what `inspect --json` prints for a file that cannot be read at all."""
    return {
        "path": path, "kind": "other", "format": None, "width": None, "height": None,
        "duration_s": None, "sources": [], "generator": None, "problem": problem,
        "headline": None, "passes": [],
    }  # fmt: skip


def row_shape(item: Item, generation: Generation, user: UserData) -> dict[str, Any]:
    """Return what `find --json` prints for one row of the index."""
    return {
        "id": item.id,
        "path": item.path,
        "kind": item.kind,
        "format": item.format,
        "width": item.width,
        "height": item.height,
        "duration_s": _seconds(item.duration_ms),
        "sources": list(item.sources),
        "generator": item.generator,
        "problem": item.problem,
        **_generation_shape(generation),
        "state": item.state,
        "is_favorite": user.is_favorite,
        "rating": user.rating,
        "status": user.status,
        "tags": list(user.tags),
        "size_bytes": item.size_bytes,
        "mtime": item.mtime_ns / 1e9,
    }


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


def _generation_shape(generation: Generation) -> dict[str, Any]:
    headline = generation.headline
    return {
        "headline": None if headline is None else _headline_shape(headline),
        "passes": [_pass_shape(one) for one in generation.passes],
    }


def _headline_shape(headline: Headline) -> dict[str, Any]:
    return {"model": headline.model, **_common_shape(headline)}


def _pass_shape(one: SamplingPass) -> dict[str, Any]:
    model = one.models[0] if one.models else None
    return {"node": one.node, "class": one.class_type, "model": model, **_common_shape(one)}


def _common_shape(values: Headline | SamplingPass) -> dict[str, Any]:
    return {
        "models": list(values.models),
        "loras": [_lora_shape(lora) for lora in values.loras],
        "sampler": values.sampler,
        "scheduler": values.scheduler,
        "steps": values.steps,
        "cfg": _finite(values.cfg),
        "guidance": _finite(values.guidance),
        "denoise": _finite(values.denoise),
        "seed": values.seed,
        "positive": list(values.positive),
        "negative": list(values.negative),
        "width": values.width,
        "height": values.height,
    }


def _lora_shape(lora: LoraUse) -> dict[str, Any]:
    return {
        "name": lora.name,
        "strength_model": _finite(lora.strength_model),
        "strength_clip": _finite(lora.strength_clip),
    }


def _finite(number: float | None) -> float | None:
    return number if number is None or math.isfinite(number) else None


def _seconds(duration_ms: int | None) -> float | None:
    return None if duration_ms is None else duration_ms / 1000

"""Rows as text that other programs read: JSON objects and CSV, for commands and exports alike."""

from __future__ import annotations

import csv
import io
import math
import time
from typing import TYPE_CHECKING, Any

from smartgallery_tui.records import UserData

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from smartgallery_tui.records import Generation, Headline, Item, LoraUse, SamplingPass

_COLUMNS = (
    "path", "kind", "format", "width", "height", "size_bytes", "mtime", "state", "model",
    "sampler", "scheduler", "steps", "cfg", "guidance", "seed", "is_favorite", "rating", "status",
    "tags", "problem", "generator", "denoise", "loras", "positive", "negative", "albums", "note",
)  # fmt: skip


def described(
    items: Sequence[Item],
    generations: Callable[[Sequence[int]], Mapping[int, Generation]],
    users_data: Callable[[Sequence[int]], Mapping[int, UserData]],
) -> Iterator[tuple[Item, Generation, UserData]]:
    """Yield what a row needs of each item; items that were forgotten meanwhile are left out.

    Args:
        items: A page of them.
        generations: Reads what was understood of many files at once.
        users_data: Reads what the user said of many files at once.
    """
    ids = [item.id for item in items]
    found, said = generations(ids), users_data(ids)
    for item in items:
        if item.id in found:
            yield item, found[item.id], said.get(item.id, UserData())


def csv_head() -> str:
    """Return the names of the columns as a line of CSV, without its end."""
    return _csv_line(list(_COLUMNS))


def csv_row(item: Item, generation: Generation, user: UserData) -> str:
    """Return an item as a line of CSV, without its end.

    Several LoRAs and albums are separated by `; `, prompts by ` | `; line breaks become blanks.
    """
    return _csv_line([*_cells(item, " ".join(user.tags)), *_more_cells(item, generation, user)])


def row_shape(item: Item, generation: Generation, user: UserData) -> dict[str, Any]:
    """Return one row of the index as `find --json` prints it."""
    return {
        "id": item.id,
        "path": item.path,
        "kind": item.kind,
        "format": item.format,
        "width": item.width,
        "height": item.height,
        "duration_s": seconds(item.duration_ms),
        "sources": list(item.sources),
        "generator": item.generator,
        "problem": item.problem,
        **generation_shape(generation),
        "state": item.state,
        "is_favorite": user.is_favorite,
        "rating": user.rating,
        "status": user.status,
        "tags": list(user.tags),
        "size_bytes": item.size_bytes,
        "mtime": item.mtime_ns / 1e9,
    }


def generation_shape(generation: Generation) -> dict[str, Any]:
    """Return what was understood of a file: headline and passes."""
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


def seconds(duration_ms: int | None) -> float | None:
    """Return a duration in seconds, None for None."""
    return None if duration_ms is None else duration_ms / 1000


def _cells(item: Item, tags: str) -> list[object]:
    return [
        item.path, item.kind, item.format, item.width, item.height, item.size_bytes,
        _timestamp(item.mtime_ns), item.state, item.model, item.sampler, item.scheduler,
        item.steps, _number(item.cfg), _number(item.guidance), item.seed, int(item.is_favorite),
        item.rating, item.status, tags, item.problem,
    ]  # fmt: skip


def _more_cells(item: Item, generation: Generation, user: UserData) -> list[object]:
    headline = generation.headline
    if headline is None:
        return [item.generator, "", "", "", "", "; ".join(user.albums), _flat(user.note)]
    loras = [
        lora.name if lora.strength_model is None else f"{lora.name}:{_number(lora.strength_model)}"
        for lora in headline.loras
    ]
    return [
        item.generator, _number(headline.denoise), "; ".join(loras),
        _flat(*headline.positive), _flat(*headline.negative),
        "; ".join(user.albums), _flat(user.note),
    ]  # fmt: skip


def _flat(*texts: str) -> str:
    return " | ".join(" ".join(text.split()) for text in texts)


def _csv_line(cells: list[object]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow(cells)
    return text.getvalue()


def _timestamp(mtime_ns: int) -> str:
    try:
        return time.strftime("%Y-%m-%dT%H:%M:%S", time.localtime(mtime_ns // 1_000_000_000))
    except (OverflowError, ValueError, OSError):
        return ""


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:g}"

"""Words for people: how metadata, sizes and times read on a line."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smartgallery_tui.library.inspect import Inspection
    from smartgallery_tui.records import Headline, LoraUse, SamplingPass
    from smartgallery_tui.records.keeping import RestoreOffer

_LABEL_WIDTH = 10


def inspection_lines(inspection: Inspection) -> Iterator[str]:
    """Yield the lines that `inspect` prints for one file."""
    container, generation = inspection.container, inspection.generation
    yield inspection.path
    size = f", {container.width} x {container.height}" if container.width else ""
    length = f", {container.duration_ms / 1000:g} s" if container.duration_ms else ""
    what = f"{container.format} ({container.kind})" if container.format else container.kind
    yield _row("file", f"{what}{size}{length}")
    if generation.generator or generation.sources:
        found = f" ({', '.join(generation.sources)})" if generation.sources else ""
        yield _row("made by", f"{generation.generator or 'unknown'}{found}")
    if generation.headline is not None:
        yield from _value_lines(generation.headline)
    else:
        yield _row("metadata", "none")
    if len(generation.passes) > 1:
        for number, one in enumerate(generation.passes, 1):
            yield _row(f"pass {number}", _pass_text(one))
    if inspection.problem:
        yield _row("problem", inspection.problem)
    for warning in generation.warnings:
        yield _row("note", warning)


def duration(seconds: float) -> str:
    """Return a length of time as `1:02:03`, `2:03` or `3 s`."""
    whole = max(0, int(seconds))
    if whole < 60:
        return f"{whole} s"
    hours, rest = divmod(whole, 3600)
    minutes, last = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{last:02}" if hours else f"{minutes}:{last:02}"


def size(size_bytes: int) -> str:
    """Return a size with its unit and at most one decimal, in the units of the screens."""
    value = float(size_bytes)
    for unit in ("B", "kB", "MB", "GB"):
        if value < 1000:
            return f"{value:.0f} {unit}" if unit == "B" else f"{value:.1f} {unit}"
        value /= 1000
    return f"{value:.1f} TB"


def timestamp(mtime_ns: int) -> str:
    """Return a local time as `2026-03-01T12:00:00`, "" where it cannot be told."""
    try:
        return time.strftime("%Y-%m-%dT%H:%M:%S", time.localtime(mtime_ns // 1_000_000_000))
    except (OverflowError, ValueError, OSError):
        return ""


def number(value: float | None) -> str:
    """Return a number without needless decimals, "" for None."""
    return "" if value is None else f"{value:g}"


def lora_text(lora: LoraUse) -> str:
    """Return a LoRA as `name (0.8)`, both strengths where they differ."""
    strengths = [number(lora.strength_model)]
    if lora.strength_clip is not None and lora.strength_clip != lora.strength_model:
        strengths.append(number(lora.strength_clip))
    shown = "/".join(part for part in strengths if part)
    return f"{lora.name} ({shown})" if shown else lora.name


def _value_lines(headline: Headline) -> Iterator[str]:
    if headline.models:
        yield _row("model", ", ".join(headline.models))
    if headline.loras:
        yield _row("LoRA", ", ".join(lora_text(lora) for lora in headline.loras))
    yield _row("sampling", _sampling_text(headline))
    if headline.seed is not None:
        yield _row("seed", str(headline.seed))
    if headline.width and headline.height:
        yield _row("latent", f"{headline.width} x {headline.height}")
    for label, texts in (("positive", headline.positive), ("negative", headline.negative)):
        for text in texts:
            first, *others = text.splitlines() or [""]
            yield _row(label, first)
            for line in others:
                yield _row("", line)


def offered(offer: RestoreOffer) -> str:
    """Return what an offer of user data brings and from when: `3 albums, last changed ...`."""
    parts = [f"{number:,} {one if number == 1 else many}" for number, one, many in offer.brings]
    return f"{', '.join(parts)}, last changed {timestamp(offer.updated_ns)}"


def _sampling_text(values: Headline | SamplingPass) -> str:
    names = " / ".join(part for part in (values.sampler, values.scheduler) if part)
    numbers = [
        f"{label} {number(value)}"
        for label, value in (
            ("steps", values.steps),
            ("cfg", values.cfg),
            ("guidance", values.guidance),
            ("denoise", values.denoise),
        )
        if value is not None
    ]
    return ", ".join(part for part in (names, *numbers) if part) or "unknown"


def _pass_text(one: SamplingPass) -> str:
    where = f"{one.class_type} (node {one.node})" if one.node else one.class_type
    seed = "" if one.seed is None else f", seed {one.seed}"
    return f"{where}: {_sampling_text(one)}{seed}"


def _row(label: str, text: str) -> str:
    return f"  {label:<{_LABEL_WIDTH}} {text}"

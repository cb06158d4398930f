"""What is known of an item, as text for the information panel; empty fields are left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from smartgallery_tui.ui import format as words
from smartgallery_tui.ui.content import block, line

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from smartgallery_tui.records import (
        Generation,
        Headline,
        Item,
        LoraUse,
        SamplingPass,
        UserData,
    )

_LABEL_CELLS = 11
Pair = tuple[str, str]


TABS = ("fields", "prompts", "nodes", "files", "raw")
"""Tabs of the information, in order."""


def prompts(generation: Generation) -> Content:
    """Return the prompts tab: every text of every pass."""
    parts: list[Content] = []
    for number, one in enumerate(generation.passes, 1):
        texts = _prompts(one.positive, one.negative)
        if texts and len(generation.passes) > 1:
            parts.append(_heading(f"Pass {number}  {one.class_type}"))
        parts += texts
    if not parts and generation.headline is not None:
        parts = _prompts(generation.headline.positive, generation.headline.negative)
    return Content("\n").join(parts or [line("No prompts in this file.", "dim")])


def files(item: Item, generation: Generation, inputs: Sequence[Item] = ()) -> Content:
    """Return the files tab: the file itself, what belongs to it, and every file it was made of.

    Args:
        item: The file.
        generation: What is known of how it was made.
        inputs: Loaded files that are in the library, missing ones among them.
    """
    parts = [_pairs([("Path", item.path), *(("Belongs", path) for path in item.companions)])]
    loaded = _names(generation, "input")
    if loaded:
        parts += [_heading("Loaded files"), *_loaded(loaded, inputs)]
    for role in ("model", "lora", "vae", "clip", "controlnet", "upscaler", "embedding"):
        names = _names(generation, role)
        if names:
            parts.append(_heading(role.capitalize()))
            parts += [line(name) for name in names]
    return Content("\n").join(parts)


def _names(generation: Generation, role: str) -> list[str]:
    return list(dict.fromkeys(use.name for use in generation.names if use.role == role))


def _loaded(names: Sequence[str], inputs: Sequence[Item]) -> list[Content]:
    """Return the path and size of each loaded file, or its name and that it is not known."""
    rows: list[Content] = []
    for name in names:
        found = [one for one in inputs if one.path == name or one.path.endswith(f"/{name}")]
        for one in found:
            gone = one.state == "missing"
            facts = ("is gone",) if gone else (words.dimensions(one), words.size(one.size_bytes))
            style = "$text-warning" if gone else "$foreground-muted"
            said = ", ".join(fact for fact in facts if fact)
            rows += [line(one.path, limit=1_000), Content("  ") + line(said, style)]
        if not found:
            rows += [line(name), Content("  ") + line("is in no known input folder", "dim")]
    return rows


def raw(texts: Mapping[str, str | None]) -> Content:
    """Return the raw tab: the texts as the file holds them, cut where they are long."""
    parts: list[Content] = []
    for key, text in texts.items():
        if text:
            parts += [_heading(key), block(text)]
    return Content("\n").join(parts or [line("No metadata in this file.", "dim")])


def describe(item: Item, generation: Generation, user_data: UserData) -> Content:
    """Return the fields tab: the file, how it was made, what the user said of it."""
    parts = [_title(item.name), _pairs(_file_pairs(item))]
    marks = _user_pairs(user_data)
    if marks:
        parts += [_heading("Yours"), _pairs(marks)]
    parts += _made(generation)
    for trouble in (item.problem, generation.problem, *generation.warnings):
        if trouble:
            parts.append(line(trouble, "$text-warning"))
    return Content("\n").join(parts)


def _made(generation: Generation) -> list[Content]:
    headline = generation.headline
    if headline is None:
        return [_heading("Generation"), line("No generation data in this file.", "dim")]
    parts: list[Content] = []
    if len(generation.passes) > 1:
        for number, one in enumerate(generation.passes, 1):
            parts += [_heading(f"Pass {number}  {one.class_type}"), _pairs(_pass_pairs(one))]
            parts += _prompts(one.positive, one.negative)
        return parts
    parts += [_heading(generation.generator or "Generation"), _pairs(_headline_pairs(headline))]
    return parts + _prompts(headline.positive, headline.negative)


def _prompts(positive: Sequence[str], negative: Sequence[str]) -> list[Content]:
    parts: list[Content] = []
    for title, texts in (("Prompt", positive), ("Negative prompt", negative)):
        for text in texts:
            if text.strip():
                parts += [_heading(title), block(text.strip())]
    return parts


def _file_pairs(item: Item) -> list[Pair]:
    size = words.dimensions(item)
    if item.width and item.height:
        size += f"  {item.width * item.height / 1e6:.1f} MP"
    return [
        ("Kind", item.kind if item.kind == item.format else f"{item.kind}, {item.format}"),
        ("Size", size),
        ("Duration", words.duration(item.duration_ms) if item.duration_ms else ""),
        ("Frames", f"{item.frames:,}" if item.frames and item.frames > 1 else ""),
        ("File size", words.size(item.size_bytes)),
        ("Date", words.date(item.mtime_ns)),
        ("Folder", item.path[: -len(item.name)].rstrip("/") or "/"),
        *(("Belongs", companion) for companion in item.companions),
    ]


def _user_pairs(user_data: UserData) -> list[Pair]:
    pairs = [
        ("Favourite", "♥" if user_data.is_favorite else ""),
        ("Rating", "★" * user_data.rating),
        ("Status", user_data.status.replace("_", " ")),
        ("Tags", ", ".join(user_data.tags)),
        ("Albums", ", ".join(user_data.albums)),
        ("Note", user_data.note),
    ]
    return [pair for pair in pairs if pair[1]]


def _headline_pairs(headline: Headline) -> list[Pair]:
    models = headline.models or ((headline.model,) if headline.model else ())
    return _sampling_pairs(headline, models)


def _pass_pairs(one: SamplingPass) -> list[Pair]:
    return _sampling_pairs(one, one.models)


def _sampling_pairs(values: Headline | SamplingPass, models: Sequence[str]) -> list[Pair]:
    size = f"{values.width}\u00d7{values.height}" if values.width and values.height else ""
    figures: list[tuple[str, float | None]] = [
        ("Steps", values.steps),
        ("CFG", values.cfg),
        ("Guidance", values.guidance),
        ("Denoise", values.denoise),
    ]
    return [
        *(("Model", model) for model in models),
        *(("LoRA", _lora(lora)) for lora in values.loras),
        ("Sampler", values.sampler or ""),
        ("Scheduler", values.scheduler or ""),
        *((label, words.number(value)) for label, value in figures if value is not None),
        ("Seed", "" if values.seed is None else str(values.seed)),
        ("Made at", size),
    ]


def _lora(lora: LoraUse) -> str:
    strengths = [s for s in (lora.strength_model, lora.strength_clip) if s is not None]
    if len(strengths) == 2 and strengths[0] == strengths[1]:
        strengths.pop()
    return " ".join([lora.name, *(words.number(strength) for strength in strengths)])


def _pairs(pairs: Sequence[Pair]) -> Content:
    rows = [
        Content.assemble(
            (f"{label:<{_LABEL_CELLS}}", "$foreground-muted"), line(value, limit=1_000)
        )
        for label, value in pairs
        if value
    ]
    return Content("\n").join(rows)


def _title(text: str) -> Content:
    return line(text, "bold")


def _heading(text: str) -> Content:
    return Content("\n") + line(text, "bold $accent")

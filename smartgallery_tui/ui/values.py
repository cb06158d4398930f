"""Every value of an item as pairs of label and text: for the clipboard, and for comparing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartgallery_tui.ui import format as words

if TYPE_CHECKING:
    from smartgallery_tui.records import Generation, Headline, Item, SamplingPass, UserData

Pair = tuple[str, str]


def pairs(item: Item, generation: Generation, user_data: UserData) -> list[Pair]:
    """Return the values that are known: of the file, of the user, of each pass."""
    folder = item.path[: -len(item.name)].rstrip("/") or "/"
    found: list[Pair] = [
        ("name", item.name),
        ("path", item.path),
        ("folder", folder),
        ("size", words.dimensions(item)),
        ("file size", f"{item.size_bytes}"),
        ("date", words.date(item.mtime_ns)),
        ("rating", str(user_data.rating) if user_data.rating else ""),
        ("status", user_data.status),
        ("tags", ", ".join(user_data.tags)),
        ("albums", ", ".join(user_data.albums)),
        ("note", user_data.note),
        ("generator", generation.generator or ""),
    ]
    if generation.headline is not None:
        found += _sampling(generation.headline)
    if len(generation.passes) > 1:
        for number, one in enumerate(generation.passes, 1):
            found += [(f"pass {number} {label}", text) for label, text in _sampling(one)]
    found += [(use.role, use.name) for use in generation.names]
    return list(dict.fromkeys(pair for pair in found if pair[1]))


def _sampling(values: Headline | SamplingPass) -> list[Pair]:
    figures = ("seed", "steps", "cfg", "guidance", "denoise", "sampler", "scheduler")
    found = [("prompt", text) for text in values.positive]
    found += [("negative", text) for text in values.negative]
    found += [("model", name) for name in values.models]
    for name in figures:
        value = getattr(values, name)
        if value is not None:
            text = words.number(value) if isinstance(value, float) else str(value)
            found.append((name, text))
    found += [
        ("LoRA", f"{lora.name} {words.number(lora.strength_model)}")
        if lora.strength_model is not None
        else ("LoRA", lora.name)
        for lora in values.loras
    ]
    if values.width and values.height:
        found.append(("made at", f"{values.width}x{values.height}"))
    return found

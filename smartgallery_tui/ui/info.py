"""What is known of an item, as text for the information panel; empty fields are left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from smartgallery_tui.ui import format as words
from smartgallery_tui.ui.content import block, line
from smartgallery_tui.ui.text_rows import TextRow, heading, text

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


ROLES = {"lora": "LoRA", "vae": "VAE", "clip": "CLIP", "controlnet": "ControlNet"}
"""Headings that are no plain words."""
TABS = ("fields", "prompts", "nodes", "files", "raw")
"""Tabs of the information, in order."""


def prompts(generation: Generation) -> list[TextRow]:
    """Return the prompts tab: every text of every pass."""
    rows: list[TextRow] = []
    for number, one in enumerate(generation.passes, 1):
        texts = _prompts(one.positive, one.negative)
        if texts and len(generation.passes) > 1:
            rows += _heading(f"Pass {number}  {one.class_type}")
        rows += texts
    if not rows and generation.headline is not None:
        rows = _prompts(generation.headline.positive, generation.headline.negative)
    return rows or [text(line("No prompts in this file.", "dim"))]


def files(
    item: Item,
    generation: Generation,
    inputs: Sequence[Item] = (),
    real_path: str = "",
    read_ns: int | None = None,
) -> list[TextRow]:
    """Return the files tab: the file itself, what belongs to it, and every file it was made of.

    Args:
        item: The file.
        generation: What is known of how it was made.
        inputs: Loaded files that are in the library, missing ones among them.
        real_path: Where the file really lies, if that is elsewhere.
        read_ns: When its metadata was read last.
    """
    rows = _pairs(
        [
            ("Path", item.path),
            ("Really", real_path if real_path != item.path else ""),
            *(("Belongs", path) for path in item.companions),
            ("Last read", words.date(read_ns) if read_ns else ""),
        ]
    )
    loaded = _names(generation, "input")
    if loaded:
        rows += [*_heading("Loaded files"), *_loaded(loaded, inputs)]
    for role in ("model", "lora", "vae", "clip", "controlnet", "upscaler", "embedding"):
        names = _names(generation, role)
        if names:
            rows += _heading(ROLES.get(role, role.capitalize()))
            rows += [text(line(name)) for name in names]
    return rows


def _names(generation: Generation, role: str) -> list[str]:
    return list(dict.fromkeys(use.name for use in generation.names if use.role == role))


def _loaded(names: Sequence[str], inputs: Sequence[Item]) -> list[TextRow]:
    """Return the path and size of each loaded file, or its name and that it is not known."""
    rows: list[TextRow] = []
    for name in names:
        found = [one for one in inputs if one.path == name or one.path.endswith(f"/{name}")]
        for one in found:
            gone = one.state == "missing"
            facts = ("is gone",) if gone else (words.dimensions(one), words.size(one.size_bytes))
            style = "$text-warning" if gone else "$foreground-muted"
            said = ", ".join(fact for fact in facts if fact)
            rows += [text(line(one.path, limit=1_000)), _below(line(said, style))]
        if not found:
            rows += [text(line(name)), _below(line("is in no known input folder", "dim"))]
    return rows


def _below(body: Content) -> TextRow:
    return TextRow(body, Content("  "), 2)


def raw(texts: Mapping[str, str | None]) -> list[TextRow]:
    """Return the raw tab: the texts as the file holds them, cut where they are long."""
    rows: list[TextRow] = []
    for key, held in texts.items():
        if held:
            rows += [*_heading(key), text(block(held))]
    return rows or [text(line("No metadata in this file.", "dim"))]


def describe(
    item: Item, generation: Generation, user_data: UserData, *, is_made_first: bool = False
) -> list[TextRow]:
    """Return the fields tab: the file, what the user said of it, how it was made.

    Args:
        item: The file.
        generation: How it was made.
        user_data: What the user said of it.
        is_made_first: The file stands last: where there is little room, and its name and figures
            are on the screen already.
    """
    marks = _user_pairs(user_data)
    yours = [*_heading("Yours"), *_pairs(marks)] if marks else []
    if _is_long(user_data.note):
        yours += [*_heading("Note"), text(block(user_data.note))]
    made = _made(generation)
    for trouble in (item.problem, generation.problem, *generation.warnings):
        if trouble:
            made.append(text(line(trouble, "$text-warning")))
    file = _pairs(_file_pairs(item))
    if is_made_first:
        return [*made[1:], *yours, *_heading("File"), *file]
    return [_title(item.name), *file, *yours, *made]


def _made(generation: Generation) -> list[TextRow]:
    headline = generation.headline
    if headline is None:
        nothing = text(line("No generation data in this file.", "dim"))
        return [*_heading("Generation"), nothing]
    rows: list[TextRow] = []
    if len(generation.passes) > 1:
        for number, one in enumerate(generation.passes, 1):
            rows += [*_heading(f"Pass {number}  {one.class_type}"), *_pairs(_pass_pairs(one))]
            rows += _prompts(one.positive, one.negative)
        return rows
    rows += [*_heading(generation.generator or "Generation"), *_pairs(_headline_pairs(headline))]
    return rows + _prompts(headline.positive, headline.negative)


def _prompts(positive: Sequence[str], negative: Sequence[str]) -> list[TextRow]:
    rows: list[TextRow] = []
    for title, texts in (("Prompt", positive), ("Negative prompt", negative)):
        for one in texts:
            if one.strip():
                rows += [*_heading(title), text(block(one.strip()))]
    return rows


def _file_pairs(item: Item) -> list[Pair]:
    shape = [words.dimensions(item), words.megapixels(item), words.aspect(item)]
    return [
        ("Kind", item.kind if item.kind == item.format else f"{item.kind}, {item.format}"),
        ("Size", "  ".join(part for part in shape if part)),
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
        ("Note", "" if _is_long(user_data.note) else user_data.note),
    ]
    return [pair for pair in pairs if pair[1]]


def _is_long(note: str) -> bool:
    return "\n" in note.strip()


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


def _pairs(pairs: Sequence[Pair]) -> list[TextRow]:
    return [
        TextRow(line(value, limit=1_000), line(label, "$foreground-muted"), _LABEL_CELLS)
        for label, value in pairs
        if value
    ]


def _title(words_: str) -> TextRow:
    return text(line(words_, "bold"))


def _heading(words_: str) -> list[TextRow]:
    return heading(line(words_, "bold $accent"))

"""NovelAI: a JSON comment with its own words (`uc`, `scale`), and captions for each character."""

from __future__ import annotations

import re
from typing import Any

from smartgallery_tui.metadata.generators.reading import (
    TextReading,
    first,
    model_names,
    text_pass,
    texts,
)

_HASH = re.compile(r"\s+[0-9A-F]{8}$")


def read_novelai(data: dict[str, Any], others: dict[str, str]) -> TextReading | None:
    """Return what NovelAI wrote in its comment, or None if this is not its JSON.

    Args:
        data: The decoded comment.
        others: The file's other texts; `source` names the model, `description` the prompt.
    """
    is_ours = others.get("software", "").casefold() == "novelai"
    if not is_ours and not ("uc" in data and "scale" in data):
        return None
    if "steps" not in data and "sampler" not in data and "prompt" not in data:
        return None
    made = text_pass(
        {
            "sampler": data.get("sampler"),
            "scheduler": first(data, "noise_schedule", "scheduler"),
            "steps": data.get("steps"),
            "cfg": data.get("scale"),
            "denoise": data.get("strength")
            if data.get("request_type") != "PromptGenerateRequest"
            else None,
            "seed": data.get("seed"),
            "width": data.get("width"),
            "height": data.get("height"),
        },
        models=(_HASH.sub("", others.get("source", "")),),
        positive=texts(
            first(data, "prompt") or others.get("description"), *_captions(data, "v4_prompt")
        ),
        negative=texts(data.get("uc"), *_captions(data, "v4_negative_prompt")),
    )
    return TextReading("NovelAI", (made,), tuple(model_names(made.models)))


def _captions(data: dict[str, Any], name: str) -> list[str]:
    """Return the texts of version 4: a base caption and one for each character."""
    holder = data.get(name)
    caption = holder.get("caption") if isinstance(holder, dict) else None
    if not isinstance(caption, dict):
        return []
    rows = caption.get("char_captions")
    found = [caption.get("base_caption")]
    found += [
        row.get("char_caption")
        for row in (rows if isinstance(rows, list) else ())
        if isinstance(row, dict)
    ]
    return [text for text in found if isinstance(text, str)]

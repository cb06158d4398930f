"""Draw Things: JSON in the XMP field `exif:UserComment`, with one-letter keys."""

from __future__ import annotations

import re
from typing import Any

from smartgallery_tui.metadata.generators.reading import (
    TextReading,
    first,
    lora_names,
    model_names,
    text_pass,
    texts,
)
from smartgallery_tui.metadata.values import as_float, as_name
from smartgallery_tui.records.generation import LoraUse, NameUse

_COMMENT = re.compile(
    r"<exif:UserComment\b[^>]*>(.*?)</exif:UserComment>|exif:UserComment=\"([^\"]*)\"", re.DOTALL
)
_TAGS = re.compile(r"<[^>]*>")
_SIZE = re.compile(r"^(\d+)\s*x\s*(\d+)$")


def comment_of_xmp(xmp: str) -> str | None:
    """Return the user comment of an XMP packet, or None."""
    found = _COMMENT.search(xmp)
    if found is None:
        return None
    from html import unescape  # its table is large, and few files need it

    text = unescape(_TAGS.sub("", found[1]) if found[1] is not None else found[2])
    return text.strip() or None


def read_draw_things(data: dict[str, Any]) -> TextReading | None:
    """Return what Draw Things wrote, or None if this is not its JSON."""
    detail = data.get("v2")
    if "c" not in data or not ("uc" in data or isinstance(detail, dict)):
        return None
    extra = detail if isinstance(detail, dict) else {}
    size = _SIZE.match(str(data.get("size", "")))
    loras = _loras(data, extra)
    made = text_pass(
        {
            "sampler": first(data, "sampler"),
            "scheduler": first(data, "scheduler"),
            "steps": first(data, "steps") or extra.get("steps"),
            "cfg": first(data, "scale") or extra.get("guidanceScale"),
            "denoise": first(data, "strength") or extra.get("strength"),
            "seed": first(data, "seed") if "seed" in data else extra.get("seed"),
            "width": size[1] if size else extra.get("width"),
            "height": size[2] if size else extra.get("height"),
        },
        models=(first(data, "model") or extra.get("model"),),
        loras=loras,
        positive=texts(data.get("c")),
        negative=texts(data.get("uc")),
    )
    names = model_names(made.models) + lora_names(loras)
    controls = extra.get("controls")
    for row in controls if isinstance(controls, list) else ():
        name = as_name(row.get("file")) if isinstance(row, dict) else None
        if name is not None:
            names.append(NameUse("controlnet", name))
    return TextReading("Draw Things", (made,), tuple(names))


def _loras(data: dict[str, Any], extra: dict[str, Any]) -> list[LoraUse]:
    rows = data.get("lora") or extra.get("loras")
    found = []
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, dict):
            name = as_name(first(row, "model", "file"))
            if name is not None:
                found.append(LoraUse(name, as_float(row.get("weight"))))
    return found

"""Fooocus: its own JSON (scheme `fooocus`, and the older log form); scheme `a1111` is infotext."""

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

_SIZE = re.compile(r"\(?\s*(\d+)\s*[,x\u00d7]\s*(\d+)\s*\)?")
_OLD_LORA = re.compile(r"^(.+?)\s*:\s*(-?[\d.]+)$")


def read_fooocus(data: dict[str, Any]) -> TextReading | None:
    """Return what Fooocus wrote, or None if this is not its JSON."""
    fields = {str(name).casefold().replace(" ", "_"): value for name, value in data.items()}
    if "base_model" not in fields or not ("performance" in fields or "sharpness" in fields):
        return None
    loras = _loras(fields)
    size = _SIZE.search(str(fields.get("resolution", "")))
    made = text_pass(
        {
            "sampler": fields.get("sampler"),
            "scheduler": fields.get("scheduler"),
            "steps": fields.get("steps"),
            "cfg": first(fields, "guidance_scale", "cfg"),
            "seed": fields.get("seed"),
            "width": size[1] if size else None,
            "height": size[2] if size else None,
        },
        models=(fields.get("base_model"), fields.get("refiner_model")),
        loras=loras,
        positive=texts(fields.get("prompt")) or texts(fields.get("full_prompt")),
        negative=texts(fields.get("negative_prompt")) or texts(fields.get("full_negative_prompt")),
    )
    names = model_names(made.models) + lora_names(loras)
    vae = as_name(fields.get("vae"))
    if vae is not None and not vae.startswith("Default"):
        names.append(NameUse("vae", vae))
    return TextReading("Fooocus", (made,), tuple(names))


def _loras(fields: dict[str, Any]) -> list[LoraUse]:
    rows = fields.get("loras")
    found = [
        LoraUse(str(row[0]), as_float(row[1]))
        for row in (rows if isinstance(rows, list) else ())
        if isinstance(row, list) and len(row) >= 2 and as_name(row[0]) is not None
    ]
    for name, value in fields.items():
        if re.match(r"^(lora_(combined_)?\d+|lora_\[.*)$", name) and isinstance(value, str):
            old = _OLD_LORA.match(value)
            if old and as_name(old[1]) is not None:
                found.append(LoraUse(old[1].strip(), as_float(old[2])))
    return found

"""SwarmUI: JSON with `sui_image_params`."""

from __future__ import annotations

from typing import Any

from smartgallery_tui.metadata.chains import inline_loras
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


def read_swarm(data: dict[str, Any]) -> TextReading | None:
    """Return what SwarmUI wrote, or None if this is not its JSON."""
    params = data.get("sui_image_params")
    if not isinstance(params, dict):
        return None
    loras = _loras(params)
    made = text_pass(
        {
            "sampler": first(
                params, "sampler", "comfyuisampler", "comfy_sampler", "autowebuisampler"
            ),
            "scheduler": first(params, "scheduler", "comfyuischeduler", "comfy_scheduler"),
            "steps": params.get("steps"),
            "cfg": first(params, "cfgscale", "cfg_scale"),
            "guidance": first(params, "fluxguidancescale", "flux_guidance_scale"),
            "denoise": first(params, "initimagecreativity", "init_image_creativity"),
            "seed": params.get("seed"),
            "width": params.get("width"),
            "height": params.get("height"),
        },
        models=(params.get("model"),),
        loras=loras,
        positive=texts(params.get("prompt")),
        negative=texts(first(params, "negativeprompt", "negative_prompt")),
    )
    vae = as_name(params.get("vae"))
    names = model_names(made.models) + lora_names(loras)
    if vae is not None and vae != "Automatic":
        names.append(NameUse("vae", vae))
    return TextReading("SwarmUI", (made,), tuple(names))


def _loras(params: dict[str, Any]) -> list[LoraUse]:
    names, weights = _listed(params.get("loras")), _listed(params.get("loraweights"))
    found = []
    for at, name in enumerate(names):
        weight = as_float(weights[at]) if at < len(weights) else None
        if as_name(name) is not None:
            found.append(LoraUse(str(name).strip(), weight))
    prompt = params.get("prompt")
    known = {use.name.rsplit("/", 1)[-1] for use in found}
    written = inline_loras(prompt) if isinstance(prompt, str) else []
    return found + [use for use in written if use.name.rsplit("/", 1)[-1] not in known]


def _listed(value: Any) -> list[Any]:
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    return value if isinstance(value, list) else []

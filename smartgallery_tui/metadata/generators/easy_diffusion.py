"""Easy Diffusion: one key for each field, or all of them in one JSON object; the prompt is text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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

if TYPE_CHECKING:
    from collections.abc import Mapping

_MARKS = ("num_inference_steps", "use_stable_diffusion_model", "stable diffusion model")


def read_easy_diffusion(fields: Mapping[str, Any]) -> TextReading | None:
    """Return what Easy Diffusion wrote, or None if these are not its fields."""
    known = {str(name).casefold(): value for name, value in fields.items()}
    if "prompt" not in known or not any(name in known for name in _MARKS):
        return None
    loras = _loras(known)
    made = text_pass(
        {
            "sampler": first(known, "sampler_name", "sampler"),
            "scheduler": first(known, "scheduler_name", "scheduler"),
            "steps": first(known, "num_inference_steps", "steps"),
            "cfg": first(known, "guidance_scale", "guidance scale"),
            "guidance": first(known, "distilled_guidance_scale", "distilled guidance"),
            "denoise": first(known, "prompt_strength", "prompt strength"),
            "seed": known.get("seed"),
            "width": known.get("width"),
            "height": known.get("height"),
        },
        models=(first(known, "use_stable_diffusion_model", "stable diffusion model"),),
        loras=loras,
        positive=texts(known.get("prompt")),
        negative=texts(first(known, "negative_prompt", "negative prompt")),
    )
    names = model_names(made.models) + lora_names(loras)
    for key, role in (("use_vae_model", "vae"), ("use_upscale", "upscaler")):
        name = as_name(known.get(key))
        if name is not None:
            names.append(NameUse("vae" if role == "vae" else "upscaler", name))
    net = as_name(known.get("use_controlnet_model"))
    if net is not None:
        names.append(NameUse("controlnet", net))
    return TextReading("Easy Diffusion", (made,), tuple(names))


def _loras(known: Mapping[str, Any]) -> list[LoraUse]:
    files = _listed(first(known, "use_lora_model", "lora model"))
    weights = _listed(first(known, "lora_alpha", "lora strength"))
    return [
        LoraUse(name, as_float(weights[at]) if at < len(weights) else None)
        for at, file in enumerate(files)
        if (name := as_name(file)) is not None
    ]


def _listed(value: Any) -> list[Any]:
    if isinstance(value, str):
        return [part.strip(" '\"[]") for part in value.split(",") if part.strip(" '\"[]")]
    if isinstance(value, list):
        return value
    return [] if value is None else [value]

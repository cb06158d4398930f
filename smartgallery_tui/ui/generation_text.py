"""How an item was made as A1111 and its heirs write it, for their boxes and for other people."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from smartgallery_tui.records import Generation, Headline, LoraUse

_ENDINGS = (".safetensors", ".ckpt", ".pt", ".gguf")


def lora_tag(lora: LoraUse) -> str:
    """Return a LoRA as it stands in a prompt."""
    strength = 1.0 if lora.strength_model is None else lora.strength_model
    return f"<lora:{_bare(lora.name)}:{strength:g}>"


def generation_text(generation: Generation) -> str:
    """Return prompt, negative prompt and settings, or "" where nothing is known.

    Source: the `parameters` text of AUTOMATIC1111's web UI: prompt, `Negative prompt:`, a last line
    of `name: value` from `Steps` on.
    """
    headline = generation.headline
    if headline is None:
        return ""
    prompt = "\n".join(headline.positive)
    tags = [lora_tag(lora) for lora in headline.loras]
    missing = [tag for tag in tags if tag.rpartition(":")[0] not in prompt]
    rows = [" ".join([prompt, *missing]).strip()]
    negative = "\n".join(headline.negative)
    if negative.strip():
        rows.append(f"Negative prompt: {negative}")
    rows.append(", ".join(f"{name}: {value}" for name, value in _settings(headline) if value))
    return "\n".join(row for row in rows if row)


def _settings(headline: Headline) -> list[tuple[str, str]]:
    size = f"{headline.width}x{headline.height}" if headline.width and headline.height else ""
    return [
        ("Steps", _number(headline.steps)),
        ("Sampler", headline.sampler or ""),
        ("Schedule type", headline.scheduler or ""),
        ("CFG scale", _number(headline.cfg)),
        ("Distilled CFG Scale", _number(headline.guidance)),
        ("Seed", _number(headline.seed)),
        ("Size", size),
        ("Model", _bare(headline.model or "")),
        ("Denoising strength", _number(headline.denoise) if headline.denoise != 1 else ""),
    ]


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return str(value) if isinstance(value, int) else f"{value:g}"


def _bare(name: str) -> str:
    """Return a model's name without folders and ending."""
    last = name.replace("\\", "/").rpartition("/")[2]
    for ending in _ENDINGS:
        last = last.removesuffix(ending)
    return last

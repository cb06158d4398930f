"""A1111, Forge, reForge and SD.Next: a prompt, a negative prompt and one line of settings.

Source: the infotext that these programs write and read back; ComfyUI savers imitate it.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from smartgallery_tui.metadata.chains import inline_loras
from smartgallery_tui.metadata.generators.reading import (
    TextReading,
    first,
    lora_names,
    model_names,
    text_pass,
    texts,
)
from smartgallery_tui.metadata.values import as_float, as_int
from smartgallery_tui.records.generation import LoraUse, NameUse, SamplingPass

if TYPE_CHECKING:
    from collections.abc import Mapping

_NEGATIVE = "Negative prompt:"
_SETTINGS_LINE = re.compile(
    r"(?:^|\n)\s*(?=(?:Steps|Sampler|Seed|Size|CFG scale|Model): )", re.IGNORECASE
)
_FIELD = re.compile(
    r'\s*(\w[\w \-/]{0,60}):\s*("(?:\\.|[^\\"])*"|\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}|\[[^\[\]]*\]'
    r"|[^,]*)(?:,|$)"
)
_SIZE = re.compile(r"^(\d+)\s*x\s*(\d+)$")
_SCHEDULES = (
    "Karras", "Exponential", "Polyexponential", "SGM Uniform", "Align Your Steps", "Beta",
    "Simple", "Normal", "DDIM", "KL Optimal", "Turbo", "Uniform",
)  # fmt: skip
_COMFY_SCHEDULES = (
    "karras", "exponential", "sgm_uniform", "simple", "normal", "ddim_uniform", "beta",
    "linear_quadratic", "kl_optimal",
)  # fmt: skip
_TAG_EMBEDDING = re.compile(r"^([^:]+):")
_HYPERNET = re.compile(r"<hypernet:([^:<>]+)(?::([^<>]*))?>")
_MAX_CHARS = 1 << 20


def looks_like_infotext(text: str) -> bool:
    """Tell whether a text is of this kind: it has a line of settings with steps."""
    return len(text) < _MAX_CHARS and bool(re.search(r"(?:^|\n|, )Steps: \d+", text, re.IGNORECASE))


def read_infotext(text: str) -> TextReading | None:
    """Return what an infotext says, or None if it has no line of settings."""
    if not looks_like_infotext(text):
        return None
    positive, negative, settings = _split(text)
    fields = {name.strip().casefold(): _unquoted(value) for name, value in _FIELD.findall(settings)}
    if "steps" not in fields:
        return None
    loras = _loras(positive, negative, fields)
    base = _base_pass(fields, positive, negative, loras)
    passes = (base, *_hires_pass(fields, base))
    names = model_names(base.models) + lora_names(loras) + _other_names(fields, positive)
    return TextReading(_generator(fields), passes, tuple(names))


def _split(text: str) -> tuple[str, str, str]:
    text = text.replace("\r\n", "\n").strip("\x00 \n")
    starts = [found.end() for found in _SETTINGS_LINE.finditer(text)]
    at = starts[-1] if starts else len(text)
    for start in starts:
        if re.search(r"Steps: \d+", text[start:], re.IGNORECASE):
            at = start
    prompts, settings = text[:at], text[at:]
    positive, _, negative = prompts.partition(_NEGATIVE)
    return positive.strip(), negative.strip(), settings.replace("\n", ", ")


def _unquoted(value: str) -> str:
    value = value.strip()
    if len(value) > 1 and value[0] == value[-1] == '"':
        try:
            return str(json.loads(value))
        except ValueError:
            return value[1:-1]
    return value


def _base_pass(
    fields: Mapping[str, str], positive: str, negative: str, loras: list[LoraUse]
) -> SamplingPass:
    sampler, schedule = _sampler(fields)
    size = _SIZE.match(fields.get("size", ""))
    return text_pass(
        {
            "sampler": sampler,
            "scheduler": schedule,
            "steps": fields.get("steps"),
            "cfg": first(fields, "cfg scale", "cfg"),
            "guidance": first(fields, "distilled cfg scale", "guidance"),
            "denoise": fields.get("denoising strength") if "hires upscale" not in fields else None,
            "seed": fields.get("seed"),
            "width": size[1] if size else None,
            "height": size[2] if size else None,
        },
        models=(first(fields, "model", "model name", "checkpoint"),),
        loras=loras,
        positive=texts(positive),
        negative=texts(negative),
    )


def _sampler(fields: Mapping[str, str]) -> tuple[str | None, str | None]:
    """Return sampler and schedule; older texts write both in one: `DPM++ 2M Karras`."""
    sampler = fields.get("sampler")
    schedule = first(fields, "schedule type", "scheduler")
    if sampler and not schedule:
        for name in _SCHEDULES:
            if sampler.endswith(" " + name):
                return sampler[: -len(name) - 1], name
        for name in _COMFY_SCHEDULES:
            if sampler.endswith("_" + name):
                return sampler[: -len(name) - 1], name
    return sampler, schedule


def _loras(positive: str, negative: str, fields: Mapping[str, str]) -> list[LoraUse]:
    found = {use.name: use for use in inline_loras(f"{positive}\n{negative}")}
    for entry in fields.get("lora hashes", "").split(","):
        name = entry.partition(":")[0].strip()
        if name and ":" in entry:
            found.setdefault(name, LoraUse(name))
    for key, name in fields.items():
        numbered = re.match(r"^lora_(\d+) model name$", key)
        if numbered and name:
            strength = as_float(fields.get(f"lora_{numbered[1]} strength model"))
            clip = as_float(fields.get(f"lora_{numbered[1]} strength clip"))
            found.setdefault(name, LoraUse(name, strength, clip))
    return list(found.values())


def _hires_pass(fields: Mapping[str, str], base: SamplingPass) -> tuple[SamplingPass, ...]:
    """Return the second pass of a hires fix, whose settings default to the first's."""
    if "hires upscale" not in fields and "hires resize" not in fields:
        return ()
    steps = as_int(fields.get("hires steps"))
    sampler = fields.get("hires sampler")
    return (
        replace(
            base,
            steps=steps or base.steps,
            sampler=sampler if sampler and sampler != "Use same sampler" else base.sampler,
            cfg=as_float(fields.get("hires cfg scale")) or base.cfg,
            denoise=as_float(fields.get("denoising strength")),
            positive=texts(fields.get("hires prompt")) or base.positive,
            negative=texts(fields.get("hires negative prompt")) or base.negative,
        ),
    )


def _other_names(fields: Mapping[str, str], positive: str) -> list[NameUse]:
    found = []
    for key, role in (("vae", "vae"), ("hires upscaler", "upscaler"), ("upscaler", "upscaler")):
        value = fields.get(key)
        if value and value not in ("None", "Automatic"):
            found.append(NameUse("vae" if role == "vae" else "upscaler", value))
    for key, value in fields.items():
        if key.startswith("module "):
            found.append(NameUse("clip" if "t5" in value or "clip" in value else "vae", value))
        if key.startswith("controlnet "):
            model = re.search(r"[Mm]odel: ([^,\[]+)", value)
            if model:
                found.append(NameUse("controlnet", model[1].strip()))
    for entry in fields.get("ti hashes", "").split(","):
        name = _TAG_EMBEDDING.match(entry.strip())
        if name:
            found.append(NameUse("embedding", name[1].strip()))
    for name_text, weight in _HYPERNET.findall(positive):
        found.append(NameUse("hypernetwork", name_text, as_float(weight)))
    return found


def _generator(fields: Mapping[str, str]) -> str:
    version = fields.get("version", "")
    app = fields.get("app", "")
    if "comfy" in version.casefold():
        return "ComfyUI"
    if app.casefold().startswith("sd.next") or fields.get("backend", "") in (
        "Diffusers",
        "Original",
    ):
        return "SD.Next"
    if version.startswith(("f", "neo", "classic")) or "module 1" in fields:
        return "Forge"
    return "Fooocus" if version.casefold().startswith("fooocus") else "A1111"

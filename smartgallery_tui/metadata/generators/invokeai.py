"""InvokeAI in three eras: `invokeai_metadata`, `sd-metadata`, and the `Dream` command line."""

from __future__ import annotations

import re
import shlex
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

_BRACKETS = re.compile(r"\[([^\[\]]*)\]")


def read_invoke(data: dict[str, Any]) -> TextReading | None:
    """Return what InvokeAI 3 and later wrote, or None if this is not its JSON."""
    if "positive_prompt" not in data and "app_version" not in data:
        return None
    if "model" not in data and "positive_prompt" not in data:
        return None
    loras = _loras(data.get("loras"))
    made = text_pass(
        {
            "sampler": data.get("scheduler"),
            "scheduler": data.get("scheduler"),
            "steps": data.get("steps"),
            "cfg": data.get("cfg_scale"),
            "guidance": data.get("guidance"),
            "denoise": first(data, "strength", "denoising_strength"),
            "seed": data.get("seed"),
            "width": data.get("width"),
            "height": data.get("height"),
        },
        models=(_named(data.get("model")), _named(data.get("refiner_model"))),
        loras=loras,
        positive=texts(data.get("positive_prompt"), data.get("positive_style_prompt")),
        negative=texts(data.get("negative_prompt"), data.get("negative_style_prompt")),
    )
    names = model_names(made.models) + lora_names(loras)
    vae = _named(data.get("vae"))
    if vae:
        names.append(NameUse("vae", vae))
    nets = data.get("controlnets")
    for net in nets if isinstance(nets, list) else ():
        name = _named(net.get("control_model")) if isinstance(net, dict) else None
        if name:
            names.append(NameUse("controlnet", name))
    return TextReading("InvokeAI", (made,), tuple(names))


def _named(value: Any) -> str | None:
    """Return a model's name; it is a string, or an object that has moved its name about."""
    if isinstance(value, dict):
        inner = value.get("model")
        if isinstance(inner, dict):
            value = {**value, **inner}
        value = first(value, "name", "model_name", "lora_name")
    return as_name(value)


def _loras(rows: Any) -> list[LoraUse]:
    found = []
    for row in rows if isinstance(rows, list) else ():
        if not isinstance(row, dict):
            continue
        name = _named(row.get("lora")) or _named(row.get("model")) or _named(row)
        if name:
            found.append(LoraUse(name, as_float(row.get("weight"))))
    return found


def read_invoke_2(data: dict[str, Any]) -> TextReading | None:
    """Return what InvokeAI 2 wrote as `sd-metadata`, or None if this is not its JSON."""
    image = data.get("image")
    if not isinstance(image, dict) or "prompt" not in image:
        return None
    positive, negative = _bracketed(_prompt_text(image["prompt"]))
    made = text_pass(
        {
            "sampler": image.get("sampler"),
            "scheduler": image.get("sampler"),
            "steps": image.get("steps"),
            "cfg": image.get("cfg_scale"),
            "denoise": image.get("strength"),
            "seed": image.get("seed"),
            "width": image.get("width"),
            "height": image.get("height"),
        },
        models=(data.get("model_weights") or data.get("model"),),
        positive=texts(positive),
        negative=texts(negative),
    )
    return TextReading("InvokeAI", (made,), tuple(model_names(made.models)))


def _prompt_text(prompt: Any) -> str:
    """Return the prompt of version 2: a string, or a list of weighted ones."""
    if isinstance(prompt, list):
        parts = [row.get("prompt") if isinstance(row, dict) else row for row in prompt]
        return ", ".join(part for part in parts if isinstance(part, str))
    return prompt if isinstance(prompt, str) else ""


def _bracketed(text: str) -> tuple[str, str]:
    """Split a prompt whose negative words stand in square brackets."""
    return _BRACKETS.sub("", text).strip(), ", ".join(_BRACKETS.findall(text)).strip()


def read_dream(text: str) -> TextReading | None:
    """Return what a `Dream` command line says, or None if it is none."""
    try:
        words = shlex.split(text)
    except ValueError:
        return None
    if not words or not any(word in ("-s", "-S", "-A") or word[:2] == "-S" for word in words[1:]):
        return None
    options: dict[str, str] = {}
    at = 1
    while at < len(words):
        word = words[at]
        if len(word) == 2 and word[0] == "-" and at + 1 < len(words):
            options[word[1]] = words[at + 1]
            at += 2
        else:
            if len(word) > 2 and word[0] == "-" and word[1] != "-":
                options[word[1]] = word[2:]
            at += 1
    positive, negative = _bracketed(words[0])
    made = text_pass(
        {
            "sampler": options.get("A"),
            "scheduler": options.get("A"),
            "steps": options.get("s"),
            "cfg": options.get("C"),
            "denoise": options.get("f"),
            "seed": options.get("S"),
            "width": options.get("W"),
            "height": options.get("H"),
        },
        positive=texts(positive),
        negative=texts(negative),
    )
    return TextReading("InvokeAI", (made,), ())

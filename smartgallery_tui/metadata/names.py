"""List the names that a graph uses, for search and facets."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from smartgallery_tui.metadata.chains import Chain, inline_loras, read_loras
from smartgallery_tui.metadata.nodes import MODEL_FILE_INPUTS, traits
from smartgallery_tui.metadata.values import as_name
from smartgallery_tui.records.generation import NameRole, NameUse

if TYPE_CHECKING:
    from collections.abc import Iterable

    from smartgallery_tui.metadata.graph import Graph, Node

WEIGHTS_FILE = re.compile(r"\.(safetensors|ckpt|pt|pth|bin|gguf|sft|onnx)$", re.IGNORECASE)
MEDIA_FILE = re.compile(
    r"\.(png|jpe?g|webp|gif|bmp|avif|tiff?|exr|mp4|webm|mov|mkv|avi|m4v|wav|mp3|flac|ogg|opus|m4a|"
    r"glb|gltf|obj|latent)(?: \[(?:input|output|temp)\])?$",
    re.IGNORECASE,
)
_SHORT = 160
_EMBEDDING = re.compile(r"embedding:([^\s,:()<>]+)", re.IGNORECASE)
_ROLES: tuple[tuple[re.Pattern[str], NameRole], ...] = (
    (re.compile(r"lora", re.IGNORECASE), "lora"),
    (re.compile(r"vae", re.IGNORECASE), "vae"),
    (re.compile(r"control|t2i", re.IGNORECASE), "controlnet"),
    (re.compile(r"upscal|esrgan", re.IGNORECASE), "upscaler"),
    (re.compile(r"hypernet", re.IGNORECASE), "hypernetwork"),
    (re.compile(r"clip|t5|text_encoder|llama|gemma", re.IGNORECASE), "clip"),
)


Mention = tuple[NameUse | str, bool]
"""A name, or a text in which names may be written; and whether it is certain to be applied."""


def mentions(graph: Graph, nodes: Iterable[Node]) -> list[Mention]:
    """Return the names that some nodes use and the texts that they hold, in order."""
    found: list[Mention] = []
    for node in nodes:
        class_type = node.class_type
        found.append((_node_name(class_type), False))
        has_loras = traits(class_type).loads_inline_loras
        for name, value in node.inputs.items():
            has_loras = has_loras or "ora" in name
            if type(value) is str and value:
                use = _short_value(class_type, name, value) if len(value) < _SHORT else ""
                if use is not None:
                    found.append((use or value, False))
        if has_loras:
            chain = read_loras(graph, node, Chain())
            found += [
                (NameUse("lora", use.name, use.strength_model, use.strength_clip), True)
                for use in chain.loras
            ]
    return found


def names_in(found: Iterable[Mention]) -> tuple[NameUse, ...]:
    """Return each name once; what is certain replaces what a text only says."""
    names: dict[tuple[str, str], NameUse] = {}
    for what, is_certain in found:
        if isinstance(what, str):
            for use in written_names(what):
                names.setdefault((use.role, use.name), use)
        elif is_certain:
            names[what.role, what.name] = what
        else:
            names.setdefault((what.role, what.name), what)
    return tuple(names.values())


@lru_cache(maxsize=4096)
def _node_name(class_type: str) -> NameUse:
    return NameUse("node", class_type)


@lru_cache(maxsize=8192)
def _short_value(class_type: str, name: str, value: str) -> NameUse | Literal[""] | None:
    """Return the name in a short value, "" for a text, None for what is no name and no text."""
    if WEIGHTS_FILE.search(value) or name in MODEL_FILE_INPUTS:
        return _weights(class_type, name, value)
    if MEDIA_FILE.search(value) and "prefix" not in name:
        return NameUse("input", value)
    return ""


def has_written_names(text: str) -> bool:
    """Tell whether a text may name LoRAs or embeddings."""
    return "<lora:" in text or "embedding:" in text


def written_names(text: str) -> tuple[NameUse, ...]:
    """Return the LoRAs and embeddings that a text names."""
    found: list[NameUse] = []
    if "<lora:" in text:
        found += [
            NameUse("lora", use.name, use.strength_model, use.strength_clip)
            for use in inline_loras(text)
        ]
    if "embedding:" in text:
        found += [NameUse("embedding", name) for name in _EMBEDDING.findall(text)]
    return tuple(found)


def _weights(class_type: str, name: str, value: str) -> NameUse | None:
    file = as_name(value)
    if file is None or "ora" in name:
        return None
    if name in ("ckpt_name", "unet_name", "base_ckpt_name"):
        return NameUse("model", file)
    for place in (name, class_type):
        for pattern, role in _ROLES:
            if pattern.search(place):
                return NameUse(role, file)
    return NameUse("model", file)

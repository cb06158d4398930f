"""List the names that a graph uses, for search and facets."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from smartgallery_tui.metadata.chains import Chain, inline_loras, read_loras
from smartgallery_tui.metadata.nodes import MODEL_FILE_INPUTS, traits
from smartgallery_tui.metadata.values import as_name
from smartgallery_tui.records.generation import NameRole, NameUse

if TYPE_CHECKING:
    from collections.abc import Iterable

    from smartgallery_tui.metadata.graph import Graph, Node

_WEIGHTS = re.compile(r"\.(safetensors|ckpt|pt|pth|bin|gguf|sft|onnx)$", re.IGNORECASE)
_MEDIA = re.compile(
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


def collect_names(graph: Graph, nodes: Iterable[Node]) -> tuple[NameUse, ...]:
    """Return every name that some nodes of a graph use.

    Node classes, files by their role, LoRAs with strengths, embeddings named in texts, and
    LoRAs written in texts, which need not have been applied.
    """
    found: dict[tuple[str, str], NameUse] = {}
    for node in nodes:
        class_type = node.class_type
        found.setdefault(("node", class_type), _node_name(class_type))
        has_loras = traits(class_type).loads_inline_loras
        for name, value in node.inputs.items():
            has_loras = has_loras or "ora" in name
            if type(value) is not str or not value:
                continue
            uses = (
                _short_value(class_type, name, value)
                if len(value) < _SHORT
                else _written_names(value)
            )
            for use in uses:
                found.setdefault((use.role, use.name), use)
        if has_loras:
            _loras(graph, node, found)
    return tuple(found.values())


@lru_cache(maxsize=4096)
def _node_name(class_type: str) -> NameUse:
    return NameUse("node", class_type)


def _loras(graph: Graph, node: Node, found: dict[tuple[str, str], NameUse]) -> None:
    chain = Chain()
    read_loras(graph, node, chain)
    for use in chain.loras:
        made = NameUse("lora", use.name, use.strength_model, use.strength_clip)
        found[made.role, made.name] = made


@lru_cache(maxsize=8192)
def _short_value(class_type: str, name: str, value: str) -> tuple[NameUse, ...]:
    """Return the names in a short value; the same ones come back in file after file."""
    if _WEIGHTS.search(value) or name in MODEL_FILE_INPUTS:
        return _weights(class_type, name, value)
    if _MEDIA.search(value) and "prefix" not in name:
        return (NameUse("input", value),)
    return _written_names(value)


def _written_names(text: str) -> tuple[NameUse, ...]:
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


def _weights(class_type: str, name: str, value: str) -> tuple[NameUse, ...]:
    file = as_name(value)
    if file is None or "ora" in name:
        return ()
    if name in ("ckpt_name", "unet_name", "base_ckpt_name"):
        return (NameUse("model", file),)
    for place in (name, class_type):
        for pattern, role in _ROLES:
            if pattern.search(place):
                return (NameUse(role, file),)
    return (NameUse("model", file),)

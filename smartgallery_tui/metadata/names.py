"""List the names that a graph uses, for search and facets."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from smartgallery_tui.metadata.chains import Chain, inline_loras, read_loras
from smartgallery_tui.metadata.nodes import MODEL_FILE_INPUTS
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
_EMBEDDING = re.compile(r"embedding:([^\s,:()<>]+)", re.IGNORECASE)
_ROLES: tuple[tuple[re.Pattern[str], NameRole], ...] = (
    (re.compile(r"lora", re.IGNORECASE), "lora"),
    (re.compile(r"vae", re.IGNORECASE), "vae"),
    (re.compile(r"control|t2i", re.IGNORECASE), "controlnet"),
    (re.compile(r"upscal|esrgan", re.IGNORECASE), "upscaler"),
    (re.compile(r"hypernet", re.IGNORECASE), "hypernetwork"),
    (re.compile(r"clip|t5|text_encoder|llama|gemma", re.IGNORECASE), "clip"),
)


def collect_names(graph: Graph, output: Node | None) -> tuple[NameUse, ...]:
    """Return every name of the nodes behind an output, or of all nodes where there is none.

    Node classes, files by their role, LoRAs with strengths, embeddings named in texts, and
    LoRAs written in texts, which need not have been applied.
    """
    nodes: Iterable[Node] = (
        graph.ancestors(output).values() if output is not None else graph.nodes.values()
    )
    found: dict[tuple[str, str], NameUse] = {}
    for node in nodes:
        _add(found, NameUse("node", node.class_type))
        _loras(graph, node, found)
        _files(node, found)
    return tuple(found.values())


def _add(found: dict[tuple[str, str], NameUse], use: NameUse) -> None:
    found.setdefault((use.role, use.name), use)


def _loras(graph: Graph, node: Node, found: dict[tuple[str, str], NameUse]) -> None:
    chain = Chain()
    read_loras(graph, node, chain)
    for use in chain.loras:
        _add(found, NameUse("lora", use.name, use.strength_model, use.strength_clip))


def _files(node: Node, found: dict[tuple[str, str], NameUse]) -> None:
    for name, value in node.inputs.items():
        if not isinstance(value, str) or not value:
            continue
        if len(value) < 300 and "\n" not in value:
            if _WEIGHTS.search(value) or name in MODEL_FILE_INPUTS:
                _weights(node, name, value, found)
                continue
            if _MEDIA.search(value) and "prefix" not in name:
                _add(found, NameUse("input", value))
                continue
        if "<lora:" in value:
            for use in inline_loras(value):
                _add(found, NameUse("lora", use.name, use.strength_model, use.strength_clip))
        if "embedding:" in value:
            for embedding in _EMBEDDING.findall(value):
                _add(found, NameUse("embedding", embedding))


def _weights(node: Node, name: str, value: str, found: dict[tuple[str, str], NameUse]) -> None:
    file = as_name(value)
    if file is None or "ora" in name:
        return
    for place in (name, node.class_type):
        role = next((role for pattern, role in _ROLES if pattern.search(place)), None)
        if role is not None:
            break
    is_model_input = name in ("ckpt_name", "unet_name", "base_ckpt_name")
    _add(found, NameUse("model" if is_model_input or role is None else role, file))

"""Walk a model chain up to its files: checkpoints, diffusion models, LoRAs, hypernetworks."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from smartgallery_tui.metadata.nodes import MODEL_FILE_INPUTS, PATCH_LOADERS, input_kind, traits
from smartgallery_tui.metadata.values import as_float, as_int, as_name, number, word
from smartgallery_tui.records.generation import LoraUse

if TYPE_CHECKING:
    from collections.abc import Iterable

    from smartgallery_tui.metadata.graph import Graph, Link, Node

_LORA_KEY = re.compile(r"^lora(?:_?name)?(?:_?(\d+))?(?:_?name)?$", re.IGNORECASE)
_INLINE = re.compile(
    r"<(?:lora|lyco):([^:<>]+)(?::([^:<>]*))?(?::([^:<>]*))?[^<>]*>", re.IGNORECASE
)
_MODEL_STRENGTHS = (
    "strength_model{}", "model_strength{}", "lora_model_strength{}", "model_str{}",
    "model_weight{}", "lora{}_model_strength", "lora_{}_model_strength", "lora_strength{}",
    "lora_wt{}", "lora_weight{}", "strength{}", "weight{}", "lora_{}_strength", "lora{}_strength",
    "strength",
)  # fmt: skip
_CLIP_STRENGTHS = (
    "strength_clip{}", "clip_strength{}", "lora_clip_strength{}", "clip_str{}", "clip_weight{}",
    "lora{}_clip_strength", "lora_{}_clip_strength",
)  # fmt: skip
_SWITCHES = ("switch{}", "enabled{}", "enable{}", "toggle{}", "lora_{}_enabled", "active{}")
_COUNTS = ("lora_count", "num_loras", "number_of_loras")


class Chain:
    """What a sampler's model was made of.

    Attributes:
        models: Names of model files, first met first.
        loras: LoRAs in the order in which they were applied.
        sources: Node and name for each finding, for explanations.
        visited: Ids of the nodes of the chain.
    """

    __slots__ = ("loras", "models", "sources", "visited")

    def __init__(self) -> None:
        self.models: list[str] = []
        self.loras: list[LoraUse] = []
        self.sources: list[tuple[Node, str, str]] = []
        self.visited: set[str] = set()


def walk_chain(graph: Graph, links: Iterable[Link], into: Chain) -> Chain:
    """Add what lies behind model, clip and LoRA links to `into`, and return it."""
    stack: list[tuple[Node, bool]] = []
    _push(graph, links, stack, into)
    while stack:
        node, is_entered = stack.pop()
        if is_entered:
            read_loras(graph, node, into)
            continue
        if node.id in into.visited or not graph.spend():
            continue
        into.visited.add(node.id)
        stack.append((node, True))
        onward = chain_links(node)
        if not onward or not any(input_kind(n) == "model" for n in node.links):
            _read_model(graph, node, into)
        _push(graph, onward, stack, into)
    return into


def _push(graph: Graph, links: Iterable[Link], stack: list[tuple[Node, bool]], into: Chain) -> None:
    sources = [found[0] for link in links if (found := graph.source(link)) is not None]
    stack.extend((node, False) for node in reversed(sources) if node.id not in into.visited)


def chain_links(node: Node) -> list[Link]:
    """Return the links of a node along which models and LoRAs come."""
    links = node.links
    if node.class_type in PATCH_LOADERS:
        return [links["model"]] if "model" in links else []
    return [links[name] for name in _chain_names(tuple(links))]


@lru_cache(maxsize=4096)
def _chain_names(links: tuple[str, ...]) -> tuple[str, ...]:
    chosen = tuple(name for name in links if input_kind(name) or name == "guider")
    return chosen or (links if len(links) == 1 and "clip" not in links else ())


def _read_model(graph: Graph, node: Node, into: Chain) -> None:
    if node.class_type in PATCH_LOADERS:
        return
    takes_pipe = any(input_kind(name) == "pipe" for name in node.links)
    for name in MODEL_FILE_INPUTS:
        if name in node.links and input_kind(name) == "model":
            continue
        if takes_pipe and name == "model_name":
            # What works on a pipe's picture loads an upscaler or a detector.
            continue
        if name in node.inputs:
            found = word(graph, node, (name,))
            if found is not None:
                _add_model(node, name, found, into)
                break
    refiner = as_name(node.literal("refiner_ckpt_name"))
    if refiner is not None:
        _add_model(node, "refiner_ckpt_name", refiner, into)


def _add_model(node: Node, name: str, found: str, into: Chain) -> None:
    if found not in into.models:
        into.models.append(found)
        into.sources.append((node, name, found))


def read_loras(graph: Graph, node: Node, into: Chain) -> Chain:
    """Add the LoRAs that a node loads to `into`, and return it.

    Those switched off or of no strength are left out.
    """
    inputs = node.inputs
    for name, value in inputs.items():
        if "ora" not in name and "ORA" not in name:
            continue
        if name == "loras" or name == "lora_list":
            _read_list(node, into)
            _read_tags(node, value, into)
            continue
        found = _LORA_KEY.match(name)
        if found is None:
            continue
        if isinstance(value, dict) and "lora" in value:
            _read_row(node, name, value, into)
        else:
            _read_named(graph, node, name, found[1] or "", into)
    if traits(node.class_type).loads_inline_loras:
        _read_inline(node, into)
    return into


def _read_row(node: Node, name: str, row: dict[str, Any], into: Chain) -> None:
    """Read a row of rgthree's Power Lora Loader."""
    lora = as_name(row.get("lora"))
    if lora is None or row.get("on") is False:
        return
    strength = as_float(row.get("strength"))
    clip = as_float(row.get("strengthTwo"))
    _add_lora(node, name, LoraUse(lora, strength, clip if clip is not None else strength), into)


def _read_list(node: Node, into: Chain) -> None:
    """Read a list of `{name, strength, active}` as LoraManager writes it."""
    rows = node.literal("loras")
    if not isinstance(rows, list):
        return
    for row in rows:
        if not isinstance(row, dict) or row.get("active") is False or row.get("on") is False:
            continue
        lora = as_name(row.get("name", row.get("lora")))
        if lora is not None:
            strength = as_float(row.get("strength", row.get("strength_model")))
            clip = as_float(row.get("clipStrength", row.get("strength_clip")))
            _add_lora(node, "loras", LoraUse(lora, strength, clip), into)


def _read_tags(node: Node, value: Any, into: Chain) -> None:
    """Read `<lora:name:0.8>` in an input that holds LoRAs and nothing else (tinyterra)."""
    for use in inline_loras(value) if isinstance(value, str) else ():
        _add_lora(node, "loras", replace(use, in_prompt=False), into)


def _read_named(graph: Graph, node: Node, name: str, digits: str, into: Chain) -> None:
    lora = (
        word(graph, node, (name,)) if input_kind(name) != "lora" or name not in node.links else None
    )
    if lora is None or _is_off(graph, node, digits):
        return
    model = _strength(graph, node, _MODEL_STRENGTHS, digits)
    clip = model if _is_simple(node) else _strength(graph, node, _CLIP_STRENGTHS, digits)
    _add_lora(node, name, LoraUse(lora, model, clip), into)


def _is_off(graph: Graph, node: Node, digits: str) -> bool:
    for pattern in _SWITCHES:
        value = node.literal(_numbered(pattern, digits))
        if value is False or (
            isinstance(value, str) and value.casefold() in ("off", "false", "no")
        ):
            return True
    if digits:
        for name in _COUNTS:
            count = as_int(node.literal(name))
            if count is not None and int(digits) > count:
                return True
    return node.literal("toggle") is False


def _is_simple(node: Node) -> bool:
    """Tell whether a stack uses its one strength for model and clip, whatever else it holds."""
    return "simple" in (node.inputs.get("input_mode"), node.inputs.get("mode"))


def _strength(graph: Graph, node: Node, patterns: Iterable[str], digits: str) -> float | None:
    names = [name for p in patterns if (name := _numbered(p, digits)) in node.inputs]
    if _is_simple(node):
        names.sort(key=lambda name: "model" in name or "clip" in name)
    return number(graph, node, names)


def _numbered(pattern: str, digits: str) -> str:
    if "{}" in pattern[:-2] or not digits:
        return pattern.replace("_{}", f"_{digits}" if digits else "").replace("{}", digits)
    return pattern.replace("{}", f"_{digits}")


def _read_inline(node: Node, into: Chain) -> None:
    text = node.literal("populated_text") or node.literal("text") or node.literal("prompt")
    if isinstance(text, str):
        for use in inline_loras(text):
            _add_lora(node, "text", use, into)


def inline_loras(text: str) -> list[LoraUse]:
    """Return the LoRAs written as `<lora:name:0.8>` in a text."""
    return [_inline_lora(*parts) for parts in _INLINE.findall(text)]


@lru_cache(maxsize=4096)
def _inline_lora(name: str, model: str, clip: str) -> LoraUse:
    strength = as_float(model) if model else 1.0
    return LoraUse(name.strip(), strength, as_float(clip) or strength, in_prompt=True)


def _add_lora(node: Node, name: str, use: LoraUse, into: Chain) -> None:
    if use.strength_model == 0 and not use.strength_clip:
        return
    if use not in into.loras:
        into.loras.append(use)
        into.sources.append((node, name, use.name))

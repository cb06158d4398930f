"""Collect the prompt texts that reach a sampler, side by side and slot by slot."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from smartgallery_tui.metadata.nodes import (
    GUIDANCE_INPUTS,
    LORA_FREE_TEXT,
    POSITIVE_NEGATIVE_SLOTS,
    STRING_INPUTS,
    carries_conditioning,
    input_kind,
    is_text_part,
    text_side,
    traits,
)
from smartgallery_tui.metadata.values import number, text_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from smartgallery_tui.metadata.graph import Graph, Link, Node

Side = str
"""`positive` or `negative`."""


class Texts:
    """What one side of one sampler was told.

    Attributes:
        texts: The texts in the order in which inputs name them, each once.
        sources: The node that each text was taken from.
        guidance: The first guidance value met on the way, or None.
        visited: Every node on the way.
    """

    __slots__ = ("guidance", "sources", "texts", "visited")

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.sources: list[Node] = []
        self.guidance: float | None = None
        self.visited: list[Node] = []

    def add(self, text: str | None, node: Node) -> None:
        """Keep a text unless it is blank or already here."""
        if text and not text.isspace() and text not in self.texts:
            self.texts.append(text)
            self.sources.append(node)


def collect(graph: Graph, links: Iterable[Link], side: Side, into: Texts | None = None) -> Texts:
    """Return the texts behind conditioning links."""
    found = into or Texts()
    seen: set[tuple[str, int]] = set()
    stack = list(links)[::-1]
    while stack:
        source = graph.source(stack.pop())
        if source is None or not graph.spend():
            continue
        node, slot = source
        if (node.id, slot) in seen:
            continue
        seen.add((node.id, slot))
        stack.extend(read_node(graph, node, slot, side, found)[::-1])
    return found


def read_node(graph: Graph, node: Node, slot: int, side: Side, found: Texts) -> list[Link]:
    """Take the texts of one node and return the links that lead on, in order."""
    known = traits(node.class_type)
    if known.is_zero or (known.is_runtime_text and not _encodes(node)):
        return []
    found.visited.append(node)
    inputs = node.inputs
    if found.guidance is None and not inputs.keys().isdisjoint(GUIDANCE_INPUTS):
        found.guidance = number(graph, node, GUIDANCE_INPUTS)
    pair = _pair(node)
    if pair is not None:
        return _one_side(graph, node, slot, side, found, pair)
    _own_texts(graph, node, side, found)
    return _onward(node, side)


def _encodes(node: Node) -> bool:
    """Tell whether a node takes a text encoder or conditionings, so that it hands texts on."""
    return any(n == "clip" or n.startswith(("cond", "pos", "neg")) for n in node.links)


def _pair(node: Node) -> tuple[str, str] | None:
    """Return the inputs of a node that carries both sides."""
    for positive, negative in (
        ("positive", "negative"),
        ("base_positive", "base_negative"),
        ("conditioning_positive", "conditioning_negative"),
        ("positive_conditioning", "negative_conditioning"),
        ("conditioning", "neg_conditioning"),
    ):
        if positive in node.inputs and negative in node.inputs:
            return positive, negative
    return None


def _one_side(
    graph: Graph, node: Node, slot: int, side: Side, found: Texts, pair: tuple[str, str]
) -> list[Link]:
    name = pair[0] if _side_of_slot(node, slot, side, pair) == "positive" else pair[1]
    if name in node.links and not text_only(graph, node, name):
        return [node.links[name]]
    found.add(text_of(graph, node, name, side), node)
    return []


def text_only(graph: Graph, node: Node, name: str) -> bool:
    """Tell whether a link brings a plain text and no conditioning.

    An input named like a text does. One named `positive` or `negative` does if its source
    holds or joins strings and encodes nothing.
    """
    if text_side(name) is None:
        return False
    if name not in ("positive", "negative"):
        return True
    source = graph.source(node.links.get(name))
    if source is None:
        return False
    origin = source[0]
    if "clip" in origin.links or "ncode" in origin.class_type:
        return False
    if any(link.startswith(("cond", "positive", "negative")) for link in origin.links):
        return False
    return any(is_text_part(key) or key in STRING_INPUTS for key in origin.inputs)


def _side_of_slot(node: Node, slot: int, side: Side, pair: tuple[str, str]) -> Side:
    slots = POSITIVE_NEGATIVE_SLOTS.get(node.class_type)
    if slots is None and 0 <= slot < len(node.outputs):
        named = node.outputs[slot].casefold()
        if "neg" in named or "pos" in named:
            return "negative" if "neg" in named else "positive"
    if slots is None:
        is_plain = pair[0] in node.links and not any(
            input_kind(name) in ("model", "pipe") for name in node.links
        )
        slots = (0, 1) if is_plain else (-1, -1)
    return {slots[0]: "positive", slots[1]: "negative"}.get(slot, side)


def _own_texts(graph: Graph, node: Node, side: Side, found: Texts) -> None:
    if node.class_type in LORA_FREE_TEXT:
        return
    inputs = node.inputs
    populated = inputs.get("populated_text")
    if (isinstance(populated, str) and populated.strip()) or "populated_text" in node.links:
        found.add(text_of(graph, node, "populated_text", side), node)
        return
    for name in inputs:
        wanted = text_side(name)
        if wanted is None or (wanted and wanted != side):
            continue
        if name in node.links and not text_only(graph, node, name):
            continue
        found.add(text_of(graph, node, name, side), node)


def _onward(node: Node, side: Side) -> list[Link]:
    links = node.links
    return [links[name] for name in _onward_names(tuple(links), side)]


@lru_cache(maxsize=4096)
def _onward_names(links: tuple[str, ...], side: Side) -> tuple[str, ...]:
    other = "neg" if side == "positive" else "pos"
    named = tuple(n for n in links if n.startswith("cond") or n == side)
    return named or tuple(
        n
        for n in links
        if carries_conditioning(n)
        and not n.casefold().startswith(other)
        and (text_side(n) is None or n == side)
    )

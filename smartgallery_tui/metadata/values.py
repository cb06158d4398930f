"""Follow an input to the value that it takes when the graph runs; None where that is unknown."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from smartgallery_tui.metadata.nodes import (
    OUTPUT_INPUTS,
    POSITIVE_NEGATIVE_SLOTS,
    STRING_INPUTS,
    VALUE_INPUTS,
    input_kind,
    is_text_part,
    text_side,
    traits,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smartgallery_tui.metadata.graph import Graph, Link, Node

_DEPTH = 40
MAX_SEED = 2**64 - 1


def as_int(value: Any) -> int | None:
    """Return a whole number, also from `20.0` and `"20"`; None for anything else."""
    if type(value) is int:
        return value
    number = as_float(value)
    return int(number) if number is not None and number.is_integer() else None


def as_float(value: Any) -> float | None:
    """Return a finite number, also from a string; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def as_name(value: Any) -> str | None:
    """Return a non-empty string that names something; None for `None`, `none` and blanks."""
    if not isinstance(value, str):
        return None
    name = value.strip()
    return None if name.casefold() in ("", "none", "null", "undefined", "disabled") else name


def number(graph: Graph, node: Node, names: Sequence[str]) -> float | None:
    """Return the number in the first of these inputs that has one."""
    return as_float(_value(graph, node, names, 0))


def whole(graph: Graph, node: Node, names: Sequence[str]) -> int | None:
    """Return the whole number in the first of these inputs that has one."""
    return as_int(_value(graph, node, names, 0))


def word(graph: Graph, node: Node, names: Sequence[str]) -> str | None:
    """Return the name in the first of these inputs that has one."""
    return as_name(_value(graph, node, names, 0))


def seed(graph: Graph, node: Node, names: Sequence[str]) -> int | None:
    """Return a seed from 0 to 2**64-1; a negative one means random and is not known."""
    found = whole(graph, node, names)
    return found if found is not None and 0 <= found <= MAX_SEED else None


def _value(graph: Graph, node: Node, names: Sequence[str], depth: int) -> Any:
    for name in names:
        if name in node.links:
            found = _value_behind(graph, node.links[name], names, depth + 1)
        elif name in node.inputs:
            found = node.literal(name)
            if isinstance(found, list | dict | bool):
                found = None
        else:
            continue
        if found is not None and found != "":
            return found
    return None


def _value_behind(graph: Graph, link: Link, names: Sequence[str], depth: int) -> Any:
    source = graph.source(link)
    if source is None or depth > _DEPTH or not graph.spend():
        return None
    node, slot = source
    row = OUTPUT_INPUTS.get(node.class_type)
    if row is not None:
        return _value(graph, node, row[slot : slot + 1], depth)
    if _depends_on_pixels(node):
        return None
    by_output = _output_name(node, slot)
    for asked in ((by_output,) if by_output else (), names):
        found = _value(graph, node, asked, depth)
        if found is not None:
            return found
    for name, pipe in node.links.items():
        if input_kind(name) == "pipe":
            found = _value_behind(graph, pipe, names, depth + 1)
            if found is not None:
                return found
    return _plain_value(graph, node, depth)


def _plain_value(graph: Graph, node: Node, depth: int) -> Any:
    if "operation" in node.inputs or "op" in node.inputs or "expression" in node.inputs:
        return None
    return _value(graph, node, VALUE_INPUTS, depth) or _value(
        graph, node, ("string", "text"), depth
    )


def _output_name(node: Node, slot: int) -> str:
    if 0 <= slot < len(node.outputs):
        name = node.outputs[slot]
        if name in node.inputs:
            return name
        return name.casefold() if name.casefold() in node.inputs else ""
    return ""


def _depends_on_pixels(node: Node) -> bool:
    return "image" in node.links or "images" in node.links or "pixels" in node.links


def text_of(graph: Graph, node: Node, name: str, side: str = "") -> str | None:
    """Return the text in an input: written there, or joined by the nodes that feed it.

    Args:
        graph: The graph.
        node: The node that has the input.
        name: The input.
        side: `positive` or `negative`: what a node that makes both texts is asked for.
    """
    return _text(graph, node, name, side, 0)


def _text(graph: Graph, node: Node, name: str, side: str, depth: int) -> str | None:
    link = node.links.get(name)
    if link is None:
        value = node.literal(name)
        return value if isinstance(value, str) else None
    source = graph.source(link)
    if source is None or depth > _DEPTH or not graph.spend():
        return None
    origin, slot = source
    if traits(origin.class_type).is_runtime_text:
        return None
    row = OUTPUT_INPUTS.get(origin.class_type)
    if row is not None:
        return _text(graph, origin, row[slot], side, depth + 1) if 0 <= slot < len(row) else None
    for attempt in (_text_of_side, _joined_text, _replaced_text, _single_text):
        found = attempt(graph, origin, slot, side, depth + 1)
        if found is not None:
            return found
    return None


def _text_of_side(graph: Graph, node: Node, slot: int, side: str, depth: int) -> str | None:
    """Read a node that makes a positive and a negative text."""
    names = {text_side(name): name for name in node.inputs if text_side(name)}
    if "positive" not in names or "negative" not in names:
        return None
    slots = POSITIVE_NEGATIVE_SLOTS.get(node.class_type, (0, 1))
    wanted = {slots[0]: "positive", slots[1]: "negative"}.get(slot, side or "positive")
    return _text(graph, node, names[wanted], side, depth)


def _joined_text(graph: Graph, node: Node, slot: int, side: str, depth: int) -> str | None:
    """Read a node that joins several numbered texts."""
    names = [name for name in node.inputs if is_text_part(name)]
    if len(names) < 2 and not any(name in node.inputs for name in ("delimiter", "separator")):
        return None
    if "find" in node.inputs or ("action" in node.inputs and node.inputs["action"] == "replace"):
        return None
    glue = next(
        (node.inputs[n] for n in ("delimiter", "separator", "delimeter") if n in node.inputs), None
    )
    if node.inputs.get("tidy_tags") == "no":
        glue = ""
    if not isinstance(glue, str):
        glue = "" if node.class_type == "StringConcatenate" else ", "
    parts = [_text(graph, node, name, side, depth) for name in names]
    said = [part for part in parts if part]
    return glue.replace("\\n", "\n").join(said) if said else None


def _replaced_text(graph: Graph, node: Node, slot: int, side: str, depth: int) -> str | None:
    if node.class_type != "StringReplace":
        return None
    whole_text, find, new = (
        _text(graph, node, name, side, depth) for name in ("string", "find", "replace")
    )
    if whole_text is None or not find or new is None:
        return whole_text
    return whole_text.replace(find, new)


def _single_text(graph: Graph, node: Node, slot: int, side: str, depth: int) -> str | None:
    """Read a node that holds or hands on one text; link first where a shown copy lies beside it."""
    if len(node.outputs) > slot >= 0 and node.outputs[slot] in node.inputs:
        found = _text(graph, node, node.outputs[slot], side, depth)
        if found is not None:
            return found
    for name in STRING_INPUTS:
        if name in node.inputs:
            found = _text(graph, node, name, side, depth)
            if found is not None and (found or name != "populated_text"):
                return found
    other = {"positive": "negative", "negative": "positive"}.get(side)
    for name in node.inputs:
        known = text_side(name)
        known = text_side(name.casefold()) if known is None else known
        if known is None or known == other:
            continue
        found = _text(graph, node, name, side, depth)
        if found:
            return found
    return _toggled_words(node) or _only_link_text(graph, node, side, depth)


def _toggled_words(node: Node) -> str | None:
    """Read the words that are on in LoraManager's list of trigger words."""
    rows = node.literal("toggle_trigger_words")
    if not isinstance(rows, list):
        return None
    active = [row for row in rows if isinstance(row, dict) and row.get("active") is True]
    return ", ".join([row["text"] for row in active if isinstance(row.get("text"), str)])


def _only_link_text(graph: Graph, node: Node, side: str, depth: int) -> str | None:
    pipes = [name for name in node.links if input_kind(name) == "pipe"]
    names = pipes or (list(node.links) if len(node.links) == 1 == len(node.inputs) else [])
    for name in names:
        source = graph.source(node.links[name])
        if (
            source is not None
            and depth < _DEPTH
            and not traits(source[0].class_type).is_runtime_text
        ):
            found = _text(graph, node, name, side, depth + 1)
            if found is not None:
                return found
    return None

"""Give the values of an editor's node their names: `widgets_values` is a bare list.

Source: the order comes from the node definitions of ComfyUI (`widget_order.json`), from the
names that newer editors write beside the values, and from files that hold both forms.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import orjson

from smartgallery_tui.metadata.packs import PACK_WIDGETS
from smartgallery_tui.metadata.sampler_values import CONTROLS, guess_run

Order = tuple[tuple[str, str], ...]
"""Names in the order of the values, each with the letter of its type."""

Orders = Mapping[str, Sequence[str]]
"""Learned orders: class to names; `control_after_generate` stands for itself."""

_CONTROL = "control_after_generate"
_SEEDS = frozenset({"seed", "noise_seed", "rand_seed"})
_WIDGET_TYPES = {"INT": "I", "FLOAT": "F", "STRING": "S", "BOOLEAN": "B", "COMBO": "C"}


@lru_cache(maxsize=1)
def _table() -> dict[str, list[Any]]:
    # `importlib.resources` would take 12 ms, which is what reading 150 files takes.
    data = pkgutil.get_data("smartgallery_tui.metadata", "widget_order.json") or b"{}"
    table: dict[str, list[Any]] = orjson.loads(data)
    table.update((name, [row, {}]) for name, row in PACK_WIDGETS.items())
    return table


def is_known_class(class_type: str) -> bool:
    """Tell whether the shipped tables know a node class."""
    return class_type in _table()


def default_values(class_type: str) -> Mapping[str, Any]:
    """Return the default values of a node class, as far as they are known."""
    rows = _table().get(class_type)
    defaults: Mapping[str, Any] = rows[-1] if rows else {}
    return defaults


@lru_cache(maxsize=4096)
def _known_orders(class_type: str) -> tuple[Order, ...]:
    rows = _table().get(class_type, [{}])
    return tuple(tuple(_entry(part) for part in row.split(";")) for row in rows[:-1])


def _entry(part: str) -> tuple[str, str]:
    name, _, letter = part.rpartition("|")
    return (name, letter) if name else (letter, "!" if letter == _CONTROL else "?")


def name_values(
    class_type: str,
    values: Any,
    named: Any,
    inputs: Iterable[Any],
    learned: Orders,
) -> dict[str, Any]:
    """Return a node's widget values by name; values whose name is not sure are left out.

    Args:
        class_type: The node's class.
        values: `widgets_values`: a list, or an object by name.
        named: `widgets_values_named`, where the editor wrote it.
        inputs: The node's `inputs` as in the file.
        learned: Orders learned from other files.
    """
    if isinstance(named, dict) and named:
        return _with_used_seed({str(name): value for name, value in named.items()}, values)
    if isinstance(values, dict):
        return {str(name): value for name, value in values.items()}
    if not isinstance(values, list) or not values:
        return {}
    rows = _self_describing(values)
    if rows:
        return rows
    candidates = list(_known_orders(class_type))
    if class_type in learned:
        candidates.insert(0, tuple((n, "!" if n == _CONTROL else "?") for n in learned[class_type]))
    fits = [_align(order, values) for order in candidates if order]
    own, is_complete = _own_order(inputs)
    fit = _align(own, values) if own else (1, {})
    if fit[0] == 0 or (is_complete and own):
        fits.insert(0, fit)
    if not fits:
        return _guess(class_type, values)
    return min(fits, key=lambda fit: fit[0])[1]


def _with_used_seed(found: dict[str, Any], values: Any) -> dict[str, Any]:
    """Return named values; a seed node of rgthree writes the seed that ran in the list only."""
    if found.get("seed") == -1 and isinstance(values, list) and values and type(values[0]) is int:
        found["seed"] = values[0]
    return found


def _own_order(inputs: Iterable[Any]) -> tuple[Order, bool]:
    """Return the order that the node's own list of inputs tells, and whether it is complete.

    Older editors list only the widgets that were turned into inputs, and those are linked.
    """
    order = []
    is_complete = False
    for entry in inputs:
        widget = entry.get("widget") if isinstance(entry, dict) else None
        if isinstance(widget, dict) and isinstance(widget.get("name"), str):
            order.append((widget["name"], _WIDGET_TYPES.get(str(entry.get("type")), "?")))
            is_complete |= entry.get("link") is None
    return tuple(order), is_complete


def _align(order: Order, values: Sequence[Any]) -> tuple[int, dict[str, Any]]:
    """Lay names over values; return the number of misfits and the named values."""
    found: dict[str, Any] = {}
    at = misfits = 0
    for name, letter in order:
        if letter == "!":
            at += at < len(values) and _is_control(values[at])
            continue
        if at >= len(values):
            misfits += 1
            continue
        if not _suits(values[at], letter):
            misfits += 2
        # Behind a value of the wrong type every name is a guess.
        found[name] = None if misfits else values[at]
        at += 1
        is_seed = name in _SEEDS and at < len(values)
        if is_seed and values[at] in CONTROLS and not _is_next_control(order, name):
            at += 1
    return misfits + abs(len(values) - at), found


def _is_next_control(order: Order, name: str) -> bool:
    names = [entry[0] for entry in order]
    at = names.index(name) + 1
    return at < len(order) and order[at][1] == "!"


def _is_control(value: Any) -> bool:
    # Efficiency nodes write None where their own buttons replace the choice.
    return value is None or isinstance(value, bool) or _is_choice(value)


def _is_choice(value: Any) -> bool:
    return isinstance(value, str) and value in CONTROLS


def _suits(value: Any, letter: str) -> bool:
    if letter == "I":
        return type(value) is int or (type(value) is float and value.is_integer())
    if letter == "F":
        return type(value) in (int, float)
    if letter == "S":
        return isinstance(value, str)
    if letter == "B":
        return isinstance(value, bool)
    if letter == "C":
        return isinstance(value, str | int | float)
    return True


def _self_describing(values: Sequence[Any]) -> dict[str, Any]:
    """Name rows that say themselves what they are, as rgthree and LoraManager write them."""
    rows = [value for value in values if isinstance(value, dict) and "lora" in value]
    if rows:
        return {f"lora_{at}": row for at, row in enumerate(rows, 1)}
    for value in values:
        if isinstance(value, list) and value and all(_is_lora_row(row) for row in value):
            return {"loras": value}
    return {}


def _is_lora_row(row: Any) -> bool:
    return isinstance(row, dict) and "name" in row and "strength" in row


def _guess(class_type: str, values: Sequence[Any]) -> dict[str, Any]:
    """Name the values of an unknown node where only one reading is possible."""
    run = guess_run(values)
    if run:
        return run
    lower = class_type.casefold()
    texts = [value for value in values if isinstance(value, str)]
    if len(texts) == 1 and any(word in lower for word in ("text", "prompt", "string")):
        return {"text": texts[0]}
    if len(values) == 1 and _is_number(values[0]):
        return {"value": values[0]}
    if "seed" in lower and type(values[0]) is int:
        return {"seed": values[0]}
    files = [text for text in texts if text.casefold().endswith((".safetensors", ".gguf", ".ckpt"))]
    if len(files) == 1:
        return _guess_file(lower, files[0], values)
    return {}


def _is_number(value: Any) -> bool:
    """Tell whether a value is a number, or a text that holds nothing else."""
    if isinstance(value, str):
        return value.isascii() and value.removeprefix("-").replace(".", "", 1).isdigit()
    return type(value) in (int, float)


def _guess_file(lower: str, file: str, values: Sequence[Any]) -> dict[str, Any]:
    if "lora" in lower:
        numbers = [value for value in values if type(value) in (int, float)]
        named = {"lora_name": file}
        return {**named, "strength_model": numbers[0]} if numbers else named
    for word, name in (("vae", "vae_name"), ("clip", "clip_name"), ("control", "control_net_name")):
        if word in lower:
            return {name: file}
    return {"unet_name" if "unet" in lower or "diffusion" in lower else "ckpt_name": file}


def learn(prompt: Mapping[str, Any], workflow: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Return the widget orders that a file with both forms shows: one vote for each class.

    A class is voted for only if every literal of the prompt is found, in order, among the
    values of the workflow's node of the same id, and no two readings are possible.

    Args:
        prompt: The graph in API form, decoded.
        workflow: The workflow as the editor saves it, decoded.
    """
    votes: dict[str, tuple[str, ...]] = {}
    nodes = workflow.get("nodes")
    for node in nodes if isinstance(nodes, list) else ():
        if not isinstance(node, dict):
            continue
        run = prompt.get(str(node.get("id")))
        values = node.get("widgets_values")
        if not isinstance(run, dict) or not isinstance(values, list):
            continue
        class_type = run.get("class_type")
        if class_type == node.get("type") and isinstance(run.get("inputs"), dict):
            order = _order_shown(run["inputs"], values)
            if order and isinstance(class_type, str):
                votes.setdefault(class_type, order)
    return votes


def _order_shown(inputs: Mapping[str, Any], values: Sequence[Any]) -> tuple[str, ...]:
    literals = [(n, v) for n, v in inputs.items() if not isinstance(v, list)]
    order: list[str] = []
    for value in values:
        if literals and literals[0][1] == value:
            order.append(literals.pop(0)[0])
        elif isinstance(value, str) and value in CONTROLS:
            order.append(_CONTROL)
        else:
            return ()
    return () if literals else tuple(order)

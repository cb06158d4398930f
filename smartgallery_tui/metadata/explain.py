"""Say which node gave which value, what was left out and why, and what is not known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smartgallery_tui.metadata.generators import read_generation_text
from smartgallery_tui.metadata.latent import start_node
from smartgallery_tui.metadata.passes import PassReading, is_sampler
from smartgallery_tui.metadata.reading import GraphReading, find_texts, read_graph
from smartgallery_tui.metadata.rules import NO_RULES, Rules
from smartgallery_tui.metadata.widgets import Orders, is_known_class
from smartgallery_tui.records.graphs import Explanation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smartgallery_tui.metadata.graph import Node
    from smartgallery_tui.records.generation import Container

_PASS_FIELDS = ("sampler", "scheduler", "steps", "cfg", "guidance", "denoise", "seed")
_MAX_VALUE_CHARS = 200


def explain(
    container: Container,
    *,
    companions: Sequence[Container] = (),
    rules: Rules = NO_RULES,
    orders: Orders | None = None,
) -> list[Explanation]:
    """Return one line for each node of a file's graph, in the order of the file.

    A file that only another tool's text speaks for gives one line for each pass.
    """
    found = find_texts(container, companions)
    reading = read_graph(found, container, rules, orders)
    if reading is not None:
        return _explain_graph(reading, rules)
    read = read_generation_text(found.others) if found.others else None
    if read is None:
        return []
    return [Explanation("", read[0].generator, gave=_plain_fields(one)) for one in read[0].passes]


def _plain_fields(one: Any) -> tuple[tuple[str, str], ...]:
    names = ("models", "loras", *_PASS_FIELDS, "positive", "negative", "width", "height")
    return tuple(
        (name, _shown(value)) for name in names if (value := getattr(one, name)) not in (None, ())
    )


def _explain_graph(reading: GraphReading, rules: Rules) -> list[Explanation]:
    gave: dict[str, list[tuple[str, str]]] = {}
    for one in reading.passes:
        _note_pass(reading, one, gave)
    return [
        Explanation(
            node.id,
            node.class_type,
            node.title,
            tuple(dict.fromkeys(gave.get(node.id, ()))),
            _note(reading, node, node.id in reading.used, node.id in gave, rules),
        )
        for node in reading.graph.nodes.values()
    ]


def _note_pass(
    reading: GraphReading, one: PassReading, gave: dict[str, list[tuple[str, str]]]
) -> None:
    def note(node: Node, name: str, value: Any) -> None:
        if value not in (None, ()):
            gave.setdefault(node.id, []).append((name, _shown(value)))

    for name in _PASS_FIELDS:
        note(one.sources.get(name, one.node), name, getattr(one.sampling, name))
    for node, name, value in one.chain.sources:
        is_lora = any(use.name == value for use in one.chain.loras)
        note(node, "lora" if is_lora else "model", f"{value} (input {name})")
    for side, texts in (("positive", one.positive), ("negative", one.negative)):
        for node, text in zip(texts.sources, texts.texts, strict=False):
            note(node, side, text)
    start = start_node(reading.graph, one.node)
    if start is not None and one.sampling.width is not None:
        note(start, "size", f"{one.sampling.width}x{one.sampling.height}")


def _note(reading: GraphReading, node: Node, is_used: bool, has_given: bool, rules: Rules) -> str:
    if reading.output is not None and node.id == reading.output.id:
        return "wrote the file"
    if node.class_type in rules.ignored:
        return "ignored by a rule"
    if not is_used:
        return "left out: it does not lead to the saved file"
    if has_given:
        return ""
    if is_sampler(node):
        return "a sampler beyond the number of passes that are read"
    if not is_known_class(node.class_type) and len(node.links) < len(node.inputs):
        return "not understood: nothing is known of this class; a rule can teach it"
    return "passed through"


def _shown(value: Any) -> str:
    if isinstance(value, tuple):
        return ", ".join(str(getattr(part, "name", part)) for part in value)[:_MAX_VALUE_CHARS]
    return str(value)[:_MAX_VALUE_CHARS]

"""The graph as a tree for a reader: from the node that wrote the file up to the loaders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from smartgallery_tui.metadata.categories import category
from smartgallery_tui.metadata.editor import BYPASSED, MUTED, read_nodes
from smartgallery_tui.metadata.reading import decoded_workflow, find_texts, read_graph
from smartgallery_tui.metadata.rules import NO_RULES, Rules
from smartgallery_tui.metadata.widgets import Orders, default_values, name_values
from smartgallery_tui.records.graphs import NodeSummary

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from smartgallery_tui.metadata.graph import Graph, Node
    from smartgallery_tui.records.generation import Container

MAX_NODES = 2_000
"""A longer tree is cut."""

_MAX_VALUE_CHARS = 400
_NOTES = frozenset({"Note", "MarkdownNote", "Reroute", "PrimitiveNode"})


def node_tree(
    container: Container,
    *,
    companions: Sequence[Container] = (),
    rules: Rules = NO_RULES,
    orders: Orders | None = None,
) -> tuple[NodeSummary, ...]:
    """Return the nodes of a file's graph, each once, with the depth at which it stands.

    First the node that wrote the file, each node followed by what feeds it; then nodes that do
    not lead to the file; last the muted and bypassed ones, which only a workflow knows.
    """
    found = find_texts(container, companions)
    reading = read_graph(found, container, rules, orders)
    if reading is None:
        return ()
    rows = list(_branches(reading.graph, reading.output))
    seen = {row.node for row in rows}
    rows += [
        _summary(node, 0, is_unused=True)
        for node in reading.graph.nodes.values()
        if node.id not in seen
    ]
    rows += _muted(decoded_workflow(found), orders)
    return tuple(rows[:MAX_NODES])


class _Place(NamedTuple):
    """Where a node stands in the tree."""

    node: Node
    depth: int
    via: str
    above: str
    """Id of the node that it feeds, "" for the root."""


def _branches(graph: Graph, output: Node | None) -> Iterable[NodeSummary]:
    places = _places(graph, output)
    for place in places.values():
        yield _summary(
            place.node, place.depth, via=place.via, links=_elsewhere(graph, place, places)
        )


def _places(graph: Graph, output: Node | None) -> dict[str, _Place]:
    """Return where each node stands, in the order of the tree."""
    stack = [_Place(output, 0, "", "")] if output is not None else []
    found: dict[str, _Place] = {}
    while stack and len(found) < MAX_NODES:
        place = stack.pop()
        if place.node.id in found:
            continue
        found[place.node.id] = place
        below = [
            _Place(parent, place.depth + 1, name, place.node.id)
            for name, parent in _parents(graph, place.node)
            if parent.id not in found
        ]
        stack.extend(reversed(below))
    return found


def _parents(graph: Graph, node: Node) -> Iterable[tuple[str, Node]]:
    for name, link in node.links.items():
        source = graph.source(link)
        if source is not None:
            yield name, source[0]


def _elsewhere(
    graph: Graph, place: _Place, places: Mapping[str, _Place]
) -> tuple[tuple[str, str], ...]:
    """Return the inputs whose source does not stand right below the node."""
    node = place.node
    return tuple(
        (name, f"{parent.class_type} #{parent.id}")
        for name, parent in _parents(graph, node)
        if parent.id not in places
        or (places[parent.id].above, places[parent.id].via) != (node.id, name)
    )


def _summary(
    node: Node,
    depth: int,
    *,
    via: str = "",
    links: tuple[tuple[str, str], ...] = (),
    is_unused: bool = False,
) -> NodeSummary:
    values = {name: value for name, value in node.inputs.items() if name not in node.links}
    changed = changed_values(node.class_type, values)
    return NodeSummary(
        node=node.id,
        class_type=node.class_type,
        title="" if node.title == node.class_type else node.title,
        depth=depth,
        values=changed,
        defaults=_default_values(values, changed),
        via=via,
        links=links,
        category=category(node.class_type),
        is_unused=is_unused,
    )


def _default_values(
    values: Mapping[str, Any], changed: tuple[tuple[str, str], ...]
) -> tuple[tuple[str, str], ...]:
    names = {name for name, _value in changed}
    return tuple(
        (name, str(value)[:_MAX_VALUE_CHARS])
        for name, value in values.items()
        if value is not None and name not in names
    )


def changed_values(class_type: str, values: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return the values that differ from the defaults of a class, as text."""
    defaults = default_values(class_type)
    return tuple(
        (name, str(value)[:_MAX_VALUE_CHARS])
        for name, value in values.items()
        if value is not None and (name not in defaults or defaults[name] != value)
    )


def _muted(workflow: Any, orders: Orders | None) -> list[NodeSummary]:
    if not isinstance(workflow, dict):
        return []
    found = []
    for node in read_nodes(workflow).values():
        if node.mode not in (MUTED, BYPASSED) or node.type in _NOTES:
            continue
        raw = node.raw
        values = name_values(
            node.type,
            raw.get("widgets_values"),
            raw.get("widgets_values_named"),
            node.inputs,
            orders or {},
        )
        title = "" if node.title == node.type else node.title
        shown = changed_values(node.type, values)
        kind = category(node.type)
        found.append(NodeSummary(node.id, node.type, title, 0, shown, category=kind, is_muted=True))
    return found

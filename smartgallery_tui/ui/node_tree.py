"""A ComfyUI graph as an indented tree, from the nodes that save down to the loaders."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from textual.content import Content

from smartgallery_tui.ui.content import line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MAX_ROWS = 600
_MAX_DEPTH = 40
_VALUE_CHARS = 120
Graph = dict[str, dict[str, Any]]


def node_tree(prompt: str | None) -> Content:
    """Return the tree of an API graph; each node once, later mentions point to it.

    Runs in a lane: a large graph takes a while to read.

    Args:
        prompt: The raw text, or None.
    """
    graph = read_graph(prompt)
    if not graph:
        return line("There is no API graph in this file.", "dim")
    rows: list[Content] = []
    seen: set[str] = set()
    for root in _roots(graph):
        for row in _rows(graph, root, 0, "", seen):
            rows.append(row)
            if len(rows) >= MAX_ROWS:
                rows.append(line("… more nodes", "dim"))
                return Content("\n").join(rows)
    return Content("\n").join(rows)


def read_graph(prompt: str | None) -> Graph:
    """Return the nodes of an API graph by their ids; none where it cannot be read."""
    try:
        value = json.loads(prompt or "")
    except (ValueError, RecursionError):
        return {}
    if not isinstance(value, dict):
        return {}
    return {
        str(key): node
        for key, node in value.items()
        if isinstance(node, dict) and isinstance(node.get("class_type"), str)
    }


def plain_inputs(graph: Graph) -> dict[tuple[str, str], str]:
    """Return the values that are no links: (`KSampler #3`, input) -> text."""
    found: dict[tuple[str, str], str] = {}
    for key, node in graph.items():
        inputs = _inputs(node)
        linked = {name for name, _link in _links(graph, inputs)}
        for name, value in inputs.items():
            if name not in linked:
                text = value if isinstance(value, str) else json.dumps(value, default=str)
                found[f"{node['class_type']} #{key}", name] = text
    return found


def _roots(graph: Graph) -> list[str]:
    """Return the nodes that no other node reads from; all if they form a ring."""
    used = {link for node in graph.values() for _name, link in _links(graph, _inputs(node))}
    return [key for key in graph if key not in used] or list(graph)[:1]


def _inputs(node: Mapping[str, Any]) -> Mapping[str, Any]:
    inputs = node.get("inputs")
    return inputs if isinstance(inputs, dict) else {}


def _links(graph: Graph, inputs: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in inputs.items():
        if isinstance(value, list) and len(value) == 2 and str(value[0]) in graph:
            yield name, str(value[0])


def _rows(graph: Graph, root: str, depth: int, name: str, seen: set[str]) -> Iterator[Content]:
    """Yield the rows of a node and what it reads from, depth first, without recursion."""
    waiting = [(root, depth, name)]
    while waiting:
        key, level, label = waiting.pop()
        node = graph[key]
        title = f"{node['class_type']} #{key}"
        indent = "  " * min(level, _MAX_DEPTH)
        lead = (f"{label}: ", "$foreground-muted") if label else ""
        if key in seen:
            yield Content.assemble(indent, lead, line(f"↑ {title}", "dim"))
            continue
        seen.add(key)
        yield Content.assemble(indent, lead, line(title, "bold $accent"))
        inputs = _inputs(node)
        links = list(_links(graph, inputs))
        linked = {input_name for input_name, _link in links}
        for input_name, value in inputs.items():
            if input_name not in linked:
                text = value if isinstance(value, str) else json.dumps(value, default=str)
                yield Content.assemble(
                    indent,
                    "  ",
                    line(f"{input_name}  ", "$foreground-muted"),
                    line(text, limit=_VALUE_CHARS),
                )
        waiting += [(link, level + 1, input_name) for input_name, link in reversed(links)]

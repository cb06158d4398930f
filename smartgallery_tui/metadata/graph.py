"""A ComfyUI graph in the form in which it runs: nodes by id, inputs as values or links."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smartgallery_tui.metadata.nodes import SWITCH_FLAGS, selected_inputs, traits

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from smartgallery_tui.metadata.rules import Rules

Link = tuple[str, int]
"""Id of the source node and number of its output."""

MAX_STEPS = 100_000
"""Most steps of all walks through one graph together: a bound on time."""

_HOPS = 400


class Node:
    """One node. Treat it as immutable once the graph is built.

    Attributes:
        id: Id as a string: `3`, `57:8`, `a`.
        class_type: Class name as written.
        inputs: Every input by name, links included as lists.
        links: The inputs that are links, by name.
        title: Title given by a user, or "".
        outputs: Names of the outputs in slot order, where the file says them.
    """

    __slots__ = ("class_type", "id", "inputs", "links", "outputs", "title")

    def __init__(
        self,
        node_id: str,
        class_type: str,
        inputs: Mapping[str, Any],
        links: Mapping[str, Link],
        outputs: tuple[str, ...] = (),
        title: str = "",
    ) -> None:
        self.id = node_id
        self.class_type = class_type
        self.inputs = inputs
        self.links = links
        self.outputs = outputs
        self.title = title

    def literal(self, name: str) -> Any:
        """Return the value written in an input; None if it is absent or a link."""
        if name in self.links:
            return None
        value = self.inputs.get(name)
        if isinstance(value, dict):
            return value.get("__value__", value.get("content", value))
        return value


class Graph:
    """All nodes of one run, and the way from an input to what really feeds it."""

    __slots__ = ("_resolved", "has_compared_sizes", "nodes", "steps_left")

    def __init__(self, nodes: dict[str, Node]) -> None:
        self.nodes = nodes
        self.steps_left = MAX_STEPS
        self.has_compared_sizes = False
        """Whether the answer hangs on the sizes in the graph and of the file."""
        self._resolved: dict[Link, tuple[Node, int] | None] = {}

    def spend(self) -> bool:
        """Count a step of a walk; False once the graph has cost more than any real one."""
        self.steps_left -= 1
        return self.steps_left > 0

    def source(self, link: Link | None) -> tuple[Node, int] | None:
        """Return the node and slot behind a link, through reroutes and switches.

        None for a missing link, a link to nowhere, or a loop of reroutes.
        """
        if link is None:
            return None
        try:
            return self._resolved[link]
        except KeyError:
            found = self._resolved[link] = self._walk(link)
            return found

    def parents(self, node: Node) -> Iterable[tuple[Node, int]]:
        """Yield what feeds a node, in the order of its inputs; unselected inputs are left out."""
        for link in node.links.values():
            found = self.source(link)
            if found is not None:
                yield found

    def ancestors(self, node: Node) -> dict[str, Node]:
        """Return a node and all that feeds it, by id, nearest first."""
        seen = {node.id: node}
        queue = [node]
        for current in queue:
            if not self.spend():
                break
            for parent, _slot in self.parents(current):
                if parent.id not in seen:
                    seen[parent.id] = parent
                    queue.append(parent)
        return seen

    def _with_flags(self, node: Node) -> Mapping[str, Any]:
        """Return a node's inputs with the linked flags of a switch as the values behind them."""
        flags = [name for name in SWITCH_FLAGS if name in node.links]
        if not flags or not traits(node.class_type).is_choice:
            return node.inputs
        inputs = dict(node.inputs)
        for name in flags:
            origin = self.nodes.get(node.links[name][0])
            for key in ("value", "boolean", "int", "number") if origin is not None else ():
                value = origin.literal(key) if origin is not None else None
                if isinstance(value, bool | int):
                    inputs[name] = value
                    break
        return inputs

    def _walk(self, link: Link) -> tuple[Node, int] | None:
        for _ in range(_HOPS):
            node = self.nodes.get(link[0])
            if node is None:
                return None
            known = traits(node.class_type)
            if not known.is_through and not known.is_choice:
                return node, link[1]
            names = selected_inputs(node.class_type, self._with_flags(node), node.links)
            if names is None:
                return node, link[1]
            link_or_none = next((node.links[name] for name in names if name in node.links), None)
            if link_or_none is None:
                return None if not names else (node, link[1])
            link = link_or_none
        return None


def is_prompt(value: Any) -> bool:
    """Tell whether a JSON value is a graph in API form: an object of nodes with `class_type`."""
    if not isinstance(value, dict):
        return False
    for node in value.values():
        if isinstance(node, dict) and isinstance(node.get("class_type"), str):
            return True
    return False


def graph_from_prompt(value: Mapping[str, Any]) -> Graph:
    """Return the graph of a prompt in API form; whatever is no node is left out."""
    nodes: dict[str, Node] = {}
    for node_id, raw in value.items():
        if not isinstance(raw, dict):
            continue
        class_type = raw.get("class_type")
        if not isinstance(class_type, str):
            continue
        inputs = raw.get("inputs")
        if not isinstance(inputs, dict):
            inputs = {}
        meta = raw.get("_meta")
        title = meta.get("title") if isinstance(meta, dict) else None
        shown = title if isinstance(title, str) else ""
        nodes[node_id] = Node(node_id, class_type, inputs, links_of(inputs, value), (), shown)
    return Graph(nodes)


def links_of(inputs: Mapping[str, Any], nodes: Mapping[str, Any]) -> dict[str, Link]:
    """Return the inputs that are links to one of the nodes: `[id, slot]`."""
    links: dict[str, Link] = {}
    for name, given in inputs.items():
        if type(given) is list and len(given) == 2:
            origin, slot = given
            if type(origin) is int:
                origin = str(origin)
            if type(origin) is str and type(slot) is int and origin in nodes:
                links[name] = (origin, slot)
    return links


def taught(graph: Graph, rules: Rules) -> Graph:
    """Return a graph whose nodes carry what a user's rules say of their inputs."""
    nodes: dict[str, Node] = {}
    for node in graph.nodes.values():
        if node.class_type in rules.ignored:
            continue
        inputs = rules.applied(node.class_type, node.inputs)
        links = node.links if inputs is node.inputs else links_of(inputs, graph.nodes)
        nodes[node.id] = Node(node.id, node.class_type, inputs, links, node.outputs, node.title)
    return Graph(nodes)

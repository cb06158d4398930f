"""Turn a workflow as the editor saves it into the graph that would run.

Muted nodes are dropped, bypassed ones passed through by type, reroutes, primitives, set and get
nodes resolved, subgraphs and group nodes unfolded with ids such as `57:8`.

Source: the editor's own conversion (graphToPrompt), as seen in files that hold both forms.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smartgallery_tui.metadata.editor import (
    BYPASSED,
    MUTED,
    EditorNode,
    read_definitions,
    read_group_nodes,
)
from smartgallery_tui.metadata.graph import Graph, Link, Node
from smartgallery_tui.metadata.group_nodes import GroupScope
from smartgallery_tui.metadata.scopes import MISSING, Scope
from smartgallery_tui.metadata.widgets import Orders, name_values

if TYPE_CHECKING:
    from collections.abc import Mapping

_NOTES = frozenset({"Note", "MarkdownNote", "Label (rgthree)", "Fast Groups Bypasser (rgthree)"})
_REROUTES = frozenset({"Reroute", "Reroute (rgthree)"})
_GETTERS = frozenset({"GetNode", "easy getNode"})
_SETTERS = frozenset({"SetNode", "easy setNode"})
_VIRTUAL = _NOTES | _REROUTES | _GETTERS | _SETTERS | {"PrimitiveNode"}

_MAX_DEPTH = 20
_MAX_NODES = 200_000
_MAX_LEVELS = 3_000
_MAX_HOPS = 2_000


class Literal:
    """A value that takes the place of a link."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value


def graph_from_workflow(workflow: Mapping[str, Any], learned: Orders | None = None) -> Graph:
    """Return the graph that a workflow would run.

    Args:
        workflow: The decoded workflow: version 0.4 or 1.
        learned: Widget orders learned from other files, by class.
    """
    unfolding = _Unfolding(workflow, learned or {})
    unfolding.unfold(Scope(workflow))
    return Graph(unfolding.found)


class _Unfolding:
    """One conversion on its way."""

    def __init__(self, workflow: Mapping[str, Any], learned: Orders) -> None:
        self.definitions = read_definitions(workflow)
        self.groups = read_group_nodes(workflow)
        self.learned = learned
        self.found: dict[str, Node] = {}
        self.broadcasts = _broadcasts(workflow)
        self.levels_left = _MAX_LEVELS

    def unfold(self, scope: Scope) -> None:
        """Add the nodes of a level and of all levels within it."""
        for node in scope.nodes.values():
            if len(self.found) >= _MAX_NODES:
                return
            if node.mode in (MUTED, BYPASSED) or node.type in _VIRTUAL or not node.type:
                continue
            child = self.child(scope, node)
            if child is not None:
                self.unfold(child)
            elif node.type not in self.definitions and node.type not in self.groups:
                self._emit(scope, node)

    def child(self, scope: Scope, node: EditorNode) -> Scope | None:
        """Return the level that a node stands for, or None for an ordinary node."""
        if node.id in scope.children:
            return scope.children[node.id]
        if scope.depth >= _MAX_DEPTH or self.levels_left <= 0:
            return None
        made: Scope | None = None
        if node.type in self.definitions:
            made = Scope(self.definitions[node.type], scope, node)
        elif node.type in self.groups:
            made = GroupScope(self.groups[node.type], scope, node)
        if made is not None:
            self.levels_left -= 1
            scope.children[node.id] = made
        return made

    def _emit(self, scope: Scope, node: EditorNode) -> None:
        inputs: dict[str, Any] = name_values(
            node.type,
            node.raw.get("widgets_values"),
            node.raw.get("widgets_values_named"),
            node.inputs,
            self.learned,
        )
        for shown in [n for n in inputs if (node.id, n) in scope.overrides]:
            inputs[shown] = scope.overrides[node.id, shown]
        links: dict[str, Link] = {}
        for at, entry in enumerate(node.inputs):
            name = entry.get("name")
            if isinstance(name, str):
                self._connect(scope, node, at, name, inputs, links)
        outputs = tuple(str(entry.get("name") or "") for entry in node.outputs)
        node_id = f"{scope.prefix}{node.id}"
        self.found[node_id] = Node(node_id, node.type, inputs, links, outputs, node.title)

    def _connect(
        self,
        scope: Scope,
        node: EditorNode,
        at: int,
        name: str,
        inputs: dict[str, Any],
        links: dict[str, Link],
    ) -> None:
        link_id = node.inputs[at].get("link")
        if link_id is None:
            link = self.broadcasts.get((f"{scope.prefix}{node.id}", at))
            broadcaster = scope.nodes.get(link[0]) if link is not None else None
            source = self._output(scope, broadcaster, link[1], "*") if link is not None else None
        else:
            source = self.follow(scope, link_id)
        if isinstance(source, Literal):
            if source.value is not MISSING:
                inputs[name] = source.value
        elif source is not None:
            inputs[name] = list(source)
            links[name] = source

    def follow(self, scope: Scope, link_id: Any) -> Link | Literal | None:
        """Return what a link brings: a source in the unfolded graph, a value, or nothing."""
        link = scope.links.get(link_id) if isinstance(link_id, int) else None
        if link is None:
            return None
        if link.origin is None:
            return self._from_outside(scope, link.origin_slot)
        return self._output(scope, scope.nodes.get(link.origin), link.origin_slot, link.kind)

    def _from_outside(self, scope: Scope, slot: int) -> Link | Literal | None:
        """Return what comes in through an input of a subgraph."""
        for _ in range(_MAX_DEPTH + 1):
            instance, parent = scope.instance, scope.parent
            if instance is None or parent is None or not 0 <= slot < len(scope.input_names):
                return None
            name = scope.input_names[slot]
            entry = next((e for e in instance.inputs if e.get("name") == name), None)
            if entry is None and slot < len(instance.inputs):
                entry = None if "name" in instance.inputs[slot] else instance.inputs[slot]
            link_id = entry.get("link") if entry is not None else None
            link = parent.links.get(link_id) if isinstance(link_id, int) else None
            if link is None:
                return Literal(scope.values.get(name, MISSING))
            if link.origin is not None:
                origin = parent.nodes.get(link.origin)
                return self._output(parent, origin, link.origin_slot, link.kind)
            scope, slot = parent, link.origin_slot
        return None

    def _output(
        self, scope: Scope, node: EditorNode | None, slot: int, kind: str
    ) -> Link | Literal | None:
        """Return what an output of a node gives."""
        for _ in range(_MAX_HOPS):
            if node is None or node.mode == MUTED:
                return None
            step = self._step(scope, node, slot, kind)
            if step is None or isinstance(step, Literal):
                return step
            next_scope, link_id = step
            if link_id is _HERE:
                return f"{scope.prefix}{node.id}", slot
            link = next_scope.links.get(link_id) if isinstance(link_id, int) else None
            if link is None:
                return None
            if link.origin is None:
                return self._from_outside(next_scope, link.origin_slot)
            scope, slot, kind = next_scope, link.origin_slot, link.kind
            node = scope.nodes.get(link.origin)
        return None

    def _step(
        self, scope: Scope, node: EditorNode, slot: int, kind: str
    ) -> tuple[Scope, Any] | Literal | None:
        """Return where to look on from an output: a level and a link, `_HERE`, or a value."""
        if node.mode == BYPASSED:
            return scope, _bypassed(node, slot, kind)
        if node.type in _REROUTES or node.type in _SETTERS:
            return scope, node.inputs[0].get("link") if node.inputs else None
        if node.type == "PrimitiveNode":
            value = node.first_value()
            return Literal(MISSING if value is None else value)
        if node.type in _GETTERS:
            found = scope.setter(str(node.first_value()))
            if found is None:
                return None
            return found[0], found[1].inputs[0].get("link") if found[1].inputs else None
        child = self.child(scope, node)
        if child is None:
            return scope, _HERE
        inner = child.output_link(slot)
        if inner is None:
            return None
        link_id = next((key for key, link in child.links.items() if link is inner), None)
        return child, link_id


_HERE: Any = object()


def _bypassed(node: EditorNode, slot: int, kind: str) -> Any:
    """Return the link that a bypassed node hands on to one of its outputs."""
    if 0 <= slot < len(node.outputs):
        kind = str(node.outputs[slot].get("type") or kind)
    inputs = node.inputs
    if 0 <= slot < len(inputs) and inputs[slot].get("type") in (kind, "*"):
        return inputs[slot].get("link")
    same = [entry for entry in inputs if entry.get("type") == kind]
    linked = [entry for entry in same if entry.get("link") is not None]
    chosen = linked or [entry for entry in inputs if entry.get("type") == "*" or kind == "*"]
    return chosen[0].get("link") if chosen else None


def _broadcasts(workflow: Mapping[str, Any]) -> dict[tuple[str, int], Link]:
    """Return the links that exist only while a graph runs (Anything Everywhere)."""
    extra = workflow.get("extra")
    rows = extra.get("ue_links") if isinstance(extra, dict) else None
    found: dict[tuple[str, int], Link] = {}
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, dict) and type(row.get("downstream_slot")) is int:
            slot = row.get("upstream_slot")
            key = (str(row.get("downstream")), row["downstream_slot"])
            found[key] = (str(row.get("upstream")), slot if type(slot) is int else 0)
    return found

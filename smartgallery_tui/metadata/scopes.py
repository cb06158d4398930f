"""One level of a workflow being unfolded: the root, a subgraph instance or a group node."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smartgallery_tui.metadata.editor import EditorLink, EditorNode, read_links, read_nodes

if TYPE_CHECKING:
    from collections.abc import Mapping

MISSING: Any = object()
"""Stands where a value is not known; None is a value."""


class Scope:
    """The nodes and links of one level, and what its surroundings give it.

    Attributes:
        prefix: What the ids of its nodes start with, such as `57:`.
        nodes: Nodes by their id within the level.
        links: Links by id.
        parent: The level around it, or None for the root.
        instance: The node of `parent` that stands for this level.
        input_names: Names of the level's inputs, by slot.
        overrides: Values given from outside to widgets, by node id and widget name.
    """

    __slots__ = (
        "children", "depth", "input_names", "instance", "links", "nodes", "overrides", "parent",
        "prefix", "setters", "values",
    )  # fmt: skip

    def __init__(
        self,
        level: Mapping[str, Any],
        parent: Scope | None = None,
        instance: EditorNode | None = None,
    ) -> None:
        self.nodes = read_nodes(level)
        self.links = read_links(level)
        self.parent = parent
        self.instance = instance
        self.depth: int = 0 if parent is None else parent.depth + 1
        self.prefix: str = ""
        if parent is not None and instance is not None:
            self.prefix = f"{parent.prefix}{instance.id}:"
        inputs = level.get("inputs")
        self.input_names = [
            str(entry.get("name"))
            for entry in (inputs if isinstance(inputs, list) else ())
            if isinstance(entry, dict)
        ]
        self.children: dict[str, Scope] = {}
        self.overrides: dict[tuple[str, str], Any] = {}
        self.values: dict[str, Any] = {}
        self.setters = {
            str(node.first_value()): node
            for node in self.nodes.values()
            if node.type in ("SetNode", "easy setNode")
        }
        if instance is not None and parent is not None:
            self._take_promoted(instance, parent)

    def output_link(self, slot: int) -> EditorLink | None:
        """Return the link that ends at one of the level's own outputs."""
        for link in self.links.values():
            if link.is_output and link.target_slot == slot:
                return link
        return None

    def setter(self, name: str) -> tuple[Scope, EditorNode] | None:
        """Return the Set node of a name, here or in a level around."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.setters:
                return scope, scope.setters[name]
            scope = scope.parent
        return None

    def _take_promoted(self, instance: EditorNode, parent: Scope) -> None:
        """Take the values of widgets that the instance shows on its outside."""
        widgets = [
            str(entry["widget"].get("name") or entry.get("name"))
            for entry in instance.inputs
            if isinstance(entry.get("widget"), dict)
        ]
        proxies = instance.proxies()
        values = instance.raw.get("widgets_values")
        named = instance.raw.get("widgets_values_named")
        if isinstance(values, dict):
            named = values
        if isinstance(values, list) and values:
            own = [(node, name) for node, name in proxies if node == "-1"]
            shown = [("-1", name) for name in self._widget_inputs()]
            listed = [("-1", name) for name in widgets]
            ordered = [own and proxies, own, shown, listed, proxies]
            fitting = next((rows for rows in ordered if len(rows) == len(values)), None)
            if fitting is not None:
                self._take_proxies(fitting, values)
        if isinstance(named, dict):
            self.values.update((str(k), v) for k, v in named.items() if v is not None)
        shown_within = {name: node for node, name in reversed(proxies) if node != "-1"}
        for (node_id, name), value in parent.overrides.items():
            if node_id != instance.id:
                continue
            if name in shown_within and name not in self.input_names:
                self.overrides[shown_within[name], name] = value
            else:
                self.values[name] = value

    def _widget_inputs(self) -> list[str]:
        """Return the level's inputs that feed widgets, in their order.

        Newer editors write a value for each of them and name them nowhere else.
        """
        slots = set()
        for node in self.nodes.values():
            for entry in node.inputs:
                link_id = entry.get("link")
                link = self.links.get(link_id) if isinstance(link_id, int) else None
                if link is not None and link.origin is None and "widget" in entry:
                    slots.add(link.origin_slot)
        return [name for slot, name in enumerate(self.input_names) if slot in slots]

    def _take_proxies(self, proxies: list[tuple[str, str]], values: list[Any]) -> None:
        for (node_id, name), value in zip(proxies, values, strict=True):
            if value is None:
                continue
            if node_id == "-1":
                self.values[name] = value
            else:
                self.overrides[node_id, name] = value

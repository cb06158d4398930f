"""Group nodes: the older way to fold nodes, with ids such as `12:0` inside.

Source: the editor's group node extension, as seen in files that hold both forms.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smartgallery_tui.metadata.editor import EditorLink, EditorNode
from smartgallery_tui.metadata.scopes import Scope

if TYPE_CHECKING:
    from collections.abc import Mapping


class GroupScope(Scope):
    """The level inside a group node; its links are made up from the stored triples."""

    def __init__(self, level: Mapping[str, Any], parent: Scope, instance: EditorNode) -> None:
        self._triples = _triples(level)
        self._external = {
            (row[0], row[1])
            for row in level.get("external") or ()
            if isinstance(row, list) and len(row) >= 2
        }
        raw_nodes = level.get("nodes")
        nodes = []
        for at, raw in enumerate(raw_nodes if isinstance(raw_nodes, list) else ()):
            if isinstance(raw, dict):
                nodes.append({**raw, "id": at})
        super().__init__({"nodes": nodes, "links": []}, parent, instance)
        self._share_widgets(instance)
        self._wire_inputs(instance)
        self._wire_outputs()

    def _share_widgets(self, instance: EditorNode) -> None:
        """Lay the group's values over its nodes where their number leaves no doubt."""
        values = instance.raw.get("widgets_values")
        inner = list(self.nodes.values())
        counts = [_widget_count(node) for node in inner]
        if not isinstance(values, list) or len(values) != sum(counts):
            return
        at = 0
        for node, count in zip(inner, counts, strict=True):
            if count:
                node.raw = {**node.raw, "widgets_values": values[at : at + count]}
                at += count

    def _wire_inputs(self, instance: EditorNode) -> None:
        inside = {(target, slot): (origin, out) for origin, out, target, slot in self._triples}
        outer = [entry for entry in instance.inputs if "widget" not in entry]
        next_link = 1
        for node in self.nodes.values():
            node.inputs = [dict(entry) for entry in node.inputs]
            for slot, entry in enumerate(node.inputs):
                found = inside.get((int(node.id), slot))
                kind = str(entry.get("type") or "*")
                if found is not None:
                    link = EditorLink(str(found[0]), found[1], slot, kind)
                elif "widget" in entry or not outer:
                    entry["link"] = None
                    continue
                else:
                    name = str(outer.pop(0).get("name"))
                    self.input_names.append(name)
                    link = EditorLink(None, len(self.input_names) - 1, slot, kind)
                self.links[next_link] = link
                entry["link"] = next_link
                next_link += 1

    def _wire_outputs(self) -> None:
        """Make the group's outputs: each output of a node that is not used up inside."""
        used = {(origin, out) for origin, out, _target, _slot in self._triples}
        slot = 0
        next_link = len(self.links) + 1
        for node in self.nodes.values():
            for at, entry in enumerate(node.outputs):
                place = (int(node.id), at)
                if place in used and place not in self._external:
                    continue
                link = EditorLink(node.id, at, slot, str(entry.get("type") or "*"))
                link.is_output = True
                self.links[next_link] = link
                slot, next_link = slot + 1, next_link + 1


def _triples(level: Mapping[str, Any]) -> list[tuple[int, int, int, int]]:
    links = level.get("links")
    return [
        (row[0], row[1], row[2], row[3])
        for row in (links if isinstance(links, list) else ())
        if isinstance(row, list) and len(row) >= 4 and all(type(x) is int for x in row[:4])
    ]


def _widget_count(node: EditorNode) -> int:
    values = node.raw.get("widgets_values")
    return len(values) if isinstance(values, list) else 0

"""The parts of a workflow as the editor saves it: nodes, links, subgraph definitions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

MUTED = 2
BYPASSED = 4
_INPUT_NODE = -10
_OUTPUT_NODE = -20


class EditorLink:
    """A line between two nodes. An `origin` of None is the input side of a subgraph."""

    __slots__ = ("is_output", "kind", "origin", "origin_slot", "target_slot")

    def __init__(self, origin: str | None, origin_slot: int, target_slot: int, kind: str) -> None:
        self.origin = origin
        self.origin_slot = origin_slot
        self.target_slot = target_slot
        self.kind = kind
        self.is_output = False
        """True where the line ends at the output side of a subgraph."""


class EditorNode:
    """A node as the file has it."""

    __slots__ = ("id", "inputs", "mode", "outputs", "raw", "title", "type")

    def __init__(self, raw: Mapping[str, Any], node_id: str) -> None:
        self.raw = raw
        self.id = node_id
        self.type = str(raw.get("type") or "")
        mode = raw.get("mode")
        self.mode = mode if type(mode) is int else 0
        title = raw.get("title")
        self.title = title if isinstance(title, str) else ""
        self.inputs = _dicts(raw.get("inputs"))
        self.outputs = _dicts(raw.get("outputs"))

    def first_value(self) -> Any:
        """Return the first of the node's widget values."""
        values = self.raw.get("widgets_values")
        if isinstance(values, dict):
            values = list(values.values())
        return values[0] if isinstance(values, list) and values else None

    def proxies(self) -> list[tuple[str, str]]:
        """Return the promoted widgets as pairs of inner node (or `-1`) and name."""
        properties = self.raw.get("properties")
        rows = properties.get("proxyWidgets") if isinstance(properties, dict) else None
        return [
            (str(row[0]), str(row[1]))
            for row in (rows if isinstance(rows, list) else ())
            if isinstance(row, list) and len(row) >= 2
        ]


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def read_nodes(level: Mapping[str, Any]) -> dict[str, EditorNode]:
    """Return the nodes of one level of a workflow by id."""
    found: dict[str, EditorNode] = {}
    for at, raw in enumerate(_dicts(level.get("nodes"))):
        node = EditorNode(raw, str(raw.get("id", raw.get("index", at))))
        found.setdefault(node.id, node)
    return found


def read_links(level: Mapping[str, Any]) -> dict[int, EditorLink]:
    """Return the links of one level by id: lists `[id, from, slot, to, slot, type]` or objects."""
    found: dict[int, EditorLink] = {}
    links = level.get("links")
    rows = list(links.values()) if isinstance(links, dict) else links
    for row in rows if isinstance(rows, list) else ():
        fields = _link_fields(row)
        if fields is None:
            continue
        link_id, origin, origin_slot, target, target_slot, kind = fields
        if type(link_id) is not int or type(origin_slot) is not int:
            continue
        is_from_outside = origin in (_INPUT_NODE, str(_INPUT_NODE))
        link = EditorLink(
            None if is_from_outside else str(origin),
            origin_slot,
            target_slot if type(target_slot) is int else 0,
            kind if isinstance(kind, str) else "*",
        )
        link.is_output = target in (_OUTPUT_NODE, str(_OUTPUT_NODE))
        found[link_id] = link
    return found


def _link_fields(row: Any) -> tuple[Any, Any, Any, Any, Any, Any] | None:
    if isinstance(row, list) and len(row) >= 5:
        return row[0], row[1], row[2], row[3], row[4], row[5] if len(row) > 5 else "*"
    if isinstance(row, dict):
        names = ("id", "origin_id", "origin_slot", "target_id", "target_slot", "type")
        link_id, origin, origin_slot, target, target_slot, kind = (row.get(n) for n in names)
        return link_id, origin, origin_slot, target, target_slot, kind
    return None


def read_definitions(workflow: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Return the subgraph definitions of a workflow, nested ones included, by id."""
    found: dict[str, Mapping[str, Any]] = {}
    levels = [workflow]
    for level in levels:
        if len(found) > 10_000:
            break
        holder = level.get("definitions")
        for raw in _dicts(holder.get("subgraphs") if isinstance(holder, dict) else None):
            if isinstance(raw.get("id"), str) and raw["id"] not in found:
                found[raw["id"]] = raw
                levels.append(raw)
    return found


def read_group_nodes(workflow: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Return the definitions of old group nodes by the type that their instances have."""
    extra = workflow.get("extra")
    groups = extra.get("groupNodes") if isinstance(extra, dict) else None
    found: dict[str, Mapping[str, Any]] = {}
    for name, raw in groups.items() if isinstance(groups, dict) else ():
        if isinstance(raw, dict):
            found[f"workflow/{name}"] = found[f"workflow>{name}"] = raw
    return found

"""The graph of a file as an indented tree, from the node that wrote it up to the loaders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from smartgallery_tui.ui.content import line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from smartgallery_tui.records.graphs import NodeSummary

MAX_ROWS = 600
_MAX_DEPTH = 16
_VALUE_CHARS = 120


def node_tree(nodes: Sequence[NodeSummary]) -> Content:
    """Return the nodes with the values that differ from their defaults.

    Nodes that do not lead to the file and nodes that did not run stand at the end, dimmed, each
    with a word that says so.
    """
    rows: list[Content] = []
    for node in nodes:
        rows += _rows(node)
        if len(rows) >= MAX_ROWS:
            rows[MAX_ROWS:] = [line("… more nodes", "dim")]
            break
    return Content("\n").join(rows or [line("There is no graph in this file.", "dim")])


def _rows(node: NodeSummary) -> Iterable[Content]:
    indent = "  " * min(node.depth, _MAX_DEPTH)
    is_aside = node.is_muted or node.is_unused
    parts = [line(f"{node.class_type} #{node.node}", "dim" if is_aside else "bold $accent")]
    if node.title:
        parts.append(line(f"“{node.title}”", "$foreground-muted", _VALUE_CHARS))
    if is_aside:
        parts.append(Content("did not run" if node.is_muted else "does not lead to this file"))
    yield Content.assemble(indent, Content("  ").join(parts))
    for name, value in node.values:
        yield Content.assemble(
            indent,
            "  ",
            line(f"{name}  ", "$foreground-muted"),
            line(value, limit=_VALUE_CHARS),
        )

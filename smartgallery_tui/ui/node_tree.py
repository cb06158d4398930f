"""The graph of a file as an indented tree, from the node that wrote it up to the loaders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from smartgallery_tui.ui.content import line
from smartgallery_tui.ui.text_rows import TextRow, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from smartgallery_tui.records.graphs import NodeCategory, NodeSummary

MAX_ROWS = 1_000
COLORS: Mapping[NodeCategory, str] = {
    "output": "$text-success",
    "sampling": "$text-accent",
    "model": "$text-primary",
    "text": "$text-warning",
    "input": "$text-secondary",
    "processing": "$foreground",
}
"""What a node is there for shows in the colour of its class."""
_MAX_DEPTH = 12
_STEP_CELLS = 1
_VALUE_CHARS = 400


def node_tree(nodes: Sequence[NodeSummary]) -> list[TextRow]:
    """Return the nodes, each with its inputs; values that are the class's own stand back.

    A node stands below the one that it feeds, behind the name of that input. Nodes that do not
    lead to the file and nodes that did not run stand at the end, dimmed, each with a word that
    says so.
    """
    if not nodes:
        return [text(line("There is no graph in this file.", "dim"))]
    rows = [_legend(nodes)]
    for node in nodes:
        rows += _rows(node)
        if len(rows) >= MAX_ROWS:
            rows[MAX_ROWS:] = [text(line("… more nodes", "dim"))]
            break
    return rows


def _legend(nodes: Sequence[NodeSummary]) -> TextRow:
    kinds = {node.category for node in nodes}
    words = [Content.styled(f"● {kind}", color) for kind, color in COLORS.items() if kind in kinds]
    return text(Content("  ").join(words))


def _rows(node: NodeSummary) -> Iterable[TextRow]:
    indent = " " * (min(node.depth, _MAX_DEPTH) * _STEP_CELLS)
    is_aside = node.is_muted or node.is_unused
    style = "dim" if is_aside else f"bold {COLORS[node.category]}"
    parts = [line(f"{node.class_type} #{node.node}", style)]
    if node.title:
        parts.append(line(f"“{node.title}”", "$foreground-muted"))
    if is_aside:
        parts.append(Content("did not run" if node.is_muted else "does not lead to this file"))
    via = line(f"{node.via}: ", "$foreground-muted") if node.via else Content()
    lead_cells = len(indent) + 2
    yield TextRow(Content.assemble(via, Content("  ").join(parts)), Content(indent), len(indent))
    for name, value in node.values:
        yield TextRow(_input(name, value), Content(" " * lead_cells), lead_cells)
    for name, source in node.links:
        body = Content.assemble(line(f"{name} ← ", "$foreground-muted"), line(source, "dim"))
        yield TextRow(body, Content(" " * lead_cells), lead_cells)
    if node.defaults:
        words = ", ".join(f"{name} = {value}" for name, value in node.defaults)
        yield TextRow(line(words, "dim", _VALUE_CHARS), Content(" " * lead_cells), lead_cells)


def _input(name: str, value: str) -> Content:
    return Content.assemble(
        line(f"{name} = ", "$foreground-muted"), line(value, limit=_VALUE_CHARS)
    )

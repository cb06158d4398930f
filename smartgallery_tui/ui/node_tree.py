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
_CURRENT = "bold $block-cursor-foreground on $block-cursor-background"
_MAX_DEPTH = 12
_STEP_CELLS = 1
_VALUE_CHARS = 400


class NodeTree:
    """The nodes of one file, which of them are closed, and the one that keys mean.

    A node stands below the one that it feeds, behind the name of that input. Nodes that do not
    lead to the file and nodes that did not run stand at the end, dimmed, each with a word that
    says so. A closed node is one row: its values and what feeds it are left out.

    Args:
        nodes: In the order of the tree; one that feeds another has a greater depth.
        closed: Names of closed nodes; changed in place, so that files of one workflow share them.
    """

    def __init__(self, nodes: Sequence[NodeSummary], closed: set[str]) -> None:
        self._nodes = nodes
        self._closed = closed
        self._below = _below([node.depth for node in nodes])
        self._current = 0
        self.row = 0
        """The row of the current node among those that were made last."""

    def rows(self, *, has_cursor: bool = False) -> list[TextRow]:
        """Return the nodes, each with its inputs; values that are the class's own stand back."""
        if not self._nodes:
            return [text(line("There is no graph in this file.", "dim"))]
        rows = [_legend(self._nodes)]
        for place, (node, hidden) in enumerate(self._open):
            is_current = has_cursor and place == self._current
            if place == self._current:
                self.row = len(rows)
            rows += _rows(node, hidden if _name(node) in self._closed else None, is_current)
            if len(rows) >= MAX_ROWS:
                rows[MAX_ROWS:] = [text(line("… more nodes", "dim"))]
                break
        return rows

    @property
    def _open(self) -> list[tuple[NodeSummary, int]]:
        """The nodes that are not below a closed one, and how many are below each."""
        found: list[tuple[NodeSummary, int]] = []
        place = 0
        while place < len(self._nodes):
            node = self._nodes[place]
            below = self._below[place]
            found.append((node, below))
            place += 1 + (below if _name(node) in self._closed else 0)
        return found

    @property
    def current(self) -> str:
        """Name of the node that keys mean."""
        return _name(self._open[self._current][0]) if self._nodes else ""

    def go_to(self, name: str) -> None:
        """Go to the node of a name, if it is to be seen; else to the first."""
        names = [_name(node) for node, _ in self._open]
        self._current = names.index(name) if name in names else 0

    def move(self, places: int) -> None:
        """Go to another node that is to be seen."""
        self._current = max(0, min(self._current + places, len(self._open) - 1))

    def close(self) -> None:
        """Close the current node; from one that is closed go to the one that it feeds."""
        node, below = self._open[self._current]
        if _name(node) not in self._closed and (below or _has_values(node)):
            self._closed.add(_name(node))
            return
        before = enumerate(self._open[: self._current])
        above = [place for place, (one, _) in before if one.depth < node.depth]
        self._current = above[-1] if above else self._current

    def open(self) -> None:
        """Open the current node; from one that is open go to the first that feeds it."""
        node, below = self._open[self._current]
        if _name(node) in self._closed:
            self._closed.discard(_name(node))
        elif below:
            self._current += 1

    def turn(self) -> None:
        """Close the current node, or open it."""
        if self._nodes:
            self._closed ^= {self.current}

    def close_all(self) -> None:
        """Close every node but those that feed nothing."""
        here = self.current
        self._closed |= {_name(node) for node in self._nodes if node.depth}
        self.go_to(here)

    def open_all(self) -> None:
        """Open every node."""
        here = self.current
        self._closed.clear()
        self.go_to(here)


def _below(depths: Sequence[int]) -> list[int]:
    """Return for each node how many stand below it."""
    found = [0] * len(depths)
    above: list[int] = []
    for place, depth in enumerate([*depths, -1]):
        while above and depths[above[-1]] >= depth:
            first = above.pop()
            found[first] = place - first - 1
        above.append(place)
    return found


def _name(node: NodeSummary) -> str:
    return f"{node.class_type} #{node.node}"


def _has_values(node: NodeSummary) -> bool:
    return bool(node.values or node.links or node.defaults)


def _legend(nodes: Sequence[NodeSummary]) -> TextRow:
    kinds = {node.category for node in nodes}
    words = [Content.styled(f"● {kind}", color) for kind, color in COLORS.items() if kind in kinds]
    return text(Content("  ").join(words))


def _rows(node: NodeSummary, closed_over: int | None, is_current: bool) -> Iterable[TextRow]:
    """Yield the rows of a node: all of it, or where it is closed its name and what it hides."""
    indent = " " * (min(node.depth, _MAX_DEPTH) * _STEP_CELLS)
    yield TextRow(_head(node, closed_over, is_current), Content(indent), len(indent))
    if closed_over is not None:
        return
    lead_cells = len(indent) + 2
    for name, value in node.values:
        yield TextRow(_input(name, value), Content(" " * lead_cells), lead_cells)
    for name, source in node.links:
        body = Content.assemble(line(f"{name} ← ", "$foreground-muted"), line(source, "dim"))
        yield TextRow(body, Content(" " * lead_cells), lead_cells)
    if node.defaults:
        words = ", ".join(f"{name} = {value}" for name, value in node.defaults)
        yield TextRow(line(words, "dim", _VALUE_CHARS), Content(" " * lead_cells), lead_cells)


def _head(node: NodeSummary, closed_over: int | None, is_current: bool) -> Content:
    is_aside = node.is_muted or node.is_unused
    style = "dim" if is_aside else f"bold {COLORS[node.category]}"
    parts = [line(_name(node), _CURRENT if is_current else style)]
    if node.title:
        parts.append(line(f"“{node.title}”", "$foreground-muted"))
    if is_aside:
        parts.append(Content("did not run" if node.is_muted else "does not lead to this file"))
    if closed_over:
        parts.append(Content.styled(f"+{closed_over}", "dim"))
    sign = Content("") if closed_over is None else Content.styled("▸ ", "$accent")
    via = line(f"{node.via}: ", "$foreground-muted") if node.via else Content()
    return Content.assemble(sign, via, Content("  ").join(parts))


def _input(name: str, value: str) -> Content:
    return Content.assemble(
        line(f"{name} = ", "$foreground-muted"), line(value, limit=_VALUE_CHARS)
    )

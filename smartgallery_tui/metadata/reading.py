"""One file read as far as a graph: shared by extraction, explanation and the node tree."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from smartgallery_tui.metadata.decode import load_object
from smartgallery_tui.metadata.graph import Graph, Node, graph_from_prompt, taught
from smartgallery_tui.metadata.output import choose_output
from smartgallery_tui.metadata.passes import PassReading, read_passes
from smartgallery_tui.metadata.payloads import Found, find_payloads
from smartgallery_tui.metadata.rules import NO_RULES, Rules
from smartgallery_tui.metadata.ui_format import graph_from_workflow

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from smartgallery_tui.metadata.widgets import Orders
    from smartgallery_tui.records.generation import Container


@dataclass(slots=True)
class GraphReading:
    """A graph, the node that wrote the file and the passes that lead to it."""

    graph: Graph
    output: Node | None
    passes: list[PassReading] = field(default_factory=list)
    pass_count: int = 0
    """May exceed the number of `passes`, which is limited."""
    used: set[str] = field(default_factory=set)
    """Ids of the nodes that lead to the output."""

    def used_nodes(self) -> list[Node]:
        """Return the nodes that lead to the output, or all where no pass does."""
        nodes = self.graph.nodes
        return [nodes[name] for name in nodes if name in self.used or not self.passes]


def find_texts(container: Container, companions: Sequence[Container] = ()) -> Found:
    """Return the texts of a file, or of the first companion that has any."""
    found = find_payloads(container, is_lazy=True)
    for companion in companions:
        if found.prompt or found.workflow or found.others:
            break
        found = find_payloads(companion, is_lazy=True)
    return found


def read_graph(
    found: Found,
    container: Container,
    rules: Rules = NO_RULES,
    orders: Orders | None = None,
) -> GraphReading | None:
    """Return the graph that a file was made with; None if it holds none that can be read.

    The prompt says what ran. The workflow stands in where there is no prompt, or where no
    sampler of the prompt leads to the file.
    """
    reading = read_prompt(found, container, rules)
    if reading is not None and reading.passes:
        return reading
    workflow = decoded_workflow(found)
    if workflow is None:
        return reading
    second = _traced(graph_from_workflow(workflow, orders), container, rules)
    return second if second.passes or reading is None else reading


def read_prompt(found: Found, container: Container, rules: Rules) -> GraphReading | None:
    """Return the graph that ran, or None if the file holds no prompt."""
    if not found.prompt_graph:
        return None
    return _traced(graph_from_prompt(found.prompt_graph), container, rules)


def decoded_workflow(found: Found) -> Mapping[str, Any] | None:
    """Return the workflow of a file as an object; it is decoded at the first call."""
    if found.workflow_graph is None and found.workflow:
        found.workflow_graph = load_object(found.workflow) or {}
    return found.workflow_graph or None


def _traced(graph: Graph, container: Container, rules: Rules) -> GraphReading:
    if rules.inputs or rules.ignored:
        graph = taught(graph, rules)
    output = choose_output(graph, container, is_quick=True)
    if output is None:
        return GraphReading(graph, None)
    passes, count, used = read_passes(graph, output)
    if not passes:
        output = choose_output(graph, container) or output
        passes, count, used = read_passes(graph, output)
    return GraphReading(graph, output, passes, count, used)

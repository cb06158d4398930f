"""From a container to everything that is known of how the file was made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartgallery_tui.metadata.decode import load_object
from smartgallery_tui.metadata.graph import Graph, Node, graph_from_prompt
from smartgallery_tui.metadata.names import collect_names
from smartgallery_tui.metadata.output import choose_output
from smartgallery_tui.metadata.passes import PassReading, last_pass, read_passes, seed_of
from smartgallery_tui.metadata.payloads import Found, Payloads, find_payloads
from smartgallery_tui.metadata.ui_format import graph_from_workflow
from smartgallery_tui.records.generation import Container, Generation, Headline, LoraUse

if TYPE_CHECKING:
    from collections.abc import Sequence

READER_VERSION = 1
"""Rows read by a lower version are read again."""


def payloads(container: Container) -> Payloads:
    """Return the raw texts of a file, byte-true where they lay in it as a text of their own."""
    return find_payloads(container).as_payloads()


def extract(container: Container, *, companions: Sequence[Container] = ()) -> Generation:
    """Return how a file was made, as far as its texts say.

    Pure and total: bad input gives a record with `problem` and never an error. Texts of
    `companions` (a video's still, a sidecar) are used only where the file has none of its own.
    """
    found = find_payloads(container, is_lazy=True)
    for companion in companions:
        if found.prompt or found.workflow or found.parameters:
            break
        found = find_payloads(companion, is_lazy=True)
    sources = tuple(
        name for name in ("prompt", "workflow", "parameters") if getattr(found, name) is not None
    )
    graph = graph_from_prompt(found.prompt_graph) if found.prompt_graph else None
    if graph is None and found.workflow:
        workflow = found.workflow_graph or load_object(found.workflow)
        graph = graph_from_workflow(workflow) if workflow else None
    if graph is None:
        return Generation(sources=sources)
    output = choose_output(graph, container)
    readings: list[PassReading] = []
    if output is not None:
        readings, _total = read_passes(graph, output)
    if output is None or not readings:
        return Generation("ComfyUI", sources, names=collect_names(graph, None))
    return Generation(
        generator="ComfyUI",
        sources=sources,
        headline=headline_of(graph, output, readings),
        passes=tuple(reading.sampling for reading in readings),
        names=collect_names(graph, output),
    )


def headline_of(graph: Graph, output: Node, readings: Sequence[PassReading]) -> Headline:
    """Return the headline: the last pass, with the models and texts of all passes."""
    last = last_pass(graph, output, readings)
    shown = last.sampling
    models = _distinct(name for r in readings for name in r.sampling.models)
    positive = _distinct(text for r in readings for text in r.sampling.positive)
    negative = _distinct(text for r in readings for text in r.sampling.negative)
    loras: dict[tuple[str, float | None], LoraUse] = {}
    for reading in readings:
        for use in reading.sampling.loras:
            loras.setdefault((use.name, use.strength_model), use)
    return Headline(
        models=models,
        loras=tuple(loras.values()),
        model=shown.models[0] if shown.models else (models[0] if models else None),
        sampler=shown.sampler,
        scheduler=shown.scheduler,
        steps=shown.steps,
        cfg=shown.cfg,
        guidance=shown.guidance,
        denoise=shown.denoise,
        seed=seed_of(graph, last, readings),
        positive=positive,
        negative=negative,
        width=shown.width,
        height=shown.height,
    )


def _distinct(values: object) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))  # type: ignore[call-overload]


__all__ = ["READER_VERSION", "Found", "extract", "headline_of", "payloads"]

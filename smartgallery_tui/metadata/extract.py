"""From a container to everything that is known of how the file was made."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING

from smartgallery_tui.metadata.generators import TextReading, read_generation_text
from smartgallery_tui.metadata.names import collect_names
from smartgallery_tui.metadata.passes import last_pass, seed_of
from smartgallery_tui.metadata.payloads import Found, Payloads, find_payloads
from smartgallery_tui.metadata.reading import GraphReading, find_texts, read_graph
from smartgallery_tui.metadata.rules import NO_RULES, Rules
from smartgallery_tui.records.generation import (
    Container,
    Generation,
    Headline,
    LoraUse,
    NameUse,
    SamplingPass,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from smartgallery_tui.metadata.widgets import Orders

READER_VERSION = 2
"""Rows read by a lower version are read again."""


def payloads(container: Container) -> Payloads:
    """Return the raw texts of a file, byte-true where they lay in it as a text of their own."""
    found = find_payloads(container)
    if found.others:
        read = read_generation_text(found.others)
        found.parameters = read[1] if read is not None else None
    return found.as_payloads()


def extract(
    container: Container,
    *,
    companions: Sequence[Container] = (),
    rules: Rules = NO_RULES,
    orders: Orders | None = None,
) -> Generation:
    """Return how a file was made, as far as its texts say.

    Pure and total: bad input gives a record with `problem` and never an error.

    Args:
        container: What was read of the file.
        companions: Files that may speak for it (a video's still, a sidecar); used only where
            the file itself says nothing.
        rules: What a user taught about node classes.
        orders: Widget orders learned from other files.
    """
    found = find_texts(container, companions)
    if found.prompt is None and found.workflow is None and not found.others:
        return Generation()
    read = read_generation_text(found.others) if found.others else None
    found.parameters = read[1] if read is not None else None
    graph = read_graph(found, container, rules, orders)
    sources = _sources(found)
    if graph is None:
        if read is not None:
            return _from_text(read[0], sources)
        problem = found.problem
        return Generation("ComfyUI" if sources else None, sources, problem=problem)
    made = _from_graph(graph, sources, found)
    return _filled(made, read[0]) if read is not None else made


def _sources(found: Found) -> tuple[str, ...]:
    given = (
        ("prompt", found.prompt), ("workflow", found.workflow), ("parameters", found.parameters),
    )  # fmt: skip
    return tuple(name for name, text in given if text is not None)


def _from_graph(reading: GraphReading, sources: tuple[str, ...], found: Found) -> Generation:
    warnings = []
    if not reading.passes:
        warnings.append("no sampler that is known leads to the saved file")
    if reading.graph.steps_left <= 0:
        warnings.append("the graph is too large to be read in full")
    if reading.pass_count > len(reading.passes):
        warnings.append(f"only the last {len(reading.passes)} of {reading.pass_count} passes read")
    return Generation(
        generator="ComfyUI",
        sources=sources,
        headline=headline_of(reading),
        passes=tuple(one.sampling for one in reading.passes),
        names=collect_names(reading.graph, reading.used_nodes()),
        problem=found.problem,
        warnings=tuple(warnings),
    )


def headline_of(reading: GraphReading) -> Headline | None:
    """Return the last pass with the models, LoRAs and texts of all passes; None without any."""
    if reading.output is None or not reading.passes:
        return None
    last = last_pass(reading.graph, reading.output, reading.passes)
    passes = [one.sampling for one in reading.passes]
    seed = seed_of(reading.graph, last, reading.passes)
    return _headline(replace(last.sampling, seed=seed), passes)


def _headline(shown: SamplingPass, passes: Sequence[SamplingPass]) -> Headline:
    models = _distinct(name for one in passes for name in one.models)
    loras: dict[tuple[str, float | None], LoraUse] = {}
    for one in passes:
        for use in one.loras:
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
        seed=shown.seed,
        positive=_distinct(text for one in passes for text in one.positive),
        negative=_distinct(text for one in passes for text in one.negative),
        width=shown.width,
        height=shown.height,
    )


def _distinct(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))


def _from_text(read: TextReading, sources: tuple[str, ...]) -> Generation:
    """Return the record of a file that only a tool's text speaks for; its first pass is shown."""
    return Generation(
        generator=read.generator,
        sources=sources,
        headline=_headline(read.passes[0], read.passes),
        passes=read.passes,
        names=read.names,
    )


def _filled(made: Generation, read: TextReading) -> Generation:
    """Return a graph's record whose empty fields are filled from a text beside the graph."""
    given = _headline(read.passes[0], read.passes)
    names = {(use.role, use.name): use for use in (*made.names, *read.names)}
    if made.headline is None:
        return replace(made, headline=given, passes=read.passes, names=tuple(names.values()))
    gaps = {}
    for one in fields(Headline):
        name = one.name
        if name in ("width", "height", "models", "loras"):
            continue
        value = getattr(given, name)
        if getattr(made.headline, name) in (None, ()) and value not in (None, (), 0):
            gaps[name] = value
    gaps.pop("cfg", None) if made.headline.guidance is not None else None
    return replace(
        made, headline=replace(made.headline, **gaps), names=_named(made.names, read.names)
    )


def _named(known: tuple[NameUse, ...], more: tuple[NameUse, ...]) -> tuple[NameUse, ...]:
    """Return names of a graph, with those of a text only for roles that the graph leaves empty."""
    roles = {use.role for use in known}
    return known + tuple(use for use in more if use.role not in roles)

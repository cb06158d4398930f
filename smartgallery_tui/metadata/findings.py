"""Sum up a traced graph: the passes, the headline, the names."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from smartgallery_tui.metadata.names import Mention, mentions, names_in
from smartgallery_tui.metadata.passes import last_pass, seed_of
from smartgallery_tui.records.generation import Headline, LoraUse, NameUse, SamplingPass

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from smartgallery_tui.metadata.reading import GraphReading


class Findings(NamedTuple):
    """What a graph says, whatever else its file holds."""

    headline: Headline | None
    passes: tuple[SamplingPass, ...]
    names: tuple[NameUse, ...]
    mentions: tuple[Mention, ...]
    """What `names` was gathered from."""
    warnings: tuple[str, ...]


def findings_of(reading: GraphReading) -> Findings:
    """Return what a traced graph says."""
    warnings = []
    if not reading.passes:
        warnings.append("no sampler that is known leads to the saved file")
    if reading.graph.steps_left <= 0:
        warnings.append("the graph is too large to be read in full")
    if reading.pass_count > len(reading.passes):
        warnings.append(f"only the last {len(reading.passes)} of {reading.pass_count} passes read")
    found = tuple(mentions(reading.graph, reading.used_nodes()))
    passes = tuple(one.sampling for one in reading.passes)
    return Findings(headline_of(reading), passes, names_in(found), found, tuple(warnings))


def headline_of(reading: GraphReading) -> Headline | None:
    """Return the last pass with the models, LoRAs and texts of all passes; None without any."""
    if reading.output is None or not reading.passes:
        return None
    last = last_pass(reading.graph, reading.output, reading.passes)
    passes = [one.sampling for one in reading.passes]
    seed = seed_of(reading.graph, last, reading.passes)
    return headline_from(replace(last.sampling, seed=seed), passes)


def headline_from(shown: SamplingPass, passes: Sequence[SamplingPass]) -> Headline:
    """Return one pass with the models, LoRAs and texts of all passes."""
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

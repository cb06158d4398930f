"""Find the sampler runs that a file is made of and read each of them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from smartgallery_tui.metadata import nodes
from smartgallery_tui.metadata.chains import Chain, read_loras, walk_chain
from smartgallery_tui.metadata.conditioning import Texts, collect, read_node, text_only
from smartgallery_tui.metadata.latent import start_size
from smartgallery_tui.metadata.nodes import input_kind, traits
from smartgallery_tui.metadata.values import as_name, number, seed, text_of, whole, word
from smartgallery_tui.records.generation import SamplingPass

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from smartgallery_tui.metadata.graph import Graph, Link, Node

MAX_PASSES = 64
"""More sampler runs than this are counted, not read."""

_HOPS = 60
_NUMBERS = re.compile(r"[-+]?(?:\d*\.?\d+)(?:[eE][-+]?\d+)?")
_LATENT_LINKS = frozenset({"latent_image", "latent", "samples", "image_embeds"})


@dataclass(frozen=True, slots=True)
class PassReading:
    """A pass and how it was read."""

    sampling: SamplingPass
    node: Node
    adds_noise: bool
    chain: Chain
    positive: Texts
    negative: Texts
    sources: dict[str, Node] = field(default_factory=dict)
    """The node that each plain field came from."""


def is_sampler(node: Node) -> bool:
    """Tell by its inputs whether a node runs a sampler."""
    inputs = node.inputs
    if "steps" in inputs or "sigmas" in inputs or "sampler_name" in inputs:
        return _is_sampler(node.class_type, tuple(inputs), tuple(node.links))
    if "image_embeds" in node.links and "scheduler" in node.links:
        return _is_sampler(node.class_type, (*inputs, "steps"), tuple(node.links))
    return "steps_to_run" in inputs and "latent_image" in node.links


@lru_cache(maxsize=4096)
def _is_sampler(class_type: str, inputs: tuple[str, ...], links: tuple[str, ...]) -> bool:
    known = traits(class_type)
    if known.is_never_sampler:
        return False
    has_model = "guider" in links or any(input_kind(name) in ("model", "pipe") for name in links)
    if "sigmas" in inputs:
        return has_model
    if not has_model:
        return known.is_sampler_name and "latent_image" in links and "sampler_name" in inputs
    takes_latent = not set(links).isdisjoint(_LATENT_LINKS)
    if "steps" in inputs:
        return takes_latent or not set(inputs).isdisjoint(nodes.SEED_INPUTS)
    return known.is_sampler_name and takes_latent


def read_passes(graph: Graph, output: Node) -> tuple[list[PassReading], int, set[str]]:
    """Return the passes that lead to an output, each after those it builds on.

    Also their number, which is larger than the list where a graph has more than `MAX_PASSES`,
    and the ids of all nodes that lead to the output.
    """
    ordered, used = _samplers_in_order(graph, output)
    kept = ordered[-MAX_PASSES:]
    return [read_pass(graph, node) for node in kept], len(ordered), used


def _samplers_in_order(graph: Graph, output: Node) -> tuple[list[Node], set[str]]:
    """Return the samplers behind an output in the order in which they must run."""
    order: list[Node] = []
    seen: set[str] = set()
    stack: list[Node | None] = [output]
    open_nodes: list[Node] = []
    while stack:
        node = stack.pop()
        if node is None:
            done = open_nodes.pop()
            if is_sampler(done):
                order.append(done)
        elif node.id not in seen and graph.spend():
            seen.add(node.id)
            if node.links:
                open_nodes.append(node)
                stack.append(None)
                stack += [found[0] for found in reversed(_main_first(graph, node))]
    return order, seen


def _main_first(graph: Graph, node: Node) -> list[tuple[Node, int]]:
    """Return the sources of a node; the picture or latent that it works on comes first."""
    links = node.links
    source = graph.source
    return [
        found
        for name in _main_name_first(tuple(links))
        if (found := source(links[name])) is not None
    ]


@lru_cache(maxsize=4096)
def _main_name_first(names: tuple[str, ...]) -> tuple[str, ...]:
    main = next((name for name in nodes.LATENT_INPUTS if name in names), None)
    return names if main is None else (main, *(name for name in names if name != main))


def last_pass(graph: Graph, output: Node, readings: Sequence[PassReading]) -> PassReading:
    """Return the pass that no other pass builds on; of several the one on the main path."""
    if len(readings) == 1:
        return readings[0]
    by_id = {reading.node.id: reading for reading in readings}
    built_on: set[str] | None = None
    seen: set[str] = set()
    queue = [output]
    for node in queue:
        found = by_id.get(node.id)
        if found is readings[-1]:
            return found
        if found is not None:
            built_on = _built_on(graph, readings) if built_on is None else built_on
            if node.id not in built_on:
                return found
        for parent, _slot in _main_first(graph, node):
            if parent.id not in seen:
                seen.add(parent.id)
                queue.append(parent)
    return readings[-1]


def _built_on(graph: Graph, readings: Sequence[PassReading]) -> set[str]:
    """Return the ids of all nodes that lead to one of the passes."""
    found: set[str] = set()
    for reading in reversed(readings):
        if reading.node.id not in found:
            found |= graph.ancestors(reading.node).keys() - {reading.node.id}
    return found


def seed_of(graph: Graph, last: PassReading, readings: Sequence[PassReading]) -> int | None:
    """Return the seed of a pass, or of the nearest pass before it that adds noise."""
    if last.adds_noise:
        return last.sampling.seed
    by_id = {reading.node.id: reading for reading in readings}
    for node in graph.ancestors(last.node).values():
        reading = by_id.get(node.id)
        if reading is not None and reading.adds_noise and reading.sampling.seed is not None:
            return reading.sampling.seed
    return None


def read_pass(graph: Graph, node: Node) -> PassReading:
    """Read one sampler node."""
    guider = _origin(graph, node, "guider")
    sources: dict[str, Node] = {}
    sigmas = _sigmas(graph, node)
    adds_noise, seed_value = _noise(graph, node, sources)
    positive, negative = _both_sides(graph, node, guider)
    chain = _chain(graph, node, guider, positive, negative)
    cfg = number(graph, node, nodes.CFG_INPUTS)
    if cfg is None and guider is not None:
        cfg = number(graph, guider, nodes.CFG_INPUTS)
        sources["cfg"] = guider
    size = start_size(graph, node)
    sources["steps"] = sigmas or node
    sampling = SamplingPass(
        node=node.id,
        class_type=node.class_type,
        models=tuple(chain.models),
        loras=tuple(chain.loras),
        sampler=_sampler_name(graph, node, sources),
        scheduler=_scheduler(graph, node, sigmas),
        steps=_steps(graph, node, sigmas),
        cfg=cfg,
        guidance=_guidance(graph, node, positive),
        denoise=_denoise(graph, node, sigmas),
        seed=seed_value,
        positive=tuple(positive.texts),
        negative=tuple(negative.texts),
        width=size[0] if size else None,
        height=size[1] if size else None,
    )
    return PassReading(sampling, node, adds_noise, chain, positive, negative, sources)


def _origin(graph: Graph, node: Node, name: str) -> Node | None:
    source = graph.source(node.links.get(name))
    return source[0] if source is not None else None


def _sigmas(graph: Graph, node: Node) -> Node | None:
    """Return the nearest node behind `sigmas` that says how many steps."""
    start = _origin(graph, node, "sigmas")
    if start is None:
        start = _origin(graph, node, "scheduler") if "steps" not in node.inputs else None
        return start if start is not None and "steps" in start.inputs else None
    for found in graph.ancestors(start).values():
        if "steps" in found.inputs and not is_sampler(found):
            return found
    for _ in range(_HOPS):
        before = _origin(graph, start, "sigmas")
        if before is None:
            break
        start = before
    # Sigmas written as a list of numbers: a step leads from each of them to the next.
    return start if isinstance(start.literal("sigmas"), str) else None


def _noise(graph: Graph, node: Node, sources: dict[str, Node]) -> tuple[bool, int | None]:
    noise = _origin(graph, node, "noise")
    if noise is not None and not (set(nodes.SEED_INPUTS) & node.inputs.keys()):
        adds_noise = "disable" not in noise.class_type.casefold()
        sources["seed"] = noise
        return adds_noise, seed(graph, noise, nodes.SEED_INPUTS) if adds_noise else None
    flag = node.literal("add_noise")
    adds_noise = flag is not False and str(flag).casefold() not in ("disable", "false")
    if "steps_to_run" in node.inputs and not any(n in node.inputs for n in nodes.SEED_INPUTS):
        # A sampler that goes on where the one before it stopped.
        adds_noise = False
    sources["seed"] = node
    return adds_noise, seed(graph, node, nodes.SEED_INPUTS)


def _steps(graph: Graph, node: Node, sigmas: Node | None) -> int | None:
    if sigmas is not None:
        written = sigmas.literal("sigmas")
        if isinstance(written, str) and "steps" not in sigmas.inputs:
            return max(len(_NUMBERS.findall(written)) - 1, 0) or None
        return whole(graph, sigmas, ("steps",))
    return whole(graph, node, nodes.STEPS_INPUTS)


def _scheduler(graph: Graph, node: Node, sigmas: Node | None) -> str | None:
    if sigmas is None:
        found = word(graph, node, nodes.SCHEDULER_INPUTS)
        return found if found is not None or "scheduler_func" not in node.links else None
    return word(graph, sigmas, nodes.SCHEDULER_INPUTS) or sigmas.class_type


def _denoise(graph: Graph, node: Node, sigmas: Node | None) -> float | None:
    found = number(graph, node, nodes.DENOISE_INPUTS)
    if found is None and sigmas is not None:
        found = number(graph, sigmas, nodes.DENOISE_INPUTS)
    return found


def _guidance(graph: Graph, node: Node, positive: Texts) -> float | None:
    found = number(graph, node, nodes.GUIDANCE_INPUTS)
    return found if found is not None else positive.guidance


def _sampler_name(graph: Graph, node: Node, sources: dict[str, Node]) -> str | None:
    sources["sampler"] = node
    found = word(graph, node, nodes.SAMPLER_INPUTS)
    if found is not None:
        return found
    literal = as_name(node.literal("sampler"))
    if literal is not None:
        return literal
    chosen = _origin(graph, node, "sampler")
    for _ in range(_HOPS):
        if chosen is None:
            break
        sources["sampler"] = chosen
        found = word(graph, chosen, nodes.SAMPLER_INPUTS) or as_name(chosen.literal("sampler"))
        if found is not None:
            return found
        inner = _origin(graph, chosen, "sampler")
        if inner is None:
            return chosen.class_type
        chosen = inner
    if "image_embeds" in node.inputs or "hyvid_embeds" in node.inputs:
        return word(graph, node, nodes.SCHEDULER_INPUTS)
    return None


def _both_sides(graph: Graph, node: Node, guider: Node | None) -> tuple[Texts, Texts]:
    if guider is not None:
        positive = (
            _side(graph, guider, nodes.GUIDER_POSITIVE[:1], "positive")
            if ("positive" not in guider.inputs and "conditioning" in guider.inputs)
            else _side(graph, guider, nodes.GUIDER_POSITIVE, "positive")
        )
        negative = _all_links(graph, guider, nodes.GUIDER_NEGATIVE, "negative")
        _drop_shared(positive, negative)
        return positive, negative
    positive = _side(graph, node, nodes.SAMPLER_POSITIVE, "positive")
    negative = _side(graph, node, nodes.SAMPLER_NEGATIVE, "negative")
    if "positive" not in node.inputs and not node.links.keys().isdisjoint(nodes.SHARED_EMBEDS):
        _drop_shared(positive, negative)
    return positive, negative


def _drop_shared(positive: Texts, negative: Texts) -> None:
    """Drop from the negative side what a guider with two conditionings was told positively."""
    kept = [i for i, text in enumerate(negative.texts) if text not in positive.texts]
    negative.texts = [negative.texts[i] for i in kept]
    negative.sources = [negative.sources[i] for i in kept]


def _side(graph: Graph, node: Node, names: Iterable[str], side: str) -> Texts:
    """Read one side of a sampler: the first input that it has, else its pipes."""
    texts = Texts()
    for name in names:
        if name not in node.inputs:
            continue
        if name in node.links and not text_only(graph, node, name):
            return collect(graph, [node.links[name]], side, texts)
        texts.add(text_of(graph, node, name, side), node)
        return texts
    pipes = [node.links[n] for n in node.links if input_kind(n) == "pipe"]
    return collect(graph, pipes, side, texts)


def _all_links(graph: Graph, node: Node, names: Iterable[str], side: str) -> Texts:
    links: list[Link] = [node.links[name] for name in names if name in node.links]
    return collect(graph, links, side)


def _chain(
    graph: Graph, node: Node, guider: Node | None, positive: Texts, negative: Texts
) -> Chain:
    """Walk the model of a pass, and the clip of its texts for LoRAs."""
    chain = Chain()
    heads = [n for n in (node, guider) if n is not None]
    links = [n.links[name] for n in heads for name in n.links if input_kind(name)]
    walk_chain(graph, links, chain)
    read_loras(graph, node, chain)
    models = list(chain.models)
    clips = [n.links["clip"] for n in (*positive.visited, *negative.visited) if "clip" in n.links]
    for clip in clips:
        _walk_clip(graph, clip, chain)
    if models:
        chain.models = models
    return chain


def _walk_clip(graph: Graph, link: Link, chain: Chain) -> None:
    """Add the LoRAs of a clip chain; its files are no models."""
    current: Link | None = link
    for _ in range(_HOPS):
        source = graph.source(current)
        if source is None or source[0].id in chain.visited:
            return
        node = source[0]
        chain.visited.add(node.id)
        read_loras(graph, node, chain)
        current = node.links.get("clip")


__all__ = [
    "MAX_PASSES",
    "PassReading",
    "is_sampler",
    "last_pass",
    "read_node",
    "read_pass",
    "read_passes",
    "seed_of",
]

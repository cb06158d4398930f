"""Follow latents and pictures back: where a pass starts, and how large a saved picture is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from smartgallery_tui.metadata.nodes import (
    HEIGHT_INPUTS,
    LATENT_INPUTS,
    RESOLUTION_INPUTS,
    WIDTH_INPUTS,
    input_kind,
)
from smartgallery_tui.metadata.values import number, whole

if TYPE_CHECKING:
    from smartgallery_tui.metadata.graph import Graph, Link, Node

Size = tuple[int, int]
"""Width and height in pixels."""

_SIZE_TEXT = re.compile(r"(\d{2,5})\s*[x\u00d7*]\s*(\d{2,5})")
_FACTOR = re.compile(r"(?:^|[^0-9])(\d)x|x(\d)(?:[^0-9]|$)", re.IGNORECASE)
_MAX_SIDE = 1 << 20


def start_size(graph: Graph, sampler: Node) -> Size | None:
    """Return the size of the latent that a pass starts from.

    None where the path starts from a loaded picture, or the size is computed while it runs.
    """
    found = start_node(graph, sampler)
    return size_on_node(graph, found) if found is not None else None


def start_node(graph: Graph, sampler: Node) -> Node | None:
    """Return the node that makes the latent that a pass starts from, if it has a size."""
    seen: set[str] = set()
    node: Node | None = sampler
    while node is not None and node.id not in seen and graph.spend():
        seen.add(node.id)
        if _makes_latent(node):
            return node
        node = _latent_source(graph, node)
    return None


def _makes_latent(node: Node) -> bool:
    inputs = node.inputs
    if "samples" in node.links or "latent" in node.links or "image_embeds" in node.links:
        return False
    if any(name in inputs for name in WIDTH_INPUTS) and any(n in inputs for n in HEIGHT_INPUTS):
        return not _resizes(node)
    return any(_SIZE_TEXT.search(str(inputs.get(name, ""))) for name in RESOLUTION_INPUTS)


def _resizes(node: Node) -> bool:
    """Tell whether a node with a size of its own only changes the size of a picture."""
    links = node.links
    if "rescale_method" in node.inputs or "rescale" in node.inputs:
        return True
    return ("image" in links or "pixels" in links or "images" in links) and "vae" not in links


def _latent_source(graph: Graph, node: Node) -> Node | None:
    links = node.links
    for name in LATENT_INPUTS:
        if name in links:
            source = graph.source(links[name])
            if source is not None:
                return source[0]
    pipes = [link for name, link in links.items() if input_kind(name) == "pipe"]
    others = pipes or (list(links.values()) if len(links) == 1 else [])
    for link in others:
        source = graph.source(link)
        if source is not None:
            return source[0]
    return None


def size_on_node(graph: Graph, node: Node) -> Size | None:
    """Return the size that a node's own inputs say."""
    for name in RESOLUTION_INPUTS:
        value = node.literal(name)
        found = _SIZE_TEXT.search(value) if isinstance(value, str) else None
        if found is not None:
            return _overridden(graph, node, (int(found[1]), int(found[2])))
    picked = _picked_size(graph, node)
    if picked is not None:
        return picked
    return _checked(whole(graph, node, WIDTH_INPUTS), whole(graph, node, HEIGHT_INPUTS))


def _picked_size(graph: Graph, node: Node) -> Size | None:
    """Return the size that a node with a list of sizes hands to both of a node's inputs."""
    wide, high = (graph.source(node.links.get(name)) for name in ("width", "height"))
    if wide is None or high is None or wide[0] is not high[0] or wide[0] is node:
        return None
    origin = wide[0]
    for name in RESOLUTION_INPUTS:
        value = origin.literal(name)
        if isinstance(value, str) and _SIZE_TEXT.search(value):
            return size_on_node(graph, origin)
    return None


def _overridden(graph: Graph, node: Node, size: Size) -> Size | None:
    width, height = size
    if (
        str(node.literal("swap_dimensions")).casefold() in ("on", "true")
        or node.literal("invert") is True
    ):
        width, height = height, width
    return _checked(
        whole(graph, node, ("width_override",)) or width,
        whole(graph, node, ("height_override",)) or height,
    )


def _checked(width: int | None, height: int | None) -> Size | None:
    if width is None or height is None:
        return None
    return (width, height) if 0 < width < _MAX_SIDE and 0 < height < _MAX_SIDE else None


def predicted_size(graph: Graph, link: Link | None) -> Size | None:
    """Return the pixel size of a picture behind a link by following the graph's arithmetic."""
    steps: list[Node] = []
    seen: set[str] = set()
    source = graph.source(link)
    node = source[0] if source is not None else None
    size: Size | None = None
    while node is not None and node.id not in seen and graph.spend():
        seen.add(node.id)
        if _makes_latent(node) or _sets_size(node):
            size = size_on_node(graph, node)
            break
        steps.append(node)
        node = _latent_source(graph, node)
    for step in reversed(steps):
        if size is None:
            return None
        size = _scaled(graph, step, size)
    return size


def _sets_size(node: Node) -> bool:
    return "width" in node.inputs and "height" in node.inputs


def _scaled(graph: Graph, node: Node, size: Size) -> Size | None:
    if "upscale_model" in node.links and "upscale_by" not in node.inputs:
        factor = _model_factor(graph, node)
    elif "megapixels" in node.inputs:
        return None
    else:
        factor = number(graph, node, ("scale_by", "upscale_by")) or 1.0
    if factor is None:
        return None
    return round(size[0] * factor), round(size[1] * factor)


def _model_factor(graph: Graph, node: Node) -> float | None:
    source = graph.source(node.links["upscale_model"])
    name = str(source[0].inputs.get("model_name", "")) if source is not None else ""
    found = _FACTOR.search(name)
    return float(found[1] or found[2]) if found is not None else None

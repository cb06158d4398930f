"""Choose the node that wrote this file."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from smartgallery_tui.metadata.latent import predicted_size
from smartgallery_tui.metadata.nodes import traits
from smartgallery_tui.metadata.passes import is_sampler

if TYPE_CHECKING:
    from collections.abc import Mapping

    from smartgallery_tui.metadata.graph import Graph, Node
    from smartgallery_tui.records.generation import Container

_PICTURE_LINKS = ("images", "image", "video", "frames", "audio", "mesh", "samples", "IMAGE")
_MOVING = re.compile(r"video|webm|animated|movie|mp4|gif", re.IGNORECASE)
_AUDIO = re.compile(r"audio|music|sound", re.IGNORECASE)
_MESH = re.compile(r"glb|mesh|3d|splat|pointcloud", re.IGNORECASE)
_MEDIA: Mapping[str, str] = {
    "image": "still", "animated": "moving", "video": "moving", "audio": "audio", "model": "mesh",
}  # fmt: skip
_MAX_CANDIDATES = 64
_OWN_FORMATS = frozenset({"webp", "webm"})
"""Formats that ComfyUI writes with a node of that name only, even for a still."""


def choose_output(graph: Graph, container: Container, *, is_quick: bool = False) -> Node | None:
    """Return the node that wrote the file, or None for a graph without any.

    The writers of the file's media type come first, then other writers, previews, and nodes
    that nothing reads. Among several of one rank: the one whose picture has the file's pixel
    size, else the one that most passes lead to.

    Args:
        graph: The graph.
        container: The file: its kind, format and pixel size.
        is_quick: Take the only node of the best rank without asking whether passes lead to it.
    """
    wanted = media_of(container)
    ranks: dict[int, list[Node]] = {}
    for node in graph.nodes.values():
        rank = _rank(node.class_type, wanted, container.format)
        if rank is not None and node.links and len(ranks.setdefault(rank, [])) < _MAX_CANDIDATES:
            ranks[rank].append(node)
    first: Node | None = None
    for rank in sorted(ranks):
        if is_quick and len(ranks[rank]) == 1:
            return ranks[rank][0]
        best, has_passes = _best(graph, ranks[rank], container)
        if has_passes:
            return best
        first = first or best
    unread = _unread(graph)
    if unread:
        best, has_passes = _best(graph, unread, container)
        return best if has_passes or first is None else first
    return first


def _unread(graph: Graph) -> list[Node]:
    """Return the nodes that read something and that nothing reads."""
    read = {link[0] for node in graph.nodes.values() for link in node.links.values()}
    found = [node for node in graph.nodes.values() if node.links and node.id not in read]
    return found[:_MAX_CANDIDATES]


def media_of(container: Container) -> str:
    """Return what a file holds: `still`, `moving`, `audio`, `mesh` or "" for anything else."""
    for text in container.texts:
        if text.key == "creationtime":
            return "moving"
    return _MEDIA.get(container.kind, "")


@lru_cache(maxsize=4096)
def _rank(class_type: str, wanted: str, format_name: str) -> int | None:
    known = traits(class_type)
    if known.is_saver:
        if format_name in _OWN_FORMATS and format_name in class_type.casefold():
            return 0
        return 1 if not wanted or _writes(class_type) == wanted else 2
    return 3 if known.is_preview else None


def _writes(class_type: str) -> str:
    if _MOVING.search(class_type):
        return "moving"
    if _AUDIO.search(class_type):
        return "audio"
    return "mesh" if _MESH.search(class_type) else "still"


def _best(graph: Graph, nodes: list[Node], container: Container) -> tuple[Node, bool]:
    if len(nodes) == 1:
        return nodes[0], any(is_sampler(n) for n in graph.ancestors(nodes[0]).values())
    counted = [(sum(is_sampler(n) for n in graph.ancestors(node).values()), node) for node in nodes]
    most = max(count for count, _node in counted)
    live = [(count, node) for count, node in counted if count] or counted
    if len(live) > 1:
        graph.has_compared_sizes = True
    if len(live) > 1 and container.width and container.height:
        size = (container.width, container.height)
        exact = [(c, n) for c, n in live if _picture_size(graph, n) == size]
        live = exact or live
    best = max(live, key=lambda pair: pair[0])[1]
    return best, most > 0


def _picture_size(graph: Graph, node: Node) -> tuple[int, int] | None:
    link = next((node.links[name] for name in _PICTURE_LINKS if name in node.links), None)
    return predicted_size(graph, link)

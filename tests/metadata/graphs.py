"""Small graphs that tests build on, and containers to hold them."""

import copy
import json
from typing import Any

from smartgallery_tui.metadata import extract
from smartgallery_tui.records import Container, Generation, NamedText

BASE: dict[str, Any] = {
    "1": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "base.safetensors"}},
    "2": {"class_type": "CLIPTextEncode", "inputs": {"text": "a lighthouse", "clip": ["1", 1]}},
    "3": {"class_type": "CLIPTextEncode", "inputs": {"text": "fog", "clip": ["1", 1]}},
    "4": {
        "class_type": "EmptyLatentImage",
        "inputs": {"width": 640, "height": 896, "batch_size": 1},
    },
    "5": {
        "class_type": "KSampler",
        "inputs": {
            "seed": 31, "steps": 22, "cfg": 5.5, "sampler_name": "euler",
            "scheduler": "normal", "denoise": 1.0, "model": ["1", 0], "positive": ["2", 0],
            "negative": ["3", 0], "latent_image": ["4", 0],
        },
    },
    "6": {"class_type": "VAEDecode", "inputs": {"samples": ["5", 0], "vae": ["1", 2]}},
    "7": {"class_type": "SaveImage", "inputs": {"filename_prefix": "x", "images": ["6", 0]}},
}  # fmt: skip

EXPECTED: dict[str, Any] = {
    "model": "base.safetensors",
    "models": ("base.safetensors",),
    "loras": (),
    "sampler": "euler",
    "scheduler": "normal",
    "steps": 22,
    "cfg": 5.5,
    "seed": 31,
    "positive": ("a lighthouse",),
    "negative": ("fog",),
    "width": 640,
    "height": 896,
}


def node(class_type: str, /, **inputs: Any) -> dict[str, Any]:
    """Return a node in API form."""
    return {"class_type": class_type, "inputs": inputs}


def base(changes: dict[str, Any] | None = None, **nodes: Any) -> dict[str, Any]:
    """Return the base graph with inputs changed (`{"5.seed": 1}`) and nodes put in by id.

    A node of None is removed; ids start with `n` in keyword form: `n8=node(...)`.
    """
    graph = copy.deepcopy(BASE)
    for name, made in nodes.items():
        graph[name.removeprefix("n")] = made
    for place, value in (changes or {}).items():
        node_id, _, name = place.partition(".")
        graph[node_id]["inputs"][name] = value
    return {name: made for name, made in graph.items() if made is not None}


def container(kind: str = "image", size: tuple[int, int] | None = None, **texts: Any) -> Container:
    """Return a container that holds texts; values that are no strings are written as JSON."""
    named = tuple(
        NamedText(key.replace("__", "-"), v if isinstance(v, str) else json.dumps(v), "test")
        for key, v in texts.items()
    )
    width, height = size or (None, None)
    return Container("png", kind, width, height, texts=named)  # type: ignore[arg-type]


def read(graph: dict[str, Any], **options: Any) -> Generation:
    """Return what is read of a graph in API form."""
    return extract(container(prompt=graph, **options))


def check(made: Generation, **changes: Any) -> None:
    """Assert all headline fields: the expected ones of the base graph but for the changes."""
    assert made.headline is not None
    wanted = {**EXPECTED, **changes}
    if "model" in changes and "models" not in changes:
        wanted["models"] = (changes["model"],)
    if made.headline.loras and "loras" in changes:
        wanted["loras"] = changes["loras"]
        given = tuple((use.name, use.strength_model) for use in made.headline.loras)
    else:
        given = made.headline.loras
    found = {name: getattr(made.headline, name) for name in wanted}
    found["loras"] = given
    wrong = {name: (value, wanted[name]) for name, value in found.items() if value != wanted[name]}
    assert not wrong, f"found and wanted: {wrong}"

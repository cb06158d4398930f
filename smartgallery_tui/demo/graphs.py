"""Builds ComfyUI graphs: the API prompt, and the workflow that the editor would show for it.

Source: the shapes that ComfyUI 0.3 writes; class names and widget order as in its core nodes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Link = tuple[str, int]
"""Node id and output slot."""

_OUTPUTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "CheckpointLoaderSimple": ("MODEL", "CLIP", "VAE"),
        "UNETLoader": ("MODEL",),
        "DualCLIPLoader": ("CLIP",),
        "VAELoader": ("VAE",),
        "LoraLoader": ("MODEL", "CLIP"),
        "CLIPTextEncode": ("CONDITIONING",),
        "FluxGuidance": ("CONDITIONING",),
        "BasicGuider": ("GUIDER",),
        "RandomNoise": ("NOISE",),
        "KSamplerSelect": ("SAMPLER",),
        "BasicScheduler": ("SIGMAS",),
        "EmptyLatentImage": ("LATENT",),
        "EmptySD3LatentImage": ("LATENT",),
        "LatentUpscaleBy": ("LATENT",),
        "KSampler": ("LATENT",),
        "KSamplerAdvanced": ("LATENT",),
        "SamplerCustomAdvanced": ("LATENT", "LATENT"),
        "VAEDecode": ("IMAGE",),
        "SaveImage": (),
        "SaveAnimatedWEBP": (),
    }
)
_SEED_KEYS = ("seed", "noise_seed")
_DEFAULT_NEGATIVE = "blurry, lowres, watermark, jpeg artifacts"


@dataclass(frozen=True, slots=True)
class Lora:
    """A LoRA of a recipe."""

    name: str
    strength_model: float = 1.0
    strength_clip: float = 1.0


@dataclass(frozen=True, slots=True)
class Recipe:
    """The parameters of one picture."""

    prompt: str
    model: str
    seed: int
    width: int
    height: int
    prefix: str = "ComfyUI"
    negative: str = _DEFAULT_NEGATIVE
    sampler: str = "euler"
    scheduler: str = "normal"
    steps: int = 20
    cfg: float = 7.0
    guidance: float = 3.5
    loras: tuple[Lora, ...] = ()
    refine_model: str = ""
    """The second model of a two-stage recipe."""
    refine_denoise: float = 0.5
    refine_steps: int = 12


@dataclass(slots=True)
class Graph:
    """A graph under construction."""

    nodes: dict[str, tuple[str, dict[str, Any]]] = field(default_factory=dict)

    def add(self, class_type: str, **inputs: Any) -> str:
        """Add a node and return its id."""
        node_id = str(len(self.nodes) + 3)
        self.nodes[node_id] = (class_type, inputs)
        return node_id

    def prompt(self) -> dict[str, Any]:
        """Return the graph in API format."""
        return {
            node_id: {
                "inputs": {
                    name: list(value) if isinstance(value, tuple) else value
                    for name, value in inputs.items()
                },
                "class_type": class_type,
                "_meta": {"title": class_type},
            }
            for node_id, (class_type, inputs) in self.nodes.items()
        }

    def workflow(self) -> dict[str, Any]:
        """Return the graph as the editor saves it."""
        links = self._links()
        return {
            "last_node_id": max(int(node_id) for node_id in self.nodes),
            "last_link_id": len(links),
            "nodes": [
                self._editor_node(place, node_id, links) for place, node_id in enumerate(self.nodes)
            ],
            "links": links,
            "groups": [],
            "config": {},
            "extra": {"ds": {"scale": 1.0, "offset": [0, 0]}},
            "version": 0.4,
        }

    def _links(self) -> list[list[Any]]:
        """Return `[link id, from node, from slot, to node, to slot, type]` for every link."""
        links: list[list[Any]] = []
        for node_id, (_, inputs) in self.nodes.items():
            linked = [value for value in inputs.values() if isinstance(value, tuple)]
            for slot, (source, output) in enumerate(linked):
                kind = _OUTPUTS[self.nodes[source][0]][output]
                links.append([len(links) + 1, int(source), output, int(node_id), slot, kind])
        return links

    def _editor_node(
        self, place: int, node_id: str, links: Sequence[Sequence[Any]]
    ) -> dict[str, Any]:
        class_type, inputs = self.nodes[node_id]
        names = [name for name, value in inputs.items() if isinstance(value, tuple)]
        into = [link for link in links if link[3] == int(node_id)]
        widgets: list[Any] = []
        for name, value in inputs.items():
            if not isinstance(value, tuple):
                widgets += [value, "randomize"] if name in _SEED_KEYS else [value]
        return {
            "id": int(node_id),
            "type": class_type,
            "pos": [60 + 340 * (place % 5), 120 + 280 * (place // 5)],
            "size": [315, 262],
            "flags": {},
            "order": place,
            "mode": 0,
            "inputs": [
                {"name": name, "type": link[5], "link": link[0]}
                for name, link in zip(names, into, strict=True)
            ],
            "outputs": [
                {
                    "name": kind,
                    "type": kind,
                    "links": [x[0] for x in links if x[1] == int(node_id) and x[2] == slot],
                    "slot_index": slot,
                }
                for slot, kind in enumerate(_OUTPUTS[class_type])
            ],
            "properties": {"Node name for S&R": class_type},
            "widgets_values": widgets,
        }


def simple_graph(recipe: Recipe) -> Graph:
    """Return text to picture with one sampler and any number of LoRAs."""
    graph, model, clip, vae = _loaders(recipe)
    positive, negative = _texts(graph, recipe, clip)
    latent = graph.add("EmptyLatentImage", width=recipe.width, height=recipe.height, batch_size=1)
    sampled = _sample(graph, recipe, model, positive, negative, (latent, 0), 1.0, recipe.steps)
    _save(graph, recipe, sampled, vae)
    return graph


def upscaled_graph(recipe: Recipe) -> Graph:
    """Return two passes: a small picture, then the enlarged latent sampled again."""
    graph, model, clip, vae = _loaders(recipe)
    positive, negative = _texts(graph, recipe, clip)
    size = {"width": recipe.width // 2, "height": recipe.height // 2}
    latent = graph.add("EmptyLatentImage", **size, batch_size=1)
    first = _sample(graph, recipe, model, positive, negative, (latent, 0), 1.0, recipe.steps)
    larger = graph.add(
        "LatentUpscaleBy", samples=first, upscale_method="nearest-exact", scale_by=2.0
    )
    second = _sample(
        graph, recipe, model, positive, negative, (larger, 0), recipe.refine_denoise,
        recipe.refine_steps,
    )  # fmt: skip
    _save(graph, recipe, second, vae)
    return graph


def refined_graph(recipe: Recipe) -> Graph:
    """Return a base model that hands its noisy latent to a refiner."""
    graph, model, clip, vae = _loaders(recipe)
    positive, negative = _texts(graph, recipe, clip)
    latent = graph.add("EmptyLatentImage", width=recipe.width, height=recipe.height, batch_size=1)
    refiner = graph.add("CheckpointLoaderSimple", ckpt_name=recipe.refine_model)
    late_positive, late_negative = _texts(graph, recipe, (refiner, 1))
    switch = round(recipe.steps * 0.8)
    common = {
        "steps": recipe.steps, "cfg": recipe.cfg, "sampler_name": recipe.sampler,
        "scheduler": recipe.scheduler,
    }  # fmt: skip
    base = graph.add(
        "KSamplerAdvanced", add_noise="enable", noise_seed=recipe.seed, **common,
        start_at_step=0, end_at_step=switch, return_with_leftover_noise="enable",
        model=model, positive=positive, negative=negative, latent_image=(latent, 0),
    )  # fmt: skip
    last = graph.add(
        "KSamplerAdvanced", add_noise="disable", noise_seed=0, **common,
        start_at_step=switch, end_at_step=10000, return_with_leftover_noise="disable",
        model=(refiner, 0), positive=late_positive, negative=late_negative, latent_image=(base, 0),
    )  # fmt: skip
    _save(graph, recipe, (last, 0), vae)
    return graph


def flux_graph(recipe: Recipe) -> Graph:
    """Return the custom sampling graph that Flux models are used with: no cfg, no negative."""
    graph = Graph()
    model: Link = (graph.add("UNETLoader", unet_name=recipe.model, weight_dtype="default"), 0)
    clip: Link = (
        graph.add(
            "DualCLIPLoader",
            clip_name1="t5xxl_fp16.safetensors",
            clip_name2="clip_l.safetensors",
            type="flux",
        ),
        0,
    )
    vae: Link = (graph.add("VAELoader", vae_name="ae.safetensors"), 0)
    model, clip = _with_loras(graph, recipe, model, clip)
    text = graph.add("CLIPTextEncode", text=recipe.prompt, clip=clip)
    guided = graph.add("FluxGuidance", guidance=recipe.guidance, conditioning=(text, 0))
    guider = graph.add("BasicGuider", model=model, conditioning=(guided, 0))
    noise = graph.add("RandomNoise", noise_seed=recipe.seed)
    sampler = graph.add("KSamplerSelect", sampler_name=recipe.sampler)
    sigmas = graph.add(
        "BasicScheduler", scheduler=recipe.scheduler, steps=recipe.steps, denoise=1.0, model=model
    )
    latent = graph.add(
        "EmptySD3LatentImage", width=recipe.width, height=recipe.height, batch_size=1
    )
    sampled = graph.add(
        "SamplerCustomAdvanced", noise=(noise, 0), guider=(guider, 0), sampler=(sampler, 0),
        sigmas=(sigmas, 0), latent_image=(latent, 0),
    )  # fmt: skip
    _save(graph, recipe, (sampled, 0), vae)
    return graph


def a1111_text(recipe: Recipe) -> str:
    """Return the generation text that AUTOMATIC1111's web UI writes."""
    return (
        f"{recipe.prompt}\nNegative prompt: {recipe.negative}\n"
        f"Steps: {recipe.steps}, Sampler: DPM++ 2M, Schedule type: Karras, "
        f"CFG scale: {recipe.cfg:g}, Seed: {recipe.seed}, Size: {recipe.width}x{recipe.height}, "
        f"Model: {recipe.model.removesuffix('.safetensors')}, Version: v1.10.1"
    )


def _loaders(recipe: Recipe) -> tuple[Graph, Link, Link, Link]:
    graph = Graph()
    loader = graph.add("CheckpointLoaderSimple", ckpt_name=recipe.model)
    model, clip = _with_loras(graph, recipe, (loader, 0), (loader, 1))
    return graph, model, clip, (loader, 2)


def _with_loras(graph: Graph, recipe: Recipe, model: Link, clip: Link) -> tuple[Link, Link]:
    for lora in recipe.loras:
        node = graph.add(
            "LoraLoader", lora_name=lora.name, strength_model=lora.strength_model,
            strength_clip=lora.strength_clip, model=model, clip=clip,
        )  # fmt: skip
        model, clip = (node, 0), (node, 1)
    return model, clip


def _texts(graph: Graph, recipe: Recipe, clip: Link) -> tuple[Link, Link]:
    positive = graph.add("CLIPTextEncode", text=recipe.prompt, clip=clip)
    negative = graph.add("CLIPTextEncode", text=recipe.negative, clip=clip)
    return (positive, 0), (negative, 0)


def _sample(
    graph: Graph,
    recipe: Recipe,
    model: Link,
    positive: Link,
    negative: Link,
    latent: Link,
    denoise: float,
    steps: int,
) -> Link:
    node = graph.add(
        "KSampler", seed=recipe.seed, steps=steps, cfg=recipe.cfg, sampler_name=recipe.sampler,
        scheduler=recipe.scheduler, denoise=denoise, model=model, positive=positive,
        negative=negative, latent_image=latent,
    )  # fmt: skip
    return (node, 0)


def _save(graph: Graph, recipe: Recipe, latent: Link, vae: Link) -> None:
    image = graph.add("VAEDecode", samples=latent, vae=vae)
    graph.add("SaveImage", filename_prefix=recipe.prefix, images=(image, 0))

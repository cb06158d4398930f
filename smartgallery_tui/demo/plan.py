"""Decides what is in the sample library: folders, scenes, recipes; the same on every run."""

from __future__ import annotations

import time
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Literal

from smartgallery_tui.demo.graphs import (
    Lora,
    Recipe,
    flux_graph,
    refined_graph,
    simple_graph,
    upscaled_graph,
)
from smartgallery_tui.demo.palettes import PALETTES
from smartgallery_tui.demo.scenes import SCENES

if TYPE_CHECKING:
    from collections.abc import Callable

    from smartgallery_tui.demo.graphs import Graph

Form = Literal["png", "webp", "a1111", "bare-png", "bare-jpeg", "animated", "video"]

PICTURE_COUNT = 72
_SIZES = ((1024, 768), (832, 1216), (1024, 1024), (768, 1024), (1216, 832), (640, 640), (512, 768))
_CHECKPOINTS = (
    "juggernautXL_v9.safetensors", "dreamshaper_8.safetensors", "realvisxlV50.safetensors",
    "SDXL/sd_xl_base_1.0.safetensors", "animagine-xl-4.0.safetensors",
)  # fmt: skip
_FLUX = ("flux1-dev.safetensors", "flux1-krea-dev_fp8_scaled.safetensors")
_REFINER = "SDXL/sd_xl_refiner_1.0.safetensors"
_LORAS = (
    "add-detail-xl.safetensors", "film_grain.safetensors", "styles/ink_wash.safetensors",
    "styles/paper_cutout.safetensors", "moody_light_v2.safetensors",
)  # fmt: skip
_SAMPLERS = (
    ("euler", "normal"), ("dpmpp_2m", "karras"), ("dpmpp_2m_sde", "karras"),
    ("euler_ancestral", "simple"), ("uni_pc", "sgm_uniform"), ("dpmpp_3m_sde", "exponential"),
)  # fmt: skip
_SUBJECTS = (
    "a mountain range in morning haze", "the open sea under a low sun",
    "a glowing nebula full of young stars", "an endless fractal coast",
    "a field of folded paper facets", "city lights out of focus in the rain",
    "rings of water crossing in a still pond", "a quiet pine forest in the fog",
    "a skyline at night, thousands of lit windows", "an ornate mandala of petals",
)  # fmt: skip
_MOODS = (
    "soft light, muted colours", "dramatic contrast, golden hour", "pastel, minimal, calm",
    "cinematic, volumetric light, highly detailed", "ink and watercolour, textured paper",
    "long exposure, wide angle", "isometric, clean lines", "(masterpiece:1.2), best quality",
)  # fmt: skip
_FOLDERS = (
    "landscapes", "landscapes", "night", "abstract", "abstract", "night", "abstract",
    "landscapes", "night", "abstract",
)  # fmt: skip
"""The folder that suits each scene."""
_FIRST_TIME_S = 1_761_300_000
"""When the oldest picture claims to have been made: 24 October 2025."""
_STEP_S = 11_000
_LARGEST_SEED = 2**64 - 1


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of the sample library."""

    path: str
    """Relative, with forward slashes."""
    form: Form
    number: int
    size: tuple[int, int]
    recipe: Recipe
    graph: Callable[[Recipe], Graph]

    @property
    def scene_number(self) -> int:
        """Return which scene it shows."""
        return self.number % len(SCENES)

    @property
    def palette_number(self) -> int:
        """Return which palette it is drawn in."""
        return (self.number * 3 + self.number // len(SCENES)) % len(PALETTES)

    @property
    def mtime_s(self) -> int:
        """Return when it claims to have been written."""
        if self.number < PICTURE_COUNT:
            return _time_s(self.number)
        # the moving ones lie among the newest pictures, not before them
        return _time_s(PICTURE_COUNT - 5 - self.number % 7) + _STEP_S // 2


def make_plan() -> list[Entry]:
    """Return every file of the sample library: pictures, oldest first, then what moves."""
    return [_entry(number) for number in range(PICTURE_COUNT)] + [
        _special(86, "animated", "video/ripples_00001_.webp", (512, 512)),
        _special(80, "video", "video/drift_00001_.mp4", (640, 384)),
    ]


def _entry(number: int) -> Entry:
    rng = Random(number)  # noqa: S311 - a drawing, not a secret
    form = _form(number)
    size = _SIZES[rng.randrange(len(_SIZES))]
    kind = rng.choice(("simple", "simple", "simple", "flux", "flux", "upscaled", "refined"))
    folder = _folder(number, kind)
    suffix = {"webp": "webp", "bare-jpeg": "jpg"}.get(form, "png")
    name = {"bare-jpeg": f"IMG_{4000 + number}", "bare-png": f"scan {number}"}.get(
        form, f"ComfyUI_{number + 1:05}_"
    )
    return Entry(
        path=f"{'unsorted' if form.startswith('bare') else folder}/{name}.{suffix}",
        form=form,
        number=number,
        size=size,
        recipe=_recipe(rng, number, kind, size, folder),
        graph={"flux": flux_graph, "upscaled": upscaled_graph, "refined": refined_graph}.get(
            kind, simple_graph
        ),
    )


def _time_s(number: int) -> int:
    return _FIRST_TIME_S + number * _STEP_S


def _folder(number: int, kind: str) -> str:
    """Return where a picture lies: by what made it, by its day, or by what it shows."""
    if kind in ("flux", "upscaled"):
        return kind
    if number % 4 == 0:
        return time.strftime("%Y-%m-%d", time.gmtime(_time_s(number)))
    return _FOLDERS[number % len(SCENES)]


def _form(number: int) -> Form:
    if number in (11, 37):
        return "a1111"
    if number in (17, 44, 58):
        return "bare-jpeg"
    if number in (23, 51):
        return "bare-png"
    return "webp" if number % 9 == 4 else "png"


def _recipe(rng: Random, number: int, kind: str, size: tuple[int, int], folder: str) -> Recipe:
    sampler, scheduler = _SAMPLERS[rng.randrange(len(_SAMPLERS))]
    chosen = rng.sample(_LORAS, rng.choice((0, 0, 1, 1, 2)))
    strengths = [round(rng.uniform(0.3, 1.1), 2) for _ in chosen]
    return Recipe(
        prompt=f"{_SUBJECTS[number % len(SCENES)]}, {rng.choice(_MOODS)}",
        model=rng.choice(_FLUX if kind == "flux" else _CHECKPOINTS),
        seed=_LARGEST_SEED if number == 0 else rng.randrange(_LARGEST_SEED),
        width=size[0],
        height=size[1],
        prefix=f"{folder}/ComfyUI",
        sampler="euler" if kind == "flux" else sampler,
        scheduler="simple" if kind == "flux" else scheduler,
        steps=rng.choice((8, 20, 25, 28, 30, 40)),
        cfg=rng.choice((2.0, 4.5, 6.0, 7.0, 7.5, 8.0)),
        guidance=rng.choice((2.5, 3.5, 4.0)),
        loras=tuple(Lora(*pair, pair[1]) for pair in zip(chosen, strengths, strict=True)),
        refine_model=_REFINER,
        refine_denoise=rng.choice((0.35, 0.5, 0.6)),
    )


def _special(number: int, form: Form, path: str, size: tuple[int, int]) -> Entry:
    rng = Random(number)  # noqa: S311 - a drawing, not a secret
    recipe = _recipe(rng, number, "simple", size, path.partition("/")[0])
    return Entry(path, form, number, size, recipe, simple_graph)

"""What is known of how a file was made."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["image", "animated", "video", "audio", "model", "other"]
"""What a file is to a viewer. `model`: glb and its like; `other`: svg, latent, workflow json."""

NameRole = Literal[
    "model", "lora", "vae", "clip", "controlnet", "upscaler", "hypernetwork", "embedding",
    "input", "node",
]  # fmt: skip
"""The part a name plays in a graph; `input` is a loaded file, `node` a node class."""


@dataclass(frozen=True, slots=True)
class NamedText:
    """One text that a container carries."""

    key: str
    """Keyword in lower case: `prompt`, `workflow`, `parameters`, `comment`, `usercomment` ..."""
    value: str
    """The decoded text; may hold lone surrogates where bytes were undecodable."""
    place: str
    """Where it lay, for people: `PNG tEXt`, `EXIF 0x0110`, `Matroska tag` ..."""


@dataclass(frozen=True, slots=True)
class Container:
    """What a file's container says without decoding a pixel."""

    format: str
    """Lower-case format by magic, not by extension: `png`, `webp`, `mp4` ..."""
    kind: Kind
    width: int | None = None
    height: int | None = None
    duration_ms: int | None = None
    frames: int | None = None
    frame_rate: float | None = None
    texts: tuple[NamedText, ...] = ()
    problem: str | None = None
    """One line if the file is damaged; whatever could be read is kept beside it."""


@dataclass(frozen=True, slots=True)
class LoraUse:
    """A LoRA and how strongly it was applied."""

    name: str
    strength_model: float | None = None
    strength_clip: float | None = None
    in_prompt: bool = False
    """True where it was written in the prompt text (`<lora:name:0.8>`)."""


@dataclass(frozen=True, slots=True)
class SamplingPass:
    """One sampler run that contributed to the file."""

    node: str
    """Node id in the graph; "" where the file holds only text."""
    class_type: str
    models: tuple[str, ...] = ()
    loras: tuple[LoraUse, ...] = ()
    sampler: str | None = None
    scheduler: str | None = None
    steps: int | None = None
    cfg: float | None = None
    guidance: float | None = None
    denoise: float | None = None
    seed: int | None = None
    """0 to 2**64-1 (does not fit a signed database column)."""
    positive: tuple[str, ...] = ()
    negative: tuple[str, ...] = ()
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True)
class Headline:
    """The ten fields that a gallery shows first; rules in the metadata room."""

    models: tuple[str, ...] = ()
    loras: tuple[LoraUse, ...] = ()
    model: str | None = None
    sampler: str | None = None
    scheduler: str | None = None
    steps: int | None = None
    cfg: float | None = None
    guidance: float | None = None
    denoise: float | None = None
    seed: int | None = None
    positive: tuple[str, ...] = ()
    negative: tuple[str, ...] = ()
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True)
class NameUse:
    """A name that the graph uses, for search and facets."""

    role: NameRole
    name: str
    """As written by the tool that made the file."""
    strength_model: float | None = None
    strength_clip: float | None = None


@dataclass(frozen=True, slots=True)
class Generation:
    """Everything the metadata room understood of a file."""

    generator: str | None = None
    """`ComfyUI`, `A1111`, `InvokeAI`, `NovelAI`, `Fooocus`, `SwarmUI` ... or None."""
    sources: tuple[str, ...] = ()
    """Of `prompt`, `workflow`, `parameters`: what the file holds."""
    headline: Headline | None = None
    """None where nothing is known."""
    passes: tuple[SamplingPass, ...] = ()
    """In order: a pass stands after the passes it builds on."""
    names: tuple[NameUse, ...] = ()
    problem: str | None = None
    """One line where metadata is there but cannot be understood."""
    warnings: tuple[str, ...] = field(default=())

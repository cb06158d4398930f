"""The fields of the query language: their names, what they take, and how their text is compared.

This table is the one place that says what a field is. The parser and the evaluator read it; the
README's table of fields is checked against it.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Sort = Literal["words", "name", "exact", "path", "number", "dimension", "date", "flag", "has"]
"""What values a field takes.

`words`: text, found by word; `name`: a model or file name, found by any part whatever the
separators; `exact`: a whole value unless it ends in `*`; `path`: text found as a part;
`dimension`: pixels as `832x1216`, or bytes."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the query language."""

    name: str
    sort: Sort
    help: str
    """One line for the help screen and completion."""
    aliases: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    """The only values, where they are a closed list."""
    units: str = ""
    """How a number is read: `count`, `factor`, `rate`, `bytes`, `time`, `ratio`, `seed`."""


KINDS = ("image", "animated", "video", "audio", "model", "other")
STATUSES = ("approved", "rejected", "review", "select", "to_edit")
ORIENTATIONS = ("landscape", "portrait", "square")
SOURCES = ("prompt", "workflow", "parameters")
BOX_ROLES = ("model", "lora")
"""Roles of names that the one-box search looks at."""
NAME_ROLES = ("model", "lora", "vae", "controlnet", "input", "node")
"""Fields that are roles of names."""

_ALL = (
    Field("prompt", "words", "words of a positive prompt", ("positive", "pos")),
    Field("neg", "words", "words of a negative prompt", ("negative",)),
    Field("model", "name", "checkpoint or diffusion model", ("checkpoint", "ckpt", "model_name")),
    Field("lora", "name", "LoRA", ("loras", "lyco")),
    Field("vae", "name", "VAE"),
    Field("controlnet", "name", "ControlNet", ("cn",)),
    Field("input", "name", "file that the graph loads"),
    Field("seed", "number", "seed of any pass", units="seed"),
    Field("steps", "number", "steps of any pass", units="count"),
    Field("cfg", "number", "classifier-free guidance scale", ("cfg_scale",), units="factor"),
    Field("guidance", "number", "distilled guidance (Flux)", units="factor"),
    Field("sampler", "exact", "sampler of any pass", ("sampler_name",)),
    Field("scheduler", "exact", "scheduler of any pass"),
    Field("denoise", "number", "denoising strength", units="factor"),
    Field("size", "dimension", "pixels as 832x1216, or bytes as >2mb", ("filesize", "bytes")),
    Field("w", "number", "width in pixels, of the file or a pass", ("width",), units="count"),
    Field("h", "number", "height in pixels, of the file or a pass", ("height",), units="count"),
    Field("ratio", "number", "width over height: 16:9, >1.5", ("aspect",), units="ratio"),
    Field("orient", "exact", "landscape, portrait, square", ("orientation",), ORIENTATIONS),
    Field("duration", "number", "length: >10s, 1m..2m", ("length",), units="time"),
    Field("fps", "number", "frames a second", ("framerate",), units="rate"),
    Field(
        "date",
        "date",
        "day of the file: 2026-03, march, 2026-10.., today",
        ("day", "month", "mtime"),
    ),
    Field("age", "date", "time since then: <7d, >1y"),
    Field("name", "path", "part of the file name", ("filename", "file")),
    Field("prefix", "exact", "file name before the first _"),
    Field("path", "path", "part of the whole path", ("file_path",)),
    Field("folder", "path", "folder, with all beneath it", ("dir",)),
    Field("root", "path", "part of the library folder's path"),
    Field("ext", "exact", "extension: png, mp4", ("extension",)),
    Field("format", "exact", "format by content: png, webp, mp4"),
    Field("kind", "exact", "image, animated, video, audio, model, other", ("type",), KINDS),
    Field("node", "name", "node class of the graph", ("class",)),
    Field("source", "exact", "prompt, workflow, parameters", ("meta",), SOURCES),
    Field("generator", "exact", "program that made it", ("agent",)),
    Field("fav", "flag", "favourite: yes or no", ("favorite", "favourite")),
    Field("rating", "number", "0 to 5", ("stars",), units="count"),
    Field("status", "exact", "approved, rejected, review, select, to_edit", (), STATUSES),
    Field("tag", "exact", "tag", ("tags",)),
    Field("album", "exact", "album, with all below it", ("collection",)),
    Field("note", "words", "words of your note", ("comment",)),
    Field("has", "has", "any value of a field: has:lora, has:workflow"),
    Field("missing", "flag", "the file is gone from its place"),
    Field("problem", "words", "words of what is wrong with the file", ("error",)),
    Field("dup", "flag", "another file has the same content", ("duplicate", "duplicates")),
)

FIELDS: Mapping[str, Field] = MappingProxyType({each.name: each for each in _ALL})
BY_ALIAS: Mapping[str, Field] = MappingProxyType(
    {**{alias: each for each in _ALL for alias in each.aliases}, **FIELDS}
)
HAS_ONLY = ("workflow", "metadata")
"""Names that only `has:` takes."""
NEVER_EMPTY = frozenset({"age", "has", "size"})
"""Fields without a `field:*` question."""
BEFORE = frozenset({"before", "until"})
AFTER = frozenset({"after", "since"})
EMPTIABLE = frozenset({"rating", "status", "tag", "album", "note"})
"""Fields of the user's own marks, where `field:none` asks for files without."""

_CLOSE = 0.6
_WEIGHT_FILE = re.compile(
    r"\.(safetensors|ckpt|checkpoint|pt|pth|bin|gguf|sft|onnx)$", re.IGNORECASE
)


def suggest_field(name: str) -> str:
    """Return the field name that a misspelt one probably means, or ""."""
    found = difflib.get_close_matches(name, [*BY_ALIAS, *BEFORE, *AFTER], n=1, cutoff=_CLOSE)
    return found[0] if found else ""


def is_whole_name(value: str) -> bool:
    """Return whether a value names one file of weights exactly, by its extension."""
    return _WEIGHT_FILE.search(value) is not None


def plain_form(value: str) -> str:
    """Return the form in which `exact` and `path` fields are compared."""
    return value.casefold()


def extension_of(name: str) -> str:
    """Return the extension of a file name, lower case and without its dot, or ""."""
    stem, dot, extension = name.rpartition(".")
    return extension.casefold() if dot and stem else ""


def prefix_of(name: str) -> str:
    """Return the part of a file name before the first `_`, or "" where it has none."""
    head, underscore, _ = name.partition("_")
    return head if underscore else ""


def glob_pattern(form: Callable[[str], str], value: str) -> re.Pattern[str]:
    """Return the expression that a text with `*` and `?` stands for, compared in `form`."""
    pieces = re.split(r"([*?])", value)
    wild = {"*": ".*", "?": "."}
    return re.compile(
        "".join(wild.get(piece) or re.escape(form(piece) if piece else "") for piece in pieces),
        re.DOTALL,
    )


def orientation(width: int | None, height: int | None) -> str | None:
    """Return `landscape`, `portrait` or `square`; None without a size."""
    if not width or not height:
        return None
    return "square" if width == height else "landscape" if width > height else "portrait"


def frame_rate(rate: float | None, frames: int | None, duration_ms: int | None) -> float | None:
    """Return frames a second: as the container says, else by count and length."""
    if rate is not None:
        return rate
    return frames * 1000.0 / duration_ms if frames and duration_ms else None

"""How a model, LoRA or node name is compared: one spelling for index, query and metadata."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_EXTENSION = re.compile(
    r"\.(safetensors|ckpt|checkpoint|pt|pth|bin|gguf|sft|onnx|engine|json|yaml)$"
)
_SEPARATORS = re.compile(r"[\s_\-.,:+]+")


@lru_cache(maxsize=16384)
def normalise_name(name: str) -> str:
    r"""Return the form of a name that searches compare.

    Folder, weight-file extension, case and the kind of separator are dropped, so
    `SDXL\\Juggernaut_XL-v9.safetensors` and `juggernaut xl v9` are one name. The empty string
    is returned only for a name without any other character.
    """
    last = name.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1].casefold().strip()
    bare = _EXTENSION.sub("", last)
    return _SEPARATORS.sub(" ", bare).strip() or last


def name_form(name: str) -> str:
    """Return the form in which two spellings are one name: no separators, no extension."""
    return normalise_name(name).replace(" ", "")


def common_spellings(counts: Iterable[tuple[str, int]]) -> dict[str, str]:
    """Return for the form of each name its most frequent spelling; ties: the first by letters."""
    found: dict[str, str] = {}
    for name, _count in sorted(counts, key=lambda each: (-each[1], each[0])):
        found.setdefault(name_form(name), name)
    return found


def by_spelling(counts: Iterable[tuple[str, int]], spellings: Mapping[str, str]) -> dict[str, int]:
    """Add up what is counted for each spelling of a name, under the one that is shown.

    A file that uses two spellings of a name counts twice; no tool writes that.
    """
    found: dict[str, int] = {}
    for name, count in counts:
        spelling = spellings.get(name_form(name), name)
        found[spelling] = found.get(spelling, 0) + count
    return found

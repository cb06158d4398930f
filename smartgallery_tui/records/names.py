"""How a model, LoRA or node name is compared: one spelling for index, query and metadata."""

from __future__ import annotations

import re
from functools import lru_cache

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

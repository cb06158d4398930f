"""What a node is there for, told from its class name: enough to give it a colour."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from smartgallery_tui.records.graphs import NodeCategory

_WORDS: tuple[tuple[NodeCategory, str], ...] = (
    ("output", r"^(Save|Preview)|Save(Image|Video|Audio)?$|VideoCombine|Image Save|Show(Text|Any)"),
    ("input", r"^(Load|Empty|Primitive)(?!.*(Model|LoRA|Lora|CLIP|VAE))|^VHS_Load|LoadImage"
              r"|Empty.*Latent|Latent.*Empty"),
    ("model", r"Loader|[Ll][Oo][Rr][Aa]|Model(Sampling|Merge|Patch)|^Load.*(Model|VAE|CLIP)"
              r"|CLIPSetLastLayer"),
    ("sampling", r"Sampler|Scheduler|Guider|Guidance|Noise|Sigmas|CFG|Detailer"),
    ("text", r"TextEncode|Prompt|Text|String|Conditioning|Wildcard"),
)  # fmt: skip
"""The first that fits counts."""


def category(class_type: str) -> NodeCategory:
    """Return what a class of nodes is there for; `processing` where its name does not tell."""
    return next((kind for kind, words in _WORDS if re.search(words, class_type)), "processing")

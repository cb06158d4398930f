"""Find out which tool wrote a file's texts, and read them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smartgallery_tui.metadata.decode import load_object
from smartgallery_tui.metadata.generators.a1111 import read_infotext
from smartgallery_tui.metadata.generators.draw_things import comment_of_xmp, read_draw_things
from smartgallery_tui.metadata.generators.easy_diffusion import read_easy_diffusion
from smartgallery_tui.metadata.generators.fooocus import read_fooocus
from smartgallery_tui.metadata.generators.invokeai import read_dream, read_invoke, read_invoke_2
from smartgallery_tui.metadata.generators.novelai import read_novelai
from smartgallery_tui.metadata.generators.swarmui import read_swarm

if TYPE_CHECKING:
    from collections.abc import Mapping

    from smartgallery_tui.metadata.generators.reading import TextReading

_INNER = ("parameters", "Comment", "comment", "invokeai_metadata", "sd-metadata")


def read_texts(others: Mapping[str, str]) -> tuple[TextReading, str] | None:
    """Return what a tool said of a generation, and the text that said it.

    Args:
        others: The texts of a file that are no ComfyUI graph, by key in lower case.
    """
    # A command line says least: it is asked last.
    for key, text in sorted(others.items(), key=lambda item: item[0] == "dream"):
        if key.startswith("xmp") or text.lstrip("\ufeff ").startswith(("<x:xmpmeta", "<?xpacket")):
            text = comment_of_xmp(text) or ""
        reading = read_text(key, text, dict(others)) if text else None
        if reading is not None:
            return reading, text
    spread = read_easy_diffusion(others)
    return (spread, others.get("prompt", "")) if spread is not None else None


def read_text(key: str, text: str, others: dict[str, str]) -> TextReading | None:
    """Return what one text says, whoever wrote it; None if it is no generation text."""
    data = load_object(text)
    if data is None:
        return read_dream(text) if key == "dream" else read_infotext(text)
    reading = read_json(data, others)
    if reading is not None:
        return reading
    for name in _INNER:
        inner = data.get(name)
        if isinstance(inner, dict):
            reading = read_json(inner, others)
        elif isinstance(inner, str):
            strings = {k.casefold(): v for k, v in data.items() if isinstance(v, str)}
            reading = read_text(name, inner, {**others, **strings})
        if reading is not None:
            return reading
    return None


def read_json(data: dict[str, Any], others: dict[str, str]) -> TextReading | None:
    """Return what a JSON object says; the first reader that knows it as its own wins."""
    return (
        read_swarm(data)
        or read_fooocus(data)
        or read_draw_things(data)
        or read_novelai(data, others)
        or read_easy_diffusion(data)
        or read_invoke_2(data)
        or read_invoke(data)
    )

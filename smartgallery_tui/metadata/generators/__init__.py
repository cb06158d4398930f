"""Readers of the generation texts of tools other than ComfyUI."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartgallery_tui.metadata.generators.stealth import read_stealth_alpha

if TYPE_CHECKING:
    from collections.abc import Mapping

    from smartgallery_tui.metadata.generators.reading import TextReading

__all__ = ["read_generation_text", "read_stealth_alpha"]


def read_generation_text(others: Mapping[str, str]) -> tuple[TextReading, str] | None:
    """Return what a tool said of a generation, and the text that said it.

    Args:
        others: The texts of a file that are no ComfyUI graph, by key in lower case.
    """
    # Here, because who reads files of ComfyUI alone starts the sooner without them.
    from smartgallery_tui.metadata.generators.choose import read_texts

    return read_texts(others)

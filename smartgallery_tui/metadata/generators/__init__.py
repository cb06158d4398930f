"""Readers of the generation texts of tools other than ComfyUI."""

from smartgallery_tui.metadata.generators.choose import read_generation_text
from smartgallery_tui.metadata.generators.reading import TextReading
from smartgallery_tui.metadata.generators.stealth import read_stealth_alpha

__all__ = ["TextReading", "read_generation_text", "read_stealth_alpha"]

"""SmartGallery TUI: a terminal gallery for ComfyUI outputs."""

__version__ = "0.1.0"

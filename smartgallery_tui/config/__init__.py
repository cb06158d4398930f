"""Settings: read from TOML and the environment, checked, and written without losing a comment."""

from smartgallery_tui.config.comfy import Detection, detect_comfyui
from smartgallery_tui.config.reader import ConfigProblem, check_values, load_settings
from smartgallery_tui.config.themes import BUILT_IN_THEMES, load_themes
from smartgallery_tui.config.writer import initial_text, set_value, write_initial

__all__ = [
    "BUILT_IN_THEMES",
    "ConfigProblem",
    "Detection",
    "check_values",
    "detect_comfyui",
    "initial_text",
    "load_settings",
    "load_themes",
    "set_value",
    "write_initial",
]

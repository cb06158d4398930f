"""Settings: read from TOML and the environment, checked, and written without losing a comment."""

from smartgallery_tui.config.checks import check_values, value_problem, value_warning
from smartgallery_tui.config.comfy import Detection, detect_comfyui
from smartgallery_tui.config.reader import ConfigProblem, load_settings
from smartgallery_tui.config.schema import Setting, all_settings
from smartgallery_tui.config.server import ask_server, local_address
from smartgallery_tui.config.themes import load_themes
from smartgallery_tui.config.writer import initial_text, set_value, write_initial

__all__ = [
    "ConfigProblem",
    "Detection",
    "Setting",
    "all_settings",
    "ask_server",
    "check_values",
    "detect_comfyui",
    "initial_text",
    "load_settings",
    "load_themes",
    "local_address",
    "set_value",
    "value_problem",
    "value_warning",
    "write_initial",
]

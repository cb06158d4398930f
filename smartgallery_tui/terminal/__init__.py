"""The terminal room: what the terminal can do, and pictures as bytes for it. No Textual here.

The names below load their modules when they are first used: most commands only need `safe`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from smartgallery_tui.terminal.safe_text import safe

if TYPE_CHECKING:
    from smartgallery_tui.terminal.asking import probe
    from smartgallery_tui.terminal.caps import Colors, Protocol, TerminalCaps
    from smartgallery_tui.terminal.environment import prepare_environment
    from smartgallery_tui.terminal.tmux import allow_passthrough

__all__ = [
    "Colors",
    "Protocol",
    "TerminalCaps",
    "allow_passthrough",
    "prepare_environment",
    "probe",
    "safe",
]


def __getattr__(name: str) -> object:
    """Load a public name."""
    modules = {
        "Colors": "caps",
        "Protocol": "caps",
        "TerminalCaps": "caps",
        "allow_passthrough": "tmux",
        "prepare_environment": "environment",
        "probe": "asking",
    }
    if name not in modules:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found: object = getattr(import_module(f"{__name__}.{modules[name]}"), name)
    globals()[name] = found
    return found

"""The terminal room: what the terminal can do, and pictures as bytes for it. No Textual here."""

from smartgallery_tui.terminal.caps import Colors, Protocol, TerminalCaps
from smartgallery_tui.terminal.environment import prepare_environment
from smartgallery_tui.terminal.probe import probe
from smartgallery_tui.terminal.safe_text import safe
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

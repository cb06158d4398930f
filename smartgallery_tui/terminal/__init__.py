"""The terminal room: what the terminal can do, and pictures as bytes for it. No Textual here."""

from smartgallery_tui.terminal.caps import Colors, Protocol, TerminalCaps
from smartgallery_tui.terminal.safe_text import safe

__all__ = ["Colors", "Protocol", "TerminalCaps", "safe"]

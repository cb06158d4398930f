"""Chooses how pictures are drawn, from what the terminal answered, and says why."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from smartgallery_tui.terminal.caps import DEFAULT_CELL_PX, Colors, Protocol, TerminalCaps

if TYPE_CHECKING:
    from collections.abc import Mapping

    from smartgallery_tui.records import GraphicsName
    from smartgallery_tui.terminal.replies import Replies
    from smartgallery_tui.terminal.tmux import TmuxClient

_OLDEST_KITTY = (0, 28)
"""First version with Unicode placeholders."""
_PLACEHOLDER_BRANDS = ("kitty", "ghostty")
_NO_PLACEHOLDERS = ("wezterm", "iterm2", "konsole", "warp", "zellij", "vscode", "xterm.js")
"""They answer the graphics query, or may, but do not draw placeholders."""
_ITERM_BRANDS = ("iterm2", "wezterm", "vscode", "xterm.js")
_TERM_PROGRAMS = {
    "iTerm.app": "iterm2",
    "WezTerm": "wezterm",
    "vscode": "vscode",
    "ghostty": "ghostty",
    "WarpTerminal": "warp",
}
_SIXTEEN_COLORS = frozenset({"linux", "rxvt", "ansi", "cygwin", "cons25"})
"""Terminals that know the old colours alone; `xterm` by itself says nothing."""
_SIXEL_ATTRIBUTE = 4


def choose(
    replies: Replies,
    override: GraphicsName,
    env: Mapping[str, str],
    client: TmuxClient | None = None,
) -> TerminalCaps:
    """Return the capabilities; pure.

    Args:
        replies: Answers of the terminal.
        override: The protocol that flag or setting ask for, or `auto`.
        env: Environment variables.
        client: What tmux says of its client, inside tmux.
    """
    brand = _brand(replies, env, client)
    protocol, reason = _protocol(replies, brand, env, client)
    if override != "auto":
        protocol, reason = override, f"{override} was asked for; by itself: {protocol}, {reason}"
    cell, is_known = _cell_size(replies, client)
    colors = _colors(replies, brand, env)
    notes = _notes(env, client, is_cell_known=is_known)
    return TerminalCaps(
        protocol=protocol,
        cell_width_px=cell[0],
        cell_height_px=cell[1],
        brand=brand,
        reason=reason,
        colors=colors,
        is_tmux=client is not None,
        has_sync=replies.has_sync,
        has_repeat=_has_repeat(brand, client),
        has_wide_ids=client is None or not client.features or "RGB" in client.features,
        rtt_ms=replies.rtt_ms,
        is_remote=is_remote(env),
        sees_our_files=protocol == "kitty" and replies.kitty_file == "OK",
        is_cell_size_known=is_known,
        needs_passthrough=_needs_passthrough(brand, override, client),
        is_text=protocol == "none",
        asked=override,
        notes=notes,
    )


def is_remote(env: Mapping[str, str]) -> bool:
    """Tell whether the session runs over SSH."""
    return bool(env.get("SSH_CONNECTION") or env.get("SSH_TTY"))


def _brand(replies: Replies, env: Mapping[str, str], client: TmuxClient | None) -> str:
    if client is not None:
        outside = [name for name in replies.names if not name.lower().startswith("tmux")]
        return client.name or (outside[0] if outside else "")
    if replies.names:
        return replies.names[0]
    if env.get("KITTY_WINDOW_ID") and env.get("TERM", "").startswith("xterm-kitty"):
        return "kitty"
    return _TERM_PROGRAMS.get(env.get("TERM_PROGRAM", ""), "")


def _protocol(
    replies: Replies, brand: str, env: Mapping[str, str], client: TmuxClient | None
) -> tuple[Protocol, str]:
    if client is not None:
        return _protocol_in_tmux(replies, brand, client)
    name = brand.lower()
    if env.get("ZELLIJ"):
        return "halfblock", "zellij passes no pictures on"
    if draws_placeholders(brand):
        if replies.kitty == "OK":
            return "kitty", f"{brand} draws Unicode placeholders"
        if replies.kitty is not None:
            return "halfblock", f"{brand} refused a test picture: {replies.kitty}"
    if any(name.startswith(known) for known in _ITERM_BRANDS):
        return "iterm", f"{brand} shows inline pictures"
    if replies.attributes is not None and _SIXEL_ATTRIBUTE in replies.attributes:
        return "sixel", f"{brand or 'the terminal'} reports sixel graphics"
    return "halfblock", _why_not(replies, brand)


def _protocol_in_tmux(replies: Replies, brand: str, client: TmuxClient) -> tuple[Protocol, str]:
    if not client.is_utf8:
        return "none", "tmux thinks that its terminal has no UTF-8; start it with `tmux -u`"
    if not draws_placeholders(brand):
        outside = brand or "an unknown terminal"
        return "halfblock", f"tmux on {outside}: only kitty and Ghostty show pictures through tmux"
    if replies.kitty == "OK":
        return "kitty", f"{brand} draws placeholders through tmux"
    if client.is_known and not client.has_passthrough:
        return "halfblock", (
            "tmux keeps pictures back; `tmux set -p allow-passthrough on` lets them through"
        )
    return "halfblock", f"{brand} did not answer through tmux"


def _needs_passthrough(brand: str, override: GraphicsName, client: TmuxClient | None) -> bool:
    if client is None or client.has_passthrough or not (client.is_utf8 and client.is_known):
        return False
    return override in {"auto", "kitty"} and draws_placeholders(brand)


def draws_placeholders(brand: str) -> bool:
    """Tell whether a terminal of this name and version is known to draw Unicode placeholders."""
    name = brand.lower()
    if any(name.startswith(known) for known in _NO_PLACEHOLDERS):
        return False
    if not any(name.startswith(known) for known in _PLACEHOLDER_BRANDS):
        return False
    version = re.search(r"(\d+)\.(\d+)", name)
    if name.startswith("kitty") and version is not None:
        return (int(version[1]), int(version[2])) >= _OLDEST_KITTY
    return True


def _why_not(replies: Replies, brand: str) -> str:
    if replies.attributes is None and not replies.names:
        return "the terminal answered nothing in time"
    who = brand or "the terminal"
    if brand.lower().startswith("kitty"):
        return f"{who} is too old for Unicode placeholders (0.28)"
    if replies.kitty == "OK":
        return f"{who} takes kitty graphics but is not known to draw Unicode placeholders"
    return f"{who} reports no picture protocol"


def _cell_size(replies: Replies, client: TmuxClient | None) -> tuple[tuple[int, int], bool]:
    columns, rows, width_px, height_px = replies.window
    if columns and rows and width_px >= columns * 2 and height_px >= rows * 4:
        return (width_px // columns, height_px // rows), True
    if replies.cell_px is not None:
        return replies.cell_px, True
    if client is not None and client.cell_px is not None:
        return client.cell_px, True
    return DEFAULT_CELL_PX, False


def _colors(replies: Replies, brand: str, env: Mapping[str, str]) -> Colors:
    if env.get("NO_COLOR"):
        return "none"
    if env.get("COLORTERM", "").lower() in {"truecolor", "24bit"} or brand or replies.names:
        return "truecolor"
    term = env.get("TERM", "")
    if term.endswith(("-direct", "-truecolor")) or "kitty" in term or "ghostty" in term:
        return "truecolor"
    if term in {"", "dumb", "vt100", "vt220"} or term.endswith("-mono"):
        return "none"
    if term in _SIXTEEN_COLORS or term.endswith(("-16color", "-8color")):
        return "16"
    return "256"


def _has_repeat(brand: str, client: TmuxClient | None) -> bool:
    if client is not None:
        return client.has_repeat
    return brand.lower().startswith(("kitty", "xterm", "foot"))


def _notes(
    env: Mapping[str, str], client: TmuxClient | None, *, is_cell_known: bool
) -> tuple[str, ...]:
    notes: list[str] = []
    if not is_cell_known:
        size = "x".join(map(str, DEFAULT_CELL_PX))
        notes.append(f"the size of a cell is unknown; {size} pixels are assumed")
    if client is not None and "sixel" in client.features:
        notes.append("tmux's own sixel is not used: it leaves old pictures on the screen")
    if client is not None and client.features and "RGB" not in client.features:
        notes.append("tmux has no RGB colours for this terminal; 255 pictures at a time")
    if env.get("STY"):
        notes.append("GNU screen passes no pictures on")
    return tuple(notes)

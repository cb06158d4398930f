"""Finds out what the terminal can do before the app starts; inside tmux asks the user once."""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING

from smartgallery_tui.config import set_value
from smartgallery_tui.errors import ConfigError

if TYPE_CHECKING:
    from smartgallery_tui.cli.context import Context
    from smartgallery_tui.records.settings import PassthroughName
    from smartgallery_tui.terminal import TerminalCaps

SETTING = "graphics.passthrough"
_QUESTION = (
    "tmux keeps pictures back. Let them through in this pane (tmux: allow-passthrough)? [Y/n] "
)


def terminal_caps(context: Context) -> TerminalCaps:
    """Return what the terminal can do; lets pictures through tmux where the user agreed.

    The answer is kept in the settings; only the pane that the program runs in is changed.
    """
    from smartgallery_tui.terminal import allow_passthrough, probe  # loads the encoders

    protocol = context.settings.graphics.protocol
    caps = probe(protocol)
    if not caps.needs_passthrough:
        return caps
    wish = context.settings.graphics.passthrough
    if wish == "ask":
        wish = _ask()
        if wish != "ask":
            with contextlib.suppress(ConfigError):  # it holds for this run all the same
                set_value(context.paths.config_file, SETTING, wish)
    if wish == "yes" and allow_passthrough():
        return probe(protocol)
    return caps


def _ask() -> PassthroughName:
    """Return `yes` or `no`, or `ask` where nobody answered."""
    sys.stderr.write(_QUESTION)
    sys.stderr.flush()
    answer = sys.stdin.readline()
    if not answer:
        return "ask"
    return "no" if answer.strip().lower().startswith("n") else "yes"

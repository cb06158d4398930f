"""Terminals that cannot run here: what they answer, played back on a pty by the probe's questions.

Names and attributes are those of the terminals' documentation and bug reports.
"""

from __future__ import annotations

import pytest

from tests.ui.pty.counting_terminal import Brand
from tests.ui.pty.test_picture_bytes import start

RECORDED = {
    "iTerm2": (Brand("iTerm2 3.6.1", has_kitty=True, has_sixel=True), {}, "iterm"),
    "WezTerm": (Brand("WezTerm 20240203-110809", has_kitty=True, has_sixel=True), {}, "iterm"),
    "VS Code": (Brand("xterm.js(5.6.0-beta)", has_sixel=True), {}, "iterm"),
    "VS Code, no name": (Brand("", has_sixel=True), {"TERM_PROGRAM": "vscode"}, "iterm"),
    "Ghostty": (Brand("ghostty 1.2.0", has_kitty=True), {}, "kitty"),
    "Konsole": (Brand("Konsole 25.04.1", has_kitty=True, has_sixel=True), {}, "sixel"),
    "Windows Terminal": (Brand("", has_sixel=True), {"WT_SESSION": "1"}, "sixel"),
    "Alacritty": (Brand("", has_sync=True), {"TERM": "alacritty"}, "halfblock"),
    "GNOME Terminal": (Brand("VTE(7600)", has_sync=False), {}, "halfblock"),
    "Warp": (Brand("", has_kitty=True), {"TERM_PROGRAM": "WarpTerminal"}, "halfblock"),
    "old kitty": (Brand("kitty(0.26.5)", has_kitty=True), {}, "halfblock"),
    "zellij": (Brand("zellij", has_kitty=True, has_sixel=True), {"ZELLIJ": "0"}, "halfblock"),
}


@pytest.mark.parametrize("name", RECORDED)
def test_the_probe_chooses_for(name: str) -> None:
    brand, env, protocol = RECORDED[name]
    with start(brand, "--probe", env={"TERM_PROGRAM": "", **env}) as terminal:
        terminal.wait_for(rb"%s\|[^|]+\|\d+" % protocol.encode())
        terminal.send(b"x\n")
        assert terminal.exit_code() == 0

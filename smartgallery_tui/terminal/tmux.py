"""What stands behind tmux: asks tmux itself, and lets pictures through for this pane."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_TIMEOUT_S = 1.0
_FORMAT = "\t".join(
    (
        "#{client_termtype}",
        "#{client_termfeatures}",
        "#{client_utf8}",
        "#{allow-passthrough}",
        "#{client_pid}",
        "#{version}",
        "#{client_cell_width}x#{client_cell_height}",
    )
)
_ASKS = (3, 3)
"""Before this version everything was passed through."""
_REPEATS = (3, 5)
"""From this version on a placeholder can be repeated; 3.3a repeats only ASCII."""


@dataclass(frozen=True, slots=True)
class TmuxClient:
    """The terminal that tmux draws on."""

    name: str = ""
    """Type as that terminal reports it: `kitty(0.41.1)`."""
    features: tuple[str, ...] = ()
    is_utf8: bool = True
    has_passthrough: bool = False
    """Pictures get through to the terminal."""
    has_repeat: bool = False
    """It repeats a placeholder on request."""
    process: str = ""
    """Number of the client's process; "" while nobody is attached."""
    cell_px: tuple[int, int] | None = None
    """Width and height of a cell of that terminal."""
    is_known: bool = True
    """tmux was asked; without an answer pictures may get through all the same."""


def ask_tmux(env: Mapping[str, str] | None = None) -> TmuxClient:
    """Return what tmux knows of its client; an unknown client where it cannot be asked.

    Takes some milliseconds, at worst a second: not on the event loop.
    """
    answer = _tmux(os.environ if env is None else env, "display-message", "-p", _FORMAT)
    parts = (answer or "").split("\t")
    if len(parts) != 7:
        return TmuxClient(is_known=False)
    name, features, utf8, passthrough, process, version, cell = parts
    return TmuxClient(
        name=name,
        features=tuple(part for part in features.split(",") if part),
        is_utf8=utf8 != "0",
        has_passthrough=passthrough in {"1", "2", "on", "all"} or _is_older(version, _ASKS),
        has_repeat=not _is_older(version, _REPEATS),
        process=process,
        cell_px=_cell_px(cell),
    )


def _cell_px(text: str) -> tuple[int, int] | None:
    width, _, height = text.partition("x")
    if not (width.isdecimal() and height.isdecimal() and int(width) and int(height)):
        return None
    return int(width), int(height)


def _is_older(version: str, than: tuple[int, int]) -> bool:
    found = re.search(r"(\d+)\.(\d+)", version)
    return found is not None and (int(found[1]), int(found[2])) < than


def allow_passthrough(env: Mapping[str, str] | None = None) -> bool:
    """Switch passthrough on for the pane of this process; True if tmux took it.

    Only this pane is changed, and only while it lives.
    """
    environment = os.environ if env is None else env
    pane = environment.get("TMUX_PANE", "")
    target = ("-t", pane) if pane else ()
    return _tmux(environment, "set-option", "-p", *target, "allow-passthrough", "on") is not None


def _tmux(env: Mapping[str, str], *arguments: str) -> str | None:
    import subprocess  # costs 15 ms, and only people inside tmux need it

    pane = env.get("TMUX_PANE", "")
    if arguments[0] == "display-message" and pane:
        arguments = (arguments[0], "-t", pane, *arguments[1:])
    try:
        done = subprocess.run(  # noqa: S603 - a fixed program with our own arguments
            ["tmux", *arguments],  # noqa: S607 - tmux from the user's path, as the user runs it
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=_TIMEOUT_S,
            check=False,
            env=dict(env),
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip("\n") if done.returncode == 0 else None

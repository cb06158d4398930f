"""What stands behind tmux: asks tmux itself, and lets pictures through for this pane."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_TIMEOUT_S = 1.0
_FORMAT = "#{client_termtype}\t#{client_termfeatures}\t#{client_utf8}\t#{allow-passthrough}"


@dataclass(frozen=True, slots=True)
class TmuxClient:
    """The terminal that tmux draws on."""

    name: str = ""
    """Type as that terminal reports it: `kitty(0.41.1)`."""
    features: tuple[str, ...] = ()
    is_utf8: bool = True
    has_passthrough: bool = False
    """Pictures get through to the terminal."""


def ask_tmux(env: Mapping[str, str]) -> TmuxClient:
    """Return what tmux knows of its client; an empty answer where tmux cannot be asked."""
    answer = _tmux(env, "display-message", "-p", _FORMAT)
    parts = (answer or "").split("\t")
    if len(parts) != 4:
        return TmuxClient()
    name, features, utf8, passthrough = parts
    return TmuxClient(
        name=name,
        features=tuple(part for part in features.split(",") if part),
        is_utf8=utf8 != "0",
        has_passthrough=passthrough.strip() in {"1", "2", "on", "all"},
    )


def allow_passthrough(env: Mapping[str, str]) -> bool:
    """Switch passthrough on for the pane of this process; True if tmux took it.

    Only this pane is changed, and only while it lives.
    """
    pane = env.get("TMUX_PANE", "")
    target = ("-t", pane) if pane else ()
    return _tmux(env, "set-option", "-p", *target, "allow-passthrough", "on") is not None


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
            text=True,
            timeout=_TIMEOUT_S,
            check=False,
            env=dict(env),
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip("\n") if done.returncode == 0 else None

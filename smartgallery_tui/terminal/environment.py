"""Settings that must be in the environment before Textual is imported."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, MutableMapping

NEAR_MS = 30
"""On this machine, or below a multiplexer that puts sequences together, ESC alone is the key."""
FAR_MS = 400
"""A slow link may tear an escape sequence: a lone ESC is a key only after this time."""
_LINKS = ("SSH_CONNECTION", "SSH_TTY", "STY", "MOSH_IP")


def _is_far(env: Mapping[str, str]) -> bool:
    """Tell whether sequences may arrive in pieces; tmux hands on whole ones."""
    return not env.get("TMUX") and any(env.get(name) for name in _LINKS)


def prepare_environment(env: MutableMapping[str, str]) -> None:
    """Set what Textual reads when it is imported; call before that, with `os.environ`.

    Over SSH the wait after an ESC is at least 400 ms, unless the terminal answers sooner that
    nothing belongs to it; a longer wait that the user has set stays.
    """
    given = env.get("ESCDELAY", "")
    if _is_far(env):
        if not given.isdecimal() or int(given) < FAR_MS:
            env["ESCDELAY"] = str(FAR_MS)
    elif not given.isdecimal():
        env["ESCDELAY"] = str(NEAR_MS)

"""Settings that must be in the environment before Textual is imported."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import MutableMapping

ESCAPE_DELAY_MS = 400
"""A slow link may tear an escape sequence: a lone ESC is a key only after this time."""


def prepare_environment(env: MutableMapping[str, str]) -> None:
    """Set what Textual reads when it is imported; call before that, with `os.environ`.

    Over SSH or inside a multiplexer the wait after an ESC is at least 400 ms; a longer one that
    the user has set stays.
    """
    is_far = any(env.get(name) for name in ("SSH_CONNECTION", "SSH_TTY", "TMUX", "STY", "MOSH_IP"))
    if not is_far:
        return
    given = env.get("ESCDELAY", "")
    if not given.isdecimal() or int(given) < ESCAPE_DELAY_MS:
        env["ESCDELAY"] = str(ESCAPE_DELAY_MS)

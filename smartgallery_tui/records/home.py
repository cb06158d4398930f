"""Paths as people type them: a tilde is the home folder."""

from __future__ import annotations

from pathlib import Path


def at_home(text: str | Path) -> Path:
    """Return a path with a leading `~` or `~name` replaced by that user's home folder.

    One of somebody whom this machine does not know stays as it is: then there is no such folder.
    """
    path = Path(text)
    try:
        return path.expanduser()
    except RuntimeError:
        return path

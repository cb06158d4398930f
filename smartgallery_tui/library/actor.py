"""Who changes things: the name that the journal and a command line for another machine carry."""

from __future__ import annotations

import getpass
import os


def actor() -> str:
    """Return the name of the user, or the number where there is no name."""
    try:
        return os.environ.get("USER") or getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())

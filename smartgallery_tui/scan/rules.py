"""Which folders and files a walk passes over, and why."""

from __future__ import annotations

import fnmatch
import os
from dataclasses import dataclass
from typing import Final

OWN_FOLDER: Final = ".smartgallery"
"""Our own folder inside a root: trash and the copy of user data."""

_NEVER: Final = {
    OWN_FOLDER: "",
    "__pycache__": "",
    "thumbnails_cache": "",
    "smartgallery_cache": "",
    ".git": "a git repository's store",
    "node_modules": "JavaScript packages",
    "custom_nodes": "ComfyUI's custom nodes",
    "models": "ComfyUI's models",
}
"""Folder names that are not entered; the reason is shown, "" is not worth a notice."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What a walk looks at."""

    extensions: frozenset[str]
    """With dot, lower case."""
    exclude: tuple[str, ...] = ()
    """Folder or file names, or patterns such as `tmp_*`."""
    is_hidden_included: bool = False
    """Enter folders and take files whose name starts with a dot."""

    def takes(self, name: str) -> bool:
        """Whether a file of this name is indexed."""
        dot = name.rfind(".")
        if dot < 0 or name[dot:].lower() not in self.extensions:
            return False
        if name[0] == "." and not self.is_hidden_included:
            return False
        return not (self.exclude and self.is_excluded(name))

    def is_excluded(self, name: str) -> bool:
        """Whether the user excluded this name."""
        return any(fnmatch.fnmatchcase(name, pattern) for pattern in self.exclude)


def skipped_because(path: str, name: str, rules: Rules) -> str | None:
    """Return why the folder is not entered ("" for no reason worth telling), or None."""
    if rules.is_excluded(name):
        return ""
    if name in _NEVER:
        return _NEVER[name]
    if name.startswith(".") and name.strip(".") and not rules.is_hidden_included:
        return ""
    if os.path.lexists(f"{path}/pyvenv.cfg"):
        return "a Python environment"
    return None

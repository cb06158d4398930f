"""The folders that a library covers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

RootRole = Literal["output", "input", "extra"]


@dataclass(frozen=True, slots=True)
class RootInfo:
    """A folder that the library covers, with everything beneath it."""

    id: int
    path: str
    """Absolute, symlinks resolved."""
    role: RootRole = "output"
    """`input` is hidden from the default view."""
    is_online: bool = True
    """False where the folder was empty or unreadable when it should not have been."""
    is_scanned: bool = False
    """Whether a scan of it has ever completed."""

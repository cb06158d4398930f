"""Programs that open files."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Opener:
    """A program for a kind of file."""

    name: str
    """What is shown in the menu."""
    argv: tuple[str, ...]
    """Its words; `{}` stands for the file."""

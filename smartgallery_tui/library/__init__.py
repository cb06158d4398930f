"""The one door: opens a library, syncs, searches, marks and changes files."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from smartgallery_tui.library.facade import Library
    from smartgallery_tui.library.searching import Result

__all__ = ["Library", "Result"]


def __getattr__(name: str) -> object:
    """Import the door on first use: worker processes need other modules of this package alone."""
    if name == "Library":
        from smartgallery_tui.library.facade import Library

        return Library
    if name == "Result":
        from smartgallery_tui.library.searching import Result

        return Result
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)

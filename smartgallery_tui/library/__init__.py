"""The one door: opens a library, syncs, searches, marks and changes files."""

from smartgallery_tui.library.facade import Library
from smartgallery_tui.library.searching import Result

__all__ = ["Library", "Result"]

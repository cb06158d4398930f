"""Find files: which folders are looked at, what lies in them, and what changed since."""

from smartgallery_tui.scan.count import Count, count_files
from smartgallery_tui.scan.rules import Rules, skipped_because
from smartgallery_tui.scan.walk import Entry, Listing, list_folder, walk

__all__ = [
    "Count",
    "Entry",
    "Listing",
    "Rules",
    "count_files",
    "list_folder",
    "skipped_because",
    "walk",
]

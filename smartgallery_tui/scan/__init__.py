"""Find files: which folders are looked at, what lies in them, and what changed since."""

from smartgallery_tui.scan.count import Count, count_files
from smartgallery_tui.scan.diff import Changes, Known, diff
from smartgallery_tui.scan.rules import Rules, skipped_because
from smartgallery_tui.scan.walk import Entry, Listing, join, list_folder, walk

__all__ = [
    "Changes",
    "Count",
    "Entry",
    "Known",
    "Listing",
    "Rules",
    "count_files",
    "diff",
    "join",
    "list_folder",
    "skipped_because",
    "walk",
]

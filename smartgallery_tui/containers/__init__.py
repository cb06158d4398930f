"""Reads named texts, size, duration and frames from a file's container.

By magic, not by extension; with seeks, never a pixel, never a whole file.
"""

from smartgallery_tui.containers.png import PlainPng, read_plain
from smartgallery_tui.containers.registry import KNOWN_EXTENSIONS, extension_of, read_container
from smartgallery_tui.containers.source import Source, content_id, open_source

__all__ = [
    "KNOWN_EXTENSIONS",
    "PlainPng",
    "Source",
    "content_id",
    "extension_of",
    "open_source",
    "read_container",
    "read_plain",
]

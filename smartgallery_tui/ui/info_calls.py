"""Reads what a tab of the information shows; calls for lanes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartgallery_tui.errors import SmartGalleryError
from smartgallery_tui.ui import info
from smartgallery_tui.ui.content import line
from smartgallery_tui.ui.messages import InfoLoaded
from smartgallery_tui.ui.node_tree import node_tree

if TYPE_CHECKING:
    import threading

    from textual.content import Content

    from smartgallery_tui.library import Library
    from smartgallery_tui.records import Item
    from smartgallery_tui.ui.background import Call


def read_tab(library: Library, item: Item, tab: str, ticket: int) -> Call:
    """Return a call that reads one tab; a file that cannot be read is said in the tab."""

    def call(cancelled: threading.Event) -> InfoLoaded | None:
        if cancelled.is_set():
            return None
        try:
            content = _content(library, item, tab)
        except SmartGalleryError as error:
            content = line(str(error), "$text-warning")
        return InfoLoaded(ticket, tab, content)

    return call


def _content(library: Library, item: Item, tab: str) -> Content:
    if tab == "nodes":
        return node_tree(library.node_tree(item.id))
    if tab == "raw":
        return info.raw(library.raw(item.id))
    generation = library.generation(item.id)
    if tab == "prompts":
        return info.prompts(generation)
    if tab == "files":
        return info.files(item, generation, library.input_items(item.id))
    return info.describe(item, generation, library.user_data(item.id))

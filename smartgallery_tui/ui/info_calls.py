"""Reads what a tab of the information shows; calls for lanes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartgallery_tui.errors import SmartGalleryError
from smartgallery_tui.ui import info
from smartgallery_tui.ui.content import line
from smartgallery_tui.ui.messages import InfoLoaded
from smartgallery_tui.ui.text_rows import text

if TYPE_CHECKING:
    import threading

    from smartgallery_tui.library import Library
    from smartgallery_tui.records import Item
    from smartgallery_tui.ui.background import Call

MOST_INPUTS = 4
"""Pictures of the files tab: what fits below each other."""


def read_tab(
    library: Library, item: Item, tab: str, ticket: int, *, is_made_first: bool = False
) -> Call:
    """Return a call that reads one tab; a file that cannot be read is said in the tab."""

    def call(cancelled: threading.Event) -> InfoLoaded | None:
        if cancelled.is_set():
            return None
        try:
            if tab == "fields":
                generation, user_data = library.generation(item.id), library.user_data(item.id)
                rows = info.describe(item, generation, user_data, is_made_first=is_made_first)
                return InfoLoaded(ticket, tab, rows)
            return _read(library, item, tab, ticket)
        except SmartGalleryError as error:
            return InfoLoaded(ticket, tab, [text(line(str(error), "$text-warning"))])

    return call


def _read(library: Library, item: Item, tab: str, ticket: int) -> InfoLoaded:
    if tab == "nodes":
        return InfoLoaded(ticket, tab, [], nodes=library.node_tree(item.id))
    if tab == "raw":
        return InfoLoaded(ticket, tab, info.raw(library.raw(item.id)))
    generation = library.generation(item.id)
    if tab == "prompts":
        return InfoLoaded(ticket, tab, info.prompts(generation))
    inputs = library.input_items(item.id)
    places = library.real_path(item.path), library.last_read_ns(item.id)
    rows = info.files(item, generation, inputs, *places)
    shown = [one for one in inputs if one.state != "missing"]
    return InfoLoaded(ticket, tab, rows, shown[:MOST_INPUTS])

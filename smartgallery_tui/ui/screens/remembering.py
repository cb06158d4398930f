"""What the grid keeps from one run to the next: the query, its order, how everything looked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

from smartgallery_tui.records import Density
from smartgallery_tui.ui.folder_tree import ORDERS
from smartgallery_tui.ui.grouping import read_grouping
from smartgallery_tui.ui.screens.sort_menu import SORTS
from smartgallery_tui.ui.search import Question
from smartgallery_tui.ui.widgets.grid_layout import LARGEST_PX, SMALLEST_PX

if TYPE_CHECKING:
    from smartgallery_tui.ui.screens.grid import GridScreen

_FOLDERS_KEPT = 500


def first_question(screen: GridScreen) -> Question:
    """Return what to show first: what was asked for, or what was left the last time."""
    session = screen.session
    options, state = session.options, session.state
    view_key = session.library.view_key()
    if options.query or options.start_path or state.get("view") != view_key:
        return Question(options.query)
    sort, _, way = str(state.get("sort", "")).partition(" ")
    item_id = state.get("item_id")
    return Question(
        str(state.get("text", "")),
        SORTS.get(sort, "date"),
        way != "up",
        item_id=item_id if isinstance(item_id, int) else None,
    )


def take_look(screen: GridScreen) -> None:
    """Look as the last run was left, as far as its state makes sense."""
    state = screen.session.state
    size = state.get("picture_px")
    if isinstance(size, int) and SMALLEST_PX <= size <= LARGEST_PX:
        screen.grid.picture_px = size
    for density in get_args(Density):
        if state.get("density") == density:
            screen.grid.density = density
    screen.session.is_culling = state.get("culling") is True
    screen.grid.grouping = read_grouping(state.get("grouping"))
    screen.groups.take_state(state.get("closed_groups"))
    screen.set_class(state.get("list") is True, "-list")
    wanted = state.get("list_picture")
    screen.aside.is_picture_wanted = wanted if isinstance(wanted, bool) else None
    screen.set_class(state.get("filtering") is True, "-filtering")
    shown = screen.filters.shown
    shown.folders = _texts(state.get("folders"))
    shown.facets = _texts(state.get("facets"))
    shown.albums = _texts(state.get("albums"))
    if "closed" in state:
        shown.closed = _texts(state.get("closed"))
    cells = state.get("sidebar_cells")
    if isinstance(cells, int):
        screen.filters.cells = cells
    for order in ORDERS:
        if state.get("folder_order") == order:
            screen.filters.use_order(order)


def state_to_keep(screen: GridScreen) -> dict[str, Any]:
    """Return what the next run should find as it is."""
    session, searching = screen.session, screen.searching
    asked = searching.asked
    shown = screen.filters.shown
    return {
        "view": session.library.view_key(),
        "text": "" if searching.error else asked.text,
        "sort": f"{asked.sort} {'down' if asked.is_descending else 'up'}",
        "item_id": screen.current.id if screen.current else None,
        "picture_px": screen.grid.picture_px,
        "density": screen.grid.density,
        "grouping": screen.grid.grouping,
        "closed_groups": screen.groups.state(),
        "list": screen.listing.is_on,
        "filtering": screen.filtering.is_open,
        "folders": sorted(shown.folders)[:_FOLDERS_KEPT],
        "folder_order": shown.order,
        "facets": sorted(shown.facets),
        "albums": sorted(shown.albums)[:_FOLDERS_KEPT],
        "closed": sorted(shown.closed),
        "sidebar_cells": screen.filters.cells,
        "culling": session.is_culling,
        "culls": screen.culling.places(),
        "told": session.told,
        "info_open": session.is_info_open,
        "zen": session.is_zen,
        "grid_info_open": session.is_grid_info_open,
        "list_picture": screen.aside.is_picture_wanted,
        "info_tab": session.info_tab,
    }


def _texts(value: object) -> set[str]:
    return {text for text in value if isinstance(text, str)} if isinstance(value, list) else set()

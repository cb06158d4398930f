"""What the grid keeps from one run to the next: the query, its order, how everything looked."""

from __future__ import annotations

from typing import Any, get_args

from smartgallery_tui.records import Density
from smartgallery_tui.ui.grouping import read_grouping
from smartgallery_tui.ui.screens.listing import ListingGrid
from smartgallery_tui.ui.screens.sort_menu import SORTS
from smartgallery_tui.ui.search import Question
from smartgallery_tui.ui.widgets.grid_layout import LARGEST_PX, SMALLEST_PX

_FOLDERS_KEPT = 500


class RememberingGrid(ListingGrid):
    """The part of the grid that comes back as it was left."""

    def first_question(self) -> Question:
        """Return what to show first: what was asked for, or what was left the last time."""
        options, state = self.session.options, self.session.state
        self._take_look()
        if options.query or options.start_path or state.get("view") != self._view_key():
            return Question(options.query)
        sort, _, way = str(state.get("sort", "")).partition(" ")
        item_id = state.get("item_id")
        return Question(
            str(state.get("text", "")),
            SORTS.get(sort, "date"),
            way != "up",
            item_id=item_id if isinstance(item_id, int) else None,
        )

    def _take_look(self) -> None:
        """Look as the last run was left, as far as its state makes sense."""
        state = self.session.state
        size = state.get("picture_px")
        if isinstance(size, int) and SMALLEST_PX <= size <= LARGEST_PX:
            self.grid.picture_px = size
        for density in get_args(Density):
            if state.get("density") == density:
                self.grid.density = density
        self.session.is_culling = state.get("culling") is True
        self.grid.grouping = read_grouping(state.get("grouping"))
        self.set_class(state.get("list") is True, "-list")
        self.set_class(state.get("filtering") is True, "-filtering")
        shown = self.filters.shown
        shown.folders = _texts(state.get("folders"))
        shown.facets = _texts(state.get("facets"))
        if state.get("folder_order") == "date":
            self.filters.action_order()

    def _view_key(self) -> str:
        return self.session.library.view_key()

    def state_to_keep(self) -> dict[str, Any]:
        """Return what the next run should find as it is."""
        asked = self._desk.asked
        shown = self.filters.shown
        return {
            "view": self._view_key(),
            "text": "" if self._error else asked.text,
            "sort": f"{asked.sort} {'down' if asked.is_descending else 'up'}",
            "item_id": self.current.id if self.current else None,
            "picture_px": self.grid.picture_px,
            "density": self.grid.density,
            "grouping": self.grid.grouping,
            "list": self.is_list,
            "filtering": self.is_filtering,
            "folders": sorted(shown.folders)[:_FOLDERS_KEPT],
            "folder_order": shown.order,
            "facets": sorted(shown.facets),
            "culling": self.session.is_culling,
            "culls": self.cull_places(),
            "info_open": self.session.is_info_open,
            "info_tab": self.session.info_tab,
        }


def _texts(value: object) -> set[str]:
    return {text for text in value if isinstance(text, str)} if isinstance(value, list) else set()

"""Groups of a result: what stands under one heading, and which of them are closed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from textual.content import Content

from smartgallery_tui.ui.folding import Folds
from smartgallery_tui.ui.grouping import SORT_OF, Grouping, heading, read_grouping
from smartgallery_tui.ui.messages import Said
from smartgallery_tui.ui.screens.popup import ChoicePopup

if TYPE_CHECKING:
    from smartgallery_tui.ui.screens.grid import GridScreen

_GROUPINGS: tuple[tuple[str, Grouping, str], ...] = (
    ("n", "", "no groups"),
    ("d", "day", "by day"),
    ("f", "folder", "by folder"),
    ("p", "prompt", "by prompt"),
    ("m", "model", "by model"),
)
_KEPT = 500
"""Groups that the next run finds closed."""


class Groups:
    """Puts headings above the groups of a grid, and closes and opens them.

    Args:
        screen: The grid whose result is grouped.
    """

    def __init__(self, screen: GridScreen) -> None:
        self._screen = screen
        self._known: dict[Grouping, Folds] = {}

    @property
    def folds(self) -> Folds:
        """Which groups are closed now."""
        by = self._screen.grid.grouping
        return self._known.get(by, Folds(by))

    def choose(self) -> None:
        """Choose what stands under one heading."""
        choices = [(key, name or "none", Content(words)) for key, name, words in _GROUPINGS]
        foot = "The order changes with it; , takes another one."
        now = self._screen.grid.grouping or "none"
        popup = ChoicePopup("Group", choices, current=now, foot=foot)
        self._screen.app.push_screen(popup, lambda name: self.use(name) if name else None)

    def use(self, name: str) -> None:
        """Put headings above what has this in common."""
        before = self.folds
        by = read_grouping(name)
        screen = self._screen
        screen.grid.grouping = by
        asked = screen.searching.asked
        sort = SORT_OF.get(by, asked.sort)
        if sort != asked.sort:
            screen.searching.sort_by(sort, is_descending=sort == "date")
        elif before.is_any or self.folds.is_any:
            self._ask_again()
        screen.listing.show()

    # Closing and opening

    def switch(self) -> None:
        """Close the group under the cursor, or open it."""
        self._set(is_closing=not self._is_closed)

    def close(self) -> None:
        """Close the group under the cursor."""
        self._set(is_closing=True)

    def open(self) -> None:
        """Open the group under the cursor."""
        self._set(is_closing=False)

    def set_all(self, *, is_closing: bool) -> None:
        """Close all groups, or open them."""
        if self._is_grouped():
            folds = self.folds
            self._use_folds(replace(folds, names=frozenset(), is_all=is_closing))

    @property
    def _is_closed(self) -> bool:
        view = self._screen.session.view
        return view is not None and view.closed(self._screen.grid.cursor) > 0

    def _set(self, *, is_closing: bool) -> None:
        item = self._screen.current
        if not self._is_grouped() or item is None:
            return
        if is_closing == self._is_closed:
            self._say("This group is closed already." if is_closing else "This group is open.")
            return
        self._use_folds(self.folds.turned(heading(item, self.folds.by)))

    def _is_grouped(self) -> bool:
        if not self.folds.by:
            self._say("There are no groups: g b makes some.")
        return bool(self.folds.by)

    def _use_folds(self, folds: Folds) -> None:
        self._known[folds.by] = folds
        self._ask_again()

    def _ask_again(self) -> None:
        item = self._screen.current
        self._screen.searching.look_again(item.id if item else None)

    def _say(self, words: str) -> None:
        self._screen.app.post_message(Said(words, "information"))

    # From one run to the next

    def state(self) -> dict[str, Any]:
        """Return which groups are closed, for the next run."""
        return {
            by: {"all": folds.is_all, "names": sorted(folds.names)[:_KEPT]}
            for by, folds in sorted(self._known.items())
            if folds.is_any
        }

    def take_state(self, state: object) -> None:
        """Close the groups that were closed in an earlier run, as far as its state makes sense."""
        for name, kept in state.items() if isinstance(state, dict) else ():
            by = read_grouping(name)
            names = kept.get("names") if isinstance(kept, dict) else None
            if by and isinstance(names, list):
                texts = frozenset(each for each in names if isinstance(each, str))
                self._known[by] = Folds(by, texts, kept.get("all") is True)

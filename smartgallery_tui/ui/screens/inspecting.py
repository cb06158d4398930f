"""The information beside the picture: which tab is open, what it shows, what is found in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartgallery_tui.ui.info import TABS
from smartgallery_tui.ui.info_calls import read_tab

if TYPE_CHECKING:
    from textual.screen import Screen

    from smartgallery_tui.records import Item
    from smartgallery_tui.ui.messages import InfoLoaded
    from smartgallery_tui.ui.session import Session
    from smartgallery_tui.ui.widgets.info_panel import InfoPanel


class Inspector:
    """Reads a tab for the shown item and has the panel show it.

    Whether the panel is open, and its tab, stay from item to item and from run to run: the session
    has them.

    Args:
        screen: Gets what was read.
        session: What all screens share.
        panel: Shows it.
        is_beside_grid: The panel stands beside the cards, where it is opened for itself.
    """

    def __init__(
        self,
        screen: Screen[None],
        session: Session,
        panel: InfoPanel,
        *,
        is_beside_grid: bool = False,
    ) -> None:
        self._screen = screen
        self._session = session
        self._panel = panel
        self._is_beside_grid = is_beside_grid
        self.item: Item | None = None
        """What is known of it is shown, once the panel is open."""
        self._ticket = 0
        self._is_to_fold = False
        panel.set_class(self.is_open, "-open")

    @property
    def is_open(self) -> bool:
        """True while the panel is shown."""
        session = self._session
        if self._is_beside_grid:
            return session.is_grid_info_open
        return session.is_info_open or session.caps.is_text

    def _open(self, *, is_open: bool) -> None:
        if self._is_beside_grid:
            self._session.is_grid_info_open = is_open
        else:
            self._session.is_info_open = is_open
        self._panel.set_class(is_open, "-open")

    def clear(self) -> None:
        """Show nothing of any item; what is being read comes too late."""
        self.item = None
        self._ticket += 1
        if self.is_finding:
            self._panel.leave_find()
        self._panel.clear()

    @property
    def is_finding(self) -> bool:
        """True while words are looked for in the tab."""
        return self._panel.is_finding

    def show(self, item: Item) -> None:
        """Show what is known of an item, if the panel is open."""
        self.item = item
        if not self.is_open:
            return
        self._ticket += 1
        tab = self._session.info_tab
        self._panel.show_tabs(TABS, tab)
        call = read_tab(
            self._session.library, item, tab, self._ticket, is_made_first=self._is_beside_grid
        )
        self._session.background.detail.submit("reading metadata", call, self._screen)

    def take(self, message: InfoLoaded) -> None:
        """Show a tab unless another item or tab is wanted by now."""
        if message.ticket == self._ticket:
            self._panel.show(message.rows, message.inputs, message.nodes)
            if self._is_to_fold:
                self._is_to_fold = False
                self._panel.rows.enter()

    def switch(self) -> None:
        """Open or close the panel."""
        self._open(is_open=not self.is_open)
        self._again()

    def step_tab(self, delta: int) -> None:
        """Show another tab; open the panel if it is closed."""
        if not self.is_open:
            self.switch()
            return
        place = (TABS.index(self._session.info_tab) + delta) % len(TABS)
        self.open(TABS[place])

    def open(self, tab: str) -> None:
        """Show a tab, whatever was open."""
        self._session.info_tab = tab
        self._open(is_open=True)
        self._panel.to_top()
        self._again()

    def find(self) -> None:
        """Look for words in the tab."""
        if not self.is_open:
            self.switch()
        self._panel.find()

    def fold(self) -> None:
        """Let the keys walk the tree of nodes, as soon as it is shown."""
        if self._session.info_tab == "nodes" and self.is_open and self._panel.rows.enter():
            return
        self._is_to_fold = True
        self.open("nodes")

    def leave_find(self) -> None:
        """Look for words no longer."""
        self._panel.leave_find()

    def _again(self) -> None:
        if self.item is not None:
            self.show(self.item)

"""The filters of the grid: the sidebar and the pills say what the search box says, always."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from smartgallery_tui.ui import query_text
from smartgallery_tui.ui.filter_rows import RANGES
from smartgallery_tui.ui.messages import QueryEdited, Said
from smartgallery_tui.ui.screens import asking
from smartgallery_tui.ui.screens.names import TextPopup

if TYPE_CHECKING:
    from smartgallery_tui.ui.messages import FacetsLoaded
    from smartgallery_tui.ui.screens.grid import GridScreen


class Filtering:
    """The filters of a grid. A filter is a term of the query, nothing besides.

    Args:
        screen: The grid with the sidebar, the pills and the search box.
    """

    def __init__(self, screen: GridScreen) -> None:
        self._screen = screen
        self._session = screen.session
        self._ticket = 0

    @property
    def is_open(self) -> bool:
        """True while the sidebar is shown."""
        return self._screen.has_class("-filtering")

    def plain(self, text: str) -> str:
        """Return a query as the sidebar reads it: fields by their usual names."""
        return query_text.canonical(text, self._session.library.query_aliases())

    def edit(self, message: QueryEdited) -> None:
        """Ask the query of the box with a change."""
        self._screen.search_for(message.edit(self.plain(self._screen.box.text)))

    def text_asked(self, text: str) -> None:
        """Show which values the query names now."""
        self._screen.pills.show(text)
        self._screen.set_class(bool(text.strip()), "-asked")
        if self.is_open:
            self._screen.filters.show_text(self.plain(text))

    def counts_wanted(self) -> None:
        """Count the values under the query anew."""
        if self.is_open:
            self._ticket += 1
            text = self.plain(self._screen.searching.asked.text)
            call = asking.facets(self._session.library, self._ticket, text)
            self._session.background.facets.submit("counting", call, self._screen)

    def counted(self, message: FacetsLoaded) -> None:
        """Show counts unless the query has changed since."""
        if message.ticket == self._ticket:
            asked = self._screen.searching.asked
            self._screen.filters.show(message.facets, self.plain(asked.text))

    def switch(self) -> None:
        """Open the sidebar and go there; from there, close it."""
        screen = self._screen
        if self.is_open and screen.focused is screen.filters:
            screen.remove_class("-filtering")
            screen.set_focus(screen.grid)
        else:
            screen.add_class("-filtering")
            self.text_asked(screen.searching.asked.text)
            screen.set_focus(screen.filters)
            self.counts_wanted()

    def switch_subfolders(self) -> None:
        """Let the folders that are asked for mean all beneath them, or themselves alone."""
        text = self.plain(self._screen.box.text)
        now = query_text.has_subfolders(text)
        if now is None:
            words = "Choose a folder first: g f, or the filters."
        else:
            self._screen.search_for(query_text.with_subfolders(text, is_on=not now))
            words = "Without subfolders." if now else "With subfolders."
        self._screen.app.post_message(Said(words, "information"))

    def ask_range(self, field: str) -> None:
        """Ask for the range of a field."""
        label, examples = next((words, more) for name, words, more in RANGES if name == field)
        now = query_text.term_value(self.plain(self._screen.box.text), field)

        def typed(value: str | None) -> None:
            if value is not None:
                self.edit(QueryEdited(partial(query_text.set_term, field=field, value=value)))

        popup = TextPopup(label, now, f"For example {examples}. Empty takes it away.")
        self._screen.app.push_screen(popup, typed)

    def read_dates(self, folders: list[str]) -> None:
        """Read when the newest file of each folder was written."""
        call = asking.folder_dates(self._session.library, folders)
        self._session.background.pages.submit("looking at folders", call, self._screen)

"""The filters of the grid: the sidebar and the pills say what the search box says, always."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from smartgallery_tui.ui import query_text
from smartgallery_tui.ui.content import line
from smartgallery_tui.ui.filter_rows import RANGES
from smartgallery_tui.ui.folder_tree import parent_of
from smartgallery_tui.ui.messages import Said
from smartgallery_tui.ui.screens import asking
from smartgallery_tui.ui.screens.names import TextPopup
from smartgallery_tui.ui.screens.popup import ChoicePopup

if TYPE_CHECKING:
    from collections.abc import Callable

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

    def edit(self, change: Callable[[str], str]) -> None:
        """Ask the query of the box with a change."""
        self._screen.search_for(change(self.plain(self._screen.box.text)))

    def text_asked(self, text: str, *, is_typing: bool = False) -> None:
        """Show which values the query names now; the row comes and goes with a whole query.

        It takes a line from the grid, which would send all pictures again at another size.
        """
        self._screen.pills.show(text)
        if not is_typing:
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
            screen.focus_items()
        else:
            screen.add_class("-filtering")
            self.text_asked(screen.searching.asked.text)
            screen.set_focus(screen.filters)
            self.counts_wanted()
        screen.call_after_refresh(screen.show_status)

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

    def drop_term(self) -> None:
        """Choose a part of the query and take it away."""
        asked = query_text.terms(self._screen.box.text)
        if not asked:
            self._screen.app.post_message(Said("Nothing is asked for.", "information"))
        elif len(asked) == 1:
            self._screen.search_for("")
        else:
            choices = [(str(n), str(n - 1), line(term)) for n, term in enumerate(asked[:9], 1)]
            choices.append(("0", "all", line("clear all")))
            popup = ChoicePopup("Take away", choices)
            self._screen.app.push_screen(popup, self._term_chosen)

    def _term_chosen(self, choice: str | None) -> None:
        if choice == "all":
            self._screen.search_for("")
        elif choice is not None:
            self.edit(partial(query_text.without_term, number=int(choice)))

    # Folders

    @property
    def folder(self) -> str:
        """The folder that is open, as a query names it, or "" where it is not one."""
        named = query_text.folders_of(self.plain(self._screen.box.text))
        return named[0] if len(named) == 1 else ""

    def go_up(self) -> None:
        """Go to the folder above the open one; from the top one, to all files."""
        if self.folder:
            self.enter(parent_of(self.folder))
        else:
            words = "No single folder is open; > goes into the one of this file."
            self._screen.app.post_message(Said(words, "information"))

    def go_into(self) -> None:
        """Go one folder further down towards the file under the cursor."""
        item = self._screen.current
        if item is not None:
            call = asking.folder_below(self._session.library, item, self.folder)
            self._session.background.pages.submit("looking for a folder", call, self._screen)

    def enter(self, value: str) -> None:
        """Show a folder; "" shows all of them. The cursor stays on its item."""
        self.edit(partial(query_text.ask_only, field="folder", value=value))

    def ask_range(self, field: str) -> None:
        """Ask for the range of a field."""
        label, examples = next((words, more) for name, words, more in RANGES if name == field)
        now = query_text.term_value(self.plain(self._screen.box.text), field)

        def typed(value: str | None) -> None:
            if value is not None:
                self.edit(partial(query_text.set_term, field=field, value=value))

        popup = TextPopup(label, now, f"For example {examples}. Empty takes it away.")
        self._screen.app.push_screen(popup, typed)

    def read_dates(self, folders: list[str]) -> None:
        """Read when the newest file of each folder was written."""
        call = asking.folder_dates(self._session.library, folders)
        self._session.background.pages.submit("looking at folders", call, self._screen)
